"""The originals desk: comparing each document, fees, handing over or voiding (announcement, point 2)."""

from flask import flash, redirect
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.actor import require_actor
from app.domain.errors import NotFound
from app.domain.originals import Verdict
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.services import access, casefile, counter
from app.web import case_pages, typed
from app.web.base import PageView
from app.web.case_pages import ID, ROOT

DOCUMENT = "<int(max=9223372036854775807):document_id>"
FEE = "<int(max=9223372036854775807):fee_id>"


class CounterPages(PageView):
    """``/can-bo/ho-so/<id>/doi-chieu``, and the forms of fees, which the dossier's page uses as well."""

    route_base = ROOT

    @expose(f"/{ID}/doi-chieu")
    def desk(self, dossier_id: int) -> Response:
        """The desk, while the result waits to be handed over."""
        actor = require_actor(Role.RECEIVING_OFFICER)
        if access.dossier_for(actor, dossier_id).state is not State.RESULT_READY:
            flash(_("Chỉ đối chiếu bản gốc khi hồ sơ chờ trả kết quả."), "warning")
            return redirect(f"{ROOT}/{dossier_id}")
        return case_pages.show(actor, dossier_id, "doi-chieu")

    @expose(f"/{ID}/doi-chieu/{DOCUMENT}", methods=["POST"])
    def compare(self, dossier_id: int, document_id: int) -> Response:
        """Record what was found for one document, and open the next one."""
        actor = case_pages.officer()
        refused = case_pages.attempt(
            actor, dossier_id, "compare", lambda: _compare(actor, dossier_id, document_id)
        )
        return refused or case_pages.go(f"{ROOT}/{dossier_id}/doi-chieu", _("Đã ghi kết quả đối chiếu."))

    @expose(f"/{ID}/phi/{FEE}", methods=["POST"])
    def set_fee(self, dossier_id: int, fee_id: int) -> Response:
        """Set an amount, with the reason."""
        actor = case_pages.officer()
        verb = lambda: _set_fee(actor, dossier_id, fee_id)  # noqa: E731
        return case_pages.answer(actor, dossier_id, f"fee:{fee_id}", verb, _("Đã ghi mức thu."))

    @expose(f"/{ID}/phi/{FEE}/mien", methods=["POST"])
    def exempt(self, dossier_id: int, fee_id: int) -> Response:
        """Exempt a fee, with the reason."""
        actor = case_pages.officer()
        verb = lambda: _exempt(actor, dossier_id, fee_id)  # noqa: E731
        return case_pages.answer(actor, dossier_id, f"exempt:{fee_id}", verb, _("Đã ghi miễn."))

    @expose(f"/{ID}/thu-phi", methods=["POST"])
    def pay(self, dossier_id: int) -> Response:
        """Record money taken against a receipt."""
        actor = case_pages.officer()
        verb = lambda: _pay(actor, dossier_id)  # noqa: E731
        return case_pages.answer(actor, dossier_id, "payment", verb, _("Đã ghi biên lai."))


def _compare(actor: Actor, dossier_id: int, document_id: int) -> None:
    access.require_role(actor, Role.RECEIVING_OFFICER)
    if casefile.of(actor, dossier_id).line(document_id) is None:
        raise NotFound("no_such_document")
    verdict = typed.choice(Verdict, "verdict", "verdict_required")
    counter.compare(actor, document_id, verdict, typed.text("description"), typed.files("photographs"))


def _set_fee(actor: Actor, dossier_id: int, fee_id: int) -> None:
    _require_fee(actor, dossier_id, fee_id)
    counter.set_fee(actor, fee_id, typed.money("amount"), typed.text("reason"))


def _exempt(actor: Actor, dossier_id: int, fee_id: int) -> None:
    _require_fee(actor, dossier_id, fee_id)
    counter.exempt(actor, fee_id, typed.text("reason"))


def _require_fee(actor: Actor, dossier_id: int, fee_id: int) -> None:
    access.require_role(actor, Role.RECEIVING_OFFICER)
    if fee_id not in {fee.id for fee in access.dossier_for(actor, dossier_id).fees}:
        raise NotFound("no_such_fee")


def _pay(actor: Actor, dossier_id: int) -> None:
    access.require_role(actor, Role.RECEIVING_OFFICER)
    access.dossier_for(actor, dossier_id)
    amount, number = typed.money("amount"), typed.text("receipt_number", limit=typed.LONGEST_NUMBER)
    counter.record_payment(actor, dossier_id, amount, number)


def register(appbuilder: AppBuilder) -> None:
    """Add the desk."""
    appbuilder.add_view_no_menu(CounterPages)
