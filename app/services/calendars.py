"""The working calendar: rows that an administrator edits, and the object that deadlines are counted with.

The object is kept only as long as the rows stay as they were: each change gives the calendar a new version,
stored with the rows, so that no process counts with yesterday's holidays. The changes are in calendar_edits.
"""

from datetime import date
from secrets import token_hex

from sqlalchemy import ColumnElement, or_, select

from app.domain import clock
from app.domain.calendar import Calendar, WorkSession
from app.domain.errors import NotFound
from app.domain.hours import own_before_common
from app.extensions import db
from app.models.organisation import CalendarDay, CalendarYear, DayKind, WorkSessionRow
from app.models.outbox import Setting
from app.services.editing import flush

VERSION = "calendar_version"
MOST_KEPT = 64

_built: dict[tuple[str, int | None], Calendar] = {}


def calendar_for(agency_id: int | None) -> Calendar:
    """The calendar of an agency (None: the common one): its own hours, else the common ones; days for all.

    One query for the version in each unit of work; the rows are read again only when the version is new.
    """
    version = _version()
    if not version:  # no change was ever recorded: rows that came another way must be seen too
        return _build(version, agency_id)
    if (version, agency_id) not in _built:
        if len(_built) >= MOST_KEPT:
            _built.clear()
        _built[version, agency_id] = _build(version, agency_id)
    return _built[version, agency_id]


def sessions_of(agency_id: int | None) -> list[WorkSessionRow]:
    """The rows of one agency, or (None) the common ones, by validity, weekday and hour."""
    query = select(WorkSessionRow).where(_belongs(agency_id))
    rows = db.session.scalars(query)
    return sorted(rows, key=lambda r: (r.valid_from or date.min, r.weekday, r.opens))


def days_of(year: int) -> list[CalendarDay]:
    """Days off and make-up days of a year, in order."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    query = select(CalendarDay).where(CalendarDay.day.between(first, last)).order_by(CalendarDay.day)
    return list(db.session.scalars(query))


def years() -> list[CalendarYear]:
    """The years that were entered, newest first."""
    return list(db.session.scalars(select(CalendarYear).order_by(CalendarYear.year.desc())))


def day_by_id(day_id: int) -> CalendarDay:
    """The row; NotFound("no_such_row")."""
    row = db.session.get(CalendarDay, day_id)
    if row is None:
        raise NotFound("no_such_row")
    return row


def session_of(row: WorkSessionRow) -> WorkSession:
    """The row as the domain counts with it."""
    return WorkSession(row.weekday, row.opens, row.closes, row.valid_from, row.valid_to)


def renew_version() -> None:
    """Say, in the running transaction, that the rows changed: every process reads them anew after it."""
    # Never a counter: a number used in a rolled-back dry run would come again with other rows behind it.
    row = db.session.scalar(select(Setting).where(Setting.key == VERSION))
    row = row or Setting(key=VERSION)
    row.value = f"{clock.to_local(clock.now()):%Y%m%d-%H%M%S}-{token_hex(4)}"
    row.updated_at = clock.now()
    db.session.add(row)
    flush(db.session())
    db.session.info.pop(VERSION, None)


def _version() -> str:
    # Asked once per unit of work: a list of fifty dossiers must not ask fifty times.
    work = db.session().get_transaction()
    kept: tuple[object, str] | None = db.session.info.get(VERSION)
    if kept is None or work is None or kept[0] is not work:
        version = db.session.scalar(select(Setting.value).where(Setting.key == VERSION)) or ""
        kept = (db.session().get_transaction(), str(version))
        db.session.info[VERSION] = kept
    return kept[1]


def _build(version: str, agency_id: int | None) -> Calendar:
    own_or_common = or_(_belongs(agency_id), _belongs(None))
    rows = list(db.session.scalars(select(WorkSessionRow).where(own_or_common)))
    own = [session_of(row) for row in rows if row.agency_id is not None]
    common = [session_of(row) for row in rows if row.agency_id is None]
    days = list(db.session.scalars(select(CalendarDay)))
    confirmed = db.session.scalars(select(CalendarYear.year).where(CalendarYear.confirmed))
    return Calendar(
        sessions=own_before_common(own, common),
        days_off={row.day: row.name for row in days if row.kind is DayKind.OFF},
        extra_days={row.day: row.name for row in days if row.kind is DayKind.WORKING},
        confirmed_years=frozenset(confirmed),
        version=version,
    )


def _belongs(agency_id: int | None) -> ColumnElement[bool]:
    return WorkSessionRow.agency_id.is_(None) if agency_id is None else WorkSessionRow.agency_id == agency_id
