"""What a report's address says, read and written: the period, whose figures, how they are grouped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import lazy_gettext as _

from app.domain import clock
from app.domain.errors import NotFound, Refused
from app.services import reports
from app.services.figures import By
from app.services.report_asked import Asked
from app.services.report_fees import FeeBy
from app.web import typed

ROOT = "/bao-cao"
BYS: dict[str, tuple[str, Any]] = {
    By.UNIT: ("don-vi", _("Đơn vị")),
    By.DEPARTMENT: ("phong", _("Phòng")),
    By.FIELD: ("linh-vuc", _("Lĩnh vực")),
    By.PROCEDURE: ("thu-tuc", _("Thủ tục")),
    FeeBy.DAY: ("ngay", _("Ngày thu")),
    FeeBy.OFFICER: ("cong-chuc", _("Công chức thu")),
    FeeBy.PROCEDURE: ("thu-tuc", _("Thủ tục")),
}
"""What a grouping is called in an address and on the page."""
FILTERS = {"unit": "cua", "department_id": "phong", "field_id": "linh-vuc", "procedure_id": "thu-tuc"}
"""Fields of the form, by what they narrow."""


@dataclass(frozen=True)
class Shortcut:
    """A period that is often asked for."""

    label: Any
    first: date
    last: date


def asked(name: str, bys: Sequence[str] = (), *, narrows: bool = True) -> Asked:
    """What the running request asks, grouped by one of ``bys``; Refused with the field to mend."""
    first, last = reports.standard_period()
    if words := request.values.get("tu", ""):
        first = typed.read_day(words, "tu")
    if words := request.values.get("den", ""):
        last = typed.read_day(words, "den")
    narrowed = {column: _chosen(field) for column, field in FILTERS.items() if narrows or column == "unit"}
    wanted = Asked(name, first, last, by=_by(bys), **narrowed)
    wanted.period()
    return wanted


def _chosen(field: str) -> int | None:
    """What the figures are narrowed to; a word that is no key must not give the figures of everything."""
    words = request.values.get(field, "")
    found = typed.key(words)
    if words and found is None:
        raise Refused("choose_from_list", field=field)
    return found


def _by(bys: Sequence[str]) -> str:
    slug = request.values.get("theo", "")
    if not bys:
        return ""
    if not slug:
        return str(bys[0])
    return next((str(by) for by in bys if BYS[by][0] == slug), None) or _not_offered()


def _not_offered() -> str:
    raise Refused("choose_from_list", field="theo")


def said(wanted: Asked) -> dict[str, str]:
    """The same as fields of a form or an address."""
    found = {"tu": wanted.first.isoformat(), "den": wanted.last.isoformat()}
    if wanted.by:
        found["theo"] = BYS[wanted.by][0]
    found |= {
        field: str(getattr(wanted, column))
        for column, field in FILTERS.items()
        if getattr(wanted, column) is not None
    }
    return found


def address(wanted: Asked) -> str:
    """Where a report stands."""
    return f"{ROOT}/{wanted.report}?{urlencode(said(wanted))}"


def group_said(key: object) -> str:
    """A group's key in an address: a day, a number, or "" for "not assigned"."""
    return key.isoformat() if isinstance(key, date) else "" if key is None else str(key)


def group_of(by: str, words: str) -> Any:
    """The key again; NotFound for what no group is called."""
    if not words:
        return None
    if by == FeeBy.DAY:
        return typed.read_day(words, "nhom")
    found = typed.key(words)
    if found is None:
        raise NotFound("no_such_report")
    return found


def shortcuts() -> list[Shortcut]:
    """This month and quarter and year so far, and the whole ones before."""
    today = clock.today()
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    last_day = quarter - timedelta(days=1)
    quarter_before = date(last_day.year, last_day.month - 2, 1)
    return [
        Shortcut(_("Tháng này"), month, today),
        Shortcut(_("Tháng trước"), before, month - timedelta(days=1)),
        Shortcut(_("Quý này"), quarter, today),
        Shortcut(_("Quý trước"), quarter_before, last_day),
        Shortcut(_("Năm nay"), date(today.year, 1, 1), today),
    ]


def kept(values: Mapping[str, str]) -> dict[str, str]:
    """What was typed, to be shown again."""
    return {field: values.get(field, "") for field in ("tu", "den", "theo", *FILTERS.values())}
