"""The values of the service that an administrator may change, each with its own small form."""

from collections import defaultdict
from typing import Any

from flask import flash, redirect, render_template, request
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.actor import require_actor, status_of
from app.domain.errors import Refused
from app.domain.roles import Role
from app.models.handling import Journal
from app.reasons import words
from app.services import administration, settings
from app.web import typed
from app.web.administration import TEMPLATES, who
from app.web.base import PageView, allowed

CHANGED = ("setting_changed",)
LONGEST = 200
HELP = {
    "code_format": _(
        "Gồm {agency} mã cơ quan, {date:%y%m%d} ngày tiếp nhận, {serial:04d} số thứ tự. Mã đã cấp giữ nguyên."
    ),
    "intake_minutes": _("480 phút là 8 giờ làm việc, tính từ lúc nhấn Gửi hồ sơ."),
    "hotline": _("Hiện ở đầu và cuối mọi trang của người dân."),
}


class SettingAdmin(PageView):
    """``/quan-tri/tham-so``."""

    route_base = "/quan-tri/tham-so"

    @expose("")
    @allowed
    def index(self) -> str:
        """All settings with their bounds and last changes."""
        return _page()

    @expose("/<key>", methods=["POST"])
    @allowed
    def change(self, key: str) -> Any:
        """Store one value, or show its form again with what was typed."""
        actor = require_actor(Role.ADMINISTRATOR)
        if key not in settings.DEFINITIONS:
            raise NotFound
        try:
            settings.change(actor, key, typed.text("value", LONGEST))
        except Refused as refusal:
            said = {"key": key, "value": request.form.get("value", ""), "words": words(refusal)}
            return _page(said), status_of(refusal)
        flash(gettext("Đã lưu “%(name)s”.", name=settings.DEFINITIONS[key].label), "success")
        return _back(key)


def _back(key: str) -> Response:
    return redirect(f"{SettingAdmin.route_base}#{key}")


def _page(refused: dict[str, str] | None = None) -> str:
    rows = [(key, found, settings.get(key)) for key, found in settings.DEFINITIONS.items()]
    context = {"rows": rows, "refused": refused, "changes": _changes(), "helps": HELP, "longest": LONGEST}
    return render_template(TEMPLATES + "settings.html", **context)


def _changes() -> dict[str, list[tuple[Journal, str]]]:
    found: dict[str, list[tuple[Journal, str]]] = defaultdict(list)
    for row in administration.changes(CHANGED):
        said = gettext("%(who)s đổi từ %(old)s thành %(new)s", who=who(row), **_old_and_new(row))
        found[row.details["setting"]].append((row, said))
    return found


def _old_and_new(row: Journal) -> dict[str, Any]:
    return {name: row.details[name] for name in ("old", "new")}


def register(appbuilder: AppBuilder) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(SettingAdmin)
