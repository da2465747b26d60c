"""A sheet on paper: PDF by Typst, A4 landscape. Data goes in as JSON and stays text, whatever it looks like."""

from collections.abc import Sequence
from datetime import datetime

from app.domain import clock
from app.domain.dates import written
from app.domain.language import say
from app.domain.papers import frozen
from app.domain.sheets import Cell, Column, Kind, Line, Sheet
from app.domain.working_time import amount_to_the_minute
from app.services import typesetting


def pdf(sheet: Sheet, lines: Sequence[Line]) -> bytes:
    """The whole report; ``lines`` are its rows with the total."""
    content = {
        "title": sheet.title,
        "facts": sheet.facts,
        "groups": _groups(sheet.columns),
        "columns": [_heading(column) for column in sheet.columns],
        "rows": [[_cell(*pair) for pair in zip(sheet.columns, line.cells, strict=True)] for line in lines],
        "total": sheet.total is not None,
        "notes": [*checks_said(sheet), *sheet.notes],
        "made": say("Lập lúc {at}", at=_moment(clock.now())),
    }
    return typesetting.pdf("report", frozen(content), clock.now())


def checks_said(sheet: Sheet) -> list[str]:
    """The identities that hold, as one sentence; none when there are none."""
    held = "; ".join(check.words for check in sheet.checks if check.holds)
    return [say("Đối chiếu các cột: {identities}.", identities=held)] if held else []


def _heading(column: Column) -> dict[str, object]:
    return {
        "label": column.label,
        "number": column.number,
        "text": column.kind is Kind.TEXT,
        "grouped": bool(column.group),
        "narrow": column.key in {"row", "code"},
    }


def _groups(columns: Sequence[Column]) -> list[dict[str, object]]:
    """The upper row of headings: neighbours of one group share a cell."""
    found: list[dict[str, object]] = []
    for column in columns:
        if column.over and found and found[-1]["label"] == column.over:
            found[-1]["span"] = int(str(found[-1]["span"])) + 1
        else:
            found.append({"label": column.over, "span": 1})
    return found


def _cell(column: Column, cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case datetime():
            return _moment(cell)
        case str():
            return cell
        case _:
            return _number(column.kind, cell)


def _number(kind: Kind, number: float) -> str:
    if kind is Kind.SHARE:
        return f"{number * 100:.1f}%".replace(".", ",")
    if kind is Kind.SCORE:
        return f"{number:.1f}".replace(".", ",")
    return amount_to_the_minute(int(number)) if kind is Kind.MINUTES else f"{int(number):,}".replace(",", ".")


def _moment(moment: datetime) -> str:
    local = clock.to_local(moment)
    return f"{local:%H:%M}, {written(local.date())}"
