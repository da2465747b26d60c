"""Notices for the public. Administrators write them elsewhere (news_admin)."""

from typing import Any

from flask import request
from flask_appbuilder import expose
from werkzeug.wrappers import Response

from app.services import news
from app.web.base import PageView
from app.web.typed import key
from app.web.visitors import KEY, shown

PER_PAGE = 20
MOST_PAGES = 1000


class NewsPages(PageView):
    """The list of notices and the page of each."""

    route_base = "/tin-tuc"

    @expose("")
    def index(self) -> Response:
        """List the notices, newest first."""
        page = min(key(request.args.get("trang")) or 1, MOST_PAGES)
        found = news.published(PER_PAGE + 1, (page - 1) * PER_PAGE)
        return shown("public/news.html", items=found[:PER_PAGE], page=page, more=len(found) > PER_PAGE)

    @expose(f"/<{KEY}:item_id>")
    def show(self, item_id: int) -> Response:
        """Read one notice."""
        return shown("public/notice.html", item=news.read(item_id))


def register(appbuilder: Any) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(NewsPages)
