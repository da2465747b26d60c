"""Surveys in tests: the link as the applicant finds it, and answers that were given."""

import random
import re
from datetime import date

import sqlalchemy as sa

from app.domain.survey import Question
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.outbox import OutboxMessage
from app.models.survey import SurveyAnswer, SurveyMark
from tests import factories as make


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


def answered(unit="", code="HKD-01", month=10, ratings=(5, 5, 5, 5, 5), remark="", times=1):
    procedure = db.session.scalar(sa.select(Procedure.id).where(Procedure.code == code))
    for _ in range(times):
        row = SurveyAnswer(id=random.getrandbits(62), agency_id=make.agency(unit).id, procedure_id=procedure)
        row.month, row.remark = date(2026, month, 1), remark
        for question, rating in zip(Question, ratings, strict=True):
            setattr(row, question.value, rating)
        db.session.add(row)
    db.session.commit()
