"""The clocks of a dossier: events in, due times out. Never a countdown."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.domain import clocks as arithmetic
from app.domain.calendar import Calendar
from app.domain.clocks import Allowance, Moments
from app.domain.states import ClockAction, ClockKind
from app.domain.transitions import Transition
from app.domain.working_time import Deadline, Limit, Pause, TimeUnit
from app.extensions import db
from app.models.catalogue import OnSupplement
from app.models.dossier import Dossier
from app.models.handling import ClockEvent, DossierClock
from app.services import calendars, counting, settings


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
    return arithmetic.traced(calendar, clock.started_at, _allowance(clock, dossier), pauses(clock))


def set_due(clock: DossierClock, due: datetime, calendar: Calendar) -> None:
    """Store a due time with its warning points and the moment of the next sweep."""
    moments = arithmetic.moments(calendar, clock.started_at, due, pauses(clock))
    clock.half_at, clock.three_quarters_at, clock.due_at = moments
    plan_sweep(clock)


def moments_of(clock: DossierClock) -> Moments:
    """When to warn, and the due time."""
    return clock.half_at, clock.three_quarters_at, clock.due_at


def plan_sweep(clock: DossierClock) -> None:
    """Say when the sweep has to look again; None when it never has to."""
    stands = clock.stopped_at or clock.paused_at
    clock.next_sweep_at = (
        None if stands else arithmetic.next_look(clock.kind, clock.warned, moments_of(clock))
    )


def pauses(clock: DossierClock) -> list[Pause]:
    """The finished pauses of a clock."""
    return arithmetic.pauses((event.action, event.at) for event in clock.events)


def worked_until(clock: DossierClock, stopped_at: datetime, calendar: Calendar) -> timedelta:
    """Working time of a run up to a moment, without the time that it was paused."""
    waits = pauses(clock)
    if clock.paused_at is not None:
        waits.append(Pause(clock.paused_at, stopped_at))
    return arithmetic.worked(calendar, clock.started_at, stopped_at, waits)


def allowance(kind: ClockKind, processing: Limit) -> Allowance:
    """How long a clock may run: the time that the law gives the dossier, or a setting."""
    match kind:
        case ClockKind.INTAKE:
            return timedelta(minutes=settings.get("intake_minutes"))
        case ClockKind.PROCESSING:
            return processing
        case ClockKind.SUPPLEMENT:
            return Limit(settings.get("supplement_days"), TimeUnit.WORKING_DAY)
        case _:  # ClockKind.PICKUP
            return Limit(settings.get("pickup_days"), TimeUnit.WORKING_DAY)


def _allowance(clock: DossierClock, dossier: Dossier) -> Allowance:
    return allowance(clock.kind, Limit(dossier.processing_time, dossier.time_unit))


def _due(clock: DossierClock, dossier: Dossier, calendar: Calendar) -> datetime:
    return arithmetic.due(calendar, clock.started_at, _allowance(clock, dossier), pauses(clock))


def _start(dossier: Dossier, kind: ClockKind, at: datetime) -> None:
    calendar = calendars.calendar_for(dossier.agency_id)
    clock = DossierClock(dossier_id=dossier.id, kind=kind, started_at=at, warned=0)
    clock.events.append(ClockEvent(action=ClockAction.START, at=at))
    set_due(clock, _due(clock, dossier, calendar), calendar)
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
    set_due(clock, _due(clock, dossier, calendar), calendar)


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
