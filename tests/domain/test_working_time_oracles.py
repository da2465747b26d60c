"""Working time against those who count differently: a library, a walker over minutes, the laws of sums."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import businesstimedelta
import pytz
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.clock import LOCAL
from app.domain.working_time import (
    Calendar,
    Limit,
    Pause,
    TimeUnit,
    add_working,
    deadline,
    due_many,
    fraction_point,
    remaining,
    working_between,
)
from tests.domain.calendars import OFF, OFFICE_8, OFFICE_75, SATURDAY_COUNTER, SEASONS, calendar

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
CITY = calendar(OFFICE_8)

often = settings(deadline=None, max_examples=100)
seldom = settings(deadline=None, max_examples=25)


def moments(first: str, last: str, step: timedelta = timedelta(seconds=1)) -> st.SearchStrategy[datetime]:
    """Moments on the city's clock between two days."""
    begin, end = (datetime.fromisoformat(day).replace(tzinfo=LOCAL) for day in (first, last))
    return st.integers(0, (end - begin) // step).map(lambda steps: begin + steps * step)


in_2016_17 = moments("2016-01-01", "2017-03-01")
in_2026 = moments("2025-12-20", "2026-10-01")
starts = in_2016_17 | in_2026
whole_minutes = moments("2016-08-15", "2017-02-10", MINUTE) | moments("2025-12-28", "2026-09-05", MINUTE)
durations = st.integers(0, 15 * 8 * 3600).map(lambda seconds: timedelta(seconds=seconds))
tables = st.sampled_from([calendar(hours) for hours in (OFFICE_75, OFFICE_8, SATURDAY_COUNTER, SEASONS)])


@st.composite
def pauses_near(draw: st.DrawFn, start: datetime) -> list[Pause]:
    """Up to four pauses, overlapping or not, in the week before and the weeks after the start."""
    spans = st.tuples(st.integers(-5_000, 15_000), st.integers(0, 4_000))
    return [
        Pause(start + begin * MINUTE, start + (begin + length) * MINUTE)
        for begin, length in draw(st.lists(spans, max_size=4))
    ]


# a library


def library(*hours: tuple[time, time]) -> businesstimedelta.Rules:
    """The rules of the ``businesstimedelta`` package, which knows holidays but no make-up days."""
    zone = pytz.timezone("Asia/Ho_Chi_Minh")
    worked = [
        businesstimedelta.WorkDayRule(opens, closes, [0, 1, 2, 3, 4], tz=zone) for opens, closes in hours
    ]
    return businesstimedelta.Rules([*worked, businesstimedelta.HolidayRule(set(OFF), tz=zone)])


MORNING, NOON, ONE, HALF_PAST_ONE, EVENING = time(7, 30), time(11, 30), time(13), time(13, 30), time(17)
LIBRARIES = [
    (calendar(OFFICE_75, extra={}), library((MORNING, NOON), (HALF_PAST_ONE, EVENING))),
    (calendar(OFFICE_8, extra={}), library((MORNING, NOON), (ONE, EVENING))),
]


@often
@given(st.sampled_from(LIBRARIES), starts, durations.filter(bool))
def test_a_library_finds_the_same_due(
    both: tuple[Calendar, businesstimedelta.Rules], start: datetime, duration: timedelta
) -> None:
    ours, theirs = both
    expected = start + businesstimedelta.BusinessTimeDelta(theirs, timedelta=duration)
    assert add_working(ours, start, duration).due == expected


@often
@given(st.sampled_from(LIBRARIES), starts, st.integers(0, 40 * 86400))
def test_a_library_measures_the_same_working_time(
    both: tuple[Calendar, businesstimedelta.Rules], start: datetime, seconds: int
) -> None:
    ours, theirs = both
    end = start + timedelta(seconds=seconds)
    assert working_between(ours, start, end) == theirs.difference(start, end).timedelta


# a walker over minutes


def city_is_open(moment: datetime) -> bool:
    """Whether the minute that begins at the moment is worked in the city, said as simply as possible."""
    local = moment.astimezone(LOCAL)
    day, minute = local.date(), local.hour * 60 + local.minute
    if day in OFF or (day.weekday() > 4 and day not in {date(2026, 1, 10), date(2026, 8, 22)}):
        return False
    return 450 <= minute < 690 or 780 <= minute < 1020


def walk(start: datetime, minutes: int, counts: Callable[[datetime], bool]) -> datetime:
    """The end of the last of so many minutes that count, found by looking at each one."""
    while minutes:
        minutes -= counts(start)
        start += MINUTE
    return start


@often
@given(whole_minutes, st.integers(1, 1200))
def test_a_walker_finds_the_same_due(start: datetime, minutes: int) -> None:
    assert add_working(CITY, start, minutes * MINUTE).due == walk(start, minutes, city_is_open)


@often
@given(st.data(), whole_minutes, st.integers(1, 30))
def test_a_walker_who_skips_the_pauses_finds_the_same_due(
    data: st.DataObject, start: datetime, hours: int
) -> None:
    pauses = data.draw(pauses_near(start))

    def counts(moment: datetime) -> bool:
        return city_is_open(moment) and not any(pause.start <= moment < pause.end for pause in pauses)

    found = deadline(CITY, start, Limit(hours, TimeUnit.WORKING_HOUR), pauses)
    assert found.due == walk(start, hours * 60, counts)
    assert round(sum(line.minutes for line in found.trace), 6) == hours * 60


@often
@given(st.data(), whole_minutes, st.integers(1, 5))
def test_a_working_day_is_eight_hours_from_the_next_midnight(
    data: st.DataObject, start: datetime, days: int
) -> None:
    pauses = data.draw(pauses_near(start))
    midnight = datetime.combine(start.date() + DAY, time(0), LOCAL)
    in_days = deadline(CITY, start, Limit(days, TimeUnit.WORKING_DAY), pauses)
    in_hours = deadline(CITY, midnight, Limit(8 * days, TimeUnit.WORKING_HOUR), pauses)
    assert in_days.due == in_hours.due
    assert round(sum(line.minutes for line in in_days.trace), 6) == days * 480


@often
@given(starts, st.integers(1, 60))
def test_a_calendar_day_walker_finds_the_same_due(start: datetime, days: int) -> None:
    day = start.date() + days * DAY
    while not city_is_open(datetime.combine(day, time(9), LOCAL)):
        day += DAY
    expected = datetime.combine(day, time(17), LOCAL)
    assert deadline(CITY, start, Limit(days, TimeUnit.CALENDAR_DAY)).due == expected


# the laws of arithmetic


@often
@given(tables, starts, durations)
def test_adding_and_then_measuring_gives_the_same(
    table: Calendar, start: datetime, duration: timedelta
) -> None:
    found = add_working(table, start, duration)
    assert working_between(table, start, found.due) == duration
    assert remaining(table, start, found.due) == duration
    assert remaining(table, found.due, start) == -duration
    assert round(sum(line.minutes for line in found.trace), 6) == round(duration / MINUTE, 6)


@often
@given(tables, starts, durations)
def test_a_due_lies_in_a_session_or_at_its_end(table: Calendar, start: datetime, duration: timedelta) -> None:
    due = add_working(table, start, duration).due
    sessions = table.sessions_on(due.astimezone(LOCAL).date())
    assert due >= start
    assert any(opens <= due <= closes for opens, closes in sessions)


@often
@given(tables, st.tuples(starts, starts, starts))
def test_the_parts_of_a_stretch_add_up(table: Calendar, points: tuple[datetime, datetime, datetime]) -> None:
    a, b, c = sorted(points)
    assert working_between(table, a, b) + working_between(table, b, c) == working_between(table, a, c)


@often
@given(tables, starts, durations, durations)
def test_adding_in_two_steps_is_adding_at_once(
    table: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    assume(other)
    there = add_working(table, start, one).due
    assert add_working(table, there, other).due == add_working(table, start, one + other).due


limits = st.builds(Limit, st.integers(0, 40), st.sampled_from(TimeUnit))


@often
@given(st.data(), tables, starts, limits)
def test_a_holiday_never_brings_a_due_forward(
    data: st.DataObject, table: Calendar, start: datetime, limit: Limit
) -> None:
    day = start.date() + data.draw(st.integers(0, 60)) * DAY
    assume(day not in table.extra_days)
    with_holiday = replace(table, days_off={**table.days_off, day: "Bão"})
    assert deadline(with_holiday, start, limit).due >= deadline(table, start, limit).due


@often
@given(tables, starts, durations, durations)
def test_a_longer_limit_is_never_due_earlier(
    table: Calendar, start: datetime, shorter: timedelta, longer: timedelta
) -> None:
    dues = [add_working(table, start, duration).due for duration in sorted((shorter, longer))]
    assert dues == sorted(dues)


@often
@given(st.data(), tables, starts, limits)
def test_who_comes_later_is_never_due_earlier(
    data: st.DataObject, table: Calendar, start: datetime, limit: Limit
) -> None:
    later = start + timedelta(seconds=data.draw(st.integers(0, 20 * 86400)))
    assert deadline(table, later, limit).due >= deadline(table, start, limit).due


@often
@given(st.data(), tables, starts, limits)
def test_a_pause_never_brings_a_due_forward(
    data: st.DataObject, table: Calendar, start: datetime, limit: Limit
) -> None:
    pauses = data.draw(pauses_near(start))
    assert deadline(table, start, limit, pauses).due >= deadline(table, start, limit).due
    assert deadline(table, start, limit, pauses).due == deadline(table, start, limit, pauses[::-1]).due


@seldom
@given(tables, st.lists(st.tuples(starts, st.integers(0, 9_000)), max_size=20))
def test_many_at_once_are_the_same_as_one_by_one(
    table: Calendar, pairs: Sequence[tuple[datetime, int]]
) -> None:
    assert list(due_many(table, pairs)) == [add_working(table, at, n * MINUTE).due for at, n in pairs]


@seldom
@given(tables, st.lists(st.tuples(starts, durations), max_size=6))
def test_the_order_of_the_questions_does_not_change_the_answers(
    table: Calendar, questions: Sequence[tuple[datetime, timedelta]]
) -> None:
    used = replace(table)
    for start, duration in questions:
        assert add_working(used, start, duration).due == add_working(replace(table), start, duration).due


@often
@given(st.data(), tables, starts, st.integers(1, 40), st.floats(0, 1))
def test_a_warning_stands_at_its_share_of_the_time(
    data: st.DataObject, table: Calendar, start: datetime, hours: int, fraction: float
) -> None:
    pauses = data.draw(pauses_near(start))
    due = deadline(table, start, Limit(hours, TimeUnit.WORKING_HOUR), pauses).due
    point = fraction_point(table, start, due, fraction, pauses)
    plain = fraction_point(table, start, add_working(table, start, timedelta(hours=hours)).due, fraction)
    assert start <= point <= due
    assert working_between(table, start, plain) == timedelta(hours=hours) * fraction
