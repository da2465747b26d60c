"""What is due, what is left, and when money is settled."""

import pytest

from app.domain.fees import (
    FeeFacts,
    FeeKind,
    FeeLine,
    FeeTiming,
    Unsettled,
    may_change,
    total_due,
    what_is_unsettled,
)

pytestmark = pytest.mark.no_database

FEE = FeeLine("Lệ phí", 100_000)
ADVANCE = FeeLine("Phí thẩm định", 50_000, timing=FeeTiming.BEFORE_PROCESSING)
EXEMPT = FeeLine("Phí đo đạc", 70_000, exempt=True)
UNSET = FeeLine("Phí khai thác", None)
UNSET_EXEMPT = FeeLine("Phí sao lục", None, exempt=True)
FREE = FeeLine("Lệ phí cấp đổi", 0)


@pytest.mark.parametrize(
    ("lines", "due", "in_advance"),
    [
        ((), 0, 0),
        ((FEE,), 100_000, 0),
        ((FEE, ADVANCE), 150_000, 50_000),
        ((EXEMPT,), 0, 0),
        ((UNSET, FEE), 100_000, 0),
        ((UNSET_EXEMPT, FREE), 0, 0),
    ],
)
def test_due_is_what_is_set_and_not_exempt(lines, due, in_advance):
    assert total_due(FeeFacts(lines)) == due
    assert total_due(FeeFacts(lines), before_processing_only=True) == in_advance


@pytest.mark.parametrize(
    ("lines", "paid", "why"),
    [
        ((), 0, None),
        ((FREE,), 0, None),
        ((EXEMPT, UNSET_EXEMPT), 0, None),
        ((FEE,), 100_000, None),
        ((FEE,), 99_999, Unsettled("fee_not_paid", {"left": 1})),
        ((FEE, ADVANCE), 50_000, Unsettled("fee_not_paid", {"left": 100_000})),
        ((FEE,), 100_001, Unsettled("fee_overpaid", {"over": 1})),
        ((EXEMPT,), 70_000, Unsettled("fee_overpaid", {"over": 70_000})),
        ((UNSET, FEE), 100_000, Unsettled("fee_amount_not_set", {"fees": ("Phí khai thác",)})),
        ((UNSET, UNSET_EXEMPT), 0, Unsettled("fee_amount_not_set", {"fees": ("Phí khai thác",)})),
    ],
)
def test_settled_is_neither_less_nor_more_than_due(lines, paid, why):
    assert what_is_unsettled(FeeFacts(lines, paid)) == why


@pytest.mark.parametrize(
    ("lines", "paid", "why"),
    [
        ((FEE, UNSET), 0, None),
        ((ADVANCE, FEE), 50_000, None),
        ((ADVANCE, FEE), 150_000, None),
        ((ADVANCE, FEE), 20_000, Unsettled("fee_not_paid", {"left": 30_000})),
    ],
)
def test_before_processing_only_what_the_law_takes_in_advance_counts(lines, paid, why):
    assert what_is_unsettled(FeeFacts(lines, paid), before_processing_only=True) == why


@pytest.mark.parametrize(
    ("line", "lines", "paid", "open_"),
    [
        (FEE, (FEE,), 0, True),
        (FEE, (FEE,), 1, False),
        (UNSET, (ADVANCE, UNSET), 50_000, True),
        (FEE, (ADVANCE, FEE), 50_000, True),
        (ADVANCE, (ADVANCE, FEE), 0, True),
        (ADVANCE, (ADVANCE, FEE), 1, False),
        (ADVANCE, (ADVANCE, FEE), 50_000, False),
        (ADVANCE, (ADVANCE, UNSET), 50_000, False),
        (FEE, (ADVANCE, FEE), 50_001, False),
        (EXEMPT, (ADVANCE, EXEMPT), 50_000, True),
        (EXEMPT, (EXEMPT,), 1, False),
    ],
)
def test_a_fee_is_open_while_the_receipts_can_be_for_the_others(line, lines, paid, open_):
    assert may_change(FeeFacts(lines, paid), line) is open_


def test_a_charge_is_no_fee_and_each_time_has_its_words():
    assert [kind.label for kind in FeeKind] == ["Phí", "Lệ phí"]
    assert [timing.label for timing in FeeTiming] == ["Khi trả kết quả", "Trước khi giải quyết"]
