from datetime import date

import pytest

from app.domain.dates import written


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 24), "24/11/2026"),
        (date(2016, 7, 1), "01/7/2016"),
        (date(2016, 9, 1), "01/9/2016"),
        (date(2026, 2, 9), "09/02/2026"),
        (date(2026, 1, 31), "31/01/2026"),
    ],
)
def test_days_are_padded_and_months_three_to_nine_are_not(day: date, text: str) -> None:
    assert written(day) == text
