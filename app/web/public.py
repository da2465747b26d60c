"""What anybody may read: the first page, the procedures, and where a dossier begins."""

from typing import Any
from urllib.parse import quote

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField

from app.actor import current_actor
from app.domain import clock
from app.domain.errors import NotFound, Refused
from app.domain.roles import Role
from app.models.catalogue import Procedure
from app.models.organisation import Agency, Level
from app.services import (
    catalogue,
    compose,
    expectations,
    news,
    opening,
    organisation,
    questions,
    rollout,
    settings,
)
from app.services.validity import is_valid
from app.web.base import PageView
from app.web.questions import QuestionForm, asked
from app.web.tracking import LookupForm
from app.web.typed import key
from app.web.visitors import blame, chosen, citizen, plain, shown

_ = lazy_gettext
NEWS_SHOWN = 5
ANSWERS_SHOWN = 10


class StartForm(FlaskForm):
    """Where the dossier is to be sent."""

    agency_id = SelectField(_("Nơi gửi hồ sơ"), coerce=chosen, validate_choice=False)


class HomeView(PageView):
    """The first page."""

    route_base = ""
    default_view = "index"

    @expose("/")
    def index(self) -> Response:
        """Search first, then looking up, what there is, where it has begun, and when the office is open."""
        return shown(
            "public/home.html",
            lookup=LookupForm(),
            counts=catalogue.counts(),
            fields=catalogue.field_counts(),
            intake_minutes=settings.get("intake_minutes"),
            stages=_stages(),
            news=news.published(NEWS_SHOWN),
            hours=opening.at_present(),
            today=clock.today(),
        )


class ProcedurePages(PageView):
    """The list of procedures and the page of each."""

    route_base = "/thu-tuc"

    @expose("")
    def find(self) -> Response:
        """Find a procedure; accents and slips are forgiven."""
        asked_for = {name: plain(request.args.get(name)).strip() for name in ("q", "cap", "linh_vuc", "noi")}
        level = Level(asked_for["cap"]) if asked_for["cap"] in {*Level} else None
        found = catalogue.search(asked_for["q"][:200], level=level, field_id=key(asked_for["linh_vuc"]))
        return shown(
            "public/procedures.html",
            asked=asked_for,
            found=found,
            fields=catalogue.field_counts(level),
            levels=Level,
            agency=_chosen_agency(asked_for["noi"]),
        )

    @expose("/<code>")
    def show(self, code: str) -> Response:
        """What the procedure takes, and whether it can be sent to the place chosen."""
        return _procedure_page(_procedure(code), _chosen_agency(request.args.get("noi")))

    @expose("/<code>/nop", methods=("POST",))
    def start(self, code: str) -> Response:
        """Begin a dossier; visitors log in first and come back to this page with their place chosen."""
        procedure = _procedure(code)
        agency = _chosen_agency(request.form.get("agency_id"))
        if "check" in request.form and agency:
            return redirect(_address(procedure, agency))
        return _start(procedure, agency)

    @expose("/<code>/hoi", methods=("POST",))
    def ask(self, code: str) -> Response:
        """Ask a question about the procedure."""
        procedure, form = _procedure(code), QuestionForm.about(_procedure(code))
        if asked(form, procedure.id):
            flash(gettext("Đã nhận câu hỏi. Câu trả lời được gửi đến thư điện tử của ông, bà."), "success")
            return redirect(f"/thu-tuc/{quote(procedure.code)}#hoi")
        return _procedure_page(procedure, None, question=form)


def _start(procedure: Procedure, agency: Agency | None) -> Response:
    form = StartForm()
    if agency is None:
        blame(form, Refused("place_not_chosen", field="agency_id"))
        return _procedure_page(procedure, agency, form)
    try:
        _refuse_closed(procedure, agency)
        if current_actor() is None:
            return redirect(f"/dang-nhap?next={quote(_address(procedure, agency))}")
        draft = compose.start(citizen(), procedure.code, agency.id)
    except Refused as error:
        blame(form, error)
        return _procedure_page(procedure, agency, form)
    return redirect(f"/ho-so/{draft.id}/soan")


def _refuse_closed(procedure: Procedure, agency: Agency) -> None:
    """Nobody is asked to log in only to hear that the place does not take the procedure yet."""
    found = catalogue.availability(procedure, agency, clock.today())
    if not found.open:
        raise Refused("procedure_not_open_here", field="agency_id", agency=agency.name, where=found.words)


def _address(procedure: Procedure, agency: Agency) -> str:
    return f"/thu-tuc/{quote(procedure.code)}?noi={agency.id}#nop"


def _procedure_page(
    procedure: Procedure,
    agency: Agency | None,
    form: StartForm | None = None,
    question: QuestionForm | None = None,
) -> Response:
    places = organisation.agencies_for(procedure)
    if agency is None and len(places) == 1:
        agency = places[0]
    return shown(
        "public/procedure.html",
        form if form is not None else question,
        procedure=procedure,
        start=form if form is not None else StartForm(),
        question=question if question is not None else QuestionForm.about(procedure),
        documents=catalogue.documents_of(procedure),
        fees=catalogue.fees_of(procedure),
        places=places,
        expected=expectations.of_procedure(procedure.id),
        opens_on=_opens_on(procedure.level),
        agency=agency,
        availability=catalogue.availability(procedure, agency, clock.today()) if agency else None,
        answers=questions.published(procedure_id=procedure.id, limit=ANSWERS_SHOWN),
        intake_minutes=settings.get("intake_minutes"),
        may_start=_may_start(),
        today=clock.today(),
    )


def _may_start() -> bool:
    actor = current_actor()
    return actor is None or actor.role is Role.CITIZEN


def _procedure(code: str) -> Procedure:
    """The procedure in force of this code; one that is no longer or not yet in force has no page."""
    procedure = catalogue.by_code(plain(code))
    if not is_valid(procedure, clock.today()):
        raise NotFound("no_such_procedure")
    return procedure


def _chosen_agency(text: str | None) -> Agency | None:
    """The agency of this key, None for anything else that stands in an address."""
    number = key(text)
    return next((a for a in organisation.agencies() if a.id == number), None) if number else None


def _opens_on(level: Level) -> dict[int, Any]:
    return {agency.id: day for day, agencies in rollout.stages(level) for agency in agencies}


def _stages() -> list[tuple[Any, list[Agency]]]:
    """The dated steps of the roll-out in the wards, and last (day None) the wards without a day."""
    stages: list[tuple[Any, list[Agency]]] = list(rollout.stages(Level.WARD))
    named = {agency.id for _day, agencies in stages for agency in agencies}
    rest = [agency for agency in organisation.agencies(Level.WARD) if agency.id not in named]
    return [*stages, (None, rest)] if rest else stages


def register(appbuilder: Any) -> None:
    """Add the pages; the first page is the index of the application (config FAB_INDEX_VIEW)."""
    appbuilder.add_view_no_menu(ProcedurePages)
