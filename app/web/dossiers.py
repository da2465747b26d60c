"""The page of one dossier in the workspace, and its buttons: one row of the transition table each."""

from flask import request
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import transitions
from app.domain.errors import NotAllowed
from app.domain.roles import Actor
from app.services import dossiers
from app.services.roles import DOSSIERS, READ
from app.web import case_pages, typed
from app.web.base import PageView
from app.web.case_pages import CONSEQUENCES, ID, ROOT


class DossierPages(PageView):
    """``/can-bo/ho-so/<id>``: everything about a dossier and everything that can be done with it."""

    route_base = ROOT
    class_permission_name = DOSSIERS
    base_permissions = [*READ, *transitions.BY_KEY]
    """Those of the list too, which has the same name: FAB deletes what is not said here. Its hint says set."""

    @expose(f"/{ID}")
    def show(self, dossier_id: int) -> Response:
        """The dossier; ``?giay-to=`` opens a document, ``&trang=`` one of its pages."""
        return case_pages.show(case_pages.officer(), dossier_id)

    @expose(f"/{ID}/thao-tac/<key>", methods=["POST"])
    def press(self, dossier_id: int, key: str) -> Response:
        """Make a step; one that cannot be undone first shows what it leads to."""
        actor, transition = case_pages.officer(), transitions.find(key)
        if not self.may(key):
            raise NotAllowed("role_may_not")
        form = f"press:{key}"
        if key in CONSEQUENCES and request.form.get("confirmed") != "1":
            refused = case_pages.attempt(actor, dossier_id, form, lambda: _rehearse(actor, dossier_id, key))
            return refused or case_pages.ask(actor, dossier_id, transition)
        refused = case_pages.attempt(actor, dossier_id, form, lambda: _apply(actor, dossier_id, key))
        done = _("Đã thực hiện: %(step)s.", step=transition.label)
        return refused or case_pages.go(f"{ROOT}/{dossier_id}", done)


def _apply(actor: Actor, dossier_id: int, key: str) -> object:
    token = typed.text("idempotency_key", limit=80) or None
    version = typed.key(request.form.get("version"))
    return dossiers.apply(
        actor, dossier_id, key, reason=typed.text("reason"), version=version, idempotency_key=token
    )


def _rehearse(actor: Actor, dossier_id: int, key: str) -> None:
    version = typed.key(request.form.get("version"))
    dossiers.rehearse(actor, dossier_id, key, reason=typed.text("reason"), version=version)


def register(appbuilder: AppBuilder) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(DossierPages)
