"""Department officers give their opinion and draft the result; the leader signs and approves on one page."""

from flask import request
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.actor import require_actor
from app.domain.errors import Refused
from app.domain.roles import Actor, Role
from app.services import access, appraisal, approval, queues
from app.web import case_pages, typed
from app.web.base import PageView
from app.web.case_pages import ID, ROOT


class AppraisalPages(PageView):
    """Forms of departments and leaders under ``/can-bo/ho-so/<id>``."""

    route_base = ROOT

    @expose(f"/{ID}/y-kien", methods=["POST"])
    def write_opinion(self, dossier_id: int) -> Response:
        """Add an opinion; it stays as written."""
        actor = case_pages.officer()
        verb = lambda: appraisal.write_opinion(actor, dossier_id, typed.text("body"))  # noqa: E731
        return case_pages.answer(actor, dossier_id, "opinion", verb, _("Đã ghi ý kiến thẩm định."))

    @expose(f"/{ID}/du-thao", methods=["POST"])
    def draft_result(self, dossier_id: int) -> Response:
        """Put the draft of the result before the leader."""
        actor = case_pages.officer()
        return case_pages.answer(
            actor, dossier_id, "draft", lambda: _draft(actor, dossier_id), _("Đã lưu dự thảo kết quả.")
        )

    @expose(f"/{ID}/phe-duyet")
    def approval(self, dossier_id: int) -> Response:
        """The leader's page: opinion, draft, and the form that signs and approves."""
        return case_pages.show(require_actor(Role.LEADER), dossier_id, "phe-duyet")

    @expose(f"/{ID}/phe-duyet", methods=["POST"])
    def approve(self, dossier_id: int) -> Response:
        """Note number, date and signed file, and approve, in one press; the next one that waits is opened."""
        actor = require_actor(Role.LEADER)
        code = access.dossier_for(actor, dossier_id).display_code
        done = _("Đã phê duyệt %(code)s. Bộ phận tiếp nhận được báo để mời người nộp.", code=code)
        to = _next_to_approve(actor, dossier_id)
        return case_pages.answer(
            actor, dossier_id, "approve", lambda: _approve(actor, dossier_id), done, to=to
        )


def _next_to_approve(actor: Actor, dossier_id: int) -> str:
    around = queues.around(actor, access.dossier_for(actor, dossier_id))
    following = around and (around.following or around.previous)
    return f"{ROOT}/{following}/phe-duyet" if following else f"{ROOT}/{dossier_id}"


def _draft(actor: Actor, dossier_id: int) -> None:
    data = typed.file("file")
    if data is None:
        raise Refused("draft_file_required", field="file")
    appraisal.draft_result(actor, dossier_id, typed.text("summary"), data)


def _approve(actor: Actor, dossier_id: int) -> None:
    approval.sign_and_approve(
        actor,
        dossier_id,
        number=typed.text("number", limit=typed.LONGEST_NUMBER),
        decided_on=typed.day("decided_on"),
        data=typed.file("file"),
        version=typed.key(request.form.get("version")),
        idempotency_key=typed.text("idempotency_key", limit=80) or None,
    )


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(AppraisalPages)
