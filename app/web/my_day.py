"""The officer's day ("Ngày làm việc của tôi")."""

from typing import Any

from flask import render_template
from flask_appbuilder import expose

from app.actor import require_actor
from app.services import my_day
from app.web.base import PageView
from app.web.inbox import chip


class MyDayPages(PageView):
    """``/ngay-lam-viec``."""

    route_base = "/ngay-lam-viec"

    @expose("")
    def index(self) -> str:
        """What is due, what arrived, what waits at the counter, what one did."""
        return render_template("staff/my_day.html", day=my_day.of(require_actor(*my_day.MINE)), chip=chip)


def register(appbuilder: Any) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(MyDayPages)
