"""What the surveys say: averages and distributions of groups, never an answer.

Counted by the database, per month. The running month is not shown, months and groups with few answers wait or stay
hidden (domain.survey): who compares two figures must not find what one person said.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select

from app.domain import clock
from app.domain.survey import SATISFIED, Question, Rating, hidden, released
from app.extensions import db
from app.models.survey import SurveyAnswer
from app.services import settings

Tally = Counter[tuple[Question, Rating]]
"""How often each answer was given to each question."""
CELLS = [(question, rating) for question in Question for rating in Rating]
ONE_DAY = timedelta(days=1)


class Group(StrEnum):
    """What the answers are broken down by: a column of ``SurveyAnswer``."""

    UNIT = "agency_id"
    PROCEDURE = "procedure_id"


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
    months: frozenset[date]
    scores: tuple[Score, ...]
    groups: Mapping[Any, tuple[Score, ...]]
    """By the key of the unit or procedure; groups that must not be shown are left out."""


def satisfaction(agency_id: int | None, first: date, last: date, by: Group | None = None) -> Satisfaction:
    """What was answered in the months from ``first`` to ``last``, of an agency or (None) of all."""
    first, last = first.replace(day=1), min(last.replace(day=1), _last_month_over())
    threshold: int = settings.get("survey_group")
    counted = _counted(agency_id, first, last, by)
    months: dict[date, Tally] = {}
    for of_group in counted.values():
        for month, tally in of_group.items():
            months[month] = months.get(month, Tally()) + tally
    whole, shown = _released(months, threshold, first, last)
    groups = {key: _released(of_group, threshold, first, last)[0] for key, of_group in counted.items()}
    return Satisfaction(
        _size(whole), shown, _scores(whole), _showable(groups, whole, threshold) if by else {}
    )


def remarks(
    agency_id: int | None, months: Iterable[date], after: int = 0, limit: int = 50
) -> list[tuple[int, str]]:
    """Remarks of months that are shown, in no order of time: (key to go on after, words)."""
    query = select(SurveyAnswer.id, SurveyAnswer.remark).where(
        *_of(agency_id), SurveyAnswer.month.in_(months), SurveyAnswer.remark != "", SurveyAnswer.id > after
    )
    return [(key, words) for key, words in db.session.execute(query.order_by(SurveyAnswer.id).limit(limit))]


def _last_month_over() -> date:
    return (clock.today().replace(day=1) - ONE_DAY).replace(day=1)


def _of(agency_id: int | None) -> list[ColumnElement[bool]]:
    return [] if agency_id is None else [SurveyAnswer.agency_id == agency_id]


def _counted(
    agency_id: int | None, first: date, last: date, by: Group | None
) -> dict[Any, dict[date, Tally]]:
    """How often each answer was given, per group and month, from the January before ``first`` on."""
    group = getattr(SurveyAnswer, by.value) if by else literal(0)
    columns = [
        func.count().filter(getattr(SurveyAnswer, question.value) == int(rating))
        for question, rating in CELLS
    ]
    query = select(group.label("group"), SurveyAnswer.month, *columns).where(
        *_of(agency_id), SurveyAnswer.month >= first.replace(month=1), SurveyAnswer.month <= last
    )
    found: dict[Any, dict[date, Tally]] = {}
    for key, month, *counts in db.session.execute(query.group_by("group", SurveyAnswer.month)):
        found.setdefault(key, {})[month] = Tally(dict(zip(CELLS, counts, strict=True)))
    return found


def _released(
    months: Mapping[date, Tally], threshold: int, first: date, last: date
) -> tuple[Tally, frozenset[date]]:
    shown = released({month: _size(tally) for month, tally in months.items()}, threshold, first, last)
    return sum((months[month] for month in shown), Tally()), shown


def _showable(groups: Mapping[Any, Tally], whole: Tally, threshold: int) -> dict[Any, tuple[Score, ...]]:
    """The groups without those that are small, or that would give away what waits in the others."""
    sizes = {key: _size(tally) for key, tally in groups.items()}
    left = max(_size(whole) - sum(sizes.values()), 0)
    gone = hidden({**sizes, None: left}, threshold)
    return {key: _scores(tally) for key, tally in groups.items() if key not in gone}


def _size(tally: Tally) -> int:
    return sum(tally[Question.RESULT, rating] for rating in Rating)


def _scores(tally: Tally) -> tuple[Score, ...]:
    if not _size(tally):
        return ()
    return tuple(Score(q, {rating: tally[q, rating] for rating in Rating}) for q in Question)
