"""Working sessions laid end to end, each with the working time before it: counting becomes two bisections."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise

from app.domain.clock import LOCAL
from app.domain.errors import Refused

Span = tuple[datetime, datetime]

NOTHING = timedelta(0)
MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
DESERT = timedelta(days=3 * 365)
"""So long without one session is a forgotten row in the calendar, not a holiday: refuse, promise nothing."""


def utc(moment: datetime) -> datetime:
    """The same moment in UTC. ``ValueError`` for a naive datetime, which names no moment at all."""
    if moment.tzinfo is UTC:  # most are: a stored time comes back so
        return moment
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC)


@lru_cache(10_000)
def midnight(day: date) -> datetime:
    """The beginning of the day in the city, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL).astimezone(UTC)


def no_sessions() -> Refused:
    """The refusal of a calendar that has no working time where it is needed."""
    return Refused("no_working_sessions")


class Timeline:
    """All sessions of some whole years, in order, in UTC. It never changes; for other years make another one.

    A session is half open for a start (who begins at the closing minute begins with the next session) and
    closed for a due (time used up exactly at the closing minute is due at that minute).
    """

    def __init__(self, years: range, sessions: Iterable[Span]) -> None:
        """``years`` are those of the city; ``sessions`` all of theirs, in order and without overlap."""
        spans = [(utc(opens), utc(closes)) for opens, closes in sessions]
        gaps = (after[0] - before[1] for before, after in pairwise(spans))
        self.years = years
        self.begins, self.ends = midnight(date(years.start, 1, 1)), midnight(date(years.stop, 1, 1))
        self._opens = [opens for opens, _ in spans]
        self._closes = [closes for _, closes in spans]
        self._worked = list(accumulate((closes - opens for opens, closes in spans), initial=NOTHING))
        self._deserts = list(accumulate((int(gap > DESERT) for gap in gaps), initial=0))
        last_of_day = {opens.astimezone(LOCAL).date(): index for index, (opens, _) in enumerate(spans)}
        self._days, self._last = list(last_of_day), list(last_of_day.values())

    def covers(self, first: datetime, last: datetime) -> bool:
        """Whether both moments lie in the years laid out here."""
        return self.begins <= first and last < self.ends

    def worked(self, moment: datetime) -> timedelta:
        """Working time from the beginning of this timeline to the moment."""
        session = bisect_right(self._closes, moment)
        if session == len(self._opens):
            return self._worked[session]
        return self._worked[session] + max(moment - self._opens[session], NOTHING)

    def advance(self, moment: datetime, duration: timedelta) -> datetime | None:
        """The moment at which ``duration`` of working time has passed; None when these years are too short.

        Refuses (``no_working_sessions``) to count across more than three years without a session.
        """
        first = bisect_right(self._closes, moment)
        if first == len(self._opens):
            return self._hope_beyond(moment)
        lead = moment - self._opens[first]
        target = self._worked[first] + max(lead, NOTHING) + duration
        last = bisect_left(self._worked, target, first + 1) - 1
        if last == len(self._opens):
            return self._hope_beyond(moment)
        if -lead > DESERT or self._deserts[last] != self._deserts[first]:
            raise no_sessions()
        return self._opens[last] + (target - self._worked[last])

    def closing(self, first: date, number: int) -> datetime | None:
        """When the last session of the ``number``-th (from 1) working day from ``first`` on ends.

        None when these years are too short; refuses as ``advance`` does.
        """
        begins = bisect_left(self._days, first)
        wanted = begins + number - 1
        if wanted >= len(self._days):
            return self._hope_beyond(midnight(first))
        begin, end = self._last[begins], self._last[wanted]
        if self._days[begins] - first > DESERT or self._deserts[begin] != self._deserts[end]:
            raise no_sessions()
        return self._closes[end]

    def _hope_beyond(self, moment: datetime) -> datetime | None:
        last_seen = max(moment, self._closes[-1]) if self._closes else moment
        if self.ends - last_seen > DESERT:
            raise no_sessions()
        return None
