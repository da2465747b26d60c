"""Apologies for late results: the leader's list, and signing one on the dossier's page."""

from flask import render_template
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.actor import require_actor
from app.domain.roles import Actor, Role
from app.models.papers import ApologyState
from app.services import apologies
from app.web import case_pages, typed
from app.web.base import PageView


class ApologyPages(PageView):
    """``/can-bo/xin-loi``, and the form on ``/can-bo/ho-so/<id>``."""

    route_base = "/can-bo"

    @expose("/xin-loi")
    def index(self) -> str:
        """The apologies to be signed, and those that were sent."""
        actor = require_actor(Role.LEADER)
        return render_template(
            "staff/apologies.html",
            drafted=apologies.of_agency(actor, ApologyState.DRAFTED),
            sent=apologies.of_agency(actor, ApologyState.SENT),
        )

    @expose(f"/ho-so/{case_pages.ID}/xin-loi", methods=["POST"])
    def sign(self, dossier_id: int) -> Response:
        """Sign and send the apology of a dossier."""
        actor = require_actor(Role.LEADER)
        done = _("Đã ký và gửi phiếu xin lỗi.")
        return case_pages.answer(actor, dossier_id, "apology", lambda: _sign(actor, dossier_id), done)


def _sign(actor: Actor, dossier_id: int) -> None:
    apologies.sign(actor, dossier_id, typed.text("reason"), typed.day("promised_on"))


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(ApologyPages)
