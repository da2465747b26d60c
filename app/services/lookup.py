"""Looking a dossier up without logging in: by code and telephone, or by the secret link of the QR."""

import hmac
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import or_, select

from app.domain.errors import NotFound
from app.domain.language import say
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier, Outcome
from app.models.handling import Result
from app.services import access, apologies, attempts, settings

KIND_DOSSIER, KIND_VISITOR = "lookup", "lookup_ip"
VISITOR_FACTOR = 4
"""A visitor may be a whole office behind one address: four times as many tries as one dossier allows."""


@dataclass(frozen=True)
class VoidNotice:
    """What somebody who holds a void result has to know; why it is void concerns the applicant alone."""

    number: str
    decided_on: date | None
    voided_at: datetime
    new_number: str = ""
    new_decided_on: date | None = None
    """Of the result issued anew after the authority found no violation."""


@dataclass(frozen=True)
class PublicView:
    """What anyone with the code and four digits may know; names and numbers are masked by the page."""

    code: str
    procedure: str
    agency: str
    holder: str
    applicant_name: str
    state: State
    denied: bool
    submitted_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    place: str
    void: VoidNotice | None = None
    promised_on: date | None = None
    """The new day that an apology promised, while the due time still runs."""


def by_code(code: str, last_four: str, visitor: str) -> PublicView:
    """The dossier of that code or reference whose applicant's telephone ends in the four digits.

    Wrong code and wrong digits get the same answer. After a few wrong tries the dossier, by whichever of its
    two names it was asked for, and the visitor's address are locked for a while (TooManyAttempts; settings).
    """
    code = code.strip().upper()
    tries, minutes = settings.get("lookup_tries"), settings.get("lookup_lock_minutes")
    attempts.check(KIND_VISITOR, visitor, limit=tries * VISITOR_FACTOR, minutes=minutes)
    dossier = _find(code)
    subject = f"dossier {dossier.id}" if dossier else code
    attempts.hit(KIND_DOSSIER, subject, limit=tries, minutes=minutes)
    if dossier is None or not _ends_in(dossier.applicant_phone, last_four):
        attempts.fail(KIND_VISITOR, visitor, minutes=minutes)
        raise NotFound("lookup_found_nothing")
    attempts.clear(KIND_DOSSIER, subject)
    return _view(dossier)


def by_secret(secret: str) -> PublicView:
    """The dossier of a QR's secret link; NotFound for any other text."""
    dossier = db.session.scalar(select(Dossier).where(Dossier.secret == secret))
    if dossier is None or dossier.state in access.PRIVATE:
        raise NotFound("lookup_found_nothing")
    return _view(dossier)


def _find(code: str) -> Dossier | None:
    query = select(Dossier).where(or_(Dossier.code == code, Dossier.reference == code))
    return db.session.scalar(query.where(Dossier.state.not_in(access.PRIVATE)))


def _ends_in(phone: str, last_four: str) -> bool:
    digits = last_four.strip()
    return len(digits) == 4 and hmac.compare_digest(phone[-4:].encode(), digits.encode())  # noqa: PLR2004


def _view(dossier: Dossier) -> PublicView:
    return PublicView(
        code=dossier.display_code,
        procedure=dossier.procedure_name,
        agency=dossier.agency.name,
        holder=holder_of(dossier),
        applicant_name=dossier.applicant_name,
        state=dossier.state,
        denied=dossier.outcome is Outcome.DENIED,
        submitted_at=dossier.submitted_at,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        closed_at=dossier.closed_at,
        place=str(dossier.return_place or ""),
        void=_void_notice(dossier),
        promised_on=_promised(dossier),
    )


def _void_notice(dossier: Dossier) -> VoidNotice | None:
    query = select(Result).where(Result.dossier_id == dossier.id, Result.voided_at.is_not(None))
    void = db.session.scalar(query.order_by(Result.id.desc()).limit(1))
    if void is None or void.voided_at is None:
        return None
    new = db.session.scalar(select(Result).where(Result.replaces_id == void.id))
    notice = VoidNotice(void.number, void.decided_on, void.voided_at)
    return replace(notice, new_number=new.number, new_decided_on=new.decided_on) if new else notice


def _promised(dossier: Dossier) -> date | None:
    apology = apologies.of_dossier(dossier) if dossier.due_at else None
    return apology.promised_on if apology else None


def holder_of(dossier: Dossier) -> str:
    """Who has the dossier now, in words."""
    if dossier.state in {State.SUPPLEMENT_REQUESTED, State.INFORMATION_REQUESTED, State.DRAFT}:
        return say("Người nộp hồ sơ")
    if dossier.state is State.IN_APPRAISAL and dossier.department:
        return dossier.department.name
    if dossier.state is State.AWAITING_APPROVAL:
        return say("Lãnh đạo {agency}", agency=dossier.agency.name)
    return say("Bộ phận tiếp nhận và trả kết quả, {agency}", agency=dossier.agency.name)
