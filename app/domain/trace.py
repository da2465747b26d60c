"""The trace: a due date shown day by day, so that anybody can follow the counting with a finger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.calendar import Calendar
from app.domain.clock import LOCAL, to_local
from app.domain.errors import Refused
from app.domain.timeline import NOTHING, Span, utc

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
DAYS_SHOWN = 200
"""A longer count shows so many days and adds up those in the middle: nobody reads 3,000 lines."""

PAUSED = "tạm dừng"
FIRST_DAY = "ngày đầu không tính"
AFTER_HOURS = "ngoài giờ làm việc"


@dataclass(frozen=True)
class TraceLine:
    """One stretch of the count. ``opens`` and ``closes`` bound what was counted (or paused) on the city's clock.

    Both are None for a day without counted time; ``note`` then says why: the holiday, the weekday, ... ``minutes``
    are the counted working minutes (a fraction when seconds were counted), 0 in a pause.
    """

    day: date
    opens: datetime | None
    closes: datetime | None
    minutes: float
    note: str


@dataclass(frozen=True)
class Pause:
    """A stretch of waiting for the applicant, not counted (Decree 61/2018/NĐ-CP). An open one ends now.

    ``ValueError`` for naive datetimes; refuses (Refused) an end before the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse a pause that runs backwards."""
        if utc(self.end) < utc(self.start):
            raise Refused("pause_ends_before_it_starts", start=self.start, end=self.end)


def merged(pauses: Sequence[Pause], since: datetime) -> list[Pause]:
    """The pauses in order, without overlaps, and without what lies before ``since``; in UTC."""
    result: list[Pause] = []
    for start, end in sorted((max(utc(p.start), since), utc(p.end)) for p in pauses):
        if result and start <= result[-1].end:
            result[-1] = Pause(result[-1].start, max(result[-1].end, end))
        elif start < end:
            result.append(Pause(start, end))
    return result


def working_between(calendar: Calendar, a: datetime, b: datetime) -> timedelta:
    """Working time from ``a`` to ``b``; 0 when ``b`` is not later. ``ValueError`` for naive datetimes."""
    first, last = utc(a), utc(b)
    if last <= first:
        return NOTHING
    timeline = calendar.timeline(first, last)
    return timeline.worked(last) - timeline.worked(first)


def paused_between(calendar: Calendar, a: datetime, b: datetime, pauses: Sequence[Pause]) -> timedelta:
    """Working time from ``a`` to ``b`` that lies in the (merged) pauses."""
    return sum((working_between(calendar, max(a, p.start), min(b, p.end)) for p in pauses), NOTHING)


def trace(
    calendar: Calendar, start: datetime, counted_from: datetime, due: datetime, pauses: Sequence[Pause]
) -> tuple[TraceLine, ...]:
    """Every day from ``start`` to ``due``; the minutes add up to the working time counted.

    ``counted_from`` is later than ``start`` when the first day does not count; ``pauses`` are merged ones.
    """
    first, last = to_local(start).date(), to_local(due).date()
    count = Count(calendar, counted_from, due, pauses)
    days = (last - first).days + 1
    if days <= DAYS_SHOWN:
        return tuple(count.lines(first, days))
    half = DAYS_SHOWN // 2
    tail = last - (half - 1) * ONE_DAY
    return (*count.lines(first, half), count.sum_of(first + half * ONE_DAY, tail), *count.lines(tail, half))


@dataclass(frozen=True)
class Count:
    """What is counted: the working time from one moment to another without the pauses."""

    calendar: Calendar
    counted_from: datetime
    due: datetime
    pauses: Sequence[Pause]

    def lines(self, first: date, days: int) -> Iterator[TraceLine]:
        """The lines of so many days."""
        for number in range(days):
            yield from self._lines_on(first + number * ONE_DAY)

    def sum_of(self, first: date, stop: date) -> TraceLine:
        """One line for all days from ``first`` to the eve of ``stop``."""
        begin, end = midnight(first), midnight(stop)
        counted = working_between(self.calendar, begin, end) - paused_between(self.calendar, begin, end, self.pauses)
        return TraceLine(first, None, None, counted / MINUTE, f"cộng gộp {(stop - first).days} ngày")

    def _lines_on(self, day: date) -> Iterator[TraceLine]:
        note, pieces = self.calendar.note_on(day), list(self._pieces_on(day))
        if day < to_local(self.counted_from).date():
            note = FIRST_DAY
        elif not pieces:
            note = note or AFTER_HOURS
        if not pieces:
            yield TraceLine(day, None, None, 0, note)
        for opens, closes, paused in pieces:
            minutes = 0 if paused else (closes - opens) / MINUTE
            yield TraceLine(day, to_local(opens), to_local(closes), minutes, PAUSED if paused else note)

    def _pieces_on(self, day: date) -> Iterator[tuple[datetime, datetime, bool]]:
        for session in self.calendar.sessions_on(day):
            opens, closes = max(session[0], self.counted_from), min(session[1], self.due)
            yield from _cut((opens, closes), self.pauses)


def _cut(span: Span, pauses: Sequence[Pause]) -> Iterator[tuple[datetime, datetime, bool]]:
    opens, closes = span
    for pause in pauses:
        begin, end = max(opens, pause.start), min(closes, pause.end)
        if begin < end:
            if opens < begin:
                yield opens, begin, False
            yield begin, end, True
            opens = end
    if opens < closes:
        yield opens, closes, False


def midnight(day: date) -> datetime:
    """The beginning of the day in the city, aware."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)
