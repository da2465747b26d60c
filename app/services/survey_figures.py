"""What the surveys say: averages and distributions of groups, never an answer.

Counted by the database, per month. The running month is not shown, months and groups with few answers wait or stay
hidden (domain.survey): who compares two figures must not find what one person said.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.domain import clock
from app.domain.search import fold
from app.domain.survey import SATISFIED, Question, Rating, hidden, released, released_of_part
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.organisation import Agency
from app.models.survey import SurveyAnswer
from app.services import settings

Tally = Counter[tuple[Question, Rating]]
"""How often each answer was given to each question."""
CELLS = [(question, rating) for question in Question for rating in Rating]
ONE_DAY = timedelta(days=1)


REMARKS = 50
"""Remarks on a page."""


@dataclass(frozen=True)
class Score:
    """What a group said to one question."""

    question: Question
    counts: Mapping[Rating, int]

    @property
    def answers(self) -> int:
        """How many answered."""
        return sum(self.counts.values())

    @property
    def average(self) -> float:
        """The mean on the scale from 1 to 5."""
        return sum(int(rating) * count for rating, count in self.counts.items()) / self.answers

    @property
    def satisfied(self) -> float:
        """The percentage that was satisfied or very satisfied."""
        return 100 * sum(count for rating, count in self.counts.items() if rating in SATISFIED) / self.answers


@dataclass(frozen=True)
class Satisfaction:
    """The answers of a period: ``scores`` are empty while there are fewer than may be shown."""

    answers: int
    scores: tuple[Score, ...]
    groups: Mapping[int, tuple[Score, ...]]
    """By the key of the procedure, of all units by the key of the agency; without those not to be shown."""
    shown: Mapping[int, frozenset[date]]
    """The months that are counted, by agency."""


def of_agency(agency_id: int, first: date, last: date) -> Satisfaction:
    """What was answered about an agency in the months from ``first`` to ``last``, and by procedure."""
    span = _Span(first, last)
    months: dict[date, Tally] = {}
    by_procedure = _counted(SurveyAnswer.procedure_id, span, agency_id)
    for of_procedure in by_procedure.values():
        for month, tally in of_procedure.items():
            months[month] = months.get(month, Tally()) + tally
    whole, shown = span.released(months)
    groups = {key: span.released_of_part(own, shown) for key, own in by_procedure.items()}
    return Satisfaction(_size(whole), _scores(whole), span.showable(groups, whole), {agency_id: shown})


def of_city(first: date, last: date) -> Satisfaction:
    """What was answered about all units, and by unit.

    The whole is the sum of what each unit shows: else it would give away what a small unit holds back.
    """
    span = _Span(first, last)
    found = {key: span.released(months) for key, months in _counted(SurveyAnswer.agency_id, span).items()}
    whole = sum((tally for tally, _months in found.values()), Tally())
    groups = {key: _scores(tally) for key, (tally, _months) in found.items() if _size(tally)}
    return Satisfaction(
        _size(whole), _scores(whole), groups, {key: months for key, (_tally, months) in found.items()}
    )


def named(
    groups: Mapping[int, tuple[Score, ...]], model: type[Agency] | type[Procedure]
) -> list[tuple[str, tuple[Score, ...]]]:
    """The groups of agencies or of procedures by name."""
    names = {row.id: row.name for row in db.session.scalars(select(model).where(model.id.in_(groups)))}
    return sorted(((names[key], scores) for key, scores in groups.items()), key=lambda item: fold(item[0]))


def remarks(
    shown: Mapping[int, frozenset[date]], after: int = 0, limit: int = REMARKS
) -> list[tuple[int, str]]:
    """Remarks of the months that are shown, in no order of time: (key to go on after, words)."""
    counted = [
        and_(SurveyAnswer.agency_id == agency_id, SurveyAnswer.month.in_(months))
        for agency_id, months in shown.items()
    ]
    query = select(SurveyAnswer.id, SurveyAnswer.remark).where(
        or_(false(), *counted), SurveyAnswer.remark != "", SurveyAnswer.id > after
    )
    return [(key, words) for key, words in db.session.execute(query.order_by(SurveyAnswer.id).limit(limit))]


class _Span:
    """The months asked for, as far as they are over, and the size of the smallest group to be shown."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first.replace(day=1), min(last.replace(day=1), _last_month_over())
        self.threshold: int = settings.get("survey_group")

    def released(self, months: Mapping[date, Tally]) -> tuple[Tally, frozenset[date]]:
        """The answers that are shown, and their months."""
        shown = released(_sizes(months), self.threshold, self.first, self.last)
        return sum((months[month] for month in shown), Tally()), shown

    def released_of_part(self, months: Mapping[date, Tally], shown: frozenset[date]) -> Tally:
        """The answers of a procedure that are shown beside the months of its agency."""
        own = released_of_part(_sizes(months), self.threshold, shown)
        return sum((months[month] for month in own), Tally())

    def showable(self, groups: Mapping[int, Tally], whole: Tally) -> dict[int, tuple[Score, ...]]:
        """The groups without those that are small, or that would give away what waits in the others."""
        sizes: dict[int | None, int] = {key: _size(tally) for key, tally in groups.items()}
        left = _size(whole) - sum(sizes.values())
        gone = hidden({**sizes, None: left}, self.threshold)
        return {key: _scores(tally) for key, tally in groups.items() if key not in gone}


def _last_month_over() -> date:
    return (clock.today().replace(day=1) - ONE_DAY).replace(day=1)


def _counted(
    group: InstrumentedAttribute[int], span: _Span, agency_id: int | None = None
) -> dict[int, dict[date, Tally]]:
    """How often each answer was given, per group and month, from the January before the span on."""
    columns = [
        func.count().filter(getattr(SurveyAnswer, question.value) == int(rating))
        for question, rating in CELLS
    ]
    query = select(group, SurveyAnswer.month, *columns).where(
        SurveyAnswer.month >= span.first.replace(month=1), SurveyAnswer.month <= span.last
    )
    if agency_id is not None:
        query = query.where(SurveyAnswer.agency_id == agency_id)
    found: dict[int, dict[date, Tally]] = {}
    for key, month, *counts in db.session.execute(query.group_by(group, SurveyAnswer.month)):
        found.setdefault(key, {})[month] = Tally(dict(zip(CELLS, counts, strict=True)))
    return found


def _size(tally: Tally) -> int:
    return sum(tally[Question.RESULT, rating] for rating in Rating)


def _sizes(months: Mapping[date, Tally]) -> dict[date, int]:
    return {month: _size(tally) for month, tally in months.items()}


def _scores(tally: Tally) -> tuple[Score, ...]:
    if not _size(tally):
        return ()
    return tuple(Score(q, {rating: tally[q, rating] for rating in Rating}) for q in Question)
