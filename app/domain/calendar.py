"""The working calendar of one unit: its sessions with validity dates, its days off and its make-up days.

All of it is data that an administrator edits (DOMAIN.md 5). A changed row means a new ``Calendar``: nothing is kept
outside the object, so that a changed holiday reaches running dossiers at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import combinations
from types import MappingProxyType

from app.domain.clock import LOCAL
from app.domain.errors import Refused
from app.domain.timeline import Span, Timeline, no_sessions

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
MAKE_UP = "làm bù"
KNOWN_YEARS = range(1976, 2200)
"""Before 1976 the zone changed its offset; after 2199 there is only a typing slip."""


@dataclass(frozen=True)
class WorkSession:
    """One stretch of office hours on one weekday (0 = Monday), local time, on the days ``valid_from``–``valid_to``.

    Both ends of the validity are included; None means without end. Refuses (Refused) a weekday that does not exist,
    hours that do not go forward and a validity that ends before it begins.
    """

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a session."""
        if not 0 <= self.weekday <= 6:
            raise Refused("no_such_weekday", field="weekday", weekday=self.weekday)
        if self.closes <= self.opens:
            raise Refused("session_closes_before_it_opens", field="closes", opens=self.opens, closes=self.closes)
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

    A day off has no sessions, whatever its weekday. An extra (make-up) day has those of its weekday or, when the
    weekday has none, Monday's. ``confirmed_years`` are those checked against the official announcement; a due in
    another year is provisional. ``version`` names the state of the rows that it was made from.

    Refuses (Refused) two overlapping sessions and a day that is both off and worked.
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
                raise Refused("sessions_overlap", field="opens", weekday=one.weekday, opens=max(one.opens, other.opens))

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
        """Why the day is not an ordinary one, in Vietnamese: the holiday, "làm bù", the weekday; else ""."""
        if day in self.days_off:
            return self.days_off[day]
        if not self._in_force(day):
            return WEEKDAYS[day.weekday()]
        return MAKE_UP if day in self.extra_days else ""

    def timeline(self, first: datetime, last: datetime) -> Timeline:
        """The sessions around two moments in UTC, laid end to end; kept with this object and lengthened at need.

        Refuses a calendar without sessions (``no_working_sessions``) and moments outside 1976–2199
        (``date_out_of_range``). One year more is laid out, so that a December start needs no second round.
        """
        kept = self._kept
        if kept is None or not kept.covers(first, last):
            kept = self._lay_out(first.year, last.year, kept)
            object.__setattr__(self, "_kept", kept)
        return kept

    def _lay_out(self, first_year: int, last_year: int, kept: Timeline | None) -> Timeline:
        if not self.sessions:
            raise no_sessions()
        if first_year not in KNOWN_YEARS or last_year not in KNOWN_YEARS:
            raise Refused("date_out_of_range", first_year=KNOWN_YEARS.start, last_year=KNOWN_YEARS.stop - 1)
        years = range(first_year, last_year + 2)
        if kept is not None:
            years = range(min(years.start, kept.years.start), max(years.stop, kept.years.stop))
        return Timeline(years, self._all_sessions(years))

    def _all_sessions(self, years: range) -> Iterator[Span]:
        day, stop = date(years.start, 1, 1), date(years.stop, 1, 1)
        while day < stop:
            yield from self.sessions_on(day)
            day += timedelta(days=1)

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
