"""What a transition changes besides the state; each effect returns the facts its mails need."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from app.domain.errors import Conflict, Refused
from app.domain.language import as_written
from app.domain.originals import Verdict
from app.domain.roles import Actor
from app.extensions import db
from app.models.dossier import Dossier, Outcome
from app.models.handling import OriginalCheck
from app.models.violation import CaseState, ViolationCase
from app.services import codes, facts, organisation, requirements, survey

Extra = dict[str, Any]
Found = TypeVar("Found")


def _there(found: Found | None) -> Found:
    """What a guard saw a moment ago; Conflict when it has gone meanwhile."""
    if found is None:
        raise Conflict("stale_version")
    return found


def _submit(_actor: Actor, dossier: Dossier, _reason: str, at: datetime) -> Extra:
    _refuse_unaddressed(dossier)
    dossier.submitted_at = at
    requirements.freeze(dossier)
    _refuse_incomplete(dossier)
    return {}


def _refuse_incomplete(dossier: Dossier) -> None:
    """The guard saw the papers of the day on which the draft was last opened; asked for is what holds now."""
    if missing := facts.missing_documents(dossier):
        raise Refused("documents_missing", documents=missing)


def _refuse_unaddressed(dossier: Dossier) -> None:
    """Mail goes to the declared address and the result to the declared place (announcement, point 2)."""
    if dossier.return_place_id is None:
        raise Refused("place_not_chosen", field="place_id")
    if not (dossier.applicant_name and dossier.applicant_phone and dossier.declared_email):
        raise Refused("applicant_incomplete", field="name")


def _receive(_actor: Actor, dossier: Dossier, _reason: str, at: datetime) -> Extra:
    dossier.received_at = at
    if abandoned := facts.prepared_request(dossier):  # else the department would send it as its own
        db.session.delete(abandoned)
    codes.assign(dossier)
    requirements.index(dossier)
    dossier.department_id = dossier.department_id or _usual_department(dossier)
    return {"documents": [d.name for d in facts.documents_with_scans(dossier)]}


def _usual_department(dossier: Dossier) -> int | None:
    department = organisation.department_for(dossier.procedure, dossier.agency)
    return department.id if department else None


def _send_request(transition: str) -> Callable[[Actor, Dossier, str, datetime], Extra]:
    def effect(actor: Actor, dossier: Dossier, reason: str, at: datetime) -> Extra:
        request = _there(facts.prepared_request(dossier))
        request.transition, request.reason, request.sent_at = transition, reason.strip(), at
        request.requested_by_id = actor.user_id or request.requested_by_id
        return {"items": [item.description for item in request.items]}

    return effect


def _answer_request(_actor: Actor, dossier: Dossier, _reason: str, at: datetime) -> Extra:
    _there(facts.open_request(dossier)).answered_at = at
    return {}


def _forward(_actor: Actor, dossier: Dossier, _reason: str, at: datetime) -> Extra:
    dossier.forwarded_at = at
    return {}


def _propose(outcome: Outcome) -> Callable[[Actor, Dossier, str, datetime], Extra]:
    def effect(actor: Actor, dossier: Dossier, reason: str, _at: datetime) -> Extra:
        dossier.proposal, dossier.proposal_reason = outcome, reason.strip()
        dossier.proposed_by_id = actor.user_id
        return {}

    return effect


def _approve(actor: Actor, dossier: Dossier, _reason: str, at: datetime) -> Extra:
    dossier.outcome, dossier.decided_at = dossier.proposal, at
    result = _there(facts.current_result(dossier))
    result.signed_at, result.signed_by_id = at, actor.user_id
    return {}


def _announce(_actor: Actor, dossier: Dossier, _reason: str, _at: datetime) -> Extra:
    with as_written():  # for a mail
        return {"documents": [f"{d.name} ({d.kind.label})" for d in facts.documents_with_scans(dossier)]}


def _return(_actor: Actor, dossier: Dossier, _reason: str, at: datetime) -> Extra:
    _there(facts.current_result(dossier)).handed_over_at = at
    return {"survey": survey.link(dossier), "due": survey.open_until(at)}


def _void(actor: Actor, dossier: Dossier, reason: str, at: datetime) -> Extra:
    """Void the result for good and open a violation case (announcement, point 2)."""
    result = _there(facts.current_result(dossier))
    result.voided_at, result.void_reason = at, reason.strip()
    differing = [_described(c) for c in facts.checks_of(dossier) if c.verdict is Verdict.DIFFERS]
    authority = organisation.authority_for(dossier.agency_id, dossier.procedure.field_id)
    if authority is None:
        raise Conflict("no_violation_authority")
    case = ViolationCase(
        dossier_id=dossier.id,
        agency_id=dossier.agency_id,
        state=CaseState.OPENED,
        report="\n".join([reason.strip(), *differing]),
        authority_name=authority.name,
        authority_email=authority.email,
        opened_by_id=actor.user_id,
        opened_at=at,
    )
    db.session.add(case)
    return {"items": differing}


def _described(check: OriginalCheck) -> str:
    return f"{check.document.name}: {check.description}"


EFFECTS: dict[str, Callable[[Actor, Dossier, str, datetime], Extra]] = {
    "submit": _submit,
    "receive": _receive,
    "request_supplement": _send_request("request_supplement"),
    "request_information": _send_request("request_information"),
    "resubmit": _answer_request,
    "supply_information": _answer_request,
    "forward": _forward,
    "propose_grant": _propose(Outcome.GRANTED),
    "propose_denial": _propose(Outcome.DENIED),
    "approve": _approve,
    "announce_result": _announce,
    "return_result": _return,
    "void_on_mismatch": _void,
}
