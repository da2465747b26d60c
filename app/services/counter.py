"""The originals desk: comparing, fees, payments (announcement, point 2)."""

from collections.abc import Sequence

from sqlalchemy import select

from app.domain import clock, fees
from app.domain.errors import Conflict, NotFound, Refused
from app.domain.originals import Verdict
from app.domain.papers import Form
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier, DossierDocument
from app.models.fees import DossierFee
from app.models.handling import OriginalCheck, Payment
from app.services import access, facts, journal, papers, photographs
from app.services.paper_contents import Occasion
from app.services.transaction import transaction, unique_or

FEE_STATES = frozenset({
    State.RECEIVED, State.IN_APPRAISAL, State.INFORMATION_REQUESTED, State.AWAITING_APPROVAL, State.DECIDED,
    State.RESULT_READY,
})  # fmt: skip
"""From intake to the counter; a closed dossier's money is not touched."""


def compare(
    actor: Actor, document_id: int, verdict: Verdict, description: str = "", taken: Sequence[bytes] = ()
) -> OriginalCheck:
    """Record what was found for one document; may be corrected until the result is returned or void.

    ``taken`` are photographs of an original that differs; they are kept as evidence, of other ones nothing is.
    """
    access.require_role(actor, Role.RECEIVING_OFFICER)
    if taken:  # opened before the transaction, but only for those who may compare this document
        _require_at_counter(access.document_for(actor, document_id), verdict, description)
        if verdict is not Verdict.DIFFERS:
            raise Refused("photograph_only_of_mismatch", field=photographs.FIELD)
    examined = photographs.examine(taken)
    with transaction() as session:
        document = access.document_for(actor, document_id)
        access.dossier_for(actor, document.dossier_id, lock=True)
        _require_at_counter(document, verdict, description)
        check = session.scalar(select(OriginalCheck).where(OriginalCheck.document_id == document.id))
        check = check or OriginalCheck(document_id=document.id)
        check.verdict, check.description = verdict, description.strip()
        check.checked_by_id, check.checked_at = actor.user_id or 0, clock.now()
        session.add(check)
        journal.write(
            actor,
            "original_compared",
            dossier=document.dossier,
            document=document.name,
            verdict=verdict.value,
        )
        photographs.keep(actor, document, examined)
        return check


def _require_at_counter(document: DossierDocument, verdict: Verdict, description: str) -> None:
    access.dossier_is(document.dossier, State.RESULT_READY)
    if not document.attachments:
        raise Refused("document_has_no_scan", documents=(document.name,))
    if verdict is Verdict.DIFFERS and not description.strip():
        raise Refused("mismatch_not_described", field="description", documents=(document.name,))


def set_fee(actor: Actor, fee_id: int, amount: int, reason: str) -> DossierFee:
    """Set the amount of a fee, in đồng, with the reason (the procedure left it open, or it differs)."""
    if amount < 0:
        raise Refused("amount_not_a_sum", field="amount")
    if not reason.strip():
        raise Refused("fee_reason_required", field="reason")
    with transaction():
        fee = _fee_for(actor, fee_id)
        old, fee.amount = fee.amount, amount
        fee.amount_reason, fee.set_by_id = reason.strip(), actor.user_id
        fee.exempt_reason, fee.exempted_by_id = "", None
        journal.write(actor, "fee_set", dossier=fee.dossier, reason=reason, fee=fee.name, old=old, new=amount)
        return fee


def exempt(actor: Actor, fee_id: int, reason: str) -> DossierFee:
    """Exempt a fee, with the reason (e.g. poor household, on-time birth registration)."""
    if not reason.strip():
        raise Refused("fee_reason_required", field="reason")
    with transaction():
        fee = _fee_for(actor, fee_id)
        fee.exempt_reason, fee.exempted_by_id = reason.strip(), actor.user_id
        journal.write(actor, "fee_exempted", dossier=fee.dossier, reason=reason, fee=fee.name)
        return fee


def record_payment(actor: Actor, dossier_id: int, amount: int, receipt_number: str) -> Payment:
    """Record money taken against a receipt; never more than is left to pay."""
    access.require_role(actor, Role.RECEIVING_OFFICER)
    number = receipt_number.strip()
    if not number:
        raise Refused("receipt_number_required", field="receipt_number")
    with transaction() as session:
        dossier = access.dossier_for(actor, dossier_id, lock=True)
        access.dossier_is(dossier, *FEE_STATES)
        _refuse_wrong_sum(dossier, amount)
        payment = Payment(
            dossier_id=dossier.id,
            place_id=dossier.return_place_id,
            amount=amount,
            receipt_number=number,
            taken_by_id=actor.user_id,
            taken_at=clock.now(),
        )
        with unique_or(Refused("receipt_number_used", field="receipt_number", number=number)):
            session.add(payment)
        entry = journal.write(actor, "payment_recorded", dossier=dossier, paid=amount, receipt=number)
        occasion = Occasion(actor, payment.taken_at, payment=payment)
        papers.issue(Form.FEE_RECEIPT, dossier, entry, occasion, number=number)
        return payment


def payments_of(dossier: Dossier) -> list[Payment]:
    """The receipts of a dossier, oldest first."""
    return list(
        db.session.scalars(select(Payment).where(Payment.dossier_id == dossier.id).order_by(Payment.id))
    )


def _refuse_wrong_sum(dossier: Dossier, amount: int) -> None:
    known = facts.fee_facts(dossier)
    left = fees.total_due(known) - known.paid
    if not 0 < amount <= left:
        raise Refused("payment_not_due", field="amount", left=left)


def _fee_for(actor: Actor, fee_id: int) -> DossierFee:
    access.require_role(actor, Role.RECEIVING_OFFICER)
    fee = db.session.get(DossierFee, fee_id)
    if fee is None:
        raise NotFound("no_such_fee")
    access.dossier_is(access.dossier_for(actor, fee.dossier_id, lock=True), *FEE_STATES)
    if not fees.may_change(facts.fee_facts(fee.dossier), facts.fee_line(fee)):
        raise Conflict("fee_already_paid")
    return fee
