"""The dossiers behind a figure: where every number of a board leads."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _

from app.actor import require_actor
from app.domain import clock
from app.domain.errors import NotFound
from app.domain.periods import Period
from app.services import figure_rows, scopes
from app.services.figures import By
from app.web.base import PageView
from app.web.inbox import chip
from app.web.typed import key

ROOT = "/dieu-hanh/ho-so"
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
"""The figures that can be opened, and what they are called."""


def address(figure: str, period: Period, by: By | None = None, group: int | None = None) -> str:
    """Where the dossiers of a figure are listed; ``group`` None with ``by`` is "none"."""
    said = {"so-lieu": figure, "tu": period.first.isoformat(), "den": period.last.isoformat()}
    if by is not None:
        said |= {"theo": by.value, "nhom": "" if group is None else str(group)}
    return f"{ROOT}?{urlencode(said)}"


class FigurePages(PageView):
    """``/dieu-hanh/ho-so``."""

    route_base = ROOT

    @expose("")
    def index(self) -> str:
        """What an address of ``address`` names: figure, first and last day, group."""
        actor = require_actor(*scopes.COUNTED_FOR)
        said = request.args
        figure = said.get("so-lieu", "")
        if figure not in NAMES:
            raise NotFound("no_such_figure")
        period = Period(_day("tu"), _day("den"), clock.now())
        found = figure_rows.behind(actor, figure, period, _group(), key(said.get("sau")))
        following = {**said, "sau": found.following} if found.following else None
        return render_template(
            "staff/figure.html",
            name=NAMES[figure],
            period=period,
            found=found,
            begun="sau" in said,
            following=f"{ROOT}?{urlencode(following)}" if following else None,
            chip=chip,
        )


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError as error:
        raise NotFound("no_such_figure") from error


def _group() -> tuple[By, int | None] | None:
    by, group = request.args.get("theo"), request.args.get("nhom", "")
    if by is None:
        return None
    if by not in {By.UNIT.value, By.DEPARTMENT.value} or (group and key(group) is None):
        raise NotFound("no_such_figure")
    return By(by), key(group)


def register(appbuilder: Any) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(FigurePages)
