"""Violation cases: the list, and the page that forwards, decides, and issues a result anew."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.actor import require_actor, status_of
from app.domain.errors import DomainError, NotAllowed, NotFound, Refused
from app.domain.roles import Actor, Role
from app.models.violation import CaseState, Measure
from app.services import access, casefile, violations
from app.web import typed
from app.web.base import PageView
from app.web.case_pages import Failure

ROOT = "/vi-pham"
ID = "<int(max=9223372036854775807):case_id>"
WATCHERS = (Role.RECEIVING_OFFICER, Role.LEADER)


class ViolationPages(PageView):
    """``/vi-pham``."""

    route_base = ROOT

    @expose("")
    def index(self) -> str:
        """The cases of the agency; ``?trang-thai=`` one state only."""
        asked = next((state for state in CaseState if state.value == request.args.get("trang-thai")), None)
        found = violations.cases(require_actor(*WATCHERS), asked)
        return render_template("staff/violations.html", cases=found, asked=asked, states=list(CaseState))

    @expose(f"/{ID}")
    def show(self, case_id: int) -> Response:
        """One case."""
        return _page(require_actor(*WATCHERS), case_id)

    @expose(f"/{ID}/chuyen", methods=["POST"])
    def forward(self, case_id: int) -> Response:
        """Send the case file to the authority under a dispatch number."""
        actor = require_actor(*WATCHERS)
        verb = lambda: violations.forward(actor, case_id, typed.text("number", typed.LONGEST_NUMBER))  # noqa: E731
        return _answer(actor, case_id, "forward", verb, _("Đã ghi chuyển cơ quan chức năng."))

    @expose(f"/{ID}/ket-luan", methods=["POST"])
    def decide(self, case_id: int) -> Response:
        """Record what the authority decided."""
        actor = require_actor(*WATCHERS)
        return _answer(actor, case_id, "decide", lambda: _decide(actor, case_id), _("Đã ghi kết luận."))

    @expose(f"/{ID}/cap-lai", methods=["POST"])
    def reissue(self, case_id: int) -> Response:
        """Issue a new result after "no violation"; the void one stays void."""
        actor = require_actor(*WATCHERS)
        done = _("Đã cấp lại kết quả mới, liên kết với kết quả đã hủy.")
        return _answer(actor, case_id, "reissue", lambda: _reissue(actor, case_id), done)


def _page(actor: Actor, case_id: int, failure: Failure | None = None) -> Response:
    case = access.case_for(actor, case_id)
    file = casefile.of(actor, case.dossier_id)
    body = render_template(
        "staff/violation.html",
        vu=case,
        case=file,
        dossier=file.dossier,
        measures=list(Measure),
        failure=failure,
        leads=actor.role is Role.LEADER,
        can_reissue=violations.may_reissue(actor, case),
    )
    return make_response(body, status_of(failure.error) if failure else 200)


def _answer(actor: Actor, case_id: int, form: str, verb: Callable[[], object], done: Any) -> Response:
    try:
        verb()
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        return _page(actor, case_id, Failure(form, error, request.form.to_dict()))
    flash(done, "success")
    return redirect(f"{ROOT}/{case_id}")


def _decide(actor: Actor, case_id: int) -> None:
    measure = typed.choice(Measure, "measure", "measure_required")
    number = typed.text("number", typed.LONGEST_NUMBER)
    violations.decide(actor, case_id, measure, number, typed.day("decided_on"), typed.text("note"))


def _reissue(actor: Actor, case_id: int) -> None:
    data = typed.file("file")
    if data is None:
        raise Refused("signed_file_required", field="file")
    number = typed.text("number", typed.LONGEST_NUMBER)
    violations.reissue(actor, case_id, number, typed.day("decided_on"), data)


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(ViolationPages)
