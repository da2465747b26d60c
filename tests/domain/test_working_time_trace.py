"""The trace shows the count day by day: it covers every day, says why a day is off, and adds up."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from app.domain.clock import LOCAL
from app.domain.working_time import (
    Calendar,
    Deadline,
    Limit,
    Pause,
    TimeUnit,
    TraceLine,
    add_working,
    deadline,
)
from tests.domain.calendars import OFFICE_8, OFFICE_75, SATURDAY_COUNTER, at, calendar

CITY = calendar(OFFICE_8)
Row = tuple[str, str, float, str]


def rows(found: Deadline) -> list[Row]:
    """The trace as a person would write it: ("19/08", "16:30-17:00", 30, "")."""
    return [(f"{line.day:%d/%m}", _hours(line), line.minutes, line.note) for line in found.trace]


def _hours(line: TraceLine) -> str:
    return f"{line.opens:%H:%M}-{line.closes:%H:%M}" if line.opens and line.closes else ""


def trace(
    start: str, amount: int, unit: TimeUnit, pauses: Sequence[Pause] = (), on: Calendar = CITY
) -> list[Row]:
    return rows(deadline(on, at(start), Limit(amount, unit), pauses))


def test_a_weekend_is_named_and_the_stretches_are_those_counted() -> None:
    assert trace("2016-08-19 16:30", 8, TimeUnit.WORKING_HOUR, on=calendar(OFFICE_75)) == [
        ("19/08", "16:30-17:00", 30, ""),
        ("20/08", "", 0, "Thứ Bảy"),
        ("21/08", "", 0, "Chủ nhật"),
        ("22/08", "07:30-11:30", 240, ""),
        ("22/08", "13:30-17:00", 210, ""),
    ]


def test_a_holiday_is_named() -> None:
    assert trace("2026-11-23 16:00", 2, TimeUnit.WORKING_HOUR) == [
        ("23/11", "16:00-17:00", 60, ""),
        ("24/11", "", 0, "Ngày Văn hóa Việt Nam"),
        ("25/11", "07:30-08:30", 60, ""),
    ]


def test_a_make_up_day_says_so_with_monday_hours_or_its_own() -> None:
    assert trace("2026-08-21 16:00", 2, TimeUnit.WORKING_HOUR)[-1] == ("22/08", "07:30-08:30", 60, "làm bù")
    ward = calendar(SATURDAY_COUNTER)
    assert trace("2026-08-21 16:00", 5, TimeUnit.WORKING_HOUR, on=ward)[-1] == (
        "22/08",
        "07:30-11:30",
        240,
        "làm bù",
    )


def test_a_start_after_closing_says_so() -> None:
    assert trace("2016-08-22 18:00", 1, TimeUnit.WORKING_HOUR) == [
        ("22/08", "", 0, "ngoài giờ làm việc"),
        ("23/08", "07:30-08:30", 60, ""),
    ]


def test_the_first_day_of_a_limit_in_days_is_shown_as_not_counted() -> None:
    assert trace("2016-08-22 10:00", 1, TimeUnit.WORKING_DAY) == [
        ("22/08", "", 0, "ngày đầu không tính"),
        ("23/08", "07:30-11:30", 240, ""),
        ("23/08", "13:00-17:00", 240, ""),
    ]


def test_a_pause_is_shown_where_it_was_and_costs_nothing() -> None:
    waits = [
        Pause(at("2016-08-22 09:00"), at("2016-08-22 10:00")),
        Pause(at("2016-08-22 11:00"), at("2016-08-22 14:00")),
    ]
    assert trace("2016-08-22 08:00", 4, TimeUnit.WORKING_HOUR, waits) == [
        ("22/08", "08:00-09:00", 60, ""),
        ("22/08", "09:00-10:00", 0, "tạm dừng"),
        ("22/08", "10:00-11:00", 60, ""),
        ("22/08", "11:00-11:30", 0, "tạm dừng"),
        ("22/08", "13:00-14:00", 0, "tạm dừng"),
        ("22/08", "14:00-16:00", 120, ""),
    ]


def test_its_hours_are_on_the_clock_of_the_city() -> None:
    line = add_working(CITY, at("2016-08-22 08:00"), timedelta(hours=1)).trace[0]
    assert line.opens is not None
    assert line.closes is not None
    assert line.opens.tzinfo is line.closes.tzinfo is LOCAL


@pytest.mark.parametrize("unit", TimeUnit)
@pytest.mark.parametrize("start", ["2016-08-22 10:00:30", "2026-02-13 16:00", "2026-08-29 09:00"])
def test_it_covers_every_day_from_the_start_to_the_due(start: str, unit: TimeUnit) -> None:
    found = deadline(CITY, at(start), Limit(30, unit))
    first, last = found.trace[0].day, found.trace[-1].day
    assert first == at(start).date()
    assert last == found.due.astimezone(LOCAL).date()
    assert {line.day for line in found.trace} == {
        first + timedelta(n) for n in range((last - first).days + 1)
    }


def test_its_minutes_add_up_to_the_time_counted() -> None:
    waits = [Pause(at("2026-02-10 09:00"), at("2026-02-24 10:00"))]
    in_hours = deadline(CITY, at("2026-02-09 10:00:30"), Limit(80, TimeUnit.WORKING_HOUR), waits)
    in_days = deadline(CITY, at("2026-02-09 10:00:30"), Limit(10, TimeUnit.WORKING_DAY), waits)
    assert sum(line.minutes for line in in_hours.trace) == pytest.approx(4800)
    assert sum(line.minutes for line in in_days.trace) == pytest.approx(4800)


def test_a_count_of_years_stays_readable_and_still_adds_up() -> None:
    waits = [Pause(at("2016-08-22 09:00"), at("2017-08-22 10:00"))]
    found = deadline(CITY, at("2016-03-01 08:00"), Limit(4000, TimeUnit.WORKING_HOUR), waits)
    assert len(found.trace) < 400
    assert sum(line.minutes for line in found.trace) == pytest.approx(4000 * 60)
    summed = [line for line in found.trace if line.note.startswith("cộng gộp")]
    assert [line.day for line in summed] == [date(2016, 3, 1) + timedelta(100)]
    rest = (found.due.astimezone(LOCAL).date() - date(2016, 3, 1)).days + 1 - 200
    assert summed[0].note == f"cộng gộp {rest} ngày"


def test_a_count_of_nothing_within_hours_is_not_called_after_hours() -> None:
    assert trace("2016-09-01 16:00", 0, TimeUnit.WORKING_HOUR) == [("01/09", "", 0, "")]
    assert trace("2016-09-01 06:00", 0, TimeUnit.WORKING_HOUR) == [("01/09", "", 0, "")]
    assert trace("2016-08-31 17:00", 0, TimeUnit.WORKING_HOUR) == [
        ("31/08", "", 0, "ngoài giờ làm việc"),
        ("01/09", "", 0, ""),
    ]
