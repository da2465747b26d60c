"""The register of dossiers (sổ theo dõi hồ sơ) of an agency and year, as PDF and as a spreadsheet.

Rows are read in a stream and written as they come, so that a large year needs no more memory than a small one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from sqlalchemy import Result, Row, Select, and_, func, select

from app.domain import clock
from app.domain.clock import LOCAL
from app.domain.dates import day_in_full, moment_written, written
from app.domain.errors import NotFound
from app.domain.language import as_written
from app.domain.layouts import layout_on, numbered
from app.domain.papers import FORM_LABELS, Form, frozen
from app.domain.roles import Actor, Role
from app.domain.states import STATE_LABELS, ClockKind, State
from app.extensions import db
from app.models.dossier import CodeCounter, Dossier
from app.models.exports import FileFormat
from app.models.handling import DossierClock
from app.models.organisation import Agency, Department, ReceptionPlace
from app.models.papers import Apology, IssuedPaper
from app.services import access, journal, typesetting
from app.services.paper_contents import heading
from app.services.transaction import transaction

NAME = "so-theo-doi"
"""What its files are called."""
Progress = Callable[[int], None]
"""Told how many rows are written, now and then."""
KEEPERS = (Role.RECEIVING_OFFICER, Role.LEADER)
AT_ONCE = 1000
"""Rows fetched in one go."""
ROWS_OF_A_PART = 120
"""Rows set in one run of Typst; the parts are then joined."""
FIRST_YEAR, LAST_YEAR = 2015, 2199

GROUP = "Nhận và trả kết quả"
COLUMNS = (
    ("STT", 7),
    ("Mã hồ sơ", 26),
    ("Tên thủ tục hành chính", 40),
    ("Tên tổ chức, cá nhân", 28),
    ("Địa chỉ, số điện thoại", 36),
    ("Cơ quan chủ trì giải quyết", 28),
    ("Nhận hồ sơ", 17),
    ("Hẹn trả kết quả", 17),
    ("Trả kết quả", 17),
    ("Phương thức nhận kết quả", 30),
    ("Ký nhận", 14),
)
"""Heading and width of each column, in the order of the form."""
OVER = 6
"""The first column under ``GROUP``."""


@dataclass(frozen=True)
class Year:
    """A volume of the register: its year and how many dossiers it holds."""

    year: int
    dossiers: int


def years(actor: Actor) -> list[Year]:
    """The volumes of the actor's agency, newest first; this year's is always there."""
    agency = _agency(actor)
    first = db.session.scalar(select(func.min(CodeCounter.day)).where(CodeCounter.agency_id == agency.id))
    this_year = clock.today().year
    begun = first.year if first else this_year
    return [Year(year, _count(agency, year)) for year in range(this_year, begun - 1, -1)]


def volume(actor: Actor, year: int) -> Year:
    """One volume of the actor's agency. NotFound for a year that has none."""
    agency = _agency(actor)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound("no_such_register")
    return Year(year, _count(agency, year))


def title(year: int) -> str:
    """What a volume is called."""
    return f"{FORM_LABELS[Form.REGISTER]} {year}"


def note(actor: Actor, year: int, file_format: FileFormat) -> None:
    """Note who takes a copy of the register, in the running transaction: it names people and where they live."""
    journal.write(
        actor, "register_opened", year=year, format=file_format.value, agency=_agency(actor).name
    )  # fmt: skip


def take(actor: Actor, year: int, file_format: FileFormat, file: BinaryIO) -> None:
    """Write the volume as XLSX or PDF and note it; errors as in ``volume``."""
    volume(actor, year)
    with transaction():
        note(actor, year, file_format)
    write(actor, year, file_format, file)


def write(
    actor: Actor, year: int, file_format: FileFormat, file: BinaryIO, progress: Progress = lambda _: None
) -> None:
    """Write a volume that was noted before."""
    writer = _printed if file_format is FileFormat.PDF else _spreadsheet
    writer(_agency(actor), year, file, progress)


def _spreadsheet(agency: Agency, year: int, file: BinaryIO, progress: Progress) -> None:
    """What people typed stays text and never becomes a formula."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(str(year))
        bold = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center"})
        plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1, 2)
        sheet.freeze_panes(3, 0)
        for column, (_, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, f"{title(year)}, {agency.name}", book.add_format({"bold": True}))
        sheet.merge_range(1, OVER, 1, len(COLUMNS) - 1, GROUP, bold)
        for column, (label, _) in enumerate(COLUMNS):
            sheet.write_string(2, column, label, bold)
        for number, cells in enumerate(lines(agency, year), start=1):
            for column, cell in enumerate(cells):
                if column == 0 and cell:
                    sheet.write_number(number + 2, column, int(cell), plain)
                else:
                    sheet.write_string(number + 2, column, cell, plain)
            if number % AT_ONCE == 0:
                progress(number)


def _printed(agency: Agency, year: int, file: BinaryIO, progress: Progress) -> None:
    said = _heading(agency, year)
    typesetting.join(_set(said, agency, year, progress), f"{said['title']} {year}", file)


def _set(said: dict[str, Any], agency: Agency, year: int, progress: Progress) -> Iterator[bytes]:
    """The parts of the volume as PDF, with page numbers that run on."""
    page, done = 1, 0
    for rows in _parts(agency, year):
        content = frozen(said | {"rows": rows, "first_page": page})
        part = typesetting.pdf(Form.REGISTER.value, content, clock.now())
        page += typesetting.pages_of(part)
        yield part
        done += len(rows)
        progress(done)


def lines(agency: Agency, year: int) -> Iterator[tuple[str, ...]]:
    """The rows of a volume as printed, in the order of receipt."""
    with as_written():
        for row in _rows(agency, year):
            yield _line(row)


def _rows(agency: Agency, year: int) -> Result[Any]:
    return db.session.execute(_query(agency, year).execution_options(yield_per=AT_ONCE))


def _line(row: Row[Any]) -> tuple[str, ...]:
    return (
        str(row.serial or ""),
        row.code or "",
        row.procedure_name,
        row.applicant_name,
        ", ".join(part for part in (row.applicant_address, row.applicant_phone) if part),
        row.department or row.agency,
        moment_written(row.received_at),
        _appointment(row.due_at, row.promised_on),
        _handed_over(row.state, row.closed_at),
        row.place or "",
        "",
    )


def _appointment(due: datetime | None, promised: date | None) -> str:
    said = moment_written(due) if due else ""
    return f"{said}; hẹn lại {written(promised)}" if promised else said


def _handed_over(state: State, closed: datetime | None) -> str:
    if closed is None:
        return ""
    return (
        moment_written(closed)
        if state is State.RETURNED
        else f"{STATE_LABELS[state]}, {moment_written(closed)}"
    )


def _query(agency: Agency, year: int) -> Select[*tuple[Any, ...]]:
    due = (
        select(DossierClock.due_at)
        .where(DossierClock.dossier_id == Dossier.id, DossierClock.kind == ClockKind.PROCESSING)
        .order_by(DossierClock.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    receipt = and_(IssuedPaper.dossier_id == Dossier.id, IssuedPaper.form == Form.RECEIPT)
    return (
        select(
            Dossier.code, Dossier.procedure_name, Dossier.applicant_name, Dossier.applicant_address,
            Dossier.applicant_phone, Dossier.received_at, Dossier.closed_at, Dossier.state,
            IssuedPaper.serial, Apology.promised_on, due.label("due_at"), Agency.name.label("agency"),
            Department.name.label("department"), ReceptionPlace.name.label("place"),
        )
        .join(Dossier.agency)
        .outerjoin(Dossier.department)
        .outerjoin(Dossier.return_place)
        .outerjoin(IssuedPaper, receipt)
        .outerjoin(Apology, Apology.dossier_id == Dossier.id)
        .where(_belongs(agency, year))
        .order_by(Dossier.received_at, Dossier.id)
    )  # fmt: skip


def _belongs(agency: Agency, year: int) -> Any:
    begins = datetime(year, 1, 1, tzinfo=LOCAL).astimezone(UTC)
    ends = datetime(year + 1, 1, 1, tzinfo=LOCAL).astimezone(UTC)
    return and_(Dossier.agency_id == agency.id, Dossier.received_at >= begins, Dossier.received_at < ends)


def _count(agency: Agency, year: int) -> int:
    """Whatever is received gets a code of its day (services.codes), so the serials say how many there are."""
    days = CodeCounter.day.between(date(year, 1, 1), date(year, 12, 31))
    return (
        db.session.scalar(select(func.sum(CodeCounter.last)).where(CodeCounter.agency_id == agency.id, days))
        or 0
    )


def _agency(actor: Actor) -> Agency:
    access.require_role(actor, *KEEPERS)
    return db.session.get_one(Agency, actor.agency_id)


def _heading(agency: Agency, year: int) -> dict[str, Any]:
    today = clock.today()
    layout = layout_on(min(today, date(year, 12, 31)))
    return heading(Form.REGISTER, layout, agency) | {
        "number": numbered(layout, Form.REGISTER, agency.level.value, year),
        "day": day_in_full(today),
        "year": year,
        "group": GROUP,
        "columns": [label for label, _ in COLUMNS],
    }


def _parts(agency: Agency, year: int) -> Iterator[list[tuple[str, ...]]]:
    first = True
    with as_written():
        for rows in _rows(agency, year).partitions(ROWS_OF_A_PART):
            first = False
            yield [_line(row) for row in rows]
    if first:
        yield []
