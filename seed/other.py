"""What is not a plain table: the calendar, and the notices on the public page."""

from datetime import date, datetime, time

from sqlalchemy import exists, select

from app.domain.calendar import WorkSession
from app.domain.clock import LOCAL
from app.domain.roles import SYSTEM
from app.extensions import db
from app.models.organisation import CalendarDay, CalendarYear, DayKind, WorkSessionRow
from app.models.outbox import NewsItem
from app.services import calendar_edits, news
from seed.files import Line
from seed.tables import Ids

PUBLISHED = time(8, 0)


def add_sessions(lines: list[Line]) -> int:
    """Office hours; an empty agency means all that have none of their own."""
    ids = Ids().agencies
    rows = [(ids[line["agency"]] if line["agency"] else None, _session(line)) for line in lines]
    missing = [(agency_id, session) for agency_id, session in rows if not _is_there(agency_id, session)]
    if missing:
        calendar_edits.add_sessions(SYSTEM, missing)
    return len(missing)


def add_days(lines: list[Line]) -> int:
    """Days off and make-up days; running dossiers move with them."""
    known = set(db.session.scalars(select(CalendarDay.day)))
    rows = [(date.fromisoformat(n["day"]), DayKind(n["kind"]), n["name"], n["source"]) for n in lines]
    missing = [row for row in rows if row[0] not in known]
    if missing:
        calendar_edits.add_days(SYSTEM, missing, dry_run=False)
    return len(missing)


def add_years(lines: list[Line]) -> int:
    """Which years were compared with the official announcement."""
    known = set(db.session.scalars(select(CalendarYear.year)))
    missing = [line for line in lines if int(line["year"]) not in known]
    for line in missing:
        confirmed = line["confirmed"] == "1"
        calendar_edits.confirm_year(SYSTEM, int(line["year"]), confirmed=confirmed, source=line["source"])
    return len(missing)


def add_news(lines: list[Line]) -> int:
    """The announcement of 2016, as notices."""
    known = set(db.session.scalars(select(NewsItem.title)))
    missing = [line for line in lines if line["title"] not in known]
    for line in missing:
        at = datetime.combine(date.fromisoformat(line["published_on"]), PUBLISHED, LOCAL)
        values = {"title": line["title"], "body": line["body"], "published": True, "published_at": at}
        news.create(SYSTEM, values)
    return len(missing)


def _session(line: Line) -> WorkSession:
    opens, closes = time.fromisoformat(line["opens"]), time.fromisoformat(line["closes"])
    return WorkSession(int(line["weekday"]), opens, closes, _day(line["valid_from"]), _day(line["valid_to"]))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _is_there(agency_id: int | None, session: WorkSession) -> bool:
    row = WorkSessionRow
    same = (row.agency_id == agency_id, row.weekday == session.weekday, row.opens == session.opens)
    return bool(db.session.scalar(select(exists().where(*same))))
