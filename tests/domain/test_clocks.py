"""The arithmetic of clocks: quick and traced counting agree, warnings fall where they should."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import clocks
from app.domain.calendar import Calendar, WorkSession
from app.domain.errors import Refused
from app.domain.states import ClockAction, ClockKind
from app.domain.working_time import Limit, Pause, TimeUnit
from tests.domain.calendars import OFFICE_8, at, calendar

pytestmark = [pytest.mark.domain, pytest.mark.no_database]

OFFICE = calendar(OFFICE_8)
ALLOWANCES = (
    timedelta(minutes=480),
    Limit(0, TimeUnit.WORKING_DAY),
    Limit(3, TimeUnit.WORKING_DAY),
    Limit(20, TimeUnit.WORKING_HOUR),
    Limit(15, TimeUnit.CALENDAR_DAY),
)
moments = st.integers(0, 10 * 365 * 24 * 60).map(
    lambda n: datetime(2016, 7, 1, tzinfo=UTC) + timedelta(minutes=n)
)


@settings(deadline=None)
@given(moments, st.sampled_from(ALLOWANCES), st.lists(st.integers(1, 9000), max_size=4))
def test_the_quick_count_gives_the_due_of_the_traced_one(start, allowance, steps):
    pauses, begin = [], start
    for minutes in steps if isinstance(allowance, Limit) else ():
        begin += timedelta(minutes=minutes)
        pauses.append(Pause(begin, begin + timedelta(minutes=minutes)))
        begin = pauses[-1].end
    assert clocks.due(OFFICE, start, allowance, pauses) == clocks.traced(OFFICE, start, allowance, pauses).due


def test_the_moments_are_half_three_quarters_and_the_end():
    start = at("2026-11-25 07:30")
    due = clocks.due(OFFICE, start, timedelta(hours=8))
    half, three_quarters, end = clocks.moments(OFFICE, start, due)
    assert (half, three_quarters, end) == (
        at("2026-11-25 11:30"),
        at("2026-11-25 15:00"),
        at("2026-11-25 17:00"),
    )


def test_an_office_clock_is_looked_at_three_times_and_the_others_once():
    three = (at("2026-11-25 08:00"), at("2026-11-25 09:00"), at("2026-11-25 10:00"))
    assert [clocks.next_look(ClockKind.INTAKE, said, three) for said in range(4)] == [*three, None]
    assert [clocks.next_look(ClockKind.PICKUP, said, three) for said in (0, 3)] == [three[-1], None]
    assert [clocks.said_by(moment, three) for moment in three] == [1, 2, 3]
    assert clocks.said_by(at("2026-11-25 07:00"), three) == 0


def test_only_finished_pauses_count():
    one, two, three = at("2026-11-25 08:00"), at("2026-11-25 09:00"), at("2026-11-25 10:00")
    events = [
        (ClockAction.START, one),
        (ClockAction.RESUME, one),
        (ClockAction.PAUSE, one),
        (ClockAction.RESUME, two),
        (ClockAction.PAUSE, three),
    ]
    assert clocks.pauses(events) == [Pause(one, two)]


def test_a_closing_is_refused_across_three_years_without_a_session():
    gap = Calendar(
        (
            WorkSession(0, time(8), time(12), None, date(2016, 12, 31)),
            WorkSession(0, time(8), time(12), date(2022, 1, 1)),
        ),
        {}, {}, frozenset(),
    )  # fmt: skip
    assert gap.closing(date(2016, 12, 1)) == at("2016-12-05 12:00")
    days = gap.working_days_from(date(2016, 12, 20))
    assert next(days) == date(2016, 12, 26)
    with pytest.raises(Refused, match="no_working_sessions"):
        next(days)
    for first, number in ((date(2016, 12, 20), 9), (date(2017, 1, 10), 1)):
        with pytest.raises(Refused, match="no_working_sessions"):
            gap.closing(first, number)
