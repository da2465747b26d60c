"""How an administrator changes office hours, days off and make-up days.

Every change takes ``dry_run`` and answers which running dossiers would move, or did: the rows, the calendar's
new version and the moved deadlines are one transaction, and a dry run rolls all of it back.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.domain.calendar import KNOWN_YEARS, Calendar, WorkSession
from app.domain.dates import written
from app.domain.errors import NotFound, Refused
from app.domain.public_holidays import lawful_days
from app.domain.roles import Actor
from app.domain.texts import tidy
from app.extensions import db
from app.models.organisation import Agency, CalendarDay, CalendarYear, DayKind, WorkSessionRow
from app.services import calendars, deadlines, journal
from app.services.calendars import day_by_id, days_of, session_of, sessions_of
from app.services.deadlines import MovedDeadline
from app.services.editing import as_json, flush, require_administrator
from app.services.transaction import transaction

Day = tuple[date, DayKind, str, str]
"""Date, kind, name, source."""

ONE_DAY = timedelta(days=1)
LONGEST_NAME = 200
LONGEST_SPAN = 31
"""Days that one entry may hold: more than any holiday, few enough to undo a slip by hand."""
MAKE_UP_NAME = "Làm bù cho ngày nghỉ hoán đổi"
COMPUTED = "Tự tính theo luật, chưa đối chiếu với thông báo chính thức"


class _OnlyLooking(Exception):
    """Ends a dry run: everything it wrote is rolled back."""


def replace_sessions(
    actor: Actor, agency_id: int | None, sessions: Iterable[WorkSession], from_day: date, *, dry_run: bool
) -> list[MovedDeadline]:
    """Give an agency (None: all without hours of their own) these hours from a day on.

    The hours before that day stay as they were. No sessions: the agency returns to the common hours. Refused
    when the common hours would be empty, or when two sessions overlap.
    """
    _refuse_far_year(from_day.year)
    wanted = [WorkSession(s.weekday, s.opens, s.closes, from_day) for s in sessions]
    if agency_id is None and not wanted:
        raise Refused("common_sessions_needed", field="sessions")

    def change() -> dict[str, Any]:
        if agency_id is not None and db.session.get(Agency, agency_id) is None:
            raise NotFound("no_such_agency")
        old = [_words(row) for row in sessions_of(agency_id)]
        _end_sessions(agency_id, from_day)
        db.session.add_all(_row(agency_id, s) for s in wanted)
        flush(db.session())
        rows = sessions_of(agency_id)
        Calendar(tuple(map(session_of, rows)), {}, {}, frozenset())  # refuses overlaps
        return {"agency": agency_id, "old": old, "new": [_words(row) for row in rows]}

    return _apply(actor, "sessions_changed", change, agency_id, dry_run=dry_run)


def add_sessions(actor: Actor, rows: Sequence[tuple[int | None, WorkSession]]) -> None:
    """Add sessions as they stand, validity included, each to an agency or (None) to all: for the seed."""

    def change() -> dict[str, Any]:
        db.session.add_all(_row(agency_id, session) for agency_id, session in rows)
        flush(db.session())
        return {"new": [_words(_row(agency_id, session)) for agency_id, session in rows]}

    _apply(actor, "sessions_changed", change, None, dry_run=False)


def add_days(actor: Actor, days: Sequence[Day], *, dry_run: bool) -> list[MovedDeadline]:
    """Add days off and make-up days: day, kind, name, source.

    Refused for a day entered already, and for one outside the years that a calendar counts: a typing slip.
    """

    def change() -> dict[str, Any]:
        rows = [_add_day(day, kind, name, source) for day, kind, name, source in days]
        flush(db.session())
        return {"new": [_kept(row) for row in rows]}

    return _apply(actor, "calendar_days_added", change, None, dry_run=dry_run)


def span(first: date, last: date) -> list[date]:
    """The days from the first to the last, both included. Refused when backward or longer than a month."""
    if last < first:
        raise Refused("last_day_before_first", field="last_day")
    if (last - first).days >= LONGEST_SPAN:
        raise Refused("too_many_days", field="last_day", longest=LONGEST_SPAN)
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def edit_day(
    actor: Actor, day_id: int, *, kind: DayKind, name: str, source: str, dry_run: bool
) -> list[MovedDeadline]:
    """Change what a day is: its kind, name or source. The date itself is removed and entered anew."""

    def change() -> dict[str, Any]:
        row = day_by_id(day_id)
        old = _kept(row)
        row.kind, row.name, row.source = kind, _name(name), tidy(source)
        flush(db.session())
        return {"old": old, "new": _kept(row)}

    return _apply(actor, "calendar_day_changed", change, None, dry_run=dry_run)


def remove_day(actor: Actor, day_id: int, *, dry_run: bool) -> list[MovedDeadline]:
    """Make a day an ordinary one again."""

    def change() -> dict[str, Any]:
        row = day_by_id(day_id)
        old = _kept(row)
        db.session.delete(row)
        flush(db.session())
        return {"old": old}

    return _apply(actor, "calendar_day_removed", change, None, dry_run=dry_run)


def confirm_year(actor: Actor, year: int, *, confirmed: bool, source: str) -> None:
    """Say whether the year was compared with the official announcement, and with which. Moves no deadline."""
    require_administrator(actor)
    _refuse_far_year(year)
    if confirmed and not source.strip():
        raise Refused("year_needs_source", field="source")
    with transaction() as session:
        row = session.scalar(select(CalendarYear).where(CalendarYear.year == year))
        row = row or CalendarYear(year=year, confirmed=False)
        old = row.confirmed
        row.confirmed, row.source = confirmed, tidy(source)
        session.add(row)
        calendars.renew_version()
        journal.write(actor, "calendar_year_confirmed", year=year, old=old, new=confirmed, source=row.source)


def prefill_year(actor: Actor, year: int, *, dry_run: bool) -> list[MovedDeadline]:
    """Enter the days that the law gives, where none is entered yet. The year stays as confirmed as it was."""
    _refuse_far_year(year)
    off, made_up = lawful_days(year)
    days = [(day, DayKind.OFF, name, COMPUTED) for day, name in off.items()]
    days += [(day, DayKind.WORKING, MAKE_UP_NAME, COMPUTED) for day in made_up]
    entered = {row.day for row in days_of(year)}
    return add_days(actor, [day for day in days if day[0] not in entered], dry_run=dry_run)


def _refuse_far_year(year: int, field: str | None = None) -> None:
    if year not in KNOWN_YEARS:
        first, last = KNOWN_YEARS.start, KNOWN_YEARS.stop - 1
        raise Refused("date_out_of_range", field=field, first_year=first, last_year=last)


def _apply(
    actor: Actor, key: str, change: Callable[[], dict[str, Any]], agency_id: int | None, *, dry_run: bool
) -> list[MovedDeadline]:
    """Change the rows, give them a new version, move the running dossiers; all of it or, dry, nothing."""
    require_administrator(actor)
    moved: list[MovedDeadline] = []
    concerned = None if agency_id is None else (agency_id,)
    with suppress(_OnlyLooking), transaction():
        details = change()
        calendars.renew_version()
        moved = deadlines.move_running(actor, concerned, dry_run=dry_run)
        if dry_run:
            raise _OnlyLooking
        journal.write(actor, key, moved=len(moved), **details)
    return moved


def _row(agency_id: int | None, s: WorkSession) -> WorkSessionRow:
    return WorkSessionRow(
        agency_id=agency_id,
        weekday=s.weekday,
        opens=s.opens,
        closes=s.closes,
        valid_from=s.valid_from,
        valid_to=s.valid_to,
    )


def _end_sessions(agency_id: int | None, from_day: date) -> None:
    for row in sessions_of(agency_id):
        if row.valid_from is not None and row.valid_from >= from_day:
            db.session.delete(row)
        elif row.valid_to is None or row.valid_to >= from_day:
            row.valid_to = from_day - ONE_DAY


def _words(row: WorkSessionRow) -> list[Any]:
    values = (row.agency_id, row.weekday, row.opens, row.closes, row.valid_from, row.valid_to)
    return [as_json(value) for value in values]


def _add_day(day: date, kind: DayKind, name: str, source: str) -> CalendarDay:
    _refuse_far_year(day.year, "day")
    if db.session.scalar(select(CalendarDay.id).where(CalendarDay.day == day)) is not None:
        raise Refused("day_there_already", field="day", day=written(day))
    row = CalendarDay(day=day, kind=kind, name=_name(name), source=tidy(source))
    db.session.add(row)
    return row


def _name(name: str) -> str:
    name = tidy(name)
    if not name:
        raise Refused("field_required", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused("text_too_long", field="name", longest=LONGEST_NAME)
    return name


def _kept(row: CalendarDay) -> dict[str, str]:
    return {"day": row.day.isoformat(), "kind": row.kind.value, "name": row.name, "source": row.source}
