"""What a citizen can expect: a public page, and a part of every procedure's page."""

from typing import Any

from flask import request
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.models.organisation import Level
from app.services import catalogue, expectations, organisation
from app.web.base import PageView
from app.web.typed import key
from app.web.visitors import shown


class ExpectationPages(PageView):
    """``/thoi-gian-giai-quyet``."""

    route_base = "/thoi-gian-giai-quyet"

    @expose("")
    def index(self) -> Response:
        """Of one agency, ``noi=`` its key; at first of the city."""
        agencies = organisation.agencies()
        chosen = request.args.get("noi")
        agency = next(
            (a for a in agencies if (a.id == key(chosen) if chosen else a.level is Level.CITY)), None
        )
        if agency is None:
            raise NotFound("no_such_agency")
        found = expectations.of_agency(agency.id)
        return shown(
            "public/expectations.html",
            agencies=agencies,
            agency=agency,
            period=expectations.period(),
            rows=[(p, found[p.id]) for p in catalogue.search("", level=agency.level) if p.id in found],
        )


def register(appbuilder: Any) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(ExpectationPages)
