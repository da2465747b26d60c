"""What the guards may know of a simulated dossier: services.facts, answered from memory."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.domain.clock import to_local
from app.domain.fees import FeeFacts, FeeLine
from app.domain.guards import Facts
from app.domain.originals import OriginalFacts
from app.domain.roles import Actor
from app.domain.states import ClockKind
from app.domain.transitions import Transition
from app.models.dossier import Outcome

if TYPE_CHECKING:
    from seed.simulation.case import Case

Gathered = dict[str, Any]
NOTHING = Facts()
"""For a step that no guard asks about."""


def facts(case: "Case", transition: Transition, actor: Actor, at: datetime) -> Facts:
    """The facts for one step, as the actor would press it at that moment."""
    if not transition.guards:
        return NOTHING
    known: Gathered = {"actor_id": actor.user_id, "granted": case.proposal is not Outcome.DENIED}
    for guard in transition.guards:
        known |= GATHERERS[guard](case, at)
    return Facts(**known)


def _documents(case: "Case", _at: datetime) -> Gathered:
    missing = tuple(d.paper.name for d in case.documents if d.paper.required and not d.scans)
    return {"missing_documents": missing}


def _open_here(case: "Case", at: datetime) -> Gathered:
    taken = case.office.takes(case.procedure, to_local(at).date())
    return {"unopened": None if taken else {"agency": case.office.name, "where": ""}}


def _email(_case: "Case", _at: datetime) -> Gathered:
    """Simulated citizens declare the confirmed address of their account."""
    return {"email_verified": True}


def _truth(case: "Case", _at: datetime) -> Gathered:
    return {"truth_declared": case.truth_declared_at is not None}


def _looked_at(case: "Case", _at: datetime) -> Gathered:
    unseen = tuple(d.paper.name for d in case.documents if d.scans and d.version not in d.reviews)
    return {"documents_not_looked_at": unseen}


def _items_listed(case: "Case", _at: datetime) -> Gathered:
    prepared = [request for request in case.requests if request.sent_at is None]
    return {"items_listed": len(prepared[-1].items) if prepared else 0}


def _items_answered(case: "Case", _at: datetime) -> Gathered:
    opened = [request for request in case.requests if request.sent_at and not request.answered_at]
    items = opened[-1].items if opened else []
    return {"items_unanswered": tuple(item.words for item in items if not item.answered)}


def _supplement_time(case: "Case", at: datetime) -> Gathered:
    running = case.timer.running(ClockKind.SUPPLEMENT)
    return {"supplement_time_passed": bool(running) and at > running[0].due}


def _department(case: "Case", _at: datetime) -> Gathered:
    return {"department_assigned": case.department_id is not None}


def _requests_left(case: "Case", _at: datetime) -> Gathered:
    made = sum(r.transition == "request_information" and r.sent_at is not None for r in case.requests)
    return {"requests_left": case.world.city.information_requests - made}


def _appraisers(case: "Case", _at: datetime) -> Gathered:
    proposer = {case.proposed_by} if case.proposed_by else set()
    return {"opinion_written": bool(case.appraisers), "appraiser_ids": frozenset(case.appraisers) | proposer}


def _proposer(case: "Case", _at: datetime) -> Gathered:
    return {"proposer_ids": frozenset({case.proposed_by} if case.proposed_by else ())}


def _result(case: "Case", _at: datetime) -> Gathered:
    if not case.results:
        return {"result_drafted": False, "result_signed": False}
    result = case.results[-1]
    drafted = bool(result.draft_file) and result.outcome is Outcome.GRANTED and result.signed_at is None
    numbered = bool(result.number) and result.decided_on is not None
    signed = numbered and (result.outcome is Outcome.DENIED or result.draft_file is not None)
    return {"result_drafted": drafted, "result_signed": signed and result.outcome is case.proposal}


def _originals(case: "Case", _at: datetime) -> Gathered:
    found = (OriginalFacts(d.paper.name, d.verdict, d.difference) for d in case.documents if d.scans)
    return {"originals": tuple(found)}


def _fees(case: "Case", _at: datetime) -> Gathered:
    lines = (FeeLine(f.charge.name, f.amount, bool(f.exempt_reason), f.charge.timing) for f in case.fees)
    return {"fees": FeeFacts(tuple(lines), sum(r.amount for r in case.receipts))}


GATHERERS: dict[str, Callable[["Case", datetime], Gathered]] = {
    "required_documents_attached": _documents,
    "procedure_open_here": _open_here,
    "email_verified": _email,
    "truth_declared": _truth,
    "every_document_looked_at": _looked_at,
    "items_listed": _items_listed,
    "requested_items_answered": _items_answered,
    "supplement_time_passed": _supplement_time,
    "department_assigned": _department,
    "advance_fee_settled": _fees,
    "requests_left": _requests_left,
    "opinion_written": _appraisers,
    "result_drafted": _result,
    "signer_is_not_proposer": _proposer,
    "result_signed": _result,
    "every_original_matches": _originals,
    "fee_settled": _fees,
    "returner_did_not_appraise": _appraisers,
    "mismatch_recorded": _originals,
}
