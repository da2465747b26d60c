"""Early, on time, late: by the due time on the due day, by the day before it."""

from datetime import datetime

import pytest

from app.domain.clock import LOCAL
from app.domain.timeliness import Timeliness, judge

pytestmark = [pytest.mark.domain, pytest.mark.no_database]

DUE = datetime(2026, 11, 25, 9, 20, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("moment", "wanted"),
    [
        ("2026-11-24T23:59:59", Timeliness.EARLY),
        ("2026-11-25T00:00", Timeliness.ON_TIME),
        ("2026-11-25T09:20", Timeliness.ON_TIME),
        ("2026-11-25T09:20:00.000001", Timeliness.LATE),
        ("2026-11-25T10:20", Timeliness.LATE),
    ],
)
def test_an_hour_late_on_the_due_day_is_late_and_the_day_before_is_early(moment, wanted):
    at = datetime.fromisoformat(moment).replace(tzinfo=LOCAL)
    assert judge(DUE, at, with_result=True) is wanted


def test_the_day_is_the_citys_not_that_of_greenwich():
    due = datetime(2026, 11, 25, 6, 0, tzinfo=LOCAL)  # still the 24th in UTC
    assert judge(due, datetime(2026, 11, 24, 23, 0, tzinfo=LOCAL), with_result=True) is Timeliness.EARLY


def test_without_a_result_nothing_is_early_but_it_may_be_late():
    day_before = datetime(2026, 11, 20, 9, 0, tzinfo=LOCAL)
    assert judge(DUE, day_before, with_result=False) is Timeliness.ON_TIME
    assert judge(DUE, DUE.replace(hour=11), with_result=False) is Timeliness.LATE


def test_each_has_its_word():
    assert [t.label for t in Timeliness] == ["Trước hạn", "Đúng hạn", "Quá hạn"]
