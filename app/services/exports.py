"""Files of long reports: asked for by a person, made by the worker, kept for some days, for their owner alone.

The row is the truth; the queue carries its id only. A task that was lost, or a worker that died over it, is found
by ``make_waiting``. The person's role is asked again when the file is made: who lost it gets nothing.
"""

import io
import logging
import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO

from sqlalchemy import and_, func, or_, select, update

from app.domain import clock
from app.domain.errors import Conflict, DomainError, NotAllowed, NotFound, TooManyAttempts
from app.domain.roles import Actor
from app.domain.sheets import Sheet
from app.extensions import background_task, config, db
from app.models.dossier import StoredFile
from app.models.exports import ExportState, FileFormat, ReportExport
from app.models.organisation import Profile
from app.services import (
    access,
    account_links,
    account_rows,
    journal,
    registers,
    reports,
    settings,
    sheet_files,
)
from app.services.report_asked import Asked
from app.services.storage import Storage
from app.services.transaction import transaction

logger = logging.getLogger(__name__)

AT_ONCE = 2000
"""Rows of a long report that are still made while the person waits."""
MOST_WAITING = 5
"""Files that one person may have waiting."""
SILENT = timedelta(minutes=10)
"""A worker that gave no sign of life for so long is dead."""
MOST_ATTEMPTS = 3


def is_long(asked: Asked, sheet: Sheet) -> bool:
    """Whether the file is made by the worker."""
    return reports.REPORTS[asked.report].long and sheet.size > AT_ONCE


def write_now(actor: Actor, asked: Asked, file_format: FileFormat, sheet: Sheet) -> BinaryIO:
    """The file of a short report, at its beginning."""
    file = io.BytesIO()
    sheet_files.write(sheet, file_format, file)
    _note(actor, asked, file_format, sheet.size)
    file.seek(0)
    return file


def request(actor: Actor, asked: Asked, file_format: FileFormat, sheet: Sheet) -> ReportExport:
    """Ask for the file of a long report; TooManyAttempts when too many of this person's are waiting."""
    if file_format is FileFormat.PDF:
        sheet_files.refuse_long_paper(sheet)
    with transaction():
        row = _queued(actor, reports.as_json(asked), sheet.title, file_format, sheet.size)
        _note(actor, asked, file_format, sheet.size)
    _nudge(row.id)
    return row


def request_register(actor: Actor, year: int, file_format: FileFormat) -> ReportExport:
    """Ask for a volume of the register that is too large to wait for; errors as in ``request``."""
    volume = registers.volume(actor, year)
    asked = {"report": registers.NAME, "year": year}
    with transaction():
        row = _queued(actor, asked, registers.title(year), file_format, volume.dossiers)
        registers.note(actor, year, file_format)
    _nudge(row.id)
    return row


def _queued(
    actor: Actor, asked: dict[str, Any], title: str, file_format: FileFormat, rows: int
) -> ReportExport:
    now = clock.now()
    with transaction() as session:
        unfinished = ReportExport.state.in_((ExportState.WAITING, ExportState.RUNNING))
        mine = select(func.count(ReportExport.id)).where(ReportExport.owner_id == actor.user_id, unfinished)
        waiting = session.scalar(mine) or 0
        if waiting >= MOST_WAITING:
            raise TooManyAttempts("too_many_exports", number=waiting)
        row = ReportExport(
            owner_id=actor.user_id, asked=asked, title=title, file_format=file_format,
            state=ExportState.WAITING, rows_total=rows, created_at=now, touched_at=now,
        )  # fmt: skip
        session.add(row)
    return row


def of(actor: Actor) -> list[ReportExport]:
    """The person's files, newest first."""
    query = (
        select(ReportExport).where(ReportExport.owner_id == actor.user_id).order_by(ReportExport.id.desc())
    )
    return list(db.session.scalars(query))


def find(actor: Actor, export_id: int) -> ReportExport:
    """One file of this person; NotFound for anybody else's."""
    query = select(ReportExport).where(ReportExport.id == export_id, ReportExport.owner_id == actor.user_id)
    row: ReportExport | None = db.session.scalar(query)
    if row is None:
        raise NotFound("no_such_export")
    return row


def open_file(actor: Actor, export_id: int) -> tuple[ReportExport, BinaryIO]:
    """The finished file; Conflict while it is not there. Asks again whether the report is still this person's."""
    row = find(actor, export_id)
    _refuse_lost_role(actor, row)
    if row.state is not ExportState.READY or row.sha256 is None:
        raise Conflict("export_not_ready")
    return row, Storage(config("STORAGE_URL")).open(row.sha256)


def file_name(row: ReportExport) -> str:
    """What the file is called, without its extension."""
    return "-".join(str(row.asked[part]) for part in ("report", "year", "first", "last") if part in row.asked)


def _is_register(row: ReportExport) -> bool:
    return bool(row.asked["report"] == registers.NAME)


def _refuse_lost_role(actor: Actor, row: ReportExport) -> None:
    if _is_register(row):
        access.require_role(actor, *registers.KEEPERS)
    else:
        reports.find(actor, row.asked["report"])


def make(export_id: int) -> bool:
    """Make one file, unless somebody else is at it; whether it was made."""
    row = _claim(export_id)
    if row is None:
        return False
    try:
        with tempfile.TemporaryFile() as file:
            _write(row, file)
            _finish(row, file)
    except DomainError as error:
        _fail(export_id, for_good=True)
        logger.warning("export %s refused: %s", export_id, error)
        return False
    except Exception:
        _fail(export_id, for_good=False)
        raise
    return True


def make_waiting() -> int:
    """Make every file that nobody is making; how many were made."""
    ids = db.session.scalars(select(ReportExport.id).where(_free()).order_by(ReportExport.id)).all()
    return sum(make(export_id) for export_id in ids)


def tidy() -> int:
    """Remove files older than the setting says, with their rows; how many."""
    limit = clock.now() - clock.days(settings.get("export_days"))
    with transaction() as session:
        old = session.scalars(select(ReportExport).where(ReportExport.touched_at < limit)).all()
        for row in old:
            session.delete(row)
        session.flush()
        unused = {row.sha256 for row in old if row.sha256 and not _is_used(row.sha256)}
    store = Storage(config("STORAGE_URL"))
    for sha256 in unused:
        store.delete(sha256)
    return len(old)


def task() -> Callable[[int], object]:
    """What puts an id on the queue; the worker asks for it once, to know what to do with one."""
    return background_task("make_export", make)


def _nudge(export_id: int) -> None:
    """Tell the worker at once; if the queue is out of reach, the sweep finds the row within a minute."""
    try:
        task()(export_id)
    except Exception:
        logger.exception("export %s waits for the sweep", export_id)


def _free() -> Any:
    dead = and_(ReportExport.state == ExportState.RUNNING, ReportExport.touched_at < clock.now() - SILENT)
    return or_(ReportExport.state == ExportState.WAITING, dead)


def _claim(export_id: int) -> ReportExport | None:
    statement = update(ReportExport).where(ReportExport.id == export_id, _free())
    values = {"state": ExportState.RUNNING, "touched_at": clock.now(), "rows_done": 0}
    with transaction() as session:
        taken = session.execute(
            statement.values(attempts=ReportExport.attempts + 1, **values)
            .returning(ReportExport.id)
            .execution_options(synchronize_session=False)
        ).first()
    return db.session.get(ReportExport, export_id, populate_existing=True) if taken else None


def _write(row: ReportExport, file: BinaryIO) -> None:
    profile = db.session.scalars(select(Profile).where(Profile.user_id == row.owner_id)).one()
    if not profile.user.active:
        raise NotAllowed("account_inactive")
    actor, progress = account_rows.actor_of(profile), partial(_touch, row.id)
    if _is_register(row):
        registers.write(actor, row.asked["year"], row.file_format, file, progress)
    else:
        sheet_files.write(reports.make(actor, reports.from_json(row.asked)), row.file_format, file, progress)


def _touch(export_id: int, done: int) -> None:
    """Say how far it is, on a connection of its own: the rows are being read on the other."""
    values = {"rows_done": done, "touched_at": clock.now()}
    with db.engine.begin() as connection:
        connection.execute(update(ReportExport).where(ReportExport.id == export_id).values(**values))


def _finish(row: ReportExport, file: BinaryIO) -> None:
    size = file.tell()
    file.seek(0)
    sha256 = Storage(config("STORAGE_URL")).put(file.read())
    now = clock.now()
    with transaction() as session:
        session.refresh(row)
        row.state, row.sha256, row.size, row.rows_done = ExportState.READY, sha256, size, row.rows_total
        row.finished_at = row.touched_at = now
        _mail(row)


def _mail(row: ReportExport) -> None:
    profile = db.session.scalars(select(Profile).where(Profile.user_id == row.owner_id)).one()
    words = {"title": row.title, "days": settings.get("export_days")}
    link = f"{config('BASE_URL')}/bao-cao/ban-xuat/{row.id}"
    account_links.mail("account_report_ready", profile, "vi", link=link, **words)


def _fail(export_id: int, *, for_good: bool) -> None:
    """Give up, or let the sweep try again after a pause."""
    db.session.rollback()
    with transaction() as session:
        row = session.get_one(ReportExport, export_id, populate_existing=True)
        if for_good or row.attempts >= MOST_ATTEMPTS:
            row.state, row.finished_at = ExportState.FAILED, clock.now()


def _is_used(sha256: str) -> bool:
    others = select(ReportExport.id).where(ReportExport.sha256 == sha256)
    papers = select(StoredFile.id).where(StoredFile.sha256 == sha256)
    return any(db.session.scalar(query.limit(1)) is not None for query in (others, papers))


def _note(actor: Actor, asked: Asked, file_format: FileFormat, rows: int) -> None:
    """Who took figures or names out of the house, and which."""
    with transaction():
        journal.write(
            actor, "report_exported", report=asked.report, format=file_format.value, rows=rows,
            first=asked.first.isoformat(), last=asked.last.isoformat(),
        )  # fmt: skip
