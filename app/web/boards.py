"""The leaders' board ("Điều hành")."""

from typing import Any

from flask import render_template, request
from flask_appbuilder import expose

from app.actor import require_actor
from app.domain.periods import Period
from app.domain.roles import Role
from app.domain.sheets import TOTAL
from app.services import boards, queues, scopes, settings
from app.services.figures import By
from app.services.report_asked import Asked
from app.web import board_charts, board_weeks, figure_pages
from app.web.base import PageView
from app.web.inbox import chip
from app.web.pictures import Link, intake_limit, percent, phan_tram
from app.web.typed import key

WHOLE_CITY = "tat-ca"
USUAL_WEEKS = 12


class BoardPages(PageView):
    """``/dieu-hanh``."""

    route_base = "/dieu-hanh"

    @expose("")
    def index(self) -> str:
        """``?tuan=`` so many weeks, ``don-vi=`` the key of an agency or ``tat-ca``."""
        actor = require_actor(Role.LEADER)
        unit = request.args.get("don-vi")
        board = boards.of(actor, _weeks(), key(unit), whole_city=unit == WHOLE_CITY)
        choices = boards.choices(actor)
        return render_template(
            "staff/board.html",
            board=board,
            unit=next((a.name for a in choices if a.id == board.scope.agency_id), None),
            choices=choices,
            whole_city=WHOLE_CITY if scopes.may_see_whole_city(actor) else None,
            weeks=boards.WEEKS,
            pictures=_pictures(board, _link(board)),
            link=_link(board),
            intake=percent(board.counts["intake_within"], boards.answered(board.counts)),
            targets={name: settings.get(f"target_{name}") for name in ("intake", "not_late")},
            limit=intake_limit(),
            percent=percent,
            phan_tram=phan_tram,
            waiting=queues.counts(actor)["approval"],
            chip=chip,
        )


def _weeks() -> int:
    chosen = key(request.args.get("tuan"))
    return chosen if chosen in boards.WEEKS else USUAL_WEEKS


def _link(board: boards.Board) -> Link:
    def link(figure: str, period: Period, by: By | None = None, group: int | None = None) -> str:
        asked = Asked("", period.first, period.last, by=by or "")
        return figure_pages.address(asked, figure, group if by else TOTAL) if board.opens else ""

    return link


def _pictures(board: boards.Board, link: Link) -> list[Any]:
    target = {name: settings.get(name) for name in ("target_intake", "target_not_late")}
    intake = (
        board_charts.intake(board, target["target_intake"])
        if board.by is By.UNIT
        else board_weeks.share(board, link, board_weeks.INTAKE, target["target_intake"])
    )
    found = [
        board_charts.results(board, link),
        intake,
        board_weeks.share(board, link, board_weeks.NOT_LATE, target["target_not_late"]),
        board_charts.time_spent(board, link),
        board_weeks.flow(board, link) if any(any(c.values()) for c in board.weeks.values()) else None,
    ]
    return [picture for picture in found if picture is not None]


def register(appbuilder: Any) -> None:
    """Add the board."""
    appbuilder.add_view_no_menu(BoardPages)
