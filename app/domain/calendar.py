"""The working calendar of one unit: its sessions with validity dates, its days off and its make-up days.

All of it is data that an administrator edits (DOMAIN.md 5). A changed row means a new ``Calendar``: nothing
is kept outside the object, so that a changed holiday reaches running dossiers at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import combinations
from types import MappingProxyType

from app.domain.clock import LOCAL
from app.domain.errors import Refused
from app.domain.language import say
from app.domain.timeline import DESERT, NOTHING, ONE_DAY, Span, Timeline, midnight, no_sessions, utc

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
MAKE_UP = "làm bù"
KNOWN_YEARS = range(1976, 2200)
"""Before 1976 the zone changed its offset; after 2199 there is only a typing slip."""


@dataclass(frozen=True)
class WorkSession:
    """One stretch of office hours on one weekday (0 = Monday), local time.

    In force from ``valid_from`` to ``valid_to``, both included; None means without end. Refuses a weekday
    that does not exist (``no_such_weekday``), hours that do not go forward
    (``session_closes_before_it_opens``) and a validity that ends before it begins
    (``validity_ends_before_it_begins``).
    """

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a session."""
        if self.weekday not in range(len(WEEKDAYS)):
            raise Refused("no_such_weekday", field="weekday", weekday=self.weekday)
        if self.closes <= self.opens:
            hours = {"opens": self.opens, "closes": self.closes}
            raise Refused("session_closes_before_it_opens", field="closes", **hours)
        if self.first_day > self.last_day:
            raise Refused("validity_ends_before_it_begins", field="valid_to", day=self.valid_to)

    @property
    def first_day(self) -> date:
        """The first day of the validity."""
        return self.valid_from or date.min

    @property
    def last_day(self) -> date:
        """The last day of the validity, itself included."""
        return self.valid_to or date.max

    def is_valid_on(self, day: date) -> bool:
        """Whether these hours are in force on the day (the weekday is not looked at)."""
        return self.first_day <= day <= self.last_day

    def overlaps(self, other: "WorkSession") -> bool:
        """Whether some minute of some day belongs to both."""
        return (
            self.weekday == other.weekday
            and self.opens < other.closes
            and other.opens < self.closes
            and self.first_day <= other.last_day
            and other.first_day <= self.last_day
        )


@dataclass(frozen=True)
class Calendar:
    """When a unit works. ``days_off`` and ``extra_days`` give each day its name.

    A day off has no sessions, whatever its weekday. An extra (make-up) day has those of its weekday or, when
    the weekday has none, Monday's. ``confirmed_years`` are those checked against the official announcement; a
    due in another year is provisional. ``version`` names the state of the rows that it was made from.

    Refuses two overlapping sessions (``sessions_overlap``) and a day that is both off and worked
    (``day_both_off_and_working``).
    """

    sessions: tuple[WorkSession, ...]
    days_off: Mapping[date, str] = field(hash=False)
    extra_days: Mapping[date, str] = field(hash=False)
    confirmed_years: frozenset[int]
    version: str = ""
    _kept: Timeline | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take copies that nobody can change behind our back, and refuse contradictions."""
        object.__setattr__(self, "days_off", MappingProxyType(dict(self.days_off)))
        object.__setattr__(self, "extra_days", MappingProxyType(dict(self.extra_days)))
        if both := self.days_off.keys() & self.extra_days.keys():
            raise Refused("day_both_off_and_working", field="day", day=min(both))
        for one, other in combinations(self.sessions, 2):
            if one.overlaps(other):
                opens = max(one.opens, other.opens)
                raise Refused("sessions_overlap", field="opens", weekday=one.weekday, opens=opens)

    def sessions_on(self, day: date) -> tuple[Span, ...]:
        """(opens, closes) of the day's sessions, earliest first, aware, on the city's clock."""
        return tuple(
            (datetime.combine(day, session.opens, LOCAL), datetime.combine(day, session.closes, LOCAL))
            for session in self._in_force(day)
        )

    def is_working_day(self, day: date) -> bool:
        """Whether the unit has any session on the day."""
        return bool(self._in_force(day))

    def is_confirmed(self, day: date) -> bool:
        """Whether the day's year was checked against the official calendar (DOMAIN.md 5.1)."""
        return day.year in self.confirmed_years

    def note_on(self, day: date) -> str:
        """Why the day is not an ordinary one, in words: the holiday, "làm bù", the weekday; else ""."""
        if day in self.days_off:
            return self.days_off[day]
        if not self._in_force(day):
            return say(WEEKDAYS[day.weekday()])
        return say(MAKE_UP) if day in self.extra_days else ""

    def worked_between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from ``a`` to ``b``; 0 when ``b`` is not later. Errors as in ``advance``."""
        first, last = utc(a), utc(b)
        if last <= first:
            return NOTHING
        timeline = self._timeline(first, last)
        return timeline.worked(last) - timeline.worked(first)

    def advance(self, start: datetime, duration: timedelta) -> datetime:
        """The moment, in UTC, at which ``duration`` of working time has passed since ``start``.

        ``ValueError`` for a naive start; refuses a negative duration (``limit_negative``), three years
        without a session (``no_working_sessions``) and moments outside 1976-2199 (``date_out_of_range``).
        """
        if duration < NOTHING:
            raise Refused("limit_negative", field="amount", amount=duration)
        begin = utc(start)
        timeline = self._timeline(begin, begin)
        while (due := timeline.advance(begin, duration)) is None:
            timeline = self._longer(timeline)
        return due

    def closing(self, first: date, number: int = 1) -> datetime:
        """When the last session of the ``number``-th working day from ``first`` on ends, in UTC.

        ``first`` itself counts if it is one. Errors as in ``advance``.
        """
        begin = midnight(first)
        timeline = self._timeline(begin, begin)
        while (closes := timeline.closing(first, number)) is None:
            timeline = self._longer(timeline)
        return closes

    def working_days_from(self, first: date) -> Iterator[date]:
        """The working days from ``first`` on; refuses (``no_working_sessions``) three years without one."""
        day = last_seen = first
        while day - last_seen <= DESERT:
            if self.is_working_day(day):
                last_seen = day
                yield day
            day += ONE_DAY
        raise no_sessions()

    def _timeline(self, first: datetime, last: datetime) -> Timeline:
        kept = self._kept
        if kept is not None and kept.covers(first, last):
            return kept
        if first.year not in KNOWN_YEARS or last.year not in KNOWN_YEARS:
            raise _out_of_range()
        years = range(first.year, last.year + 2)  # with a year to spare, for December
        if kept is not None:
            years = range(min(years.start, kept.years.start), max(years.stop, kept.years.stop))
        return self._lay_out(years)

    def _longer(self, timeline: Timeline) -> Timeline:
        years = timeline.years
        if years.stop > KNOWN_YEARS.stop:
            raise _out_of_range()
        return self._lay_out(range(years.start, min(years.stop + len(years), KNOWN_YEARS.stop + 1)))

    def _lay_out(self, years: range) -> Timeline:
        # Kept with this object, never beside it; threads that race only repeat the work.
        if not self.sessions:
            raise no_sessions()
        timeline = Timeline(years, self._all_sessions(years))
        object.__setattr__(self, "_kept", timeline)
        return timeline

    def _all_sessions(self, years: range) -> Iterator[Span]:
        day, stop = date(years.start, 1, 1), date(years.stop, 1, 1)
        while day < stop:
            yield from self.sessions_on(day)
            day += ONE_DAY

    def _in_force(self, day: date) -> list[WorkSession]:
        if day in self.days_off:
            return []
        found = [session for session in self._by_weekday[day.weekday()] if session.is_valid_on(day)]
        if not found and day in self.extra_days:
            return [session for session in self._by_weekday[0] if session.is_valid_on(day)]
        return found

    @cached_property
    def _by_weekday(self) -> tuple[tuple[WorkSession, ...], ...]:
        ordered = sorted(self.sessions, key=lambda session: session.opens)
        return tuple(tuple(s for s in ordered if s.weekday == weekday) for weekday in range(7))


def _out_of_range() -> Refused:
    return Refused("date_out_of_range", first_year=KNOWN_YEARS.start, last_year=KNOWN_YEARS.stop - 1)
