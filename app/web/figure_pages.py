"""The dossiers behind a figure: where every number of a board or report leads."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _

from app.actor import require_actor
from app.domain.errors import NotFound
from app.domain.roles import Actor, Role
from app.domain.sheets import TOTAL
from app.services import figure_rows, reports, scopes
from app.services.figure_rows import Group
from app.services.figures import By
from app.services.report_asked import Asked
from app.web import report_forms
from app.web.base import PageView
from app.web.inbox import chip
from app.web.typed import key

ROOT, BOARD = "/so-lieu", "/dieu-hanh"
NAMES = {
    "received": _("Đã tiếp nhận"),
    "done": _("Đã giải quyết"),
    "done_early": _("Giải quyết trước hạn"),
    "done_on_time": _("Giải quyết đúng hạn"),
    "done_late": _("Giải quyết trễ hạn"),
    "results": _("Đã có kết quả"),
    "open": _("Đang giải quyết"),
    "open_in_time": _("Đang giải quyết, còn hạn"),
    "open_overdue": _("Đang giải quyết, quá hạn"),
    "at_counter": _("Kết quả chờ trả"),
    "sent": _("Người dân đã gửi"),
    "intake_within": _("Trả lời trong hạn tiếp nhận"),
    "intake_late": _("Trả lời sau hạn tiếp nhận"),
    "intake_waiting": _("Chờ tiếp nhận, còn hạn"),
    "intake_overdue": _("Chờ tiếp nhận, quá hạn"),
    "intake_taken_back": _("Người nộp rút trước khi tiếp nhận"),
    "returned": _("Đã trả kết quả"),
}
"""The figures of the boards, and what they are called; a report calls its own by their columns."""


def address(asked: Asked, figure: str, group: object = TOTAL) -> str:
    """Where the dossiers of a figure are listed, of the line of a report or board whose key is ``group``."""
    said = {"so-lieu": figure} | report_forms.said(asked)
    if asked.report:
        said["bao-cao"] = asked.report
    if group != TOTAL:
        said["nhom"] = report_forms.group_said(group)
    return f"{ROOT}?{urlencode(said)}"


class FigurePages(PageView):
    """``/so-lieu``."""

    route_base = ROOT

    @expose("")
    def index(self) -> str:
        """What an address of ``address`` names: report, figure, period, whose and which group."""
        actor = require_actor(*scopes.COUNTED_FOR)
        said = request.args
        name, wanted = _asked(actor, said.get("so-lieu", ""))
        group = _group(wanted)
        found = figure_rows.behind(actor, wanted, said["so-lieu"], group, key(said.get("sau")))
        following = {**said, "sau": found.following} if found.following else None
        return render_template(
            "staff/figure.html",
            name=name,
            facts=(*wanted.facts(actor), *_said_of(group)),
            report=reports.REPORTS.get(wanted.report),
            back=_back(actor, wanted),
            found=found,
            begun="sau" in said,
            following=f"{ROOT}?{urlencode(following)}" if following else None,
            chip=chip,
        )


def _asked(actor: Actor, figure: str) -> tuple[str, Asked]:
    """What the figure is called, and what is asked; NotFound for what no board or report shows."""
    if not (report_name := request.args.get("bao-cao", "")):
        names, bys, narrows = NAMES, (By.UNIT, By.DEPARTMENT), False
    else:
        report = reports.find(actor, report_name)
        names = {column.figure: column.full_label for column in report.columns if column.figure}
        bys, narrows = report.bys, report.narrows
    if figure not in names:
        raise NotFound("no_such_figure")
    return names[figure], report_forms.asked(report_name, bys, narrows=narrows)


def _back(actor: Actor, wanted: Asked) -> str | None:
    if wanted.report:
        return report_forms.address(wanted)
    return BOARD if actor.role is Role.LEADER else None


def _group(wanted: Asked) -> Group | None:
    group = request.args.get("nhom")
    return None if group is None else (wanted.by, report_forms.group_of(wanted.by, group))


def _said_of(group: Group | None) -> Iterator[tuple[str, str]]:
    """The group as one more fact over the list."""
    if group is not None:
        yield str(report_forms.BYS[group[0]][1]), figure_rows.called(group)


def register(appbuilder: Any) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(FigurePages)
