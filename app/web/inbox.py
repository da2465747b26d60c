"""The inbox of each role: queues as tabs, the most urgent dossier first, narrowed by words and filters.

Everything that was asked for stands in the address, so a reload, a bookmark or "back" shows the same list.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import transitions
from app.domain.errors import NotFound
from app.domain.roles import Actor, Role
from app.services import batch, organisation, queues
from app.services.queues import COUNT_CAP, Row, Sought
from app.services.tabs import Queue
from app.web import case_pages, typed
from app.web.base import PageView
from app.web.dossier_list import say_each

LONGEST_SEARCH = 100
OLDEST = date(2000, 1, 1)
"""Nothing was sent before; and a year like 0001 has no moment in UTC."""
NARROWING = ("tim", "thu-tuc", "phong", "tu")
"""Parameters of the address that narrow a tab: words, procedure, department, sent since."""


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
        """A tab: ``?nhom=`` its key, what narrows it, ``sau=`` where the page before ended."""
        actor = case_pages.officer()
        queue, sought = _queue(queues.of(actor)), _sought()
        page = queues.page(actor, queue, sought, cursor=request.args.get("sau"))
        return render_template(
            "staff/inbox.html",
            queue=queue,
            queues=queues.of(actor),
            counts=queues.counts(actor),
            cap=COUNT_CAP,
            page=page,
            following=_address(queue, sau=page.next_cursor) if page.next_cursor else None,
            begun=request.args.get("sau"),
            sought=sought,
            procedures=queues.procedures(actor),
            departments=_departments(actor),
            address=_address,
            plain=url_for("Inbox.index", nhom=queue.key),
            chip=chip,
            step=transitions.find(queue.step) if queue.step else None,
            token=uuid4().hex,
        )

    @expose("/hang-loat", methods=["POST"])
    def for_many(self) -> Response:
        """Make the tab's step for each of the chosen dossiers; each is answered for itself."""
        actor = case_pages.officer()
        queue = next((q for q in queues.of(actor) if q.key == request.args.get("nhom") and q.step), None)
        if queue is None:
            raise NotFound("no_such_transition", transition=request.args.get("nhom", ""))
        chosen = [typed.key(value) or 0 for value in request.form.getlist("dossier")]
        token = typed.text("idempotency_key", limit=40) or None
        if chosen:
            say_each(
                transitions.find(queue.step),
                batch.apply_each(actor, chosen, queue.step, idempotency_key=token),
            )
        else:
            flash(_("Chọn ít nhất một hồ sơ rồi thực hiện lại."), "warning")
        return redirect(_address(queue))


def _queue(offered: tuple[Queue, ...]) -> Queue:
    asked = request.args.get("nhom")
    return next((queue for queue in offered if queue.key == asked), offered[0])


def _sought() -> Sought:
    asked = request.args
    return Sought(
        text=asked.get("tim", "")[:LONGEST_SEARCH].strip(),
        procedure_id=typed.key(asked.get("thu-tuc")),
        department_id=typed.key(asked.get("phong")),
        since=_day(asked.get("tu", "")),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= OLDEST else None


def _address(queue: Queue, form: str = "", **more: Any) -> str:
    """A tab, or its form, with what narrows the one that is open."""
    narrowing: dict[str, Any] = {name: request.args[name] for name in NARROWING if request.args.get(name)}
    return f"{Inbox.route_base}{form}?{urlencode({'nhom': queue.key, **narrowing, **more})}"


def _departments(actor: Actor) -> list[tuple[int, str]]:
    """Key and name for the filter; a department officer sees only the dossiers of one."""
    if actor.role is Role.DEPARTMENT_OFFICER or actor.agency_id is None:
        return []
    return [(department.id, department.name) for department in organisation.departments_of(actor.agency_id)]


def chip(row: Row) -> Chip | None:
    """The deadline of a row for its macro; None when no clock runs."""
    return Chip(row.urgency, row.remaining, row.dossier.due_at) if row.urgency else None


def register(appbuilder: AppBuilder) -> None:
    """Add the inbox."""
    appbuilder.add_view_no_menu(Inbox)
