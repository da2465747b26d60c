"""The survey of a returned dossier: its link in the mail, and the one answer that it lets in.

The link carries the dossier, signed. What is stored of an answer does not: a mark (a keyed hash) says that the
dossier has answered, the answer says what was answered, and nothing leads from one to the other.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.domain import clock, survey
from app.domain.errors import Conflict, NotFound, Refused
from app.domain.states import State
from app.domain.survey import Question, Rating
from app.extensions import config, db
from app.models.dossier import Dossier
from app.models.survey import SurveyAnswer, SurveyMark
from app.services import mail_texts, settings, signed_links
from app.services.transaction import transaction, unique_or

SALT = "survey of a returned dossier"
PAGE = "/khao-sat"
LONGEST_REMARK = 2000


@dataclass(frozen=True)
class Invitation:
    """What an open link asks about; neither the applicant nor the code is on its page."""

    procedure: str
    agency: str
    answered: bool


def link(dossier: Dossier) -> str:
    """The address that the mail of the returned dossier gives its applicant."""
    return f"{config('BASE_URL')}{PAGE}/{signed_links.write(SALT, {'id': dossier.id})}"


def open_until(at: datetime) -> datetime:
    """Until when a link written at that moment lets an answer in."""
    return at + _lifetime()


def invitation(token: str) -> Invitation:
    """What the link asks about. NotFound when forged, Refused when too late."""
    dossier = _dossier(token)
    answered = db.session.get(SurveyMark, _mark(dossier)) is not None
    return Invitation(dossier.procedure_name, dossier.agency.name, answered)


def answer(token: str, ratings: Mapping[Question, int], remark: str = "") -> None:
    """Take the one answer of a dossier. Conflict when it was given before, Refused when incomplete."""
    _refuse_incomplete(ratings, remark)
    with transaction() as session:
        dossier = _dossier(token)
        with unique_or(Conflict("survey_answered")):
            session.add(SurveyMark(mark=_mark(dossier)))
        session.add(
            SurveyAnswer(
                id=secrets.randbits(62),
                agency_id=dossier.agency_id,
                procedure_id=dossier.procedure_id,
                month=clock.today().replace(day=1),
                remark=_nameless(remark, dossier),
                **{question.value: int(ratings[question]) for question in Question},
            )
        )


def unanswered(question: Question) -> Refused:
    """The refusal of an answer that leaves this question out."""
    return Refused("survey_incomplete", field=question.value, question=question.label)


def _dossier(token: str) -> Dossier:
    found = signed_links.read(SALT, token, _lifetime(), expired="survey_expired")
    query = select(Dossier).where(Dossier.id == found["id"], Dossier.state == State.RETURNED)
    dossier: Dossier | None = db.session.scalar(query)
    if dossier is None:  # the database is an older one than the mail
        raise NotFound("link_forged")
    return dossier


def _lifetime() -> timedelta:
    return clock.days(settings.get("survey_days"))


def _mark(dossier: Dossier) -> str:
    secret = f"{config('SECRET_KEY')} {SALT}".encode()
    return hmac.new(secret, str(dossier.id).encode(), hashlib.sha256).hexdigest()


def _refuse_incomplete(ratings: Mapping[Question, int], remark: str) -> None:
    for question in Question:
        if ratings.get(question) not in set(Rating):
            raise unanswered(question)
    if len(remark) > LONGEST_REMARK:
        raise Refused("message_too_long", field="remark", limit=LONGEST_REMARK)


def _nameless(remark: str, dossier: Dossier) -> str:
    """The remark without name, code, address and numbers of the dossier: it is read by those it is about."""
    whose = (
        dossier.applicant_name,
        dossier.representative_name,
        dossier.declared_email,
        dossier.code or "",
        dossier.reference,
    )
    words = survey.blotted(remark.strip(), whose, mail_texts.BLOTTED)
    return mail_texts.without_numbers(words, dossier)
