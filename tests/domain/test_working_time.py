"""The rules of working time, one by one (DOMAIN.md 3.3 and 5). Moments are on the city's clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.working_time import (
    Calendar,
    Limit,
    Pause,
    TimeUnit,
    add_working,
    deadline,
    due_many,
    fraction_point,
    in_words,
    remaining,
    working_between,
)
from tests.domain.calendars import OFFICE_8, OFFICE_75, SATURDAY_COUNTER, SEASONS, at, calendar, week

CITY = calendar(OFFICE_8)
EXAMPLE = calendar(OFFICE_75)
INTAKE = Limit(8, TimeUnit.WORKING_HOUR)


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def due(start: str, limit: Limit, on: Calendar = CITY) -> datetime:
    return deadline(on, at(start), limit).due


class TestEightWorkingHoursToTakeIn:
    @pytest.mark.parametrize(
        ("sent", "limit"),
        [
            pytest.param("2016-08-19 16:30", "2016-08-22 17:00", id="half an hour on Friday, all Monday"),
            pytest.param("2016-08-20 09:00", "2016-08-23 08:00", id="Saturday counts from Monday's opening"),
            pytest.param("2016-09-01 16:00", "2016-09-05 16:30", id="over the National Day and a weekend"),
            pytest.param("2026-08-21 16:00", "2026-08-22 16:30", id="into a make-up Saturday"),
        ],
    )
    def test_examples_of_the_domain_reference_hold_with_a_day_of_seven_and_a_half_hours(
        self, sent: str, limit: str
    ) -> None:
        assert due(sent, INTAKE, on=EXAMPLE) == at(limit)

    @pytest.mark.parametrize(
        ("sent", "limit"),
        [
            pytest.param("2016-08-19 16:30", "2016-08-22 16:30", id="Friday afternoon"),
            pytest.param("2016-08-20 09:00", "2016-08-22 17:00", id="Saturday: all of Monday"),
            pytest.param("2016-09-01 16:00", "2016-09-05 16:00", id="over the National Day"),
            pytest.param("2026-08-21 16:00", "2026-08-22 16:00", id="into a make-up Saturday"),
            pytest.param(
                "2026-01-09 16:00", "2026-01-10 16:00", id="make-up Saturday missing in the library"
            ),
            pytest.param("2025-12-31 16:00", "2026-01-05 16:00", id="New Year with its swapped Friday"),
            pytest.param("2026-08-28 16:00", "2026-09-03 16:00", id="swapped Monday and two National Days"),
            pytest.param("2026-02-13 16:00", "2026-02-23 16:00", id="Tết 2026"),
            pytest.param("2017-01-25 16:00", "2017-02-02 16:00", id="Tết 2017"),
            pytest.param("2026-11-23 09:20", "2026-11-25 09:20", id="Vietnam Culture Day"),
            pytest.param("2016-08-19 20:00", "2016-08-22 17:00", id="Friday evening"),
            pytest.param("2016-08-22 05:00", "2016-08-22 17:00", id="before opening"),
        ],
    )
    def test_they_are_one_whole_day_with_the_default_hours(self, sent: str, limit: str) -> None:
        assert due(sent, INTAKE) == at(limit)

    def test_they_run_from_the_moment_of_sending_and_not_from_the_next_day(self) -> None:
        assert due("2016-08-22 07:30", INTAKE) == at("2016-08-22 17:00")


class TestAddingWorkingTime:
    @pytest.mark.parametrize(
        ("start", "duration", "end"),
        [
            pytest.param("2016-08-22 11:00", 1, "2016-08-22 13:30", id="lunch is not counted"),
            pytest.param(
                "2016-08-22 12:00", 1, "2016-08-22 14:00", id="a start at lunch waits for the afternoon"
            ),
            pytest.param(
                "2016-08-22 16:00", 1, "2016-08-22 17:00", id="used up at closing is due at closing"
            ),
            pytest.param("2016-08-22 07:30", 4, "2016-08-22 11:30", id="used up at noon is due at noon"),
            pytest.param(
                "2016-08-22 17:00", 1, "2016-08-23 08:30", id="a start at closing counts from the morning"
            ),
            pytest.param(
                "2016-08-22 11:30", 1, "2016-08-22 14:00", id="a start at noon counts from the afternoon"
            ),
            pytest.param("2016-08-22 07:30", 1, "2016-08-22 08:30", id="a start at opening counts at once"),
            pytest.param("2016-08-19 21:00", 1, "2016-08-22 08:30", id="Friday evening counts from Monday"),
            pytest.param(
                "2016-08-22 16:59:30.000001", 1 / 60, "2016-08-23 07:30:30.000001", id="seconds are kept"
            ),
        ],
    )
    def test_counts_only_office_hours(self, start: str, duration: float, end: str) -> None:
        assert add_working(CITY, at(start), hours(duration)).due == at(end)

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2016-08-22 09:00", "2016-08-22 09:00"),
            ("2016-08-22 07:30", "2016-08-22 07:30"),
            ("2016-08-22 12:00", "2016-08-22 13:00"),
            ("2016-08-19 17:00", "2016-08-22 07:30"),
        ],
    )
    def test_nothing_is_due_at_the_start_or_at_the_next_opening(self, start: str, end: str) -> None:
        assert add_working(CITY, at(start), hours(0)).due == at(end)
        for unit in TimeUnit:
            assert due(start, Limit(0, unit)) == at(end)

    def test_the_due_is_in_utc_whatever_the_zone_of_the_start(self) -> None:
        start = at("2016-08-22 08:00")
        ends = [add_working(CITY, moment, hours(1)).due for moment in (start, start.astimezone(UTC))]
        assert ends == [datetime(2016, 8, 22, 2, tzinfo=UTC)] * 2
        assert all(end.tzinfo is UTC for end in ends)

    def test_each_unit_has_its_own_hours(self) -> None:
        assert add_working(CITY, at("2016-08-19 16:00"), hours(3)).due == at("2016-08-22 09:30")
        saturday = add_working(calendar(SATURDAY_COUNTER), at("2016-08-19 16:00"), hours(3)).due
        assert saturday == at("2016-08-20 09:30")

    def test_summer_hours_begin_on_their_first_day_in_the_middle_of_a_count(self) -> None:
        assert add_working(calendar(SEASONS), at("2026-04-15 16:00"), hours(5.5)).due == at(
            "2026-04-16 11:30"
        )
        assert add_working(CITY, at("2026-04-15 16:00"), hours(5.5)).due == at("2026-04-16 13:30")

    def test_a_make_up_saturday_with_hours_of_its_own_keeps_them(self) -> None:
        ward = calendar(SATURDAY_COUNTER)
        assert add_working(ward, at("2026-08-21 16:00"), hours(8)).due == at("2026-08-24 10:30")

    def test_a_day_off_beats_the_hours_of_its_weekday(self) -> None:
        ward = calendar(SATURDAY_COUNTER, off={date(2016, 8, 20): "Bão số 2"})
        assert add_working(ward, at("2016-08-19 16:00"), hours(3)).due == at("2016-08-22 09:30")

    def test_a_long_count_grows_over_the_years(self) -> None:
        plain = calendar(off={}, extra={})
        weeks = 52 * 8
        assert add_working(plain, at("2016-01-04 07:30"), hours(40 * weeks)).due == at("2023-12-22 17:00")

    def test_due_many_answers_in_the_order_of_the_questions_and_over_many_years(self) -> None:
        pairs = [(at("2026-08-21 16:00"), 480), (at("2016-08-22 08:00"), 60), (at("2016-12-30 16:00"), 480)]
        assert list(due_many(calendar(), pairs)) == [
            at("2026-08-22 16:00"),
            at("2016-08-22 09:00"),
            at("2017-01-03 16:00"),
        ]


class TestMeasuring:
    @pytest.mark.parametrize(
        ("a", "b", "expected"),
        [
            ("2016-08-19 16:30", "2016-08-22 08:00", 1),
            ("2016-08-20 00:00", "2016-08-22 00:00", 0),
            ("2016-08-22 11:00", "2016-08-22 12:30", 0.5),
            ("2016-08-22 12:00", "2016-08-22 11:00", 0),
            ("2016-08-22 09:00", "2016-08-22 09:00", 0),
            ("2016-08-20 00:00", "2016-09-20 00:00", 8 * 20),
            ("2025-12-31 18:00", "2026-01-04 00:00", 0),
        ],
    )
    def test_only_office_hours_lie_between_two_moments(self, a: str, b: str, expected: float) -> None:
        assert working_between(CITY, at(a), at(b)) == hours(expected)

    def test_before_the_first_hours_were_in_force_there_is_no_working_time(self) -> None:
        new_ward = calendar(week(("08:00", "12:00"), since="2016-07-01"))
        assert working_between(new_ward, at("2010-01-01 00:00"), at("2016-07-01 09:00")) == hours(1)
        assert working_between(new_ward, at("2010-01-01 00:00"), at("2011-01-01 00:00")) == hours(0)

    def test_what_remains_is_positive_before_the_due_and_negative_after_it(self) -> None:
        limit = at("2016-08-22 10:00")
        assert remaining(CITY, at("2016-08-19 16:00"), limit) == hours(3.5)
        assert remaining(CITY, limit, limit) == hours(0)
        assert remaining(CITY, at("2016-08-22 11:00"), limit) == hours(-1)

    def test_an_hour_late_on_the_same_day_is_late(self) -> None:
        assert in_words(remaining(CITY, at("2016-08-22 15:00"), at("2016-08-22 14:00"))) == "Quá 1 giờ"

    def test_a_night_does_not_make_it_later(self) -> None:
        evening, morning = at("2016-08-22 19:00"), at("2016-08-23 07:30")
        limit = at("2016-08-22 16:25")
        assert remaining(CITY, evening, limit) == remaining(CITY, morning, limit) == -timedelta(minutes=35)


class TestWarningPoints:
    START, DUE = at("2016-08-22 08:00"), at("2016-08-23 08:00")

    @pytest.mark.parametrize(
        ("fraction", "moment"),
        [
            (0, "2016-08-22 08:00"),
            (0.5, "2016-08-22 13:30"),
            (0.75, "2016-08-22 15:30"),
            (1, "2016-08-23 08:00"),
        ],
    )
    def test_a_share_of_the_working_time_has_passed(self, fraction: float, moment: str) -> None:
        assert fraction_point(CITY, self.START, self.DUE, fraction) == at(moment)

    def test_waiting_is_no_part_of_the_whole(self) -> None:
        waits = [Pause(at("2016-08-22 10:00"), at("2016-08-22 15:30"))]
        end = deadline(CITY, self.START, INTAKE, waits).due
        assert end == at("2016-08-23 13:30")
        assert fraction_point(CITY, self.START, end, 0.5, waits) == at("2016-08-23 08:00")

    def test_the_warning_never_comes_after_the_due(self) -> None:
        closing = at("2016-08-19 17:00")
        assert fraction_point(CITY, closing, closing, 0.5) == closing

    @pytest.mark.parametrize("fraction", [-0.1, 1.1])
    def test_a_share_outside_the_whole_is_a_mistake_of_the_caller(self, fraction: float) -> None:
        with pytest.raises(ValueError, match="share"):
            fraction_point(CITY, self.START, self.DUE, fraction)


class TestWords:
    @pytest.mark.parametrize(
        ("left", "words"),
        [
            (timedelta(hours=2, minutes=10), "Còn 2 giờ 10 phút"),
            (timedelta(hours=4, minutes=45, seconds=59), "Còn 4 giờ 45 phút"),
            (timedelta(minutes=42), "Còn 42 phút"),
            (timedelta(minutes=59, seconds=59), "Còn 59 phút"),
            (timedelta(hours=1), "Còn 1 giờ"),
            (timedelta(hours=7, minutes=59), "Còn 7 giờ 59 phút"),
            (timedelta(hours=8), "Còn 1 ngày"),
            (timedelta(hours=8, minutes=59), "Còn 1 ngày"),
            (timedelta(hours=10), "Còn 1 ngày 2 giờ"),
            (timedelta(hours=100), "Còn 12 ngày 4 giờ"),
            (timedelta(seconds=59), "Còn dưới 1 phút"),
            (timedelta(0), "Đến hạn"),
            (timedelta(seconds=-1), "Quá dưới 1 phút"),
            (timedelta(minutes=-35, seconds=-40), "Quá 35 phút"),
            (timedelta(hours=-26), "Quá 3 ngày 2 giờ"),
        ],
    )
    def test_the_chip_says_days_hours_or_minutes_and_never_a_negative_number(
        self, left: timedelta, words: str
    ) -> None:
        assert in_words(left) == words

    @pytest.mark.parametrize(
        ("left", "words"),
        [
            (timedelta(hours=10), "Tạm dừng, còn 1 ngày 2 giờ"),
            (timedelta(0), "Tạm dừng, đến hạn"),
            (timedelta(minutes=-35), "Tạm dừng, quá 35 phút"),
        ],
    )
    def test_a_paused_chip_says_so_first(self, left: timedelta, words: str) -> None:
        assert in_words(left, paused=True) == words
