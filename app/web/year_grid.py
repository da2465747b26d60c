"""A year as twelve months of weeks, each day with what the office does on it: for the eye and for the finger."""

from calendar import Calendar as Weeks
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain import clock
from app.models.organisation import CalendarDay
from app.services import calendars

MONDAY_FIRST = Weeks(firstweekday=0)


@dataclass(frozen=True)
class Cell:
    """One day. ``row`` is its entry, if it has one; ``works``: whether the common hours have a session."""

    day: date
    row: CalendarDay | None
    works: bool
    today: bool


@dataclass(frozen=True)
class Month:
    """Its number, and its weeks from Monday; None for the days of the months beside it."""

    number: int
    weeks: list[list[Cell | None]]


def months(year: int, days: Sequence[CalendarDay]) -> list[Month]:
    """The twelve months with these entries."""
    entered, common, today = {row.day: row for row in days}, calendars.calendar_for(None), clock.today()

    def cell(day: date, month: int) -> Cell | None:
        if day.month != month:
            return None
        return Cell(day, entered.get(day), common.is_working_day(day), day == today)

    return [
        Month(n, [[cell(day, n) for day in week] for week in MONDAY_FIRST.monthdatescalendar(year, n)])
        for n in range(1, 13)
    ]
