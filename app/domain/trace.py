"""The trace: a due date shown day by day, so that anybody can follow the counting with a finger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.calendar import Calendar
from app.domain.clock import to_local
from app.domain.language import say
from app.domain.pauses import Pause, paused_between
from app.domain.timeline import MINUTE, ONE_DAY, Span, midnight

DAYS_SHOWN = 200
"""A longer count shows so many days and adds up those in the middle: nobody reads 3,000 lines."""

PAUSED = "tạm dừng"
FIRST_DAY = "ngày đầu không tính"
AFTER_HOURS = "ngoài giờ làm việc"


@dataclass(frozen=True)
class TraceLine:
    """One stretch of the count; ``opens`` and ``closes`` bound what was counted or paused, in local time.

    Both are None for a day without counted time; ``note`` then says why: the holiday, the weekday and so on.
    ``minutes`` are the counted working minutes (a fraction when seconds were counted), 0 in a pause.
    """

    day: date
    opens: datetime | None
    closes: datetime | None
    minutes: float
    note: str


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
        paused = paused_between(self.calendar, begin, end, self.pauses)
        minutes = (self.calendar.worked_between(begin, end) - paused) / MINUTE
        return TraceLine(first, None, None, minutes, say("cộng gộp {days} ngày", days=(stop - first).days))

    def _lines_on(self, day: date) -> Iterator[TraceLine]:
        note, pieces = self.calendar.note_on(day), list(self._pieces_on(day))
        if day < to_local(self.counted_from).date():
            note = say(FIRST_DAY)
        elif not pieces and not self._is_due_in_hours(day):
            note = note or say(AFTER_HOURS)
        if not pieces:
            yield TraceLine(day, None, None, 0, note)
        for opens, closes, paused in pieces:
            minutes = 0 if paused else (closes - opens) / MINUTE
            yield TraceLine(day, to_local(opens), to_local(closes), minutes, say(PAUSED) if paused else note)

    def _is_due_in_hours(self, day: date) -> bool:
        """Whether the due lies in a session of the day: a count of nothing ends where it begins."""
        return any(opens <= self.due <= closes for opens, closes in self.calendar.sessions_on(day))

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
