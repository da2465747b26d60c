"""The lines of a case file: clocks, pages, documents, journal, money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.states import ClockKind
from app.domain.trace import TraceLine
from app.models.dossier import Attachment, DocumentReview, DossierDocument
from app.models.handling import Journal, OriginalCheck
from app.models.photograph import OriginalPhotograph


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
class Entry:
    """One line of the journal; the same person opening the same paper again is one line."""

    row: Journal
    times: int


@dataclass(frozen=True)
class Sums:
    """Đồng: what is due, what receipts cover, what is left."""

    due: int
    paid: int

    @property
    def left(self) -> int:
        """Still to be paid."""
        return max(0, self.due - self.paid)
