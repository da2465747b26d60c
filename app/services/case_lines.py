"""The lines of a case file: clocks, pages, documents, journal, money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.fees import FeeFacts, may_change, total_due
from app.domain.states import ClockKind
from app.domain.trace import TraceLine
from app.models.dossier import Attachment, DocumentReview, DossierDocument
from app.models.fees import DossierFee
from app.models.handling import OriginalCheck
from app.models.photograph import OriginalPhotograph
from app.services import facts


@dataclass(frozen=True)
class ClockLine:
    """A clock that has not stopped: what it measures, how it stands in words, and how its due was counted."""

    kind: ClockKind
    words: str
    css: str
    """con, sap, qua or dung: the classes of the deadline chip."""
    due: datetime
    trace: tuple[TraceLine, ...]
    confirmed: bool
    """False when a year that was counted through is not confirmed by the official announcement."""


@dataclass(frozen=True)
class Page:
    """One page of a document's scans; ``number`` counts through all files, ``inner`` within the file."""

    number: int
    attachment: Attachment
    inner: int


@dataclass(frozen=True)
class Line:
    """A document with what was found of it: the review of intake, check and photographs of the counter."""

    document: DossierDocument
    review: DocumentReview | None
    check: OriginalCheck | None
    photographs: Sequence[OriginalPhotograph] = ()

    @property
    def pages(self) -> list[Page]:
        """Every page of the newest scans, in order."""
        inner = [(a, n) for a in self.document.current_attachments for n in range(1, a.file.pages + 1)]
        return [Page(number, a, n) for number, (a, n) in enumerate(inner, start=1)]


@dataclass(frozen=True)
class Sums:
    """Đồng: what is due, what receipts cover, what is left."""

    fees: FeeFacts

    @property
    def due(self) -> int:
        """The set amounts that are not exempt."""
        return total_due(self.fees)

    @property
    def paid(self) -> int:
        """What receipts cover."""
        return self.fees.paid

    def may_change(self, fee: DossierFee) -> bool:
        """Whether the fee may still be set or exempted."""
        return may_change(self.fees, facts.fee_line(fee))

    @property
    def left(self) -> int:
        """Still to be paid."""
        return max(0, self.due - self.paid)
