"""Deadlines in working time: from a start, a limit and a calendar to the due moment and its trace.

Pure functions; moments come in aware (any zone) and go out in UTC. The rules are DOMAIN.md 3.3 and 5:

* a start outside the sessions counts from the next opening (Decision 3142/QĐ-BGDĐT Art. 11);
* time used up exactly at the end of a session is due at that end, not at the next opening;
* working hours run from the start itself: the announcement's intake limit of 8 working hours from "Gửi hồ sơ"
  (the same figure in Decree 297/2025/NĐ-CP Art. 6(4));
* in a limit of days the first day does not count (Civil Code 2015 Art. 147(1)) and a last day off moves to
  the next working day (Art. 148(5));
* waiting for the applicant does not count (Decree 61/2018/NĐ-CP).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.calendar import Calendar, WorkSession
from app.domain.clock import to_local
from app.domain.errors import Refused
from app.domain.language import say
from app.domain.pauses import Pause, merged, past_pauses, paused_between
from app.domain.timeline import MINUTE, NOTHING, ONE_DAY, midnight, utc
from app.domain.trace import TraceLine, trace

__all__ = [
    "Calendar",
    "Deadline",
    "Limit",
    "Pause",
    "TimeUnit",
    "TraceLine",
    "WorkSession",
    "add_working",
    "amount_in_words",
    "amount_to_the_minute",
    "deadline",
    "due_many",
    "due_of",
    "fraction_point",
    "fraction_points",
    "in_words",
    "remaining",
    "working_between",
]

HOURS_IN_A_DAY = 8
"""40 hours a week (DOMAIN.md 5): "1 ngày" in words is 8 working hours, whatever one day's sessions are."""
DAYS, HOURS, MINUTES = ("1 ngày", "{n} ngày"), ("1 giờ", "{n} giờ"), ("1 phút", "{n} phút")
"""One and many: Vietnamese makes no difference, other languages do."""
LONGEST = 10_000
"""No law gives more of any unit; a typing slip must not keep the machine counting."""


class TimeUnit(StrEnum):
    """What a limit is counted in."""

    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        words = {TimeUnit.WORKING_HOUR: "giờ làm việc", TimeUnit.WORKING_DAY: "ngày làm việc"}
        return say(words.get(self, "ngày"))


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
    """The moment at which ``duration`` of working time has passed since ``start``, to the microsecond.

    A duration of 0 is due at the start, or at the next opening when the start lies outside the sessions (the
    closing minute is outside). ``ValueError`` for a naive start; refuses a negative duration
    (``limit_negative``), three years without a session (``no_working_sessions``) and moments outside
    1976-2199 (``date_out_of_range``).
    """
    return _traced(calendar, start, start, calendar.advance(start, duration), [])


def deadline(calendar: Calendar, start: datetime, limit: Limit, pauses: Sequence[Pause] = ()) -> Deadline:
    """The due of a limit that begins at ``start``, without the waiting time in ``pauses``.

    * working hours: from the start itself; the pauses' working time is added;
    * working days: day 1 is the next working day, due when the last session of day N ends; the working time
      of the pauses is added, but a pause costs nothing on the first day;
    * calendar days: due when the last session of day N ends or, if that is a day off, of the next working
      day; each pause adds the number of dates from its first to its last.

    A pause counts only if it began before the due as it then stood: pausing a late dossier does not mend it.
    A limit of 0 is due at the start or the next opening. Errors as in ``add_working``.
    """
    return _traced(calendar, start, *_counted(calendar, start, limit, pauses))


def due_of(calendar: Calendar, start: datetime, limit: Limit, pauses: Sequence[Pause] = ()) -> datetime:
    """The due moment of ``deadline`` without its trace: for many at once. Rules and errors as there."""
    return _counted(calendar, start, limit, pauses)[1]


def _counted(
    calendar: Calendar, start: datetime, limit: Limit, pauses: Sequence[Pause]
) -> tuple[datetime, datetime, list[Pause]]:
    """From when it is counted, the due, and the pauses that were left out."""
    if limit.unit is TimeUnit.WORKING_HOUR or limit.amount == 0:
        waits = merged(pauses, utc(start))
        due = past_pauses(calendar, calendar.advance(start, timedelta(hours=limit.amount)), waits)
        return start, due, waits
    first = to_local(utc(start)).date() + ONE_DAY
    counted_from = midnight(first)
    if limit.unit is TimeUnit.WORKING_DAY:
        waits = merged(pauses, counted_from)
        return counted_from, past_pauses(calendar, calendar.closing(first, limit.amount), waits), waits
    waits = merged(pauses, utc(start))
    return counted_from, _end_of_calendar_day(calendar, first + (limit.amount - 1) * ONE_DAY, waits), waits


def due_many(calendar: Calendar, pairs: Iterable[tuple[datetime, int]]) -> Iterator[datetime]:
    """The due, in UTC, of many (start, working minutes), in their order and without traces.

    Errors as in ``add_working``, raised when the pair is reached.
    """
    for start, minutes in pairs:
        yield calendar.advance(start, timedelta(minutes=minutes))


def working_between(calendar: Calendar, a: datetime, b: datetime) -> timedelta:
    """Working time from ``a`` to ``b``; 0 when ``b`` is not later. Errors as in ``add_working``."""
    return calendar.worked_between(a, b)


def remaining(calendar: Calendar, now: datetime, due: datetime) -> timedelta:
    """Working time left until the due, or negative: the working time since it.

    0 means that no working time lies between, so the night after a missed due is still 0: whether a dossier
    is late is ``now > due``, never the sign alone. Errors as in ``add_working``.
    """
    return calendar.worked_between(now, due) - calendar.worked_between(due, now)


def fraction_point(
    calendar: Calendar, start: datetime, due: datetime, fraction: float, pauses: Sequence[Pause] = ()
) -> datetime:
    """The moment, in UTC, at which that share (0 to 1) of the working time between the two has passed.

    For the warnings at 1/2 and 3/4. ``pauses`` are those that ``due`` was counted with; their time is no part
    of the whole. Never later than the due. ``ValueError`` for another fraction; else as in ``add_working``.
    """
    [point] = fraction_points(calendar, start, due, (fraction,), pauses)
    return point


def fraction_points(
    calendar: Calendar,
    start: datetime,
    due: datetime,
    fractions: Sequence[float],
    pauses: Sequence[Pause] = (),
) -> list[datetime]:
    """``fraction_point`` for several shares of the same time, counted through once."""
    for fraction in fractions:
        if not 0 <= fraction <= 1:
            raise ValueError(f"{fraction} is not a share of a whole")
    begin, end = utc(start), utc(due)
    waits = merged(pauses, begin)
    whole = calendar.worked_between(begin, end) - paused_between(calendar, begin, end, waits)
    points = (past_pauses(calendar, calendar.advance(begin, whole * share), waits) for share in fractions)
    return [min(end, point) for point in points]


def in_words(remaining: timedelta, *, paused: bool = False) -> str:
    """The deadline chip (LOOK.md 3): "Còn 2 giờ 10 phút", "Quá 35 phút", "Tạm dừng, còn 1 ngày 2 giờ".

    One day is 8 working hours; broken minutes (and, above a day, broken hours) are dropped; 0 is "Đến hạn".
    """
    if not remaining:
        words = say("đến hạn")
    else:
        words = say(
            "còn {time}" if remaining > NOTHING else "quá {time}",
            time=amount_in_words(abs(remaining) // MINUTE),
        )
    return say("Tạm dừng, {words}", words=words) if paused else words[:1].upper() + words[1:]


def amount_in_words(minutes: int) -> str:
    """Working minutes in words: 2 giờ 10 phút, 1 ngày 2 giờ."""
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, HOURS_IN_A_DAY)
    parts = (_number(days, DAYS), _number(hours, HOURS), _number(0 if days else minutes, MINUTES))
    return " ".join(part for part in parts if part) or say("dưới 1 phút")


def amount_to_the_minute(minutes: int) -> str:
    """The same as reports write it: 4 giờ 45 phút, 8 giờ, 1 ngày 2 giờ 53 phút; days only above one."""
    days, rest = divmod(minutes, HOURS_IN_A_DAY * 60) if minutes > HOURS_IN_A_DAY * 60 else (0, minutes)
    parts = (_number(days, DAYS), _number(rest // 60, HOURS), _number(rest % 60, MINUTES))
    return " ".join(part for part in parts if part) or say("dưới 1 phút")


def _number(number: int, words: tuple[str, str]) -> str:
    one, many = words
    return say(one if number == 1 else many, n=number) if number else ""


def _end_of_calendar_day(calendar: Calendar, day: date, pauses: Sequence[Pause]) -> datetime:
    due = calendar.closing(day)
    for pause in pauses:
        if pause.start >= due:
            break
        day += to_local(pause.end).date() - to_local(pause.start).date()
        due = calendar.closing(day)
    return due


def _traced(
    calendar: Calendar, start: datetime, counted_from: datetime, due: datetime, pauses: Sequence[Pause]
) -> Deadline:
    years = range(to_local(counted_from).year, to_local(due).year + 1)
    confirmed = calendar.confirmed_years.issuperset(years)
    return Deadline(due, trace(calendar, start, counted_from, due, pauses), confirmed)
