"""The administrator's first page, and what the generated pages of the configuration have in common.

Everything here is for the role administrator alone: the FAB permissions are granted to it in services.roles,
and every verb of a service asks for the role again.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from flask import g, render_template, url_for
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from app.domain.errors import DomainError
from app.domain.roles import Actor
from app.models.handling import Journal
from app.services import administration
from app.services.editing import Editor, Removal
from app.web.base import AdminModelView, PageView, allowed

TEMPLATES = "admin_pages/"
WHAT_HAPPENED = {
    "added": _("%(who)s thêm"),
    "created": _("%(who)s thêm"),
    "changed": _("%(who)s sửa %(what)s"),
    "edited": _("%(who)s sửa"),
    "answered": _("%(who)s trả lời"),
    "published": _("%(who)s đổi việc công bố"),
    "ended": _("%(who)s đặt hết hiệu lực"),
    "deactivated": _("%(who)s ngừng hoạt động"),
    "activated": _("%(who)s cho hoạt động lại"),
}
"""The end of a journal key, in words."""


def who(row: Journal) -> str:
    """The name of the person behind a row of the journal."""
    if row.actor is None:
        return str(gettext("Hệ thống"))
    return f"{row.actor.last_name} {row.actor.first_name}".strip()


def removing(editor: Editor[Any]) -> Callable[[Actor, int], None]:
    """The verb that removes a row, remembering for this request whether it was only ended."""

    def remove(actor: Actor, row_id: int) -> None:
        g.removal = editor.remove(actor, row_id)

    return remove


class Configured:
    """Mixin of generated pages: their history beside the form, and what became of a removed row."""

    add_template = edit_template = TEMPLATES + "form.html"
    show_template = TEMPLATES + "show.html"
    moves = False
    confirm_template = TEMPLATES + "confirm.html"
    button_add: ClassVar[Any] = _("Lưu")

    journal_noun = ""
    """How the journal keys of the table begin; "" for a page without history."""
    journal_events: tuple[str, ...] = ("added", "changed", "ended")
    journal_detail = "row_id"
    refused_fields: ClassVar[dict[str, str]] = {}
    """Columns that a refusal names but the form does not show: where its sentence belongs instead."""

    label_columns: ClassVar[dict[str, Any]]
    stored_name: Callable[[str], str]

    @property
    def delete_row_message(self) -> str:
        """Whether the row is gone, or was in use and only ended."""
        if g.get("removal") is Removal.ENDED:
            return str(gettext("Mục đang được sử dụng nên không xóa; đã đặt hết hiệu lực."))
        return str(gettext("Đã xóa."))

    @property
    def back_title(self) -> Any:
        """The words of the link above the title."""
        return self.list_title  # type: ignore[attr-defined]

    def refuse(self, form: FlaskForm, refusal: DomainError) -> bool:
        """Put the sentence at the field that the person can mend."""
        refusal.field = self.refused_fields.get(refusal.field or "", refusal.field)
        return bool(super().refuse(form, refusal))

    def history(self, key: int) -> list[tuple[Journal, str]]:
        """The newest changes of a row with their sentences."""
        if not self.journal_noun:
            return []
        keys = [f"{self.journal_noun}_{event}" for event in self.journal_events]
        return [
            (row, self._sentence(row)) for row in administration.changes(keys, **{self.journal_detail: key})
        ]

    def _sentence(self, row: Journal) -> str:
        event = row.key.removeprefix(f"{self.journal_noun}_")
        labels = {self.stored_name(name): label for name, label in self.label_columns.items()}
        changed = row.details.get("changes", {})
        what = ", ".join(f"“{labels[name]}”" for name in changed if name in labels)
        return str(WHAT_HAPPENED[event]) % {"who": who(row), "what": what}


class AdministrationPages(PageView):
    """``/quan-tri/``: everything that can be configured, and what waits to be compared or confirmed."""

    route_base = "/quan-tri"

    @expose("/")
    @allowed
    def index(self) -> str:
        """The menu page."""
        return render_template(TEMPLATES + "index.html", open=administration.left_open())


def address_of(view: type[AdminModelView], method: str, **values: Any) -> str:
    """Where a page of another generated view stands."""
    return url_for(f"{view.__name__}.{method}", **values)


def register(appbuilder: AppBuilder) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(AdministrationPages)
