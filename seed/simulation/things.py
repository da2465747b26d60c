"""What hangs on a simulated dossier while it is on its way; archive.py makes the rows of it in the end."""

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.originals import Verdict
from app.models.dossier import Outcome
from app.models.handling import ItemKind
from app.models.violation import CaseState, Measure
from seed.simulation.city import Charge, Paper


@dataclass(slots=True)
class Scan:
    """One file of a document; ``item`` is the supplement item that it answers."""

    file_id: int
    name: str
    version: int
    page: int
    at: datetime
    item: "Item | None" = None


@dataclass(slots=True)
class Review:
    """What the receiving officer thought of one version of a document."""

    acceptable: bool
    note: str
    reviewer: int
    at: datetime


@dataclass(slots=True)
class Document:
    """A document of the dossier with its scans, its reviews (by version) and what was found at the counter."""

    paper: Paper
    key: int
    scans: list[Scan] = field(default_factory=list)
    reviews: dict[int, Review] = field(default_factory=dict)
    verdict: Verdict | None = None
    difference: str = ""
    checked_by: int = 0
    checked_at: datetime | None = None

    @property
    def version(self) -> int:
        """Number of the newest set of scans; 0 when there is none."""
        return self.scans[-1].version if self.scans else 0


@dataclass(slots=True)
class Item:
    """One thing to mend."""

    kind: ItemKind
    words: str
    document: Document | None = None
    answer: str = ""
    answered: bool = False
    key: int = 0


@dataclass(slots=True)
class Request:
    """A request to complete the dossier."""

    by: int
    created_at: datetime
    items: list[Item]
    transition: str = ""
    reason: str = ""
    sent_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(slots=True)
class Fee:
    """A fee of the dossier."""

    charge: Charge
    amount: int | None
    amount_reason: str = ""
    set_by: int | None = None
    exempt_reason: str = ""
    exempted_by: int | None = None


@dataclass(slots=True)
class Receipt:
    """Money taken at the counter, in đồng."""

    amount: int
    number: str
    officer: int
    at: datetime


@dataclass(slots=True)
class Decision:
    """A result, drafted or signed."""

    outcome: Outcome
    summary: str
    draft_file: int | None = None
    drafted_by: int | None = None
    drafted_at: datetime | None = None
    number: str = ""
    decided_on: str | None = None
    signed_by: int | None = None
    signed_at: datetime | None = None
    voided_at: datetime | None = None
    void_reason: str = ""
    handed_over_at: datetime | None = None


@dataclass(slots=True)
class Violation:
    """What is reported when originals differ."""

    report: str
    authority: str
    email: str
    opened_by: int | None
    opened_at: datetime
    state: CaseState = CaseState.OPENED
    forwarded_at: datetime | None = None
    forwarded_number: str = ""
    measure: Measure | None = None
    number: str = ""
    decided_on: str | None = None
    version: int = 1
