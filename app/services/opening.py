"""When the office is open: today's sessions, whether it is open now, the usual week, the next day off."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from app.domain import clock
from app.domain.calendar import Calendar, WorkSession
from app.domain.timeline import Span
from app.services import calendars


@dataclass(frozen=True)
class Weekdays:
    """Weekdays in a row (0 is Monday) with the same hours; no hours: closed."""

    first: int
    last: int
    hours: tuple[WorkSession, ...]


@dataclass(frozen=True)
class Opening:
    """The office at one moment.

    ``until`` is the closing time when it is open, else the next opening (None: no hours are entered).
    ``note`` says why the day is not an ordinary one: the holiday, the weekday, "làm bù"; else empty.
    """

    now: datetime
    sessions: tuple[Span, ...]
    open: bool
    until: datetime | None
    note: str
    week: tuple[Weekdays, ...]
    next_off: date | None
    next_off_name: str

    @property
    def left(self) -> float:
        """Minutes until it closes, or opens, today; 0 when that is another day."""
        if self.until is None or clock.to_local(self.until).date() != clock.to_local(self.now).date():
            return 0.0
        return (self.until - self.now).total_seconds() / 60


def at_present(agency_id: int | None = None) -> Opening:
    """The opening hours of an agency (None: the common ones) as they are now."""
    calendar, now = calendars.calendar_for(agency_id), clock.now()
    today = clock.to_local(now).date()
    sessions = calendar.sessions_on(today)
    closes = next((end for begin, end in sessions if begin <= now < end), None)
    off = min((day for day in calendar.days_off if day > today), default=None)
    return Opening(
        now=now,
        sessions=sessions,
        open=closes is not None,
        until=closes or _next_opening(calendar, now),
        note=calendar.note_on(today),
        week=_week(calendar, today),
        next_off=off,
        next_off_name=calendar.days_off[off] if off else "",
    )


def _next_opening(calendar: Calendar, now: datetime) -> datetime | None:
    if not calendar.sessions:
        return None
    days = calendar.working_days_from(clock.to_local(now).date())
    return next(begin for day in days for begin, _ in calendar.sessions_on(day) if begin > now)


def _week(calendar: Calendar, today: date) -> tuple[Weekdays, ...]:
    valid = sorted((s for s in calendar.sessions if s.is_valid_on(today)), key=lambda s: s.opens)
    hours = [(day, tuple(s for s in valid if s.weekday == day)) for day in range(7)]
    rows = []
    for _, group in groupby(hours, lambda pair: [(s.opens, s.closes) for s in pair[1]]):
        same = list(group)
        rows.append(Weekdays(same[0][0], same[-1][0], same[0][1]))
    return tuple(rows)
