"""Gathers what the guards ask about: only the facts that the transitions at hand need."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.fees import FeeFacts, FeeLine
from app.domain.guards import Facts
from app.domain.originals import OriginalFacts, Verdict
from app.domain.roles import Actor
from app.domain.states import ClockKind
from app.domain.transitions import Transition
from app.extensions import db
from app.models.dossier import DocumentReview, Dossier, DossierDocument, Outcome
from app.models.fees import DossierFee
from app.models.handling import DossierClock, Opinion, OriginalCheck, Payment, Result, SupplementRequest
from app.models.organisation import Profile, User
from app.services import rollout, settings

Gathered = dict[str, Any]


def gather(actor: Actor, dossier: Dossier, transitions: Iterable[Transition]) -> Facts:
    """The facts for these transitions of one dossier, as the actor would press them now."""
    wanted = {guard for t in transitions for guard in t.guards}
    collected: Gathered = {"actor_id": actor.user_id, "granted": dossier.proposal is not Outcome.DENIED}
    for guard in sorted(wanted & GATHERERS.keys()):
        collected |= GATHERERS[guard](dossier)
    return Facts(**collected)


def open_request(dossier: Dossier) -> SupplementRequest | None:
    """The supplement request that was sent and not yet answered."""
    query = select(SupplementRequest).where(
        SupplementRequest.dossier_id == dossier.id,
        SupplementRequest.sent_at.is_not(None),
        SupplementRequest.answered_at.is_(None),
    )
    return db.session.scalar(query.order_by(SupplementRequest.id.desc()).limit(1))


def prepared_request(dossier: Dossier) -> SupplementRequest | None:
    """The supplement request that an officer is still writing."""
    query = select(SupplementRequest).where(
        SupplementRequest.dossier_id == dossier.id, SupplementRequest.sent_at.is_(None)
    )
    return db.session.scalar(query.order_by(SupplementRequest.id.desc()).limit(1))


def current_result(dossier: Dossier) -> Result | None:
    """The newest result, draft or signed."""
    query = select(Result).where(Result.dossier_id == dossier.id).order_by(Result.id.desc()).limit(1)
    return db.session.scalar(query)


def documents_with_scans(dossier: Dossier) -> list[DossierDocument]:
    """The documents that were really handed in; only those can be looked at and compared."""
    return [d for d in dossier.documents if d.attachments]


def checks_of(dossier: Dossier) -> list[OriginalCheck]:
    """What was found so far, in the order of the documents."""
    query = (
        select(OriginalCheck)
        .join(OriginalCheck.document)
        .options(joinedload(OriginalCheck.document))
        .where(DossierDocument.dossier_id == dossier.id)
        .order_by(DossierDocument.ordinal)
    )
    return list(db.session.scalars(query))


def fee_facts(dossier: Dossier) -> FeeFacts:
    """The fees of a dossier and what was paid."""
    paid = db.session.scalar(
        select(func.coalesce(func.sum(Payment.amount), 0)).where(Payment.dossier_id == dossier.id)
    )
    return FeeFacts(tuple(map(fee_line, dossier.fees)), int(paid or 0))


def fee_line(fee: DossierFee) -> FeeLine:
    """A fee as the domain reckons with it."""
    return FeeLine(fee.title, fee.amount, fee.exempt, fee.timing)


def missing_documents(dossier: Dossier) -> tuple[str, ...]:
    """The required documents without a scan."""
    return tuple(d.name for d in dossier.documents if d.required and not d.attachments)


def _documents(dossier: Dossier) -> Gathered:
    return {"missing_documents": missing_documents(dossier)}


def _open_here(dossier: Dossier) -> Gathered:
    availability = rollout.availability(dossier.procedure, dossier.agency, clock.today())
    unopened = None if availability.open else {"agency": dossier.agency.name, "where": availability.words}
    return {"unopened": unopened}


def _email(dossier: Dossier) -> Gathered:
    """Confirmed, and the one declared: a mistyped address would lose every mail of the dossier."""
    query = (
        select(Profile.id)
        .join(Profile.user)
        .where(
            Profile.user_id == dossier.citizen_id,
            Profile.email_confirmed_at.is_not(None),
            func.lower(User.email) == dossier.declared_email.lower(),
        )
    )
    return {"email_verified": db.session.scalar(query) is not None}


def _truth(dossier: Dossier) -> Gathered:
    return {"truth_declared": dossier.truth_declared_at is not None}


def _looked_at(dossier: Dossier) -> Gathered:
    query = select(DocumentReview.document_id, DocumentReview.version).join(DocumentReview.document)
    reviewed = {
        tuple(row) for row in db.session.execute(query.where(DossierDocument.dossier_id == dossier.id))
    }
    unseen = (d.name for d in documents_with_scans(dossier) if (d.id, d.current_version) not in reviewed)
    return {"documents_not_looked_at": tuple(unseen)}


def _items_listed(dossier: Dossier) -> Gathered:
    request = prepared_request(dossier)
    return {"items_listed": len(request.items) if request else 0}


def _items_answered(dossier: Dossier) -> Gathered:
    request = open_request(dossier)
    items = request.items if request else []
    return {"items_unanswered": tuple(i.description for i in items if not i.answered)}


def _supplement_time(dossier: Dossier) -> Gathered:
    query = select(DossierClock.due_at).where(
        DossierClock.dossier_id == dossier.id,
        DossierClock.kind == ClockKind.SUPPLEMENT,
        DossierClock.stopped_at.is_(None),
    )
    due = db.session.scalar(query)
    return {"supplement_time_passed": due is not None and clock.now() > due}


def _department(dossier: Dossier) -> Gathered:
    return {"department_assigned": dossier.department_id is not None}


def _requests_left(dossier: Dossier) -> Gathered:
    query = select(func.count()).where(
        SupplementRequest.dossier_id == dossier.id,
        SupplementRequest.transition == "request_information",
        SupplementRequest.sent_at.is_not(None),
    )
    return {"requests_left": settings.get("information_requests_limit") - (db.session.scalar(query) or 0)}


def _appraisers(dossier: Dossier) -> Gathered:
    authors = db.session.scalars(select(Opinion.author_id).where(Opinion.dossier_id == dossier.id)).all()
    proposer = {dossier.proposed_by_id} if dossier.proposed_by_id else set()
    return {"opinion_written": bool(authors), "appraiser_ids": frozenset(authors) | proposer}


def _proposer(dossier: Dossier) -> Gathered:
    return {"proposer_ids": frozenset({dossier.proposed_by_id} if dossier.proposed_by_id else ())}


def _result(dossier: Dossier) -> Gathered:
    result = current_result(dossier)
    if result is None:
        return {"result_drafted": False, "result_signed": False}
    drafted = bool(result.draft_file_id) and result.outcome is Outcome.GRANTED and result.signed_at is None
    numbered = bool(result.number) and result.decided_on is not None
    signed = numbered and (result.outcome is Outcome.DENIED or result.signed_file_id is not None)
    return {"result_drafted": drafted, "result_signed": signed and result.outcome is dossier.proposal}


def _originals(dossier: Dossier) -> Gathered:
    query = select(OriginalCheck).join(OriginalCheck.document).where(DossierDocument.dossier_id == dossier.id)
    found: dict[int, OriginalCheck] = {c.document_id: c for c in db.session.scalars(query)}
    return {"originals": tuple(_original(d, found.get(d.id)) for d in documents_with_scans(dossier))}


def _original(document: DossierDocument, check: OriginalCheck | None) -> OriginalFacts:
    verdict: Verdict | None = check.verdict if check else None
    return OriginalFacts(document.name, verdict, check.description if check else "")


def _fees(dossier: Dossier) -> Gathered:
    return {"fees": fee_facts(dossier)}


GATHERERS: dict[str, Callable[[Dossier], Gathered]] = {
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
