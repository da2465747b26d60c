"""Papers that the office issued, as PDF: only through these routes, each checked by the service."""

from typing import Any
from urllib.parse import quote

from flask import request
from flask_appbuilder import AppBuilder, expose
from werkzeug.wrappers import Response

from app.services import papers
from app.web import case_pages
from app.web.base import PageView
from app.web.visitors import KEY, citizen

POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; img-src 'self' data:"
"""Of our own making, so a browser's reader may show it; still it loads and runs nothing."""


class PaperFiles(PageView):
    """``/can-bo/ban-in/<id>`` for officers, ``/ho-so/ban-in/<id>`` for the citizen; ``?tai-ve=1`` saves it."""

    route_base = ""

    @expose(f"/can-bo/ban-in/<{KEY}:paper_id>")
    def of_office(self, paper_id: int) -> Response:
        """A paper of a dossier that the officer may see."""
        return as_pdf(*_read(case_pages.officer(), paper_id))

    @expose(f"/ho-so/ban-in/<{KEY}:paper_id>")
    def of_citizen(self, paper_id: int) -> Response:
        """A paper of the citizen's own dossier."""
        return as_pdf(*_read(citizen(), paper_id))

    @expose(f"{case_pages.ROOT}/{case_pages.ID}/phieu-kiem-soat")
    def slip(self, dossier_id: int) -> Response:
        """The control slip as it stands; the numbered one is issued with the result."""
        return as_pdf(
            f"phieu-kiem-soat-{dossier_id}.pdf", papers.draft_slip(case_pages.officer(), dossier_id)
        )


def as_pdf(name: str, data: Any) -> Response:
    """A PDF, shown by the browser or saved."""
    response = Response(data, content_type="application/pdf")
    kind = "attachment" if request.args.get("tai-ve") == "1" else "inline"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def _read(actor: Any, paper_id: int) -> tuple[str, bytes]:
    paper, data = papers.read(actor, paper_id)
    return papers.file_name(paper), data


def register(appbuilder: AppBuilder) -> None:
    """Add the routes."""
    appbuilder.add_view_no_menu(PaperFiles)
