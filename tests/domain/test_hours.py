"""A unit's own office hours stand before the common ones."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import Calendar, WorkSession
from app.domain.clock import LOCAL
from app.domain.hours import own_before_common

START, END = date(2026, 11, 1), date(2026, 11, 30)


def session(valid_from: date | None, valid_to: date | None, opens: int = 7) -> WorkSession:
    return WorkSession(0, time(opens), time(opens + 4), valid_from, valid_to)


@pytest.mark.parametrize(
    ("own", "left"),
    [
        ([], [(None, None)]),
        ([(None, None)], []),
        ([(START, None)], [(None, date(2026, 10, 31))]),
        ([(None, END)], [(date(2026, 12, 1), None)]),
        ([(START, END)], [(None, date(2026, 10, 31)), (date(2026, 12, 1), None)]),
        (
            [(START, END), (START, date(2026, 11, 20))],
            [(None, date(2026, 10, 31)), (date(2026, 12, 1), None)],
        ),
    ],
)
def test_common_hours_hold_on_days_without_own_ones(own: list[tuple], left: list[tuple]) -> None:
    own_sessions = [session(*period) for period in own]

    found = own_before_common(own_sessions, [session(None, None, opens=13)])

    assert list(found[: len(own)]) == own_sessions
    assert [(s.valid_from, s.valid_to) for s in found[len(own) :]] == left
    assert all(s.opens == time(13) for s in found[len(own) :])


def test_common_hours_that_ended_before_the_own_ones_stay_whole() -> None:
    common = session(None, date(2020, 12, 31), opens=13)

    assert own_before_common([session(START, None)], [common]) == (session(START, None), common)


def test_common_hours_that_begin_after_the_own_ones_stay_whole() -> None:
    common = session(date(2027, 1, 1), None, opens=13)

    assert own_before_common([session(START, END)], [common]) == (session(START, END), common)


days = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
periods = st.tuples(days, days).filter(lambda p: (p[0] or date.min) <= (p[1] or date.max))


@given(
    st.lists(periods, max_size=4),
    st.lists(periods, max_size=3),
    st.dates(date(2025, 12, 1), date(2027, 2, 1)),
)
def test_on_every_day_either_own_or_common_sessions_are_in_force(own: list, common: list, day: date) -> None:
    mine = [session(*period) for period in own]
    theirs = [session(*period, opens=13) for period in common]

    found = [s for s in own_before_common(mine, theirs) if s.is_valid_on(day)]

    own_today = [s for s in mine if s.is_valid_on(day)]
    assert found == (own_today or [s for s in found if s.opens == time(13)])
    if not own_today:
        assert len(found) == sum(s.is_valid_on(day) for s in theirs)


def test_a_calendar_of_both_works_by_the_day() -> None:
    sessions = own_before_common([session(START, None)], [session(None, None, opens=13)])
    calendar = Calendar(sessions, {}, {}, frozenset())
    before, after = date(2026, 10, 26), date(2026, 11, 2)

    assert calendar.sessions_on(before)[0][0] == datetime.combine(before, time(13), LOCAL)
    assert calendar.sessions_on(after)[0][0] == datetime.combine(after, time(7), LOCAL)
    assert calendar.worked_between(
        datetime.combine(before, time(0), LOCAL), datetime.combine(after, time(23), LOCAL)
    ) == timedelta(hours=8)
