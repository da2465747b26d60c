"""A dossier and its papers: applicant, documents, scans, reviews. Its fees are in app/models/fees.py."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.language import say
from app.domain.legibility import hard_to_read
from app.domain.states import State
from app.domain.working_time import TimeUnit
from app.models import search_index
from app.models.base import Base, BigId, UtcDateTime, enum_type
from app.models.catalogue import OnSupplement, PaperKind, Procedure
from app.models.organisation import Agency, Department, ReceptionPlace

if TYPE_CHECKING:
    from app.models.fees import DossierFee


class ApplicantKind(StrEnum):
    """Who applies; the kinds of the national portal."""

    CITIZEN = "citizen"
    ENTERPRISE = "enterprise"
    HOUSEHOLD_BUSINESS = "household_business"
    ORGANISATION = "organisation"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say(
            {
                ApplicantKind.CITIZEN: "Công dân",
                ApplicantKind.ENTERPRISE: "Doanh nghiệp",
                ApplicantKind.HOUSEHOLD_BUSINESS: "Hộ kinh doanh",
                ApplicantKind.ORGANISATION: "Tổ chức",
            }[self]
        )


class Outcome(StrEnum):
    """What was proposed and decided on the merits."""

    GRANTED = "granted"
    DENIED = "denied"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say("Giải quyết" if self is Outcome.GRANTED else "Từ chối giải quyết")


class Dossier(Base):
    """One application. ``state`` is written only by services.dossiers.apply()."""

    __tablename__ = "dossier"
    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("code"),
        UniqueConstraint("secret"),
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("processing_time > 0", name="processing_time_positive"),
        CheckConstraint(
            "state = 'draft' OR state = 'discarded' OR submitted_at IS NOT NULL", name="submitted_at"
        ),
        *search_index.of_dossiers(),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20))
    """Submission reference, there from the first draft on."""
    code: Mapped[str | None] = mapped_column(String(60))
    """Official code, assigned at intake (Decree 61/2018; Circular 04/2025/TT-VPCP for the form)."""
    secret: Mapped[str] = mapped_column(String(64))
    """Unguessable key of the public look-up link in the QR."""
    state: Mapped[State] = mapped_column(enum_type(State, "state"), default=State.DRAFT)
    version: Mapped[int] = mapped_column(default=1)

    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"), index=True)
    procedure_name: Mapped[str] = mapped_column(String(300))
    processing_time: Mapped[int]
    time_unit: Mapped[TimeUnit] = mapped_column(enum_type(TimeUnit, "time_unit"))
    on_supplement: Mapped[OnSupplement] = mapped_column(
        enum_type(OnSupplement, "on_supplement"), default=OnSupplement.PAUSE
    )
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    return_place_id: Mapped[int | None] = mapped_column(ForeignKey("reception_place.id"))

    citizen_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    """The account that composed it."""
    applicant_kind: Mapped[ApplicantKind] = mapped_column(
        enum_type(ApplicantKind, "applicant_kind"), default=ApplicantKind.CITIZEN
    )
    applicant_name: Mapped[str] = mapped_column(String(200), default="")
    applicant_personal_id: Mapped[str] = mapped_column(String(20), default="")
    applicant_phone: Mapped[str] = mapped_column(String(20), default="")
    applicant_address: Mapped[str] = mapped_column(String(300), default="")
    declared_email: Mapped[str] = mapped_column(String(320), default="")
    """Frozen at submission; every mail goes there (announcement, point 2)."""
    representative_name: Mapped[str] = mapped_column(String(200), default="")
    representative_personal_id: Mapped[str] = mapped_column(String(20), default="")
    representative_phone: Mapped[str] = mapped_column(String(20), default="")
    request_summary: Mapped[str] = mapped_column(Text, default="")
    truth_declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    proposal: Mapped[Outcome | None] = mapped_column(enum_type(Outcome, "proposal"))
    proposal_reason: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome, "outcome"))

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forwarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Due time of the clock that runs now, copied from dossier_clock so that lists can sort by it."""
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Code, reference, applicant and procedure without accents, lower case."""

    procedure: Mapped[Procedure] = relationship()
    agency: Mapped[Agency] = relationship()
    department: Mapped[Department | None] = relationship()
    return_place: Mapped[ReceptionPlace | None] = relationship()
    documents: Mapped[list["DossierDocument"]] = relationship(
        back_populates="dossier", order_by="DossierDocument.ordinal", cascade="all, delete-orphan"
    )
    fees: Mapped[list["DossierFee"]] = relationship(
        back_populates="dossier", order_by="DossierFee.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def display_code(self) -> str:
        """The official code, or the submission reference before intake."""
        return self.code or self.reference

    def __str__(self) -> str:
        """The code people say on the telephone."""
        return self.display_code


class DossierDocument(Base):
    """A required document as it was when the dossier was sent; scans hang on it."""

    __tablename__ = "dossier_document"
    __table_args__ = (
        UniqueConstraint("dossier_id", "ordinal"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"))
    required_document_id: Mapped[int | None] = mapped_column(ForeignKey("required_document.id"), index=True)
    ordinal: Mapped[int]
    name: Mapped[str] = mapped_column(String(400))
    kind: Mapped[PaperKind] = mapped_column(enum_type(PaperKind, "paper_kind"))
    quantity: Mapped[int] = mapped_column(default=1)
    required: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(Text, default="")

    dossier: Mapped[Dossier] = relationship(back_populates="documents")
    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="document",
        order_by="Attachment.version, Attachment.page_order",
        cascade="all, delete-orphan",
    )

    @property
    def current_version(self) -> int:
        """Number of the newest set of scans; 0 when there is none."""
        return max((a.version for a in self.attachments), default=0)

    @property
    def current_attachments(self) -> list["Attachment"]:
        """The scans that count: the newest version, in page order."""
        return [a for a in self.attachments if a.version == self.current_version]

    def __str__(self) -> str:
        """The name on screen."""
        return self.name


class StoredFile(Base):
    """Bytes kept once by SHA-256 in the store; facts found when they were really opened."""

    __tablename__ = "stored_file"
    __table_args__ = (UniqueConstraint("sha256"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(60))
    extension: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(BigId)
    pages: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def hard_to_read(self) -> bool:
        """Whether the citizen is advised to photograph it again."""
        return hard_to_read(self.media_type, self.width, self.height)


class Attachment(Base):
    """One scanned file of a document. A supplement adds a version; nothing sent is overwritten."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("document_id", "version", "page_order"),
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("page_order > 0", name="page_order_positive"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("dossier_document.id", ondelete="CASCADE"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    supplement_item_id: Mapped[int | None] = mapped_column(ForeignKey("supplement_item.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    page_order: Mapped[int] = mapped_column(default=1)
    original_name: Mapped[str] = mapped_column(String(200))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[DossierDocument] = relationship(back_populates="attachments")
    file: Mapped[StoredFile] = relationship(lazy="joined")

    def __str__(self) -> str:
        """The name the person gave the file."""
        return self.original_name


class DocumentReview(Base):
    """That an officer looked at a version of a document, and what was found."""

    __tablename__ = "document_review"
    __table_args__ = (UniqueConstraint("document_id", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("dossier_document.id", ondelete="CASCADE"))
    version: Mapped[int]
    acceptable: Mapped[bool | None]
    """None: looked at, not yet judged."""
    note: Mapped[str] = mapped_column(Text, default="")
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[DossierDocument] = relationship()


class CodeCounter(Base):
    """Serial of official codes per agency and day; one row, locked while a code is taken."""

    __tablename__ = "code_counter"
    __table_args__ = (UniqueConstraint("agency_id", "day"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    day: Mapped[date]
    last: Mapped[int]
