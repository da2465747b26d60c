"""Fees of one dossier: charges (phí) and fees (lệ phí), in whole đồng."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.language import say


class FeeKind(StrEnum):
    """Law on Charges and Fees 97/2015: a charge pays for a service, a fee is a levy."""

    CHARGE = "charge"
    FEE = "fee"

    @property
    def label(self) -> str:
        """Phí or lệ phí."""
        return say("Phí" if self is FeeKind.CHARGE else "Lệ phí")


KIND_WORDS = ("Phí", "Lệ phí")


def title(name: str) -> str:
    """What a fee is called; a name that says no more than the kind is said in the reader's language."""
    return say(name) if name in KIND_WORDS else name


class FeeTiming(StrEnum):
    """When it is taken. Level 3 takes it at return; some laws want it before processing."""

    AT_RETURN = "at_return"
    BEFORE_PROCESSING = "before_processing"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say("Khi trả kết quả" if self is FeeTiming.AT_RETURN else "Trước khi giải quyết")


@dataclass(frozen=True)
class FeeLine:
    """One fee of a dossier. ``amount`` in đồng; None until the officer sets it with a reason."""

    name: str
    amount: int | None
    exempt: bool = False
    timing: FeeTiming = FeeTiming.AT_RETURN


@dataclass(frozen=True)
class FeeFacts:
    """All fees of a dossier and the đồng paid so far against receipts."""

    lines: tuple[FeeLine, ...] = ()
    paid: int = 0


@dataclass(frozen=True)
class Unsettled:
    """Why the fee is not settled: reason key and facts."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)


def total_due(fees: FeeFacts, *, before_processing_only: bool = False) -> int:
    """Đồng to be paid: the set amounts that are not exempt."""
    return sum(line.amount or 0 for line in _counted(fees, before_processing_only) if not line.exempt)


def may_change(fees: FeeFacts, line: FeeLine) -> bool:
    """Whether this line may still be set or exempted: what was paid does not go beyond what the others cost.

    Money is for what is due before processing first: once that is paid it stands, and what is due at return
    can still be set.
    """
    in_advance = line.timing is FeeTiming.BEFORE_PROCESSING
    own = 0 if line.exempt else line.amount or 0
    return fees.paid <= total_due(fees, before_processing_only=in_advance) - own


def what_is_unsettled(fees: FeeFacts, *, before_processing_only: bool = False) -> Unsettled | None:
    """None when every amount is set or exempt and receipts cover what is due, neither less nor more."""
    lines = _counted(fees, before_processing_only)
    unset = tuple(line.name for line in lines if line.amount is None and not line.exempt)
    if unset:
        return Unsettled("fee_amount_not_set", {"fees": unset})
    due = total_due(fees, before_processing_only=before_processing_only)
    if fees.paid < due:
        return Unsettled("fee_not_paid", {"left": due - fees.paid})
    if fees.paid > due and not before_processing_only:
        return Unsettled("fee_overpaid", {"over": fees.paid - due})
    return None


def _counted(fees: FeeFacts, before_processing_only: bool) -> list[FeeLine]:
    if not before_processing_only:
        return list(fees.lines)
    return [line for line in fees.lines if line.timing is FeeTiming.BEFORE_PROCESSING]
