"""When the office is open, from the calendar that deadlines are counted with."""

from datetime import date, datetime, time

import pytest

from app.domain.calendar import WorkSession
from app.domain.clock import LOCAL
from app.services import calendar_edits, opening
from tests import factories


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("now", "is_open", "until", "left"),
    [
        (at(23, 9, 20), True, at(23, 11, 30), 130),
        (at(23, 7, 30), True, at(23, 11, 30), 240),
        (at(23, 11, 30), False, at(23, 13), 90),
        (at(23, 12), False, at(23, 13), 60),
        (at(23, 17), False, at(25, 7, 30), 0),
        (at(24, 10), False, at(25, 7, 30), 0),
        (at(28, 10), False, at(30, 7, 30), 0),
    ],
)
def test_it_is_open_or_says_when_it_opens_next(app, moment, now, is_open, until, left):
    moment.move_to(now, tick=False)
    found = opening.at_present()
    assert (found.open, found.until, found.left) == (is_open, until, left)


def test_a_day_off_has_no_sessions_and_says_why(app, moment):
    moment.move_to(at(24, 10))
    found = opening.at_present()
    assert found.sessions == ()
    assert "Văn hóa" in found.note


def test_the_next_day_off_is_after_today(app, moment):
    assert opening.at_present().next_off == date(2026, 11, 24)
    moment.move_to(at(24, 10))
    assert opening.at_present().next_off == date(2027, 1, 1)
    moment.move_to(datetime(2030, 1, 1, tzinfo=LOCAL))
    assert opening.at_present().next_off is None
    assert opening.at_present().next_off_name == ""


def test_weekdays_with_the_same_hours_stand_together(app):
    week = [(row.first, row.last, len(row.hours)) for row in opening.at_present().week]
    assert week == [(0, 4, 2), (5, 6, 0)]


def test_an_agency_with_hours_of_its_own_shows_those(app):
    agency = factories.agency("Cẩm Bình")
    hours = [WorkSession(day, time(8), time(12)) for day in range(6)]
    calendar_edits.replace_sessions(
        factories.administrator(), agency.id, hours, date(2026, 11, 1), dry_run=False
    )
    found = opening.at_present(agency.id)
    assert found.until == at(23, 12)
    assert [(row.first, row.last) for row in found.week] == [(0, 5), (6, 6)]
    assert opening.at_present().until == at(23, 11, 30)


def test_a_calendar_without_hours_promises_no_opening(app, monkeypatch):
    from app.domain.calendar import Calendar

    monkeypatch.setattr(opening.calendars, "calendar_for", lambda _agency: Calendar((), {}, {}, frozenset()))
    found = opening.at_present()
    assert (found.open, found.until, found.left) == (False, None, 0)
