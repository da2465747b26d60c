"""What the officer does on a dossier's page besides the steps: judging papers, listing defects, writing."""

from flask import request
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import NotFound, Refused
from app.domain.roles import Actor
from app.models.handling import ItemKind
from app.services import appraisal, casefile, messages, reviews, supplements
from app.web import case_pages, typed
from app.web.base import PageView
from app.web.case_pages import ID, ROOT

DOCUMENT = "<int(max=9223372036854775807):document_id>"
ITEM = "<int(max=9223372036854775807):item_id>"
VERDICTS = {"yes": True, "no": False}


class HandlingPages(PageView):
    """Forms of ``/can-bo/ho-so/<id>``."""

    route_base = ROOT

    @expose(f"/{ID}/giay-to/{DOCUMENT}", methods=["POST"])
    def judge(self, dossier_id: int, document_id: int) -> Response:
        """Note what the officer thinks of a document, and open the next one."""
        actor = case_pages.officer()
        refused = case_pages.attempt(
            actor, dossier_id, "review", lambda: _judge(actor, dossier_id, document_id)
        )
        return refused or case_pages.go(_next_document(actor, dossier_id, document_id), _("Đã ghi kết luận."))

    @expose(f"/{ID}/bo-sung", methods=["POST"])
    def add_item(self, dossier_id: int) -> Response:
        """Add a defect to the request being written."""
        actor = case_pages.officer()
        return case_pages.answer(
            actor,
            dossier_id,
            "item",
            lambda: _add_item(actor, dossier_id),
            _("Đã thêm nội dung cần bổ sung."),
        )

    @expose(f"/{ID}/bo-sung/{ITEM}/bo", methods=["POST"])
    def remove_item(self, dossier_id: int, item_id: int) -> Response:
        """Take a defect out again."""
        actor = case_pages.officer()
        verb = lambda: supplements.remove_item(actor, item_id)  # noqa: E731
        return case_pages.answer(actor, dossier_id, "item", verb, _("Đã bỏ nội dung cần bổ sung."))

    @expose(f"/{ID}/tin-nhan", methods=["POST"])
    def write(self, dossier_id: int) -> Response:
        """Write to the citizen."""
        actor = case_pages.officer()
        verb = lambda: messages.write(actor, dossier_id, typed.text("body"))  # noqa: E731
        done = _("Đã ghi tin nhắn và chuyển vào thư gửi người nộp.")
        return case_pages.answer(actor, dossier_id, "message", verb, done)

    @expose(f"/{ID}/phong", methods=["POST"])
    def assign(self, dossier_id: int) -> Response:
        """Choose the department that will appraise."""
        actor = case_pages.officer()
        verb = lambda: _assign(actor, dossier_id)  # noqa: E731
        return case_pages.answer(actor, dossier_id, "department", verb, _("Đã chọn phòng thẩm định."))


def _judge(actor: Actor, dossier_id: int, document_id: int) -> None:
    _require_line(actor, dossier_id, document_id)
    verdict = VERDICTS.get(request.form.get("acceptable", ""))
    if verdict is None:
        raise Refused("review_verdict_required", field="acceptable")
    reviews.judge(actor, document_id, acceptable=verdict, note=typed.text("note"))


def _require_line(actor: Actor, dossier_id: int, document_id: int) -> None:
    if casefile.of(actor, dossier_id).line(document_id) is None:
        raise NotFound("no_such_document")


def _next_document(actor: Actor, dossier_id: int, document_id: int) -> str:
    following = casefile.of(actor, dossier_id).next_unjudged
    return f"{ROOT}/{dossier_id}?giay-to={following.document.id if following else document_id}"


def _add_item(actor: Actor, dossier_id: int) -> None:
    kind = typed.choice(ItemKind, "kind", "item_kind_required")
    chosen = request.form.get("document_id", "")
    document_id = typed.key(chosen)
    if chosen and document_id is None:
        raise NotFound("no_such_document")
    supplements.add_item(actor, dossier_id, kind, typed.text("description"), document_id)


def _assign(actor: Actor, dossier_id: int) -> None:
    department_id = typed.key(request.form.get("department_id"))
    if department_id is None:
        raise Refused("department_required", field="department_id")
    appraisal.assign_department(actor, dossier_id, department_id)


def register(appbuilder: AppBuilder) -> None:
    """Add the forms."""
    appbuilder.add_view_no_menu(HandlingPages)
