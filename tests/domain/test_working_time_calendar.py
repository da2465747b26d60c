"""The calendar: what it answers, what it refuses, and that a change of it is always a new one."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from app.domain.errors import Refused
from app.domain.working_time import (
    Calendar,
    Limit,
    Pause,
    TimeUnit,
    WorkSession,
    add_working,
    deadline,
    due_many,
    fraction_point,
    remaining,
    working_between,
)
from tests.domain.calendars import OFFICE_8, SATURDAY_COUNTER, SEASONS, at, calendar, week

CITY = calendar(OFFICE_8)
EIGHT_HOURS = timedelta(hours=8)
NAIVE = datetime(2016, 8, 22, 8)  # noqa: DTZ001 - the subject of the test


def refusal(action: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.key


class TestAnswers:
    def test_the_sessions_of_a_day_come_in_order_on_the_clock_of_the_city(self) -> None:
        backwards = calendar(tuple(reversed(OFFICE_8)))
        assert backwards.sessions_on(date(2016, 8, 22)) == (
            (at("2016-08-22 07:30"), at("2016-08-22 11:30")),
            (at("2016-08-22 13:00"), at("2016-08-22 17:00")),
        )
        assert backwards.sessions_on(date(2016, 8, 20)) == ()

    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2016, 8, 22), True),
            (date(2016, 8, 20), False),
            (date(2016, 9, 2), False),
            (date(2026, 8, 22), True),
            (date(2026, 1, 10), True),
            (date(2026, 1, 2), False),
        ],
    )
    def test_a_working_day_has_sessions(self, day: date, works: bool) -> None:
        assert CITY.is_working_day(day) is works

    @pytest.mark.parametrize(
        ("day", "note"),
        [
            (date(2016, 8, 22), ""),
            (date(2016, 8, 20), "Thứ Bảy"),
            (date(2016, 8, 21), "Chủ nhật"),
            (date(2016, 9, 2), "Quốc khánh"),
            (date(2026, 8, 22), "làm bù"),
        ],
    )
    def test_an_unusual_day_has_a_note(self, day: date, note: str) -> None:
        assert CITY.note_on(day) == note

    def test_both_ends_of_a_validity_are_included(self) -> None:
        seasons = calendar(SEASONS)
        assert seasons.sessions_on(date(2026, 4, 15))[0][0] == at("2026-04-15 07:30")
        assert seasons.sessions_on(date(2026, 4, 16))[0][0] == at("2026-04-16 07:00")

    def test_a_year_is_confirmed_or_not(self) -> None:
        assert CITY.is_confirmed(date(2026, 12, 31))
        assert not CITY.is_confirmed(date(2027, 1, 1))

    def test_a_ward_without_monday_hours_has_none_on_a_make_up_day(self) -> None:
        assert not calendar(week(("08:00", "12:00"), days=[2])).is_working_day(date(2026, 8, 22))


class TestChanges:
    def test_a_new_holiday_reaches_the_count_at_once(self) -> None:
        before = add_working(CITY, at("2016-08-22 16:00"), EIGHT_HOURS).due
        stormy = replace(CITY, days_off={**CITY.days_off, date(2016, 8, 23): "Bão số 3"}, version="2")
        assert before == at("2016-08-23 16:00")
        assert add_working(stormy, at("2016-08-22 16:00"), EIGHT_HOURS).due == at("2016-08-24 16:00")
        assert add_working(CITY, at("2016-08-22 16:00"), EIGHT_HOURS).due == before

    def test_a_calendar_does_not_follow_the_mapping_that_it_was_made_from(self) -> None:
        off = {date(2016, 9, 2): "Quốc khánh"}
        made = calendar(off=off)
        off[date(2016, 8, 22)] = "Bão số 3"
        assert made.is_working_day(date(2016, 8, 22))

    def test_a_calendar_cannot_be_changed(self) -> None:
        with pytest.raises(FrozenInstanceError):
            CITY.version = "2"  # type: ignore[misc]
        with pytest.raises(TypeError):
            CITY.days_off[date(2016, 8, 22)] = "Bão số 3"  # type: ignore[index]

    def test_calendars_are_equal_when_their_rows_are_whatever_was_counted_with_them(self) -> None:
        used, fresh = calendar(), calendar()
        add_working(used, at("2016-08-22 16:00"), EIGHT_HOURS)
        assert used == fresh
        assert hash(used) == hash(fresh)
        assert used != calendar(SATURDAY_COUNTER)


class TestRefusedRows:
    def test_a_day_cannot_be_off_and_worked(self) -> None:
        both = {date(2026, 8, 22): "làm bù"}
        assert refusal(lambda: Calendar(OFFICE_8, both, both, frozenset())) == "day_both_off_and_working"

    def test_sessions_of_a_weekday_cannot_overlap(self) -> None:
        clash = (*OFFICE_8, WorkSession(0, time(11), time(12)))
        assert refusal(lambda: calendar(clash)) == "sessions_overlap"

    @pytest.mark.parametrize(
        "other",
        [
            WorkSession(0, time(11, 30), time(13)),
            WorkSession(5, time(7, 30), time(17)),
            WorkSession(0, time(17), time(18), valid_from=date(2026, 4, 16)),
        ],
    )
    def test_sessions_that_only_touch_or_lie_on_another_day_are_fine(self, other: WorkSession) -> None:
        assert calendar((*OFFICE_8, other)).sessions

    def test_the_same_hours_may_follow_each_other_in_validity(self) -> None:
        summer = week(("07:00", "11:00"), since="2026-04-16")
        assert calendar((*week(("07:30", "11:30"), until="2026-04-15"), *summer)).sessions
        meeting = (*week(("07:30", "11:30"), until="2026-04-16"), *summer)
        assert refusal(lambda: calendar(meeting)) == "sessions_overlap"
        assert refusal(lambda: calendar(tuple(reversed(meeting)))) == "sessions_overlap"

    @pytest.mark.parametrize("closes", [time(7, 30), time(7)])
    def test_a_session_closes_after_it_opens(self, closes: time) -> None:
        assert refusal(lambda: WorkSession(0, time(7, 30), closes)) == "session_closes_before_it_opens"

    @pytest.mark.parametrize("weekday", [-1, 7])
    def test_a_week_has_seven_days(self, weekday: int) -> None:
        assert refusal(lambda: WorkSession(weekday, time(8), time(9))) == "no_such_weekday"

    def test_a_validity_does_not_end_before_it_begins(self) -> None:
        days = date(2026, 4, 16), date(2026, 4, 15)
        assert refusal(lambda: WorkSession(0, time(8), time(9), *days)) == "validity_ends_before_it_begins"


class TestRefusedCounts:
    START = at("2026-01-05 08:00")

    def test_a_limit_is_not_negative(self) -> None:
        assert refusal(lambda: Limit(-1, TimeUnit.WORKING_DAY)) == "limit_negative"
        assert refusal(lambda: add_working(CITY, self.START, -EIGHT_HOURS)) == "limit_negative"
        assert refusal(lambda: list(due_many(CITY, [(self.START, -1)]))) == "limit_negative"

    def test_a_limit_that_no_law_could_mean_is_a_slip(self) -> None:
        assert refusal(lambda: Limit(10_001, TimeUnit.CALENDAR_DAY)) == "limit_too_long"

    def test_a_pause_does_not_run_backwards(self) -> None:
        assert (
            refusal(lambda: Pause(at("2016-08-22 09:00"), at("2016-08-22 08:59")))
            == "pause_ends_before_it_starts"
        )

    @pytest.mark.parametrize(
        "action",
        [
            lambda empty, start: add_working(empty, start, EIGHT_HOURS),
            lambda empty, start: deadline(empty, start, Limit(1, TimeUnit.WORKING_DAY)),
            lambda empty, start: deadline(empty, start, Limit(1, TimeUnit.CALENDAR_DAY)),
            lambda empty, start: list(due_many(empty, [(start, 1)])),
            lambda empty, start: working_between(empty, start, start + EIGHT_HOURS),
            lambda empty, start: remaining(empty, start, start + EIGHT_HOURS),
        ],
    )
    def test_a_calendar_without_sessions_counts_nothing(
        self, action: Callable[[Calendar, datetime], Any]
    ) -> None:
        assert refusal(lambda: action(calendar(()), self.START)) == "no_working_sessions"

    @pytest.mark.parametrize(
        ("sessions", "hours"),
        [
            pytest.param(week(("08:00", "12:00"), until="2025-12-31"), 1, id="the hours have ended"),
            pytest.param(
                week(("08:00", "12:00"), until="2026-01-09"), 100, id="the hours end during the count"
            ),
            pytest.param(week(("08:00", "12:00"), since="2030-01-01"), 1, id="they begin in four years"),
            pytest.param(
                week(("08:00", "12:00"), until="2026-01-09") + week(("08:00", "12:00"), since="2030-01-01"),
                100,
                id="four years are missing in the middle",
            ),
        ],
    )
    def test_three_years_without_a_session_are_a_forgotten_row(
        self, sessions: tuple[WorkSession, ...], hours: int
    ) -> None:
        fresh, laid_out = calendar(sessions), calendar(sessions)
        working_between(laid_out, self.START, at("2035-01-01 00:00"))
        for one in (fresh, laid_out):
            assert (
                refusal(lambda one=one: add_working(one, self.START, timedelta(hours=hours)))
                == "no_working_sessions"
            )

    def test_a_shorter_gap_is_only_waited_for(self) -> None:
        closed = week(("08:00", "12:00"), until="2026-01-09") + week(("08:00", "12:00"), since="2028-01-03")
        assert add_working(calendar(closed), self.START, timedelta(hours=21)).due == at("2028-01-03 09:00")
        day = deadline(calendar(closed), at("2026-01-09 08:00"), Limit(1, TimeUnit.WORKING_DAY)).due
        assert day == at("2028-01-03 12:00")

    @pytest.mark.parametrize("year", [1975, 2200])
    def test_a_year_far_away_is_a_slip(self, year: int) -> None:
        start = datetime(year, 6, 1, tzinfo=UTC)
        assert refusal(lambda: add_working(CITY, start, EIGHT_HOURS)) == "date_out_of_range"

    def test_a_duration_beyond_all_calendars_is_a_slip(self) -> None:
        late = datetime(2190, 6, 1, tzinfo=UTC)
        assert refusal(lambda: add_working(calendar(), late, timedelta(days=36500))) == "date_out_of_range"

    @pytest.mark.parametrize(
        "action",
        [
            lambda: add_working(CITY, NAIVE, EIGHT_HOURS),
            lambda: deadline(CITY, NAIVE, Limit(1, TimeUnit.WORKING_HOUR)),
            lambda: deadline(CITY, NAIVE, Limit(1, TimeUnit.WORKING_DAY)),
            lambda: deadline(CITY, NAIVE, Limit(1, TimeUnit.CALENDAR_DAY)),
            lambda: list(due_many(CITY, [(NAIVE, 1)])),
            lambda: working_between(CITY, NAIVE, at("2016-08-22 09:00")),
            lambda: working_between(CITY, at("2016-08-22 09:00"), NAIVE),
            lambda: remaining(CITY, NAIVE, at("2016-08-22 09:00")),
            lambda: fraction_point(CITY, NAIVE, at("2016-08-22 09:00"), 0.5),
            lambda: Pause(NAIVE, at("2016-08-22 09:00")),
        ],
    )
    def test_a_moment_without_a_zone_is_a_mistake_of_the_caller(self, action: Callable[[], Any]) -> None:
        with pytest.raises(ValueError, match="no time zone"):
            action()
