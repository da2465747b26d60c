"""Questions from the site, and the officer's answers."""

from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.actor import require_actor, status_of
from app.domain.errors import Refused
from app.domain.roles import Actor, Role
from app.models.outbox import Question
from app.services import questions
from app.web import typed
from app.web.base import PageView
from app.web.case_pages import Failure

ROOT = "/can-bo/hoi-dap"
ID = "<int(max=9223372036854775807):question_id>"


class OfficerQuestions(PageView):
    """``/can-bo/hoi-dap``."""

    route_base = ROOT

    @expose("")
    def index(self) -> Response:
        """The unanswered questions, oldest first; ``?da-tra-loi=1`` the answered ones."""
        return _page(require_actor(Role.RECEIVING_OFFICER), answered=request.args.get("da-tra-loi") == "1")

    @expose(f"/{ID}", methods=["POST"])
    def answer(self, question_id: int) -> Response:
        """Answer by mail, and publish or not."""
        actor = require_actor(Role.RECEIVING_OFFICER)
        answered = questions.question_for(actor, question_id).answered_at is not None
        publish = request.form.get("publish") == "1"
        try:
            questions.answer(actor, question_id, typed.text("answer"), publish=publish)
        except Refused as error:
            failure = Failure(str(question_id), error, request.form.to_dict())
            return _page(actor, answered=answered, failure=failure)
        flash(_("Đã trả lời. Thư trả lời được chuyển tới người hỏi."), "success")
        return redirect(ROOT + ("?da-tra-loi=1" if answered else ""))


def _page(actor: Actor, *, answered: bool, failure: Failure | None = None) -> Response:
    found: Sequence[Question] = questions.for_officer(actor, answered=answered)
    body = render_template("staff/questions.html", questions=found, answered=answered, failure=failure)
    return make_response(body, status_of(failure.error) if failure else 200)


def register(appbuilder: AppBuilder) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(OfficerQuestions)
