"""The sweep that watches the clocks. What a changed calendar does to running dossiers is in recount."""

from datetime import datetime

from sqlalchemy import select

from app.domain import clock
from app.domain import clocks as arithmetic
from app.domain.errors import DomainError
from app.domain.roles import SYSTEM
from app.domain.states import ClockKind, State
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import DossierClock
from app.services import clocks, dossiers, journal, mailing
from app.services.recount import MovedDeadline, move_running
from app.services.transaction import transaction

__all__ = ["MovedDeadline", "move_running", "sweep"]

BATCH = 200
"""Clocks looked at in one query; each is then handled in a transaction of its own."""

EVENTS = ("deadline_half", "deadline_three_quarters", "deadline_overdue")
"""Journal key and mail template of each warning, in order."""


def sweep(now: datetime | None = None) -> dict[str, int]:
    """Warn at half and three quarters, mark overdue, remind of results, close unanswered supplements.

    Touches only clocks whose next moment has come; returns how many of each were handled. A dossier that
    refuses (somebody is changing it) is left for the next sweep.
    """
    now = now or clock.now()
    done: dict[str, int] = {}
    seen = 0
    while ids := _waiting(now, after=seen):
        for clock_id in ids:
            event = _handle(clock_id, now)
            if event:
                done[event] = done.get(event, 0) + 1
        seen = ids[-1]
    return done


def _waiting(now: datetime, *, after: int) -> list[int]:
    query = select(DossierClock.id).where(DossierClock.next_sweep_at <= now, DossierClock.id > after)
    return list(db.session.scalars(query.order_by(DossierClock.id).limit(BATCH)))


def _handle(clock_id: int, now: datetime) -> str | None:
    try:
        with transaction() as session:
            query = select(DossierClock).join(DossierClock.dossier)
            query = query.where(DossierClock.id == clock_id, DossierClock.next_sweep_at <= now)
            # The dossier before its clock, as a person's press locks them: else both wait for good.
            query = query.with_for_update(of=(Dossier, DossierClock), skip_locked=True)
            row = session.scalar(query.execution_options(populate_existing=True))
            return _say(row, now) if row else None
    except DomainError:
        return None


def _say(row: DossierClock, now: datetime) -> str:
    if row.kind in arithmetic.OFFICE_CLOCKS:
        return _warn(row, now)
    row.warned = arithmetic.SAID_OVERDUE
    clocks.plan_sweep(row)
    if row.kind is ClockKind.PICKUP:
        mailing.write("citizen", "pickup_reminder", row.dossier)
        journal.write(SYSTEM, "pickup_reminded", dossier=row.dossier)
        return "pickup_reminded"
    return _close_unanswered(row.dossier)


def _warn(row: DossierClock, now: datetime) -> str:
    """Say the strongest thing that is true now; a sweep that was away skips the weaker ones."""
    row.warned = arithmetic.said_by(now, clocks.moments_of(row))
    clocks.plan_sweep(row)
    event = EVENTS[row.warned - 1]
    journal.write(SYSTEM, event, dossier=row.dossier, clock=row.kind.value, due=row.due_at.isoformat())
    for receiver in _receivers(row):
        mailing.write(receiver, event, row.dossier)
    return event


def _receivers(row: DossierClock) -> tuple[str, ...]:
    """Who holds the dossier; when it is overdue the leader as well."""
    in_department = row.dossier.state is State.IN_APPRAISAL
    approving = row.dossier.state is State.AWAITING_APPROVAL
    holder = "department_officer" if in_department else "leader" if approving else "receiving_officer"
    overdue = row.warned >= arithmetic.SAID_OVERDUE
    return (holder, "leader") if overdue and holder != "leader" else (holder,)


def _close_unanswered(dossier: Dossier) -> str:
    key = "close_unanswered" if dossier.state is State.SUPPLEMENT_REQUESTED else "stop_unanswered"
    dossiers.apply(SYSTEM, dossier.id, key)
    return key
