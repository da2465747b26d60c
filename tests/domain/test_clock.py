"""The one place that reads the time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.domain import clock

pytestmark = pytest.mark.no_database

NEW_YEAR = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
"""Half past one in the morning of 2027 in the city."""


@pytest.fixture
def new_year():
    with time_machine.travel(NEW_YEAR, tick=False):
        yield


@pytest.mark.usefixtures("new_year")
def test_now_is_utc_and_today_is_the_citys_day():
    assert (clock.now(), clock.now().tzinfo) == (NEW_YEAR, UTC)
    assert clock.today() == date(2027, 1, 1)
    assert clock.to_local(clock.now()).strftime("%d/%m/%Y %H:%M") == "01/01/2027 01:30"


def test_days_are_whole_days():
    assert clock.days(30) == timedelta(hours=720)


@pytest.mark.usefixtures("new_year")
def test_a_moment_is_pretended_for_this_thread_alone_and_not_longer_than_asked():
    past = datetime(2016, 7, 1, 8, 0, tzinfo=clock.LOCAL)
    with ThreadPoolExecutor(1) as other, clock.pretending(past):
        assert (clock.now(), clock.now().tzinfo, clock.today()) == (past, UTC, date(2016, 7, 1))
        assert other.submit(clock.now).result() == NEW_YEAR
        with clock.pretending(past + clock.days(1)):
            assert clock.today() == date(2016, 7, 2)
        assert clock.today() == date(2016, 7, 1)
    assert clock.now() == NEW_YEAR


@pytest.mark.usefixtures("new_year")
def test_an_error_ends_the_pretence():
    with pytest.raises(KeyError), clock.pretending(datetime(2016, 7, 1, tzinfo=clock.LOCAL)):
        raise KeyError
    assert clock.now() == NEW_YEAR
