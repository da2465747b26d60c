"""The clocks of a dossier: events in, due times out. Never a countdown."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.domain.calendar import Calendar
from app.domain.states import ClockAction, ClockKind
from app.domain.transitions import Transition
from app.domain.working_time import (
    Deadline,
    Limit,
    Pause,
    TimeUnit,
    add_working,
    deadline,
    fraction_point,
    working_between,
)
from app.extensions import db
from app.models.catalogue import OnSupplement
from app.models.dossier import Dossier
from app.models.handling import ClockEvent, DossierClock
from app.services import calendars, counting, settings

OFFICE_CLOCKS = frozenset({ClockKind.INTAKE, ClockKind.PROCESSING})
"""Clocks that an office answers for; the sweep warns and marks them overdue."""

SAID_HALF, SAID_THREE_QUARTERS, SAID_OVERDUE = 1, 2, 3


def tick(dossier: Dossier, transition: Transition, at: datetime) -> None:
    """Do to the dossier's clocks what the transition's row says, and copy the due time for the lists."""
    for effect in transition.clocks:
        EFFECTS[effect.action](dossier, effect.kind, at)
    db.session.flush()
    refresh_due(dossier)


def running(dossier: Dossier) -> list[DossierClock]:
    """The clocks that are not stopped, paused ones too."""
    query = select(DossierClock).where(
        DossierClock.dossier_id == dossier.id, DossierClock.stopped_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(DossierClock.id)))


def refresh_due(dossier: Dossier) -> None:
    """Copy the due time of the running clock to the dossier; a paused clock gives way to the others.

    What reports count follows in the same breath: a due time that moved must move there too.
    """
    ticking = [c for c in running(dossier) if c.paused_at is None]
    dossier.due_at = min((c.due_at for c in ticking), default=None)
    counting.record(dossier)


def due_of(clock: DossierClock, dossier: Dossier, calendar: Calendar) -> Deadline:
    """Due time and trace of a clock, computed afresh from its events."""
    if clock.kind is ClockKind.INTAKE:
        return add_working(calendar, clock.started_at, timedelta(minutes=settings.get("intake_minutes")))
    return deadline(calendar, clock.started_at, _limit(clock.kind, dossier), pauses(clock.events))


def set_due(clock: DossierClock, due: datetime, calendar: Calendar) -> None:
    """Store a due time with its warning points and the moment of the next sweep."""
    clock.due_at = due
    waited = pauses(clock.events)
    clock.half_at = fraction_point(calendar, clock.started_at, due, 0.5, waited)
    clock.three_quarters_at = fraction_point(calendar, clock.started_at, due, 0.75, waited)
    plan_sweep(clock)


def plan_sweep(clock: DossierClock) -> None:
    """Say when the sweep has to look again; None when it never has to."""
    if clock.stopped_at or clock.paused_at or clock.warned >= SAID_OVERDUE:
        clock.next_sweep_at = None
    elif clock.kind in OFFICE_CLOCKS:
        clock.next_sweep_at = (clock.half_at, clock.three_quarters_at, clock.due_at)[clock.warned]
    else:
        clock.next_sweep_at = clock.due_at


def pauses(events: Sequence[ClockEvent]) -> list[Pause]:
    """The finished pauses of a clock."""
    found: list[Pause] = []
    since: datetime | None = None
    for event in events:
        if event.action is ClockAction.PAUSE:
            since = event.at
        elif event.action is ClockAction.RESUME and since is not None:
            found.append(Pause(since, event.at))
            since = None
    return found


def worked_until(clock: DossierClock, stopped_at: datetime, calendar: Calendar) -> timedelta:
    """Working time of a run up to a moment, without the time that it was paused."""
    waits = pauses(clock.events)
    if clock.paused_at is not None:
        waits.append(Pause(clock.paused_at, stopped_at))
    whole = working_between(calendar, clock.started_at, stopped_at)
    return whole - sum((working_between(calendar, w.start, w.end) for w in waits), timedelta())


def _limit(kind: ClockKind, dossier: Dossier) -> Limit:
    if kind is ClockKind.PROCESSING:
        return Limit(dossier.processing_time, dossier.time_unit)
    days = settings.get("supplement_days" if kind is ClockKind.SUPPLEMENT else "pickup_days")
    return Limit(days, TimeUnit.WORKING_DAY)


def _start(dossier: Dossier, kind: ClockKind, at: datetime) -> None:
    calendar = calendars.calendar_for(dossier.agency_id)
    clock = DossierClock(dossier_id=dossier.id, kind=kind, started_at=at, warned=0)
    clock.events.append(ClockEvent(action=ClockAction.START, at=at))
    set_due(clock, due_of(clock, dossier, calendar).due, calendar)
    db.session.add(clock)
    db.session.flush()


def _pause(dossier: Dossier, kind: ClockKind, at: datetime) -> None:
    [clock] = (c for c in running(dossier) if c.kind is kind)
    clock.paused_at = at
    clock.events.append(ClockEvent(action=ClockAction.PAUSE, at=at))
    plan_sweep(clock)


def _resume(dossier: Dossier, kind: ClockKind, at: datetime) -> None:
    [clock] = (c for c in running(dossier) if c.kind is kind)
    if dossier.on_supplement is OnSupplement.RESTART:  # Decree 297/2025 art. 6(4): counted anew
        _stop(dossier, kind, at)
        db.session.flush()
        _start(dossier, kind, at)
        return
    clock.paused_at = None
    clock.events.append(ClockEvent(action=ClockAction.RESUME, at=at))
    calendar = calendars.calendar_for(dossier.agency_id)
    set_due(clock, due_of(clock, dossier, calendar).due, calendar)


def _stop(dossier: Dossier, kind: ClockKind, at: datetime) -> None:
    for clock in (c for c in running(dossier) if c.kind is kind):
        worked = worked_until(clock, at, calendars.calendar_for(dossier.agency_id))
        clock.worked_seconds = int(worked.total_seconds())
        clock.stopped_at = at
        clock.paused_at = None
        clock.events.append(ClockEvent(action=ClockAction.STOP, at=at))
        plan_sweep(clock)


EFFECTS = {
    ClockAction.START: _start,
    ClockAction.PAUSE: _pause,
    ClockAction.RESUME: _resume,
    ClockAction.STOP: _stop,
}
