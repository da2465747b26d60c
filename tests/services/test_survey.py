"""The survey: one answer per returned dossier, and nothing that leads back to it."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from app.domain import clock
from app.domain.errors import Conflict, NotFound, Refused
from app.domain.survey import Question
from app.extensions import db
from app.models.outbox import OutboxMessage
from app.models.survey import SurveyAnswer, SurveyMark
from app.services import account_links, account_rows, dossiers, settings, survey
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

CONTENT = dict.fromkeys(Question, 5)


def token_of(dossier):
    """The link as the applicant finds it in the mail."""
    query = sa.select(OutboxMessage.body).where(
        OutboxMessage.dossier_id == dossier.id, OutboxMessage.template == "returned_and_survey"
    )
    [body] = db.session.scalars(query).all()
    [token] = re.findall(r"http://localhost/khao-sat/(\S+)", body)
    return token


def counted():
    db.session.rollback()
    return [db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (SurveyAnswer, SurveyMark)]


def test_the_mail_of_a_returned_dossier_asks_and_the_answer_is_taken_once(moment):
    dossier = make.returned()
    token = token_of(dossier)
    asked = survey.invitation(token)
    assert (asked.procedure, asked.agency) == (dossier.procedure_name, dossier.agency.name)
    assert not asked.answered
    survey.answer(token, dict(zip(Question, (5, 4, 3, 2, 1), strict=True)), "  Nhanh gọn. ")
    assert survey.invitation(token).answered
    [row] = db.session.scalars(sa.select(SurveyAnswer)).all()
    assert [getattr(row, q.value) for q in Question] == [5, 4, 3, 2, 1]
    assert (row.agency_id, row.procedure_id) == (dossier.agency_id, dossier.procedure_id)
    assert (row.month, row.remark) == (date(2026, 11, 1), "Nhanh gọn.")
    with pytest.raises(Conflict, match="survey_answered"):
        survey.answer(token, dict.fromkeys(Question, 1))
    assert counted() == [1, 1]


def test_nothing_that_is_stored_leads_from_the_answer_to_the_dossier():
    dossier = make.returned()
    journal = db.session.scalar(sa.text("SELECT count(*) FROM journal"))
    whose = f"{dossier.applicant_name.upper()}, hồ sơ {dossier.code}, mã {dossier.reference}, 0912 345 678"
    survey.answer(token_of(dossier), CONTENT, f"Tôi là {whose}, {dossier.declared_email}.")
    columns = {c.name for t in (SurveyAnswer, SurveyMark) for c in t.__table__.columns}
    assert columns == {
        *("id", "agency_id", "procedure_id", "month", "remark", "mark"),
        *(q.value for q in Question),
    }
    [row] = db.session.scalars(sa.select(SurveyAnswer)).all()
    assert row.remark == "Tôi là •••, hồ sơ •••, mã •••, •••, •••."
    assert row.id > 2**20  # not counted up
    [mark] = db.session.scalars(sa.select(SurveyMark.mark)).all()
    assert re.fullmatch(r"[0-9a-f]{64}", mark)
    assert db.session.scalar(sa.text("SELECT count(*) FROM journal")) == journal


def test_a_link_that_is_forged_foreign_or_of_another_purpose_is_none():
    dossier = make.returned()
    token = token_of(dossier)
    account = account_links.write(account_links.Purpose.RESET, account_rows.by_id(dossier.citizen_id))
    body, rest = token.split(".", 1)
    for bad in (account, token[:-1], f"{body}x.{rest}", "x", "", "a.b.c", "é" * 40):
        for attempt in (survey.invitation, lambda t: survey.answer(t, CONTENT)):
            with pytest.raises(NotFound, match="link_forged"):
                attempt(bad)
    assert counted() == [0, 0]


def test_a_dossier_that_was_not_returned_is_not_asked_about():
    dossier = make.result_ready()
    token = survey.link(dossier).rsplit("/", 1)[1]
    with pytest.raises(NotFound, match="link_forged"):
        survey.answer(token, CONTENT)
    assert counted() == [0, 0]


def test_the_link_holds_as_long_as_the_setting_says_and_the_mail_says_so_too(moment):
    settings.change(make.administrator(), "survey_days", "2")
    dossier = make.returned()
    token = token_of(dossier)
    until = survey.open_until(dossier.closed_at)
    body = db.session.scalar(
        sa.select(OutboxMessage.body).where(OutboxMessage.template == "returned_and_survey")
    )
    assert f"{clock.to_local(until):%H:%M} thứ Tư, 25/11/2026" in body
    moment.shift(2 * 86400 - 60)
    assert not survey.invitation(token).answered
    moment.shift(120)
    with pytest.raises(Refused, match="survey_expired"):
        survey.invitation(token)
    with pytest.raises(Refused, match="survey_expired"):
        survey.answer(token, CONTENT)
    assert counted() == [0, 0]


@pytest.mark.parametrize(
    ("changed", "remark", "key", "field"),
    [
        ({Question.TIME: None}, "", "survey_incomplete", "time"),
        ({Question.INFORMATION: 0}, "", "survey_incomplete", "information"),
        ({Question.RESULT: 6}, "", "survey_incomplete", "result"),
        ({}, "a" * 2001, "message_too_long", "remark"),
    ],
)
def test_an_incomplete_answer_is_refused_and_may_be_sent_again(changed, remark, key, field):
    token = token_of(make.returned())
    with pytest.raises(Refused, match=key) as refusal:
        survey.answer(token, CONTENT | changed, remark)
    assert refusal.value.field == field
    assert counted() == [0, 0]
    survey.answer(token, CONTENT)
    assert counted() == [1, 1]


def test_two_dossiers_of_one_person_are_two_answers():
    for _ in range(2):
        survey.answer(token_of(make.returned("KS-01", "Cẩm Bình")), CONTENT)
    assert counted() == [2, 2]


def test_a_refused_return_promises_no_survey():
    dossier = make.result_ready()
    with pytest.raises(Refused):
        dossiers.apply(make.officer(), dossier.id, "return_result")
    mails = sa.select(sa.func.count()).where(OutboxMessage.template == "returned_and_survey")
    assert db.session.scalar(mails) == 0
