"""Figures: how many dossiers, and which. Both are made from the same conditions, so they cannot disagree.

A ``Scope`` says whose dossiers, a ``Period`` when, a figure's key which. ``counts`` and ``by_day`` give
numbers, ``dossiers`` the rows behind one of them. Everything is counted by the database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.periods import Period
from app.domain.roles import Actor
from app.extensions import db
from app.models.dossier import Dossier
from app.models.figures import CountedDossier, local_day
from app.services import access
from app.services.figure_list import FIGURES, Base, Figure
from app.services.scopes import Scope

Counts = dict[str, int]


class By(StrEnum):
    """What figures are grouped by: a column of ``CountedDossier``."""

    UNIT = "agency_id"
    DEPARTMENT = "department_id"
    FIELD = "field_id"
    PROCEDURE = "procedure_id"
    STATE = "state"

    @property
    def column(self) -> InstrumentedAttribute[Any]:
        """The column."""
        column: InstrumentedAttribute[Any] = getattr(CountedDossier, self.value)
        return column


def total(scope: Scope, period: Period, keys: Iterable[str]) -> Counts:
    """Each figure of the whole scope."""
    keys = tuple(keys)
    found: Counts = dict.fromkeys(keys, 0)
    for base, figures in _by_base(keys).items():
        query = select(*_columns(figures, period)).where(*_base(base, scope, period))
        found.update(db.session.execute(query).mappings().one())
    return found


def counts(scope: Scope, period: Period, keys: Iterable[str], by: By) -> dict[Any, Counts]:
    """Each figure of each group that has any dossier at all; the key None is "not yet assigned"."""
    keys = tuple(keys)
    groups: dict[Any, Counts] = {}
    for base, figures in _by_base(keys).items():
        query = select(by.column.label("group"), *_columns(figures, period))
        query = query.where(*_base(base, scope, period)).group_by(by.column)
        for row in db.session.execute(query).mappings():
            values = dict(row)
            groups.setdefault(values.pop("group"), dict.fromkeys(keys, 0)).update(values)
    return {group: found for group, found in groups.items() if any(found.values())}


def by_day(scope: Scope, period: Period, keys: Iterable[str]) -> dict[date, Counts]:
    """Each figure of each day of the period on which it is not 0, by the moment that the figure hangs on.

    Only figures with a ``moment`` (sent, received, finished, closed); ``ValueError`` for another.
    """
    keys = tuple(keys)
    days: dict[date, Counts] = {}
    for moment, figures in _by_moment(keys).items():
        day = local_day(moment)
        query = select(day.label("day"), *_columns(figures, period)).where(
            *scope.conditions(), moment >= period.start, moment < period.end
        )
        for row in db.session.execute(query.group_by(day)).mappings():
            values = dict(row)
            days.setdefault(values.pop("day"), dict.fromkeys(keys, 0)).update(values)
    return {day: days[day] for day in sorted(days) if any(days[day].values())}


def daily(scope: Scope, period: Period, keys: Iterable[str], by: By) -> Iterator[tuple[date, Any, Counts]]:
    """``by_day`` for each group: (day, group, figures of that day's moment); one scan for each moment."""
    for moment, figures in _by_moment(tuple(keys)).items():
        query = select(local_day(moment).label("day"), by.column.label("group"), *_columns(figures, period))
        query = query.where(*scope.conditions(), moment >= period.start, moment < period.end)
        for row in db.session.execute(query.group_by("day", "group")).mappings():
            values = dict(row)
            yield values.pop("day"), values.pop("group"), values


def dossiers(actor: Actor, scope: Scope, period: Period, key: str) -> Select[Dossier]:
    """The dossiers behind a figure, for those who may see every one of them; NotAllowed for others.

    Order and pages are the caller's; ``CountedDossier`` is joined, so its columns can be used.
    """
    scope.refuse_closed(actor)
    figure = FIGURES[key]
    return (
        access.dossiers_for(actor)
        .join(CountedDossier, CountedDossier.id == Dossier.id)
        .where(*_base(figure.base, scope, period), figure.condition(period))
    )


def percentiles(
    scope: Scope, period: Period, key: str, by: By | None = None
) -> dict[Any, tuple[int, int, int]]:
    """(number, median, 90th percentile) of the working seconds of a figure's dossiers; the key None is all.

    Nearest rank: the 90th percentile is the least time that at least nine tenths did not exceed. Only those
    with a known time are counted.
    """
    figure = FIGURES[key]
    seconds = CountedDossier.intake_seconds if figure.base is Base.SENT else CountedDossier.processing_seconds
    group = by.column if by else func.coalesce(None, None)
    ranked = (
        select(
            group.label("group"),
            seconds.label("seconds"),
            func.row_number().over(partition_by=group, order_by=seconds).label("rank"),
            func.count().over(partition_by=group).label("number"),
        )
        .where(*_base(figure.base, scope, period), figure.condition(period), seconds.is_not(None))
        .subquery()
    )
    marks = [
        func.max(ranked.c.seconds).filter(ranked.c.rank == (ranked.c.number * percent + 99) // 100)
        for percent in (50, 90)
    ]
    query = select(ranked.c.group, func.count(), *marks).group_by(ranked.c.group)
    return {row[0]: (row[1], row[2], row[3]) for row in db.session.execute(query)}


def _base(base: Base, scope: Scope, period: Period) -> list[Any]:
    return [*scope.conditions(), base.condition(period)]


def _columns(figures: Sequence[Figure], period: Period) -> list[Any]:
    return [func.count().filter(figure.condition(period)).label(figure.key) for figure in figures]


def _by_base(keys: Iterable[str]) -> Mapping[Base, list[Figure]]:
    found: dict[Base, list[Figure]] = {}
    for key in keys:
        found.setdefault(FIGURES[key].base, []).append(FIGURES[key])
    return found


def _by_moment(keys: Iterable[str]) -> Mapping[InstrumentedAttribute[Any], list[Figure]]:
    found: dict[InstrumentedAttribute[Any], list[Figure]] = {}
    for key in keys:
        moment = FIGURES[key].moment
        if moment is None:
            raise ValueError(f"{key} belongs to no day")
        found.setdefault(moment, []).append(FIGURES[key])
    return found
