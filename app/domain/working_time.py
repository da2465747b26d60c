"""Deadlines in working time: from a start, a limit and a calendar to the due moment and its trace.

Pure functions; moments come in aware (any zone) and go out in UTC. The rules are DOMAIN.md 3.3 and 5:

* a start outside the sessions counts from the next opening (Decision 3142/QĐ-BGDĐT Art. 11);
* time used up exactly at the end of a session is due at that end, not at the next opening;
* working hours run from the start itself: the announcement's intake limit of 8 working hours from "Gửi hồ sơ",
  the same figure as Decree 297/2025/NĐ-CP Art. 6(4);
* in a limit of days the first day does not count (Civil Code 2015 Art. 147(1)) and a last day off moves to the
  next working day (Art. 148(5));
* waiting for the applicant does not count (Decree 61/2018/NĐ-CP).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from app.domain.calendar import Calendar, WorkSession
from app.domain.clock import to_local
from app.domain.errors import Refused
from app.domain.timeline import DESERT, NOTHING, no_sessions, utc
from app.domain.trace import (
    MINUTE,
    ONE_DAY,
    Pause,
    TraceLine,
    merged,
    midnight,
    paused_between,
    trace,
    working_between,
)

__all__ = [
    "Calendar",
    "Deadline",
    "Limit",
    "Pause",
    "TimeUnit",
    "TraceLine",
    "WorkSession",
    "add_working",
    "deadline",
    "due_many",
    "fraction_point",
    "in_words",
    "remaining",
    "working_between",
]

HOURS_IN_A_DAY = 8
"""40 hours a week (DOMAIN.md 5): "1 ngày" in words is 8 working hours, whatever one day's sessions are."""
LONGEST = 10_000
"""No law gives more of any unit; a typing slip must not keep the machine counting."""


class TimeUnit(StrEnum):
    """What a limit is counted in."""

    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


@dataclass(frozen=True)
class Limit:
    """An amount of working hours, working days or calendar days. Refuses less than 0 and more than 10,000."""

    amount: int
    unit: TimeUnit

    def __post_init__(self) -> None:
        """Refuse what no law could mean."""
        if self.amount < 0:
            raise Refused("limit_negative", field="amount", amount=self.amount)
        if self.amount > LONGEST:
            raise Refused("limit_too_long", field="amount", amount=self.amount, longest=LONGEST)


@dataclass(frozen=True)
class Deadline:
    """The due moment in UTC, how it was counted, and whether every year counted through is confirmed."""

    due: datetime
    trace: tuple[TraceLine, ...]
    confirmed: bool


def add_working(calendar: Calendar, start: datetime, duration: timedelta) -> Deadline:
    """The moment at which ``duration`` of working time has passed since ``start``, to the second.

    A duration of 0 is due at the start, or at the next opening when the start lies outside the sessions (the closing
    minute is outside). ``ValueError`` for a naive start; refuses a negative duration (``limit_negative``), a calendar
    without sessions for three years (``no_working_sessions``), dates outside 1976–2199 (``date_out_of_range``).
    """
    begin = utc(start)
    return _shown(calendar, begin, begin, _advance(calendar, begin, duration), [])


def deadline(calendar: Calendar, start: datetime, limit: Limit, pauses: Sequence[Pause] = ()) -> Deadline:
    """The due of a limit that begins at ``start``, without the waiting time in ``pauses``.

    * working hours: from the start itself; the pauses' working time is added;
    * working days: day 1 is the next working day, due when the last session of day N ends; the working time of the
      pauses is added, except that of the first day, which costs nothing;
    * calendar days: due when the last session of day N ends, or of the next working day after it; each pause adds
      the number of dates from its first to its last.

    A pause counts only if it began before the due as it then stood: a late dossier is not made punctual by pausing
    it. A limit of 0 is due at the start or the next opening. Errors as in ``add_working``.
    """
    begin = utc(start)
    if limit.unit is TimeUnit.WORKING_HOUR or not limit.amount:
        counted_from = begin
        due = _advance(calendar, begin, timedelta(hours=limit.amount))
    else:
        counted_from = utc(midnight(to_local(begin).date() + ONE_DAY))
        due = _last_close(calendar, _last_day(calendar, begin, limit))
    if limit.unit is TimeUnit.CALENDAR_DAY:
        waits = merged(pauses, begin)
        due = _past_dates(calendar, begin, limit, waits, due)
    else:
        waits = merged(pauses, counted_from)
        due = _past_pauses(calendar, due, waits)
    return _shown(calendar, begin, counted_from, due, waits)
