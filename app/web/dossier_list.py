"""The generated list of dossiers. One FAB action per row of the transition table, attached in a loop."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import AppBuilder
from flask_appbuilder.actions import ActionItem, action
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.domain import transitions
from app.domain.errors import Conflict, Refused
from app.domain.roles import Actor
from app.domain.transitions import Transition
from app.models.dossier import Dossier
from app.reasons import words
from app.services import access, batch, dossiers
from app.services.casefile import OFFICERS
from app.services.roles import DOSSIERS
from app.web import case_pages
from app.web.base import AdminModelView
from app.web.case_pages import CONSEQUENCES, ROOT

FOR_MANY = frozenset({"forward", "announce_result"})
"""Steps that are routinely made for a pile of dossiers and need neither a reason nor a second look."""


def unbroken(code: str) -> Markup:
    """The code, which may break only after the agency's part."""
    first, dash, rest = code.partition("-") if code.count("-") > 1 else ("", "", code)
    return Markup('<span class="mc-ma">{}<wbr>{}</span>').format(first + dash, rest)


def work_link(key: int) -> Markup:
    """The way to the page where the dossier is worked on."""
    return Markup('<a href="{}/{}">{}</a>').format(ROOT, key, gettext("Mở trang xử lý hồ sơ"))


class Dossiers(AdminModelView):
    """``/can-bo/danh-sach``: every dossier the officer may see, to search and sort; nothing is edited."""

    datamodel = SQLAInterface(Dossier)
    route_base = "/can-bo/danh-sach"
    class_permission_name = DOSSIERS
    list_title, show_title = _("Danh sách hồ sơ"), _("Hồ sơ")
    list_intro = _("Mọi hồ sơ của đơn vị, kể cả hồ sơ đã kết thúc. Việc hằng ngày nằm ở Hộp hồ sơ.")
    empty_title = _("Chưa có hồ sơ nào")
    empty_why = _("Hồ sơ xuất hiện ở đây khi người dân gửi hoặc khi được chuyển tới phòng.")
    label_columns = {
        "display_code": _("Mã hồ sơ"),
        "code": _("Mã hồ sơ"),
        "reference": _("Mã gửi"),
        "applicant_name": _("Người nộp"),
        "procedure_name": _("Thủ tục"),
        "state": _("Trạng thái"),
        "department.name": _("Phòng thẩm định"),
        "agency.name": _("Cơ quan"),
        "submitted_at": _("Gửi lúc"),
        "received_at": _("Tiếp nhận lúc"),
        "decided_at": _("Phê duyệt lúc"),
        "closed_at": _("Kết thúc lúc"),
        "due_at": _("Hạn hiện tại"),
        "id": _("Xử lý hồ sơ"),
        "search_text": _("Mã hồ sơ, người nộp, thủ tục"),
    }
    list_columns = [
        "display_code", "applicant_name", "procedure_name", "state", "department.name", "submitted_at",
        "due_at",
    ]  # fmt: skip
    show_columns = [
        "id", "display_code", "reference", "applicant_name", "procedure_name", "state", "agency.name",
        "department.name", "submitted_at", "received_at", "decided_at", "closed_at", "due_at",
    ]  # fmt: skip
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["search_text", "state", "submitted_at", "due_at"]
    order_columns = ["applicant_name", "procedure_name", "state", "submitted_at", "due_at"]
    base_order = ("id", "desc")
    list_load = ["department"]
    formatters_columns = {"id": work_link, "display_code": unbroken}

    def rows(self, statement: Select[Any], actor: Actor) -> Select[Any]:
        """Only what services.access shows to this officer; citizens have pages of their own."""
        access.require_role(actor, *OFFICERS)
        return statement.where(access.visible(actor))

    def offered_actions(self, *, single: bool) -> dict[str, ActionItem]:
        """On a dossier's page the steps that its state and this role allow; a guard says why when pressed."""
        mine = super().offered_actions(single=single)
        if not single:
            return mine
        state = self.fetch(request.view_args["pk"]).state if request.view_args else None
        return {name: item for name, item in mine.items() if state in transitions.find(name).sources}

    def make(self, transition: Transition, chosen: Dossier | Sequence[Dossier]) -> Response | None:
        """Make the step for one dossier, or for each of the chosen ones."""
        if isinstance(chosen, Dossier):
            return self._make_one(transition, chosen.id)
        say_each(
            transition, batch.apply_each(self.actor(), [dossier.id for dossier in chosen], transition.key)
        )
        return None

    def _make_one(self, transition: Transition, dossier_id: int) -> Response:
        """A step with a reason or without return is finished on a page of its own."""
        try:
            if transition.needs_reason or transition.key in CONSEQUENCES:
                dossiers.rehearse(self.actor(), dossier_id, transition.key, reason=transition.label)
                return case_pages.ask(self.actor(), dossier_id, transition)
            dossiers.apply(self.actor(), dossier_id, transition.key)
        except (Refused, Conflict) as refusal:
            flash(words(refusal), "danger")
        else:
            flash(gettext("Đã thực hiện: %(step)s.", step=transition.label), "success")
        return redirect(f"{ROOT}/{dossier_id}")


def say_each(transition: Transition, answers: Sequence[batch.Answer]) -> None:
    """One message for all that went well, and one for each dossier that was refused, with its reason."""
    made = [answer.code for answer in answers if answer.refusal is None]
    if made:
        said = {"step": transition.label, "n": len(made), "codes": "; ".join(made)}
        flash(gettext("Đã thực hiện “%(step)s” cho %(n)s hồ sơ: %(codes)s.", **said), "success")
    for answer in answers:
        if answer.refusal is not None:
            why = words(answer.refusal)
            flash(gettext("%(code)s chưa thực hiện được. %(why)s", code=answer.code, why=why), "danger")


def _step(transition: Transition) -> Callable[[Dossiers, Any], Response | None]:
    def make(self: Dossiers, chosen: Any) -> Response | None:
        return self.make(transition, chosen)

    make.__name__ = transition.key
    return make


for _transition in transitions.ALL:
    _many = _transition.key in FOR_MANY
    _attached = action(_transition.key, _(_transition.words), multiple=_many, single=True)(_step(_transition))
    setattr(Dossiers, f"step_{_transition.key}", _attached)


def register(appbuilder: AppBuilder) -> None:
    """Add the list."""
    appbuilder.add_view_no_menu(Dossiers)
