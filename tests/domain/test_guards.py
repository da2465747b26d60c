"""Each guard: when it lets through, and the reason it gives when it does not."""

import pytest

from app.domain.fees import FeeFacts, FeeLine, FeeTiming
from app.domain.guards import GUARDS, Facts
from app.domain.originals import OriginalFacts, Verdict

MATCH = OriginalFacts("Tờ khai", Verdict.MATCHES)
UNCHECKED = OriginalFacts("CMND", None)
DIFFERS = OriginalFacts("Sổ đỏ", Verdict.DIFFERS, "Số thửa khác")
UNDESCRIBED = OriginalFacts("Sổ đỏ", Verdict.DIFFERS, " ")
UNREADABLE = OriginalFacts("Biên bản", Verdict.UNREADABLE)
ABSENT = OriginalFacts("Biên bản", Verdict.MISSING)
FEE = FeeLine("Lệ phí", 100_000)
UNSET = FeeLine("Phí thẩm định", None)
ADVANCE = FeeLine("Phí thẩm định", 50_000, timing=FeeTiming.BEFORE_PROCESSING)

CASES = [
    ("required_documents_attached", Facts(), None),
    ("required_documents_attached", Facts(missing_documents=("Tờ khai",)), "documents_missing"),
    ("procedure_open_here", Facts(), None),
    ("procedure_open_here", Facts(unopened={"agency": "UBND", "where": ""}), "procedure_not_open_here"),
    ("email_verified", Facts(email_verified=True), None),
    ("email_verified", Facts(), "email_not_verified"),
    ("truth_declared", Facts(truth_declared=True), None),
    ("truth_declared", Facts(), "truth_not_declared"),
    ("every_document_looked_at", Facts(), None),
    ("every_document_looked_at", Facts(documents_not_looked_at=("CMND",)), "documents_not_looked_at"),
    ("items_listed", Facts(items_listed=1), None),
    ("items_listed", Facts(), "no_items_listed"),
    ("requested_items_answered", Facts(), None),
    ("requested_items_answered", Facts(items_unanswered=("Chụp lại",)), "items_unanswered"),
    ("supplement_time_passed", Facts(supplement_time_passed=True), None),
    ("supplement_time_passed", Facts(), "supplement_time_not_passed"),
    ("department_assigned", Facts(department_assigned=True), None),
    ("department_assigned", Facts(), "no_department_assigned"),
    ("advance_fee_settled", Facts(fees=FeeFacts((FEE,))), None),
    ("advance_fee_settled", Facts(fees=FeeFacts((ADVANCE,))), "fee_not_paid"),
    ("advance_fee_settled", Facts(fees=FeeFacts((ADVANCE, FEE), 50_000)), None),
    ("advance_fee_settled", Facts(fees=FeeFacts((ADVANCE, FEE), 150_000)), None),
    ("requests_left", Facts(requests_left=1), None),
    ("requests_left", Facts(requests_left=0), "no_requests_left"),
    ("requests_left", Facts(requests_left=-1), "no_requests_left"),
    ("opinion_written", Facts(opinion_written=True), None),
    ("opinion_written", Facts(), "opinion_missing"),
    ("result_drafted", Facts(result_drafted=True), None),
    ("result_drafted", Facts(), "result_not_drafted"),
    ("signer_is_not_proposer", Facts(actor_id=1, proposer_ids=frozenset({2})), None),
    ("signer_is_not_proposer", Facts(actor_id=1, proposer_ids=frozenset({1})), "signer_is_proposer"),
    ("result_signed", Facts(result_signed=True), None),
    ("result_signed", Facts(), "result_not_signed"),
    ("every_original_matches", Facts(originals=(MATCH,)), None),
    ("every_original_matches", Facts(originals=(MATCH, UNCHECKED)), "originals_not_checked"),
    ("every_original_matches", Facts(originals=(MATCH, DIFFERS)), "originals_do_not_match"),
    ("every_original_matches", Facts(originals=(UNREADABLE,)), "originals_do_not_match"),
    ("every_original_matches", Facts(originals=(ABSENT,)), "originals_do_not_match"),
    ("every_original_matches", Facts(originals=(UNCHECKED,), granted=False), None),
    ("fee_settled", Facts(), None),
    ("fee_settled", Facts(fees=FeeFacts((UNSET,))), "fee_amount_not_set"),
    ("fee_settled", Facts(fees=FeeFacts((FEE,), 99_999)), "fee_not_paid"),
    ("fee_settled", Facts(fees=FeeFacts((FEE,), 100_000)), None),
    ("fee_settled", Facts(fees=FeeFacts((FEE,), 100_001)), "fee_overpaid"),
    ("fee_settled", Facts(fees=FeeFacts((FeeLine("Lệ phí", 100_000, exempt=True),))), None),
    ("fee_settled", Facts(fees=FeeFacts((FeeLine("Phí", None, exempt=True),))), None),
    ("fee_settled", Facts(fees=FeeFacts((FEE,)), granted=False), None),
    ("returner_did_not_appraise", Facts(actor_id=1, appraiser_ids=frozenset({2})), None),
    ("returner_did_not_appraise", Facts(actor_id=2, appraiser_ids=frozenset({2})), "returner_appraised"),
    ("mismatch_recorded", Facts(originals=(MATCH,)), "no_mismatch_recorded"),
    ("mismatch_recorded", Facts(originals=(UNREADABLE, ABSENT)), "no_mismatch_recorded"),
    ("mismatch_recorded", Facts(originals=(MATCH, DIFFERS)), None),
    ("mismatch_recorded", Facts(originals=(DIFFERS, UNDESCRIBED)), "mismatch_not_described"),
    ("mismatch_recorded", Facts(originals=(DIFFERS,), granted=False), "denial_has_no_result_to_void"),
]


@pytest.mark.parametrize(("guard", "facts", "expected"), CASES)
def test_a_guard_answers_none_or_the_reason(guard, facts, expected):
    refusal = GUARDS[guard](facts)
    assert (refusal.key if refusal else None) == expected


def test_every_guard_has_a_case_that_passes_and_one_that_refuses():
    passes = {guard for guard, _, expected in CASES if expected is None}
    refuses = {guard for guard, _, expected in CASES if expected is not None}
    assert passes == refuses == GUARDS.keys()


def test_a_refusal_names_what_is_missing():
    refusal = GUARDS["fee_settled"](Facts(fees=FeeFacts((FEE,), 30_000)))
    assert refusal is not None
    assert refusal.params == {"left": 70_000}
    assert refusal.as_error().params == {"left": 70_000}
