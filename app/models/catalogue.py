"""What can be applied for: fields, procedures, their documents and fees, roll-out, authorities."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.fees import FeeKind, FeeTiming, title
from app.domain.language import say
from app.domain.working_time import TimeUnit
from app.models.base import Base, enum_type
from app.models.organisation import Agency, Level

VALIDITY = "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to"


class OnSupplement(StrEnum):
    """What a request for information does to the processing time (DOMAIN.md 3.3, paused or restarted)."""

    PAUSE = "pause"
    RESTART = "restart"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say("Tạm dừng tính giờ" if self is OnSupplement.PAUSE else "Tính lại từ đầu")


class PaperKind(StrEnum):
    """In which form a document is shown at the counter."""

    FORM = "form"
    ORIGINAL = "original"
    CERTIFIED_COPY = "certified_copy"
    COPY = "copy"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say(
            {
                PaperKind.FORM: "Đơn, tờ khai",
                PaperKind.ORIGINAL: "Bản chính",
                PaperKind.CERTIFIED_COPY: "Bản sao chứng thực",
                PaperKind.COPY: "Bản sao",
            }[self]
        )


class Field(Base):
    """A field of procedures (lĩnh vực)."""

    __tablename__ = "field"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str] = mapped_column(String(200))
    procedures: Mapped[list["Procedure"]] = relationship(back_populates="field")

    def __str__(self) -> str:
        """The name on screen."""
        return self.name


class Procedure(Base):
    """An administrative procedure (thủ tục hành chính) as the city or its wards offer it."""

    __tablename__ = "procedure"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("processing_time > 0", name="processing_time_positive"),
        CheckConstraint(VALIDITY, name="validity"),
        Index("ix_procedure_level_field_id", "level", "field_id"),
    )

    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(300))
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Name, code and field without accents, lower case; kept by the service."""
    level: Mapped[Level] = mapped_column(enum_type(Level, "level"))
    field_id: Mapped[int] = mapped_column(ForeignKey("field.id"), index=True)
    department_name: Mapped[str] = mapped_column(String(200))
    """The department that appraises, by name: each agency has its own of that name."""
    processing_time: Mapped[int]
    time_unit: Mapped[TimeUnit] = mapped_column(enum_type(TimeUnit, "time_unit"))
    on_supplement: Mapped[OnSupplement] = mapped_column(
        enum_type(OnSupplement, "on_supplement"), default=OnSupplement.PAUSE
    )
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    provenance: Mapped[str] = mapped_column(Text, default="")
    confirmed: Mapped[bool] = mapped_column(default=False)
    """False: compiled, not yet compared with the official list; shown as "chưa đối chiếu"."""
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    field: Mapped[Field] = relationship(back_populates="procedures")
    documents: Mapped[list["RequiredDocument"]] = relationship(
        back_populates="procedure", order_by="RequiredDocument.ordinal", cascade="all, delete-orphan"
    )
    fees: Mapped[list["FeeItem"]] = relationship(
        back_populates="procedure", order_by="FeeItem.id", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        """Code and name."""
        return f"{self.code} – {self.name}"


class RequiredDocument(Base):
    """A component of the dossier of a procedure (thành phần hồ sơ)."""

    __tablename__ = "required_document"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(VALIDITY, name="validity"),
        Index("ix_required_document_procedure_id_ordinal", "procedure_id", "ordinal"),
    )

    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"))
    ordinal: Mapped[int]
    name: Mapped[str] = mapped_column(String(400))
    kind: Mapped[PaperKind] = mapped_column(enum_type(PaperKind, "paper_kind"))
    quantity: Mapped[int] = mapped_column(default=1)
    required: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    procedure: Mapped[Procedure] = relationship(back_populates="documents")

    def __str__(self) -> str:
        """The name on screen."""
        return self.name


class FeeItem(Base):
    """A charge or fee of a procedure, in whole đồng; empty amount: the officer sets it with a reason."""

    __tablename__ = "fee_item"
    __table_args__ = (
        CheckConstraint("amount IS NULL OR amount >= 0", name="amount_not_negative"),
        CheckConstraint(VALIDITY, name="validity"),
    )

    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[FeeKind] = mapped_column(enum_type(FeeKind, "fee_kind"))
    amount: Mapped[int | None]
    timing: Mapped[FeeTiming] = mapped_column(enum_type(FeeTiming, "fee_timing"), default=FeeTiming.AT_RETURN)
    note: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    procedure: Mapped[Procedure] = relationship(back_populates="fees")

    @property
    def title(self) -> str:
        """What it is called on screen."""
        return title(self.name)

    def __str__(self) -> str:
        """The name on screen."""
        return self.title


class Rollout(Base):
    """From when an agency takes the procedures of a level online."""

    __tablename__ = "rollout"
    __table_args__ = (UniqueConstraint("agency_id", "level"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    level: Mapped[Level] = mapped_column(enum_type(Level, "level"))
    opens_on: Mapped[date]

    agency: Mapped[Agency] = relationship()

    def __str__(self) -> str:
        """Whose date it is."""
        return f"{self.agency.name}, {self.level.label.lower()}"


class ViolationAuthority(Base):
    """Who is told when originals differ: per agency, and per field or (field empty) for the rest."""

    __tablename__ = "violation_authority"
    __table_args__ = (UniqueConstraint("agency_id", "field_id"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))

    agency: Mapped[Agency] = relationship()
    field: Mapped[Field | None] = relationship()

    def __str__(self) -> str:
        """The name on screen."""
        return self.name
