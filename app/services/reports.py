"""Reports: what can be asked, by whom, and the sheet that answers it.

A report is made of figures (services.figures), of the rows behind one, or of payments. The screen, the print and
every file are made from the same ``Sheet``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from app.domain import clock
from app.domain.errors import NotFound
from app.domain.language import say
from app.domain.periods import Period
from app.domain.roles import Actor, Role
from app.domain.sheets import Column, Sheet
from app.services import access, report_fees, report_figures, report_forms, report_lists, report_satisfaction
from app.services.report_asked import Asked
from app.services.scopes import Scope

LEADERS = (Role.LEADER,)
COUNTER = (Role.LEADER, Role.RECEIVING_OFFICER)


@dataclass(frozen=True)
class Report:
    """One report: its words, who may read it, and what it may be grouped by (the first is the default)."""

    words: str
    about: str
    roles: tuple[Role, ...]
    bys: tuple[str, ...]
    make: Callable[[Actor, Asked, Scope, Period], Sheet]
    columns: tuple[Column, ...]
    long: bool = False
    """Whether its rows grow with the dossiers: then files are made by the worker."""

    narrows: bool = True
    """Whether it can be narrowed to a department, field or procedure."""

    @property
    def label(self) -> str:
        """Its name on screen."""
        return say(self.words)

    @property
    def intro(self) -> str:
        """A sentence about it."""
        return say(self.about)


UNITS = ("agency_id", "department_id", "field_id", "procedure_id")
REPORTS: Mapping[str, Report] = {
    "ii-06a": Report(
        "Tình hình, kết quả giải quyết thủ tục hành chính (II.06a)",
        "Biểu báo cáo định kỳ gửi cấp trên: tiếp nhận, đã giải quyết, đang giải quyết, theo hạn.",
        LEADERS,
        ("field_id", "agency_id", "department_id", "procedure_id"),
        report_figures.ii06a,
        report_forms.II06A,
    ),
    "tong-hop": Report(
        "Tổng hợp 18 cột dành cho lãnh đạo",
        "Thêm hồ sơ tạm dừng chờ bổ sung, theo đơn vị, phòng hoặc lĩnh vực.",
        LEADERS,
        ("department_id", "agency_id", "field_id", "procedure_id"),
        report_figures.leaders,
        report_forms.LEADERS,
    ),
    "tiep-nhan-8-gio": Report(
        "Tiếp nhận trong 8 giờ làm việc",
        "Bao nhiêu hồ sơ được trả lời đúng hạn, trễ hạn, còn chờ; thời gian trả lời thường gặp.",
        COUNTER,
        ("department_id", "agency_id", "field_id", "procedure_id"),
        report_figures.intake,
        report_forms.INTAKE,
    ),
    "ho-so-tre-han": Report(
        "Danh sách hồ sơ trễ hạn",
        "Từng hồ sơ quá hạn trong kỳ, ai đang giữ, trễ bao lâu.",
        COUNTER,
        (),
        report_lists.late,
        report_lists.LATE,
        long=True,
    ),
    "huy-ket-qua": Report(
        "Hủy kết quả và vụ việc vi phạm",
        "Kết quả bị hủy vì bản gốc không khớp, và vụ việc đã chuyển cơ quan chức năng.",
        LEADERS,
        ("department_id", "agency_id", "field_id", "procedure_id"),
        report_figures.violations,
        report_forms.VIOLATIONS,
    ),
    "hai-long": Report(
        "Mức độ hài lòng",
        "Điểm trung bình của từng câu hỏi trong phiếu khảo sát, theo thủ tục hoặc đơn vị; không gắn với hồ sơ nào.",
        LEADERS,
        (),
        report_satisfaction.satisfaction,
        report_satisfaction.COLUMNS,
        narrows=False,
    ),
    "phi-le-phi": Report(
        "Phí, lệ phí đã thu",
        "Số tiền đã thu theo ngày, theo công chức thu hoặc theo thủ tục.",
        COUNTER,
        tuple(report_fees.FeeBy),
        report_fees.taken,
        report_fees.TAKEN,
    ),
    "doi-chieu-phi": Report(
        "Đối chiếu phí, lệ phí",
        "Từng hồ sơ đã thu trong kỳ: khoản phải thu so với số tiền trên biên lai.",
        COUNTER,
        (),
        report_fees.reconciliation,
        report_fees.LINES,
        long=True,
    ),
}
"""Every report by the name in its address."""


def offered(actor: Actor) -> dict[str, Report]:
    """The reports that this person may read."""
    return {name: report for name, report in REPORTS.items() if actor.role in report.roles}


def find(actor: Actor, name: str) -> Report:
    """One report; NotFound when there is none of that name, NotAllowed when it is not for this person."""
    report = REPORTS.get(name)
    if report is None:
        raise NotFound("no_such_report")
    access.require_role(actor, *report.roles)
    return report


def make(actor: Actor, asked: Asked) -> Sheet:
    """The sheet that answers. NotFound, NotAllowed, or Refused for a period that nobody can mean."""
    report = find(actor, asked.report)
    return report.make(actor, asked, asked.scope(actor), asked.period())


def standard_period() -> tuple[date, date]:
    """What is shown before anything was chosen: this month up to today."""
    today = clock.today()
    return today.replace(day=1), today


def as_json(asked: Asked) -> dict[str, Any]:
    """What is kept with an export, so that the worker can make it."""
    plain = {field.name: getattr(asked, field.name) for field in fields(asked)}
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in plain.items()}


def from_json(kept: Mapping[str, Any]) -> Asked:
    """What ``as_json`` kept."""
    days = {name: date.fromisoformat(kept[name]) for name in ("first", "last")}
    return Asked(**{**kept, **days})
