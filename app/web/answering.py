"""Answering a supplement request: words and new scans for each item, saved as often as wanted, sent once."""

from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.domain.roles import Actor
from app.domain.states import State
from app.domain.transitions import WAITING_FOR_CITIZEN
from app.models.dossier import Dossier
from app.models.handling import SupplementItem, SupplementRequest
from app.services import access, dossiers, facts, progress, supplements
from app.web.base import PageView
from app.web.visitors import (
    KEY,
    PressForm,
    accepted,
    add_scans,
    citizen,
    leave,
    limits,
    plain,
    shown,
    sort_scans,
    uploads,
)

STEP = {State.SUPPLEMENT_REQUESTED: "resubmit", State.INFORMATION_REQUESTED: "supply_information"}
"""Which transition sends the answers, by the state that waits for them."""


class AnswerForm(PressForm):
    """The fields of the items are named by their keys: ``answer-<item>``, ``files-<item>``."""


class AnsweringPages(PageView):
    """The page of an open supplement request."""

    route_base = "/ho-so"

    @expose(f"/<{KEY}:dossier_id>/bo-sung", methods=("GET", "POST"))
    def answer(self, dossier_id: int) -> Response:
        """Answer item by item; every button saves what was typed and picked, one of them sends."""
        actor, form = citizen(), AnswerForm()
        dossier, asked = _asked(actor, dossier_id)
        if accepted(form, lambda: _take(actor, dossier, asked, form)):
            return _after(dossier_id)
        return _page(actor, dossier_id, form)


def _asked(actor: Actor, dossier_id: int) -> tuple[Dossier, SupplementRequest]:
    """The dossier and its open request; when there is none any more, on to the dossier's page."""
    dossier = access.dossier_for(actor, dossier_id)
    asked = facts.open_request(dossier) if dossier.state in WAITING_FOR_CITIZEN else None
    if asked is None:
        leave(f"/ho-so/{dossier_id}")
    return dossier, asked


def _take(actor: Actor, dossier: Dossier, asked: SupplementRequest, form: AnswerForm) -> None:
    act = request.form.get("act", "save")
    sends = STEP[dossier.state]
    items, dossier_id = list(asked.items), dossier.id
    if ":" in act:
        sort_scans(actor, {item.document_id for item in items if item.document_id}, act)
    for item in items:
        _save(actor, item.id, item.document_id, form)
    if act == "send" and not form.errors:
        once = form.seen()["idempotency_key"]
        dossiers.apply(actor, dossier_id, sends, idempotency_key=once)


def _save(actor: Actor, item_id: int, document_id: int | None, form: AnswerForm) -> None:
    if (text := request.form.get(f"answer-{item_id}")) is not None:
        supplements.answer_item(actor, item_id, plain(text))
    if document_id is not None:
        form.form_errors.extend(add_scans(actor, document_id, uploads(f"files-{item_id}")))


def _after(dossier_id: int) -> Response:
    if request.form.get("act") == "send":
        flash(gettext("Đã gửi bổ sung."), "success")
        return redirect(f"/ho-so/{dossier_id}")
    flash(gettext("Đã lưu. Hồ sơ chỉ được giải quyết tiếp khi ông, bà bấm “Gửi bổ sung”."), "info")
    return redirect(f"/ho-so/{dossier_id}/bo-sung")


def _page(actor: Actor, dossier_id: int, form: AnswerForm) -> Response:
    dossier, asked = _asked(actor, dossier_id)  # afresh: another press may have sent it meanwhile
    form.renew(dossier)
    return shown(
        "citizen/answer.html",
        form,
        dossier=dossier,
        asked=asked,
        fresh={item.id: _fresh(item) for item in asked.items},
        clock=progress.running_clock(dossier),
        limits=limits(),
    )


def _fresh(item: SupplementItem) -> list[Any]:
    return sorted(item.attachments, key=lambda attachment: attachment.page_order)


def register(appbuilder: Any) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(AnsweringPages)
