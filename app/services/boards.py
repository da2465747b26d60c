"""The leaders' board: today, the period's results against their targets, the trend, and where time goes.

Every number is a figure of services.figures, so it has its dossiers and agrees with the reports.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.errors import NotFound
from app.domain.periods import Period
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from app.models.organisation import Agency, Department
from app.services import access, figures, queues, scopes, stays
from app.services.figures import By, Counts
from app.services.queues import Row
from app.services.scopes import Scope

WEEKS = (4, 12, 26, 52)
"""Lengths of the periods that can be chosen, in weeks that end with the running one."""
DONE = ("done_early", "done_on_time", "done_late")
INTAKE = ("sent", "intake_within", "intake_late", "intake_waiting", "intake_overdue", "intake_taken_back")
HEADLINE = ("received", "done", *DONE, *INTAKE, "open_in_time", "open_overdue", "at_counter")
TODAY = ("sent", "received", "done", "done_late", "returned")
WEEKLY = ("received", "done", "done_late", "intake_within", "intake_late", "intake_overdue")
SHOWN = 8
"""Rows of the lists of single dossiers."""


@dataclass(frozen=True)
class Group:
    """A unit or department with its figures; ``key`` None is "not assigned yet"."""

    key: int | None
    name: str
    counts: Counts


@dataclass(frozen=True)
class Board:
    """What the page shows."""

    scope: Scope
    period: Period
    today: Period
    opens: bool
    """Whether the figures lead to their dossiers: not for units other than one's own."""
    counts: Counts
    of_today: Counts
    by: By
    groups: Sequence[Group]
    """Units of the whole city, departments of an agency; the busiest first."""
    weeks: Mapping[date, Counts]
    """By the Monday of each week of the period, the empty ones too."""
    stays: Mapping[State, float]
    overdue: Sequence[Row]
    oldest: Sequence[Row]


def of(actor: Actor, weeks: int, unit: int | None = None, *, whole_city: bool = False) -> Board:
    """The board of a leader: of the own agency, of another unit or of the whole city for the city's leaders.

    NotAllowed for others, NotFound for a unit that does not exist.
    """
    access.require_role(actor, Role.LEADER)
    scope = scope_for(actor, unit, whole_city=whole_city)
    period, today = last_weeks(weeks), _days(clock.today(), clock.today())
    by = By.UNIT if scope.agency_id is None else By.DEPARTMENT
    opens = scope.may_be_opened_by(actor)
    return Board(
        scope=scope,
        period=period,
        today=today,
        opens=opens,
        counts=figures.total(scope, period, HEADLINE),
        of_today=figures.total(scope, today, TODAY),
        by=by,
        groups=_groups(scope, period, by),
        weeks=_weekly(scope, period),
        stays=stays.average(scope, period),
        overdue=_dossiers(actor, scope, period, "open_overdue", CountedDossier.due_at) if opens else (),
        oldest=_dossiers(actor, scope, period, "open", CountedDossier.received_at) if opens else (),
    )


def answered(counts: Counts) -> int:
    """The dossiers whose intake can be judged: answered, or past the limit without an answer."""
    return counts["intake_within"] + counts["intake_late"] + counts["intake_overdue"]


def last_weeks(weeks: int) -> Period:
    """So many weeks from a Monday to today."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    return _days(monday - timedelta(weeks=weeks - 1), today)


def choices(actor: Actor) -> list[Agency]:
    """The agencies whose board this leader may open."""
    query = select(Agency).order_by(Agency.level, Agency.name)
    if not scopes.may_see_whole_city(actor):
        query = query.where(Agency.id == actor.agency_id)
    return list(db.session.scalars(query))


def scope_for(actor: Actor, unit: int | None, *, whole_city: bool = False) -> Scope:
    """Whose figures: of the own agency, of another unit, or of the whole city; errors as in ``of``."""
    if whole_city:
        return scopes.scope_of(actor, whole_city=True)
    if unit is None or unit == actor.agency_id:
        return scopes.scope_of(actor)
    if unit not in {agency.id for agency in choices(actor)}:
        raise NotFound("no_such_agency")
    return Scope(agency_id=unit)


def _days(first: date, last: date) -> Period:
    return Period(first, last, clock.now())


def _groups(scope: Scope, period: Period, by: By) -> list[Group]:
    found = figures.counts(scope, period, (*DONE, *INTAKE), by)
    model: type[Agency] | type[Department] = Agency if by is By.UNIT else Department
    keys = [key for key in found if key is not None]
    names = {row.id: row.name for row in db.session.scalars(select(model).where(model.id.in_(keys)))}
    groups = [Group(key, names.get(key, ""), counts) for key, counts in found.items()]
    return sorted(groups, key=lambda group: (-sum(group.counts[key] for key in DONE), group.name))


def _weekly(scope: Scope, period: Period) -> dict[date, Counts]:
    weeks = {
        period.first + timedelta(days=n): dict.fromkeys(WEEKLY, 0)
        for n in range(0, (period.last - period.first).days + 1, 7)
    }
    for day, counts in figures.by_day(scope, period, WEEKLY).items():
        week = weeks[day - timedelta(days=day.weekday())]
        for key, count in counts.items():
            week[key] += count
    return weeks


def _dossiers(actor: Actor, scope: Scope, period: Period, key: str, order: Any) -> list[Row]:
    query = figures.dossiers(actor, scope, period, key).options(
        joinedload(Dossier.agency), joinedload(Dossier.department)
    )
    return queues.rows(db.session.scalars(query.order_by(order, Dossier.id).limit(SHOWN)).all())
