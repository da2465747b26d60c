"""The survey of a returned dossier: opened by the link in the mail, without log-in, answered once."""

from contextlib import suppress
from typing import Any

from flask import redirect, request
from flask_appbuilder import expose
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field, RadioField, TextAreaField, ValidationError

from app.domain.errors import Conflict
from app.domain.survey import QUESTIONS, Question, Rating
from app.reasons import words
from app.services import survey
from app.web.base import PageView
from app.web.visitors import accepted, chosen, plain, shown

_ = lazy_gettext


class SurveyForm(FlaskForm):
    """The five questions, and a remark for whoever wants to say more."""

    remark = TextAreaField(
        _("Ý kiến khác"),
        description=_("Xin đừng ghi họ tên, số điện thoại hay mã hồ sơ."),
        filters=[plain],
        render_kw={"rows": 4, "maxlength": survey.LONGEST_REMARK},
    )

    def questions(self) -> list[Field]:
        """The fields of the questions in their order, each with its five answers."""
        fields = [self[question.value] for question in Question]
        for field in fields:
            field.choices = [(str(int(rating)), rating.label) for rating in Rating]
        return fields

    def ratings(self) -> dict[Question, int]:
        """What was chosen."""
        return {question: self[question.value].data for question in Question}


def _one_of_five(_form: FlaskForm, field: Field) -> None:
    if field.data not in set(Rating):
        raise ValidationError(words(survey.unanswered(Question(field.name))))


for _question in Question:
    _field = RadioField(
        lazy_gettext(QUESTIONS[_question]), coerce=chosen, validate_choice=False, validators=[_one_of_five]
    )
    setattr(SurveyForm, _question.value, _field)


class SurveyPages(PageView):
    """``/khao-sat``."""

    route_base = survey.PAGE

    @expose("/<token>", methods=("GET", "POST"))
    def index(self, token: str) -> Response:
        """Ask, or thank; a second press and the back button come to the same thanks."""
        asked = survey.invitation(token)
        if asked.answered:
            return shown("survey/thanks.html", asked=asked)
        form = SurveyForm()
        questions = form.questions()
        if accepted(form, lambda: _answer(token, form)):
            return redirect(request.path)
        return shown("survey/form.html", form, asked=asked, questions=questions)


def _answer(token: str, form: SurveyForm) -> None:
    with suppress(Conflict):  # pressed twice: the first press has answered
        survey.answer(token, form.ratings(), form.remark.data)


def register(appbuilder: Any) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(SurveyPages)
