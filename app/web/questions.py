"""Questions of anybody, and the answers that were published (announcement, point 3)."""

from typing import Any

from flask import flash, redirect
from flask_appbuilder import expose
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField, SelectChoice, SelectField, StringField, TextAreaField

from app.models.catalogue import Procedure
from app.services import organisation, questions
from app.web.base import PageView
from app.web.visitors import accepted, chosen, plain, shown, visitor

_ = lazy_gettext


class QuestionForm(FlaskForm):
    """A question and where its answer goes."""

    agency_id = SelectField(_("Nơi trả lời"), coerce=chosen, validate_choice=False, id="hoi-noi")
    name = StringField(_("Họ và tên"), id="hoi-ten", filters=[plain], render_kw={"autocomplete": "name"})
    email = EmailField(
        _("Thư điện tử nhận câu trả lời"),
        id="hoi-thu",
        filters=[plain],
        render_kw={"autocomplete": "email"},
    )
    body = TextAreaField(_("Câu hỏi"), id="hoi-cau", filters=[plain], render_kw={"rows": 4})

    @classmethod
    def about(cls, procedure: Procedure | None = None) -> "QuestionForm":
        """The form with the agencies that can answer: of the procedure, or all."""
        form = cls()
        found = organisation.agencies_for(procedure) if procedure else organisation.agencies()
        form.agency_id.choices = [SelectChoice(str(agency.id), agency.name) for agency in found]
        return form


def asked(form: QuestionForm, procedure_id: int | None = None) -> bool:
    """Whether the question was taken; else the form says why not."""
    return accepted(
        form,
        lambda: questions.ask(
            agency_id=form.agency_id.data or 0,
            name=form.name.data,
            email=form.email.data,
            body=form.body.data,
            visitor=visitor(),
            procedure_id=procedure_id,
        ),
    )


class QuestionPages(PageView):
    """The page of questions and answers."""

    route_base = "/hoi-dap"

    @expose("", methods=("GET", "POST"))
    def index(self) -> Response:
        """Read what was asked before, or ask."""
        form = QuestionForm.about()
        if asked(form):
            flash(gettext("Đã nhận câu hỏi. Câu trả lời được gửi đến thư điện tử của ông, bà."), "success")
            return redirect("/hoi-dap")
        return shown("public/questions.html", form, answers=questions.published())


def register(appbuilder: Any) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(QuestionPages)
