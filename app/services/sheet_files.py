"""A sheet as a file: CSV, XLSX, PDF. Rows are written as they come, so a long sheet needs no more memory."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, BinaryIO

import xlsxwriter

from app.domain import clock
from app.domain.errors import Refused
from app.domain.language import as_written, say
from app.domain.sheets import Cell, Column, Kind, Line, Sheet
from app.models.exports import FileFormat
from app.services import report_papers

Progress = Callable[[int], None]
"""Told how many rows are written, now and then."""

EVERY = 1000
LONGEST_PDF = 5000
"""Rows; a longer list is no paper any more."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run by a spreadsheet that reads CSV."""
MINUTES = "{heading} (phút)"
NUMERIC = {
    Kind.NUMBER: "#,##0",
    Kind.MONEY: "#,##0",
    Kind.SHARE: "0.0%",
    Kind.SCORE: "0.0",
    Kind.MINUTES: "#,##0",
}
WIDTHS = {Kind.TEXT: 32, Kind.MOMENT: 18}


def write(sheet: Sheet, file_format: FileFormat, file: BinaryIO, progress: Progress = lambda _: None) -> None:
    """Write the file in Vietnamese. Refused when it is too long for paper."""
    if file_format is FileFormat.PDF:
        refuse_long_paper(sheet)
    with as_written():
        WRITERS[file_format](sheet, file, progress)


def refuse_long_paper(sheet: Sheet) -> None:
    """Refused when there are more rows than anybody prints."""
    if sheet.size > LONGEST_PDF:
        raise Refused("report_too_long_for_paper", rows=sheet.size, longest=LONGEST_PDF)


def _csv(sheet: Sheet, file: BinaryIO, progress: Progress) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")  # the mark tells Excel that it is UTF-8
    out = csv.writer(text)
    out.writerow([_harmless(sheet.title)])
    out.writerows([_harmless(label), _harmless(value)] for label, value in sheet.facts)
    out.writerow([])
    out.writerow([_heading(column) for column in sheet.columns])
    for line in _counted(sheet, progress):
        out.writerow([_plain(cell) for cell in line.cells])
    text.flush()
    text.detach()


def _plain(cell: Cell) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{clock.to_local(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, float):
        return round(cell, 4)
    return _harmless(cell) if isinstance(cell, str) else cell


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _xlsx(sheet: Sheet, file: BinaryIO, progress: Progress) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        page = book.add_worksheet(say("Báo cáo"))
        bold, head = book.add_format({"bold": True}), book.add_format(_HEAD)
        forms = [book.add_format(_form_of(column.kind)) for column in sheet.columns]
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, WIDTHS.get(column.kind, 13))
        page.write_string(0, 0, sheet.title, bold)
        for row, (label, value) in enumerate(sheet.facts, start=1):
            page.write_string(row, 0, f"{label}: {value}")
        top = len(sheet.facts) + 2
        page.freeze_panes(top + 1, 1)
        page.repeat_rows(top)
        for place, column in enumerate(sheet.columns):
            page.write_string(top, place, _heading(column), head)
        row = top
        for row, line in enumerate(_counted(sheet, progress), start=top + 1):
            for place, cell in enumerate(line.cells):
                _put(page, row, place, cell, forms[place])
        for below, note in enumerate((*report_papers.checks_said(sheet), *sheet.notes), start=row + 2):
            page.write_string(below, 0, note)


_HEAD = {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}


def _form_of(kind: Kind) -> dict[str, Any]:
    if kind in NUMERIC:
        return {"border": 1, "num_format": NUMERIC[kind]}
    if kind is Kind.MOMENT:
        return {"border": 1, "num_format": "hh:mm, dd/mm/yyyy"}
    return {
        "border": 1,
        "num_format": "@",
        "text_wrap": kind is Kind.TEXT,
    }


def _put(page: Any, row: int, place: int, cell: Cell, form: Any) -> None:
    """What people typed stays text and never becomes a formula."""
    if isinstance(cell, str):
        page.write_string(row, place, cell, form)
    elif isinstance(cell, datetime):
        page.write_datetime(row, place, clock.to_local(cell).replace(tzinfo=None), form)
    elif cell is None:
        page.write_blank(row, place, None, form)
    else:
        page.write_number(row, place, cell, form)


def _pdf(sheet: Sheet, file: BinaryIO, progress: Progress) -> None:
    file.write(report_papers.pdf(sheet, list(_counted(sheet, progress))))


def _heading(column: Column) -> str:
    heading = column.full_label
    return MINUTES.format(heading=heading) if column.kind is Kind.MINUTES else heading


def _counted(sheet: Sheet, progress: Progress) -> Iterator[Line]:
    """The lines and the total, telling now and then how many there were."""
    for number, line in enumerate(sheet.lines, start=1):
        yield line
        if number % EVERY == 0:
            progress(number)
    if sheet.total is not None:
        yield sheet.total


WRITERS = {FileFormat.CSV: _csv, FileFormat.XLSX: _xlsx, FileFormat.PDF: _pdf}
