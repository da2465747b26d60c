"""The clocks of one simulated dossier: what services.clocks does to rows, done to values with the same arithmetic."""

from dataclasses import dataclass, field
from datetime import datetime

from app.domain import clocks as counting
from app.domain.calendar import Calendar
from app.domain.clocks import Allowance, Moments
from app.domain.states import ClockAction, ClockKind
from app.domain.transitions import Transition
from app.domain.working_time import Pause
from seed.simulation.city import City, Procedure


@dataclass(slots=True)
class Clock:
    """One run of a clock."""

    kind: ClockKind
    started_at: datetime
    moments: Moments
    next_look: datetime | None = None
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    worked_seconds: int | None = None
    warned: int = 0
    events: list[tuple[ClockAction, datetime]] = field(default_factory=list)

    @property
    def due(self) -> datetime:
        """When its time is over."""
        return self.moments[-1]

    def plan(self) -> None:
        """Say when the sweep has to look again."""
        stands = self.stopped_at or self.paused_at
        self.next_look = None if stands else counting.next_look(self.kind, self.warned, self.moments)


class Timer:
    """All clocks of a dossier."""

    def __init__(self, city: City, procedure: Procedure, calendar: Calendar) -> None:
        self.city, self.procedure, self.calendar = city, procedure, calendar
        self.clocks: list[Clock] = []

    def tick(self, transition: Transition, at: datetime) -> None:
        """Do what the transition's row says."""
        for effect in transition.clocks:
            match effect.action:
                case ClockAction.START:
                    self._start(effect.kind, at)
                case ClockAction.PAUSE:
                    self._pause(effect.kind, at)
                case ClockAction.RESUME:
                    self._resume(effect.kind, at)
                case ClockAction.STOP:
                    self._stop(effect.kind, at)

    def running(self, kind: ClockKind | None = None) -> list[Clock]:
        """The clocks that are not stopped, paused ones too; of one kind if given."""
        return [c for c in self.clocks if c.stopped_at is None and (kind is None or c.kind is kind)]

    def due(self) -> datetime | None:
        """The due time of the clock that counts now; a paused clock gives way to the others."""
        return min((c.due for c in self.clocks if c.stopped_at is None and c.paused_at is None), default=None)

    def next_look(self) -> datetime | None:
        """When the sweep has to look at this dossier again."""
        return min((c.next_look for c in self.clocks if c.next_look is not None), default=None)

    def _allowance(self, kind: ClockKind) -> Allowance:
        return self.city.allowance(kind, self.procedure)

    def _start(self, kind: ClockKind, at: datetime) -> None:
        due = counting.due(self.calendar, at, self._allowance(kind))
        clock = Clock(kind, at, counting.moments(self.calendar, at, due))
        clock.events.append((ClockAction.START, at))
        clock.plan()
        self.clocks.append(clock)

    def _pause(self, kind: ClockKind, at: datetime) -> None:
        [clock] = self.running(kind)
        clock.paused_at = at
        clock.events.append((ClockAction.PAUSE, at))
        clock.plan()

    def _resume(self, kind: ClockKind, at: datetime) -> None:
        if self.procedure.restart:  # Decree 297/2025 art. 6(4): counted anew
            self._stop(kind, at)
            self._start(kind, at)
            return
        [clock] = self.running(kind)
        clock.paused_at = None
        clock.events.append((ClockAction.RESUME, at))
        waited = counting.pauses(clock.events)
        due = counting.due(self.calendar, clock.started_at, self._allowance(kind), waited)
        clock.moments = counting.moments(self.calendar, clock.started_at, due, waited)
        clock.plan()

    def _stop(self, kind: ClockKind, at: datetime) -> None:
        for clock in self.running(kind):
            waited = counting.pauses(clock.events)
            if clock.paused_at is not None:
                waited.append(Pause(clock.paused_at, at))
            worked = counting.worked(self.calendar, clock.started_at, at, waited)
            clock.worked_seconds = int(worked.total_seconds())
            clock.stopped_at, clock.paused_at = at, None
            clock.events.append((ClockAction.STOP, at))
            clock.plan()
