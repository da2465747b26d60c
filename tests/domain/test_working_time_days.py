"""Limits of working and calendar days, pauses, and the confirmed mark (DOMAIN.md 3.3 and 5.1)."""

from datetime import datetime, timedelta

import pytest

from app.domain.working_time import Calendar, Limit, Pause, TimeUnit, add_working, deadline
from tests.domain.calendars import OFFICE_8, SATURDAY_COUNTER, at, calendar, week

CITY = calendar(OFFICE_8)
INTAKE = Limit(8, TimeUnit.WORKING_HOUR)


def working_days(amount: int) -> Limit:
    return Limit(amount, TimeUnit.WORKING_DAY)


def calendar_days(amount: int) -> Limit:
    return Limit(amount, TimeUnit.CALENDAR_DAY)


def due(start: str, limit: Limit, *pauses: tuple[str, str], on: Calendar = CITY) -> datetime:
    waits = [Pause(at(begin), at(end)) for begin, end in pauses]
    return deadline(on, at(start), limit, waits).due


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("received", "days", "limit"),
        [
            pytest.param("2016-08-22 07:30", 1, "2016-08-23 17:00", id="the day of receipt does not count"),
            pytest.param("2016-08-22 16:59", 1, "2016-08-23 17:00", id="at whatever hour it was"),
            pytest.param(
                "2016-08-22 00:30", 1, "2016-08-23 17:00", id="the day is the city's, not that of UTC"
            ),
            pytest.param("2016-08-19 09:00", 1, "2016-08-22 17:00", id="day 1 is the next working day"),
            pytest.param("2016-08-20 09:00", 1, "2016-08-22 17:00", id="received on a Saturday"),
            pytest.param("2016-08-31 10:00", 3, "2016-09-06 17:00", id="over the National Day"),
            pytest.param("2026-08-20 10:00", 2, "2026-08-22 17:00", id="ending on a make-up Saturday"),
            pytest.param("2026-02-13 10:00", 5, "2026-02-27 17:00", id="over Tết 2026"),
            pytest.param("2017-01-20 10:00", 5, "2017-02-03 17:00", id="over Tết 2017"),
        ],
    )
    def test_end_with_the_last_session_of_the_last_day(self, received: str, days: int, limit: str) -> None:
        assert due(received, working_days(days)) == at(limit)

    def test_end_at_noon_where_the_last_day_ends_at_noon(self) -> None:
        ward = calendar(SATURDAY_COUNTER)
        assert due("2016-08-19 09:00", working_days(1), on=ward) == at("2016-08-20 11:30")


class TestCalendarDays:
    @pytest.mark.parametrize(
        ("received", "days", "limit"),
        [
            pytest.param("2016-08-22 10:00", 3, "2016-08-25 17:00", id="the day of receipt does not count"),
            pytest.param("2016-08-19 10:00", 4, "2016-08-23 17:00", id="days off in between count"),
            pytest.param(
                "2016-08-22 10:00", 5, "2016-08-29 17:00", id="a last day on Saturday moves to Monday"
            ),
            pytest.param("2016-08-29 10:00", 4, "2016-09-05 17:00", id="a last day on a holiday moves on"),
            pytest.param("2026-02-10 10:00", 7, "2026-02-23 17:00", id="a last day at Tết moves behind it"),
            pytest.param("2026-08-20 10:00", 2, "2026-08-22 17:00", id="a make-up Saturday stays"),
        ],
    )
    def test_end_with_the_last_session_of_that_or_the_next_working_day(
        self, received: str, days: int, limit: str
    ) -> None:
        assert due(received, calendar_days(days)) == at(limit)


class TestPausesOfWorkingHours:
    @pytest.mark.parametrize(
        ("pauses", "limit"),
        [
            pytest.param(
                [("2016-08-22 10:00", "2016-08-22 14:00")], "2016-08-23 10:30", id="lunch costs nothing"
            ),
            pytest.param([("2016-08-22 11:30", "2016-08-22 13:00")], "2016-08-23 08:00", id="only lunch"),
            pytest.param([("2016-08-22 10:00", "2016-08-22 10:00")], "2016-08-23 08:00", id="an empty pause"),
            pytest.param(
                [("2016-08-22 13:00", "2016-08-22 15:00"), ("2016-08-22 10:00", "2016-08-22 14:00")],
                "2016-08-23 11:30",
                id="overlapping ones are merged",
            ),
            pytest.param(
                [("2016-08-22 10:00", "2016-08-22 15:00"), ("2016-08-22 13:00", "2016-08-22 14:00")],
                "2016-08-23 11:30",
                id="one inside the other counts once",
            ),
            pytest.param(
                [("2016-08-22 10:00", "2016-08-22 14:00"), ("2016-08-23 09:00", "2016-08-23 10:00")],
                "2016-08-23 11:30",
                id="one within the time that another won",
            ),
            pytest.param(
                [("2016-08-22 07:00", "2016-08-22 09:00")], "2016-08-23 09:00", id="before the start"
            ),
            pytest.param([("2016-08-22 16:00", "2016-08-29 07:30")], "2016-08-29 09:00", id="a week"),
            pytest.param([("2016-08-23 08:00", "2016-08-24 08:00")], "2016-08-23 08:00", id="begun when due"),
            pytest.param(
                [("2016-08-24 08:00", "2016-08-25 08:00")], "2016-08-23 08:00", id="begun when late"
            ),
        ],
    )
    def test_waiting_is_not_counted(self, pauses: list[tuple[str, str]], limit: str) -> None:
        assert due("2016-08-22 08:00", INTAKE, *pauses) == at(limit)

    def test_a_weekend_pause_costs_nothing(self) -> None:
        assert due("2016-08-19 16:00", INTAKE, ("2016-08-19 17:00", "2016-08-22 07:30")) == at(
            "2016-08-22 16:00"
        )


class TestPausesOfWorkingDays:
    @pytest.mark.parametrize(
        ("pauses", "limit"),
        [
            pytest.param(
                [("2016-08-22 14:00", "2016-08-22 16:00")], "2016-08-24 17:00", id="free on the first day"
            ),
            pytest.param(
                [("2016-08-22 14:00", "2016-08-23 09:00")], "2016-08-25 09:00", id="only what lies after it"
            ),
            pytest.param([("2016-08-23 11:30", "2016-08-23 13:00")], "2016-08-24 17:00", id="free at lunch"),
            pytest.param([("2016-08-23 08:00", "2016-08-25 08:00")], "2016-08-26 17:00", id="two whole days"),
            pytest.param([("2016-08-24 17:00", "2016-08-26 08:00")], "2016-08-24 17:00", id="begun when due"),
            pytest.param(
                [("2016-08-23 08:00", "2016-08-23 10:00"), ("2016-08-23 09:00", "2016-08-23 11:00")],
                "2016-08-25 10:30",
                id="overlapping ones are merged",
            ),
        ],
    )
    def test_shift_the_due_by_their_working_time(self, pauses: list[tuple[str, str]], limit: str) -> None:
        assert due("2016-08-22 10:00", working_days(2), *pauses) == at(limit)


class TestPausesOfCalendarDays:
    @pytest.mark.parametrize(
        ("pauses", "limit"),
        [
            pytest.param(
                [("2016-08-23 08:00", "2016-08-23 16:00")], "2016-08-25 17:00", id="the same date is free"
            ),
            pytest.param(
                [("2016-08-23 15:00", "2016-08-24 09:00")], "2016-08-26 17:00", id="over one midnight"
            ),
            pytest.param(
                [("2016-08-23 15:00", "2016-08-25 09:00")], "2016-08-29 17:00", id="on to a Saturday"
            ),
            pytest.param(
                [("2016-08-22 15:00", "2016-08-23 09:00")], "2016-08-26 17:00", id="from the first day"
            ),
            pytest.param(
                [("2016-08-01 15:00", "2016-08-23 09:00")], "2016-08-26 17:00", id="from before the start"
            ),
            pytest.param(
                [("2016-08-26 08:00", "2016-08-30 08:00")], "2016-08-25 17:00", id="begun when late"
            ),
            pytest.param(
                [("2016-08-23 15:00", "2016-08-24 09:00"), ("2016-08-24 08:00", "2016-08-24 23:59")],
                "2016-08-26 17:00",
                id="overlapping ones are merged",
            ),
            pytest.param(
                [("2016-08-23 15:00", "2016-08-24 09:00"), ("2016-08-26 08:00", "2016-08-27 09:00")],
                "2016-08-29 17:00",
                id="one within the time that another won",
            ),
        ],
    )
    def test_shift_the_due_by_their_dates(self, pauses: list[tuple[str, str]], limit: str) -> None:
        assert due("2016-08-22 10:00", calendar_days(3), *pauses) == at(limit)


class TestConfirmed:
    ONLY_2026 = calendar(confirmed=frozenset({2026}))

    @pytest.mark.parametrize(
        ("start", "limit", "confirmed"),
        [
            pytest.param("2026-12-30 10:00", INTAKE, True, id="inside"),
            pytest.param("2026-12-31 16:00", INTAKE, False, id="into a year that is not"),
            pytest.param("2025-12-31 20:00", INTAKE, False, id="from a year that is not"),
            pytest.param("2025-12-31 10:00", working_days(1), True, id="its first day does not count"),
            pytest.param("2026-12-30 10:00", calendar_days(2), False, id="moved into a year that is not"),
            pytest.param("2026-12-31 16:00", Limit(1, TimeUnit.WORKING_HOUR), True, id="to the last minute"),
        ],
    )
    def test_a_due_is_confirmed_when_every_year_counted_through_is(
        self, start: str, limit: Limit, confirmed: bool
    ) -> None:
        assert deadline(self.ONLY_2026, at(start), limit).confirmed is confirmed

    def test_every_year_in_between_has_to_be_confirmed(self) -> None:
        gap = calendar(week(("08:00", "16:00")), off={}, extra={}, confirmed=frozenset({2016, 2018}))
        found = add_working(gap, at("2016-12-30 08:00"), timedelta(hours=300 * 8))
        assert found.due.year == 2018
        assert not found.confirmed
