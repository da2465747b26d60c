"""The arithmetic of a dossier's clocks: events and allowances in, moments out. The rows are services.clocks'."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.domain.calendar import Calendar
from app.domain.states import ClockAction, ClockKind
from app.domain.working_time import (
    Deadline,
    Limit,
    Pause,
    add_working,
    deadline,
    due_of,
    fraction_points,
)

Allowance = Limit | timedelta
"""How long a clock may run: a limit of the law, or (intake) working time counted from the start itself."""

Moments = tuple[datetime, datetime, datetime]
"""Half, three quarters and the end of the time."""

OFFICE_CLOCKS = frozenset({ClockKind.INTAKE, ClockKind.PROCESSING})
"""Clocks that an office answers for; the sweep warns and marks them overdue."""

SAID_HALF, SAID_THREE_QUARTERS, SAID_OVERDUE = 1, 2, 3
"""What the sweep has said of a clock so far; 0 is nothing."""


def traced(calendar: Calendar, start: datetime, allowance: Allowance, pauses: Sequence[Pause]) -> Deadline:
    """The due time with its trace, for a page; errors as in working_time.deadline."""
    if isinstance(allowance, Limit):
        return deadline(calendar, start, allowance, pauses)
    return add_working(calendar, start, allowance)


def due(calendar: Calendar, start: datetime, allowance: Allowance, pauses: Sequence[Pause] = ()) -> datetime:
    """The due time alone, many times as quick; errors as in working_time.deadline."""
    if isinstance(allowance, Limit):
        return due_of(calendar, start, allowance, pauses)
    return calendar.advance(start, allowance)


def moments(calendar: Calendar, start: datetime, due: datetime, pauses: Sequence[Pause] = ()) -> Moments:
    """When to warn, and the due time itself; ``pauses`` are those that it was counted with."""
    half, three_quarters = fraction_points(calendar, start, due, (0.5, 0.75), pauses)
    return half, three_quarters, due


def next_look(kind: ClockKind, warned: int, moments: Moments) -> datetime | None:
    """When the sweep has to look at a clock that runs; None when everything was said."""
    if warned >= SAID_OVERDUE:
        return None
    return moments[warned] if kind in OFFICE_CLOCKS else moments[-1]


def said_by(now: datetime, moments: Moments) -> int:
    """The strongest thing that is true now."""
    return sum(moment <= now for moment in moments)


def pauses(events: Iterable[tuple[ClockAction, datetime]]) -> list[Pause]:
    """The finished pauses among the events of a clock."""
    found: list[Pause] = []
    since: datetime | None = None
    for action, at in events:
        if action is ClockAction.PAUSE:
            since = at
        elif action is ClockAction.RESUME and since is not None:
            found.append(Pause(since, at))
            since = None
    return found
