"""The inbox of each role: queues as tabs, the most urgent dossier first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from flask import redirect, render_template, request, url_for
from flask_appbuilder import AppBuilder, expose
from werkzeug.wrappers import Response

from app.domain.states import State
from app.services import batch, queues
from app.services.queues import COUNT_CAP, Queue, Row
from app.web import case_pages, typed
from app.web.base import PageView
from app.web.dossier_list import say_each

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Chip:
    """What the deadline macro shows."""

    css: str
    words: str
    at: datetime | None


class Inbox(PageView):
    """``/hop-thu``."""

    route_base = "/hop-thu"

    @expose("")
    def index(self) -> str:
        """A tab: ``?nhom=`` its key, ``tim=`` words, ``sau=`` where the page before ended."""
        actor, text = case_pages.officer(), request.args.get("tim", "")[:LONGEST_SEARCH]
        queue = _queue(queues.of(actor))
        page = queues.page(actor, queue, text=text, cursor=request.args.get("sau"))
        following = url_for("Inbox.index", nhom=queue.key, tim=text or None, sau=page.next_cursor)
        return render_template(
            "staff/inbox.html",
            queue=queue,
            queues=queues.of(actor),
            counts=queues.counts(actor),
            cap=COUNT_CAP,
            page=page,
            following=following if page.next_cursor else None,
            begun=request.args.get("sau"),
            text=text,
            chip=chip,
            can_forward=State.RECEIVED in queue.states and len(queue.states) == 1,
            token=uuid4().hex,
        )

    @expose("/chuyen", methods=["POST"])
    def forward(self) -> Response:
        """Forward the chosen dossiers to their departments; each is answered for itself."""
        actor = case_pages.officer()
        chosen = [typed.key(value) or 0 for value in request.form.getlist("dossier")]
        token = typed.text("idempotency_key", limit=40) or None
        say_each(batch.apply_each(actor, chosen, "forward", idempotency_key=token))
        return redirect(url_for("Inbox.index", nhom="received"))


def _queue(offered: tuple[Queue, ...]) -> Queue:
    asked = request.args.get("nhom")
    return next((queue for queue in offered if queue.key == asked), offered[0])


def chip(row: Row) -> Chip | None:
    """The deadline of a row for its macro; None when no clock runs."""
    return Chip(row.urgency, row.remaining, row.dossier.due_at) if row.urgency else None


def register(appbuilder: AppBuilder) -> None:
    """Add the inbox."""
    appbuilder.add_view_no_menu(Inbox)
