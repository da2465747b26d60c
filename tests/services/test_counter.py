"""The originals desk: comparing, amounts, exemptions, receipts."""

import pytest

from app.domain.errors import Conflict, NotFound, Refused
from app.domain.originals import Verdict
from app.extensions import db
from app.models.fees import DossierFee
from app.services import counter, facts
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def first_document(dossier):
    return facts.documents_with_scans(dossier)[0]


def test_a_verdict_can_be_corrected_and_only_the_last_one_counts():
    dossier = make.result_ready()
    document = first_document(dossier)
    counter.compare(make.officer(), document.id, Verdict.MISSING)
    counter.compare(make.officer(), document.id, Verdict.MATCHES)
    assert [c.verdict for c in facts.checks_of(dossier)] == [Verdict.MATCHES]


def test_a_difference_is_described():
    dossier = make.result_ready()
    with pytest.raises(Refused, match="mismatch_not_described"):
        counter.compare(make.officer(), first_document(dossier).id, Verdict.DIFFERS, "  ")
    assert facts.checks_of(dossier) == []


def test_nothing_is_compared_before_the_result_is_at_the_counter():
    dossier = make.decided()
    with pytest.raises(Conflict, match="not_in_this_state"):
        counter.compare(make.officer(), first_document(dossier).id, Verdict.MATCHES)


def test_a_document_without_scan_is_not_compared():
    dossier = make.result_ready()
    optional = next(d for d in dossier.documents if not d.attachments)
    with pytest.raises(Refused, match="document_has_no_scan"):
        counter.compare(make.officer(), optional.id, Verdict.MATCHES)


@pytest.mark.parametrize("amount", [0, -5, 100_001])
def test_no_more_is_taken_than_is_left_to_pay(amount):
    dossier = make.result_ready()
    with pytest.raises(Refused, match="payment_not_due"):
        counter.record_payment(make.officer(), dossier.id, amount, "BL-1")
    assert counter.payments_of(dossier) == []


def test_a_receipt_number_is_used_once_at_a_counter():
    first, second = make.result_ready(), make.result_ready()
    counter.record_payment(make.officer(), first.id, 100_000, "BL-1")
    with pytest.raises(Refused, match="receipt_number_used"):
        counter.record_payment(make.officer(), second.id, 100_000, " BL-1 ")
    assert counter.payments_of(second) == []


def test_a_payment_needs_a_receipt_number():
    with pytest.raises(Refused, match="receipt_number_required"):
        counter.record_payment(make.officer(), make.result_ready().id, 100_000, " ")


def test_an_amount_is_set_with_a_reason_and_replaces_an_exemption():
    dossier = make.result_ready()
    fee = dossier.fees[0]
    counter.exempt(make.officer(), fee.id, "Hộ nghèo")
    assert fee.exempt
    counter.set_fee(make.officer(), fee.id, 30_000, "Theo nghị quyết mới")
    assert (fee.amount, fee.exempt) == (30_000, False)


@pytest.mark.parametrize(
    ("amount", "reason", "key"), [(-1, "vì", "amount_not_a_sum"), (1, " ", "fee_reason_required")]
)
def test_an_amount_without_reason_or_below_zero_is_refused(amount, reason, key):
    dossier = make.result_ready()
    with pytest.raises(Refused, match=key):
        counter.set_fee(make.officer(), dossier.fees[0].id, amount, reason)
    assert dossier.fees[0].amount == 100_000


def test_an_exemption_needs_a_reason():
    with pytest.raises(Refused, match="fee_reason_required"):
        counter.exempt(make.officer(), make.result_ready().fees[0].id, "")


def test_a_fee_that_was_paid_is_not_changed():
    dossier = make.result_ready()
    counter.record_payment(make.officer(), dossier.id, 40_000, "BL-1")
    with pytest.raises(Conflict, match="fee_already_paid"):
        counter.exempt(make.officer(), dossier.fees[0].id, "Hộ nghèo")


def test_what_was_paid_in_advance_leaves_the_fee_at_return_to_be_set():
    dossier = make.received()
    dossier.fees[0].timing = "before_processing"
    dossier.fees.append(DossierFee(name="Phí thẩm định", kind="charge", amount=None, timing="at_return"))
    db.session.commit()
    counter.record_payment(make.officer(), dossier.id, 100_000, "BL-1")
    counter.set_fee(make.officer(), dossier.fees[1].id, 30_000, "Theo diện tích")
    with pytest.raises(Conflict, match="fee_already_paid"):
        counter.exempt(make.officer(), dossier.fees[0].id, "Hộ nghèo")
    counter.record_payment(make.officer(), dossier.id, 30_000, "BL-2")
    for fee in dossier.fees:
        with pytest.raises(Conflict, match="fee_already_paid"):
            counter.set_fee(make.officer(), fee.id, 1, "Nhầm")


def test_an_unknown_fee_is_not_found():
    with pytest.raises(NotFound, match="no_such_fee"):
        counter.exempt(make.officer(), 999_999, "Hộ nghèo")


def test_no_money_is_taken_for_a_closed_dossier():
    dossier = make.returned()
    with pytest.raises(Conflict, match="not_in_this_state"):
        counter.record_payment(make.officer(), dossier.id, 1, "BL-2")


def test_an_exempted_fee_lets_the_result_be_returned():
    dossier = make.result_ready()
    make.compare_all(dossier)
    counter.exempt(make.officer(), dossier.fees[0].id, "Hộ nghèo")
    make.press(make.officer(), dossier, "return_result")
    assert dossier.state == "returned"


def test_a_charge_before_processing_is_settled_before_the_dossier_is_forwarded():
    dossier = make.received()
    dossier.fees[0].timing = "before_processing"
    db.session.commit()
    with pytest.raises(Refused, match="fee_not_paid"):
        make.press(make.officer(), dossier, "forward")
    counter.record_payment(make.officer(), dossier.id, 100_000, "BL-9")
    make.press(make.officer(), dossier, "forward")
    assert dossier.state == "in_appraisal"
