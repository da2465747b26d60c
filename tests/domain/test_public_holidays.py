"""The law's days off, as a beginning."""

from datetime import date

from app.domain.public_holidays import lawful_days


def test_a_year_gets_its_days_off_in_vietnamese() -> None:
    off, _ = lawful_days(2016)

    assert off[date(2016, 9, 2)] == "Quốc khánh"
    assert off[date(2016, 2, 8)] == "Tết Nguyên Đán"
    assert {day.year for day in off} == {2016}


def test_make_up_saturdays_are_those_of_the_year_only() -> None:
    assert lawful_days(2019)[1] == (date(2019, 1, 5), date(2019, 5, 4))


def test_days_moved_by_announcement_are_missing_so_a_year_needs_confirming() -> None:
    assert date(2026, 1, 2) not in lawful_days(2026)[0]
