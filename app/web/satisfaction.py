"""What the surveys say, for leaders: groups only, never an answer with its dossier."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.actor import require_actor
from app.domain import clock
from app.domain.roles import Role
from app.domain.survey import Rating
from app.models.catalogue import Procedure
from app.models.organisation import Agency
from app.services import boards, scopes, settings, survey_figures
from app.services.survey_figures import Score
from app.web import charts
from app.web.base import PageView
from app.web.boards import WHOLE_CITY
from app.web.charts import Mark, Row
from app.web.formats import so
from app.web.pictures import Cell, Picture, percent, phan_tram
from app.web.typed import key

MONTHS = (3, 6, 12, 24)
USUAL_MONTHS = 12
TONES = ("tot", "giua", "dung", "can", "nguy")
"""Of the five answers, the best first."""


class SatisfactionPages(PageView):
    """``/hai-long``."""

    route_base = "/hai-long"

    @expose("")
    def index(self) -> str:
        """``?thang=`` so many months, ``don-vi=`` as on the board, ``theo=`` thu-tuc or don-vi."""
        actor = require_actor(Role.LEADER)
        unit = request.args.get("don-vi")
        scope = boards.scope_for(actor, key(unit), whole_city=unit == WHOLE_CITY)
        months = _months()
        first, last = _first(months), clock.today()
        found = (
            survey_figures.of_city(first, last)
            if scope.agency_id is None
            else survey_figures.of_agency(scope.agency_id, first, last)
        )
        said = survey_figures.remarks(found.shown, key(request.args.get("sau")) or 0)
        choices = boards.choices(actor)
        return render_template(
            "staff/satisfaction.html",
            found=found,
            picture=_picture(found.scores) if found.scores else None,
            groups=survey_figures.named(found.groups, Agency if scope.agency_id is None else Procedure),
            remarks=[words for _key, words in said],
            following=said[-1][0] if len(said) == survey_figures.REMARKS else None,
            scope=scope,
            unit=next((a.name for a in choices if a.id == scope.agency_id), None),
            choices=choices,
            whole_city=WHOLE_CITY if scopes.may_see_whole_city(actor) else None,
            months=MONTHS,
            chosen=months,
            first=first,
            this_month=clock.today().replace(day=1),
            threshold=settings.get("survey_group"),
            phan_tram=phan_tram,
        )


def _months() -> int:
    chosen = key(request.args.get("thang"))
    return chosen if chosen in MONTHS else USUAL_MONTHS


def _first(months: int) -> date:
    """The first day of the period: so many months that are over."""
    today = clock.today()
    count = today.year * 12 + today.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _picture(scores: Sequence[Score]) -> Picture:
    worst = min(scores, key=lambda score: (score.satisfied, score.average))
    finding = _("Mức độ hài lòng theo từng mục, phần trăm ý kiến. Thấp nhất: %(question)s, %(share)s hài lòng.",
                question=worst.question.label, share=phan_tram(worst.satisfied))  # fmt: skip
    words = [rating.label for rating in Rating]
    return Picture(
        heading=_("Từng mục được hỏi"),
        aside=_("phần trăm ý kiến"),
        svg=charts.bars(finding, TONES, [_row(score) for score in scores], _whole),
        heads=[_("Mục"), _("Điểm trung bình (trên 5)"), _("Hài lòng trở lên"), *words],
        rows=[(score.question.label, _cells(score)) for score in scores],
        legend=list(zip(TONES, words, strict=True)),
    )


def _row(score: Score) -> Row:
    marks = [
        Mark(_share(score, rating), f"{score.question.label}, {rating.label}: {so(score.counts[rating])}")
        for rating in Rating
    ]
    return Row(score.question.label, marks, so(round(score.average, 2)))


def _share(score: Score, rating: Rating) -> float:
    return percent(score.counts[rating], score.answers) or 0


def _whole(value: float) -> str:
    return f"{round(value)}%"


def _cells(score: Score) -> list[Cell]:
    head = [Cell(so(round(score.average, 2))), Cell(phan_tram(score.satisfied))]
    return [*head, *(Cell(so(score.counts[rating])) for rating in Rating)]


def register(appbuilder: Any) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(SatisfactionPages)
