"""What is done with a dossier: requests, opinions, results, originals, payments, clocks, journal."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.errors import Refused
from app.domain.language import say
from app.domain.originals import Verdict
from app.domain.states import ClockAction, ClockKind, State
from app.models.base import Base, BigId, JsonDict, UtcDateTime, enum_type
from app.models.dossier import Attachment, Dossier, DossierDocument, Outcome, StoredFile
from app.models.organisation import Department, ReceptionPlace, User


class ItemKind(StrEnum):
    """What is wrong with a document, as the citizen has to mend it."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    WRONG_DOCUMENT = "wrong_document"
    EXPIRED = "expired"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say(
            {
                ItemKind.MISSING: "Còn thiếu giấy tờ",
                ItemKind.UNREADABLE: "Ảnh không đọc được",
                ItemKind.INCOMPLETE: "Thiếu trang hoặc thiếu nội dung",
                ItemKind.WRONG_DOCUMENT: "Không đúng giấy tờ",
                ItemKind.EXPIRED: "Giấy tờ hết hiệu lực",
                ItemKind.QUESTION: "Cần giải trình",
            }[self]
        )


class SupplementRequest(Base):
    """A request to complete the dossier. Prepared item by item, sent by the transition (form 02)."""

    __tablename__ = "supplement_request"
    __table_args__ = (Index("ix_supplement_request_dossier_id_sent_at", "dossier_id", "sent_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"))
    transition: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    dossier: Mapped[Dossier] = relationship()
    items: Mapped[list["SupplementItem"]] = relationship(
        back_populates="request", order_by="SupplementItem.id", cascade="all, delete-orphan"
    )


class SupplementItem(Base):
    """One thing to mend, on one document or on the dossier as a whole."""

    __tablename__ = "supplement_item"
    __table_args__ = (CheckConstraint("description <> ''", name="described"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(
        ForeignKey("supplement_request.id", ondelete="CASCADE"), index=True
    )
    document_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_document.id"), index=True)
    kind: Mapped[ItemKind] = mapped_column(enum_type(ItemKind, "item_kind"))
    description: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")

    request: Mapped[SupplementRequest] = relationship(back_populates="items")
    document: Mapped[DossierDocument | None] = relationship()
    attachments: Mapped[list[Attachment]] = relationship(order_by="Attachment.page_order")

    @property
    def answered(self) -> bool:
        """Whether the citizen wrote an answer or sent new scans for it."""
        return bool(self.answer.strip()) or bool(self.attachments)


class Opinion(Base):
    """What a department officer writes on a dossier."""

    __tablename__ = "opinion"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship()
    author: Mapped[User] = relationship()


class Message(Base):
    """A line between the office and the citizen, kept on the dossier."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_dossier_id_created_at", "dossier_id", "created_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    from_office: Mapped[bool]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_message.id"))
    """The mail that carried it, so that the page can show whether it was delivered."""

    author: Mapped[User] = relationship()


class Result(Base):
    """What the authority decided: a draft until signed; a void one is kept and never un-voided."""

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("voided_at IS NULL OR void_reason <> ''", name="void_has_reason"),
        CheckConstraint(
            "signed_at IS NULL OR (number <> '' AND decided_on IS NOT NULL)", name="signed_has_number"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome, "outcome"))
    summary: Mapped[str] = mapped_column(Text, default="")
    draft_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    drafted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    number: Mapped[str] = mapped_column(String(60), default="")
    decided_on: Mapped[date | None]
    signed_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str] = mapped_column(Text, default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("result.id"))
    """The void result that this one stands for, after a case decided "no violation"."""
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    draft_file: Mapped[StoredFile | None] = relationship(foreign_keys=[draft_file_id])
    signed_file: Mapped[StoredFile | None] = relationship(foreign_keys=[signed_file_id])
    signed_by: Mapped[User | None] = relationship(foreign_keys=[signed_by_id])


class OriginalCheck(Base):
    """What the returning officer found when comparing one original with its scan."""

    __tablename__ = "original_check"
    __table_args__ = (
        UniqueConstraint("document_id"),
        CheckConstraint("verdict <> 'differs' OR description <> ''", name="difference_described"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("dossier_document.id", ondelete="CASCADE"))
    verdict: Mapped[Verdict] = mapped_column(enum_type(Verdict, "verdict"))
    description: Mapped[str] = mapped_column(Text, default="")
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[DossierDocument] = relationship()


class Payment(Base):
    """Money taken at a counter against a receipt, in whole đồng."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("place_id", "receipt_number"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("receipt_number <> ''", name="has_receipt"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("reception_place.id"))
    amount: Mapped[int]
    receipt_number: Mapped[str] = mapped_column(String(60))
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    place: Mapped[ReceptionPlace] = relationship()


class DossierClock(Base):
    """One run of a clock: its due time and what the sweep has already said. Derived from clock_event."""

    __tablename__ = "dossier_clock"
    __table_args__ = (
        Index(
            "uq_dossier_clock_running", "dossier_id", "kind", unique=True,
            postgresql_where=text("stopped_at IS NULL"), sqlite_where=text("stopped_at IS NULL"),
        ),
        Index("ix_dossier_clock_next_sweep_at", "next_sweep_at"),
        Index("ix_dossier_clock_dossier_id", "dossier_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"))
    kind: Mapped[ClockKind] = mapped_column(enum_type(ClockKind, "clock_kind"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    half_at: Mapped[datetime] = mapped_column(UtcDateTime)
    three_quarters_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warned: Mapped[int] = mapped_column(default=0)
    """0 nothing said, 1 half, 2 three quarters, 3 overdue."""
    next_sweep_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the sweep has to look again; None when it never has to."""
    worked_seconds: Mapped[int | None]
    """Working time of a stopped run without its pauses, by the calendar of that moment."""

    dossier: Mapped[Dossier] = relationship()
    events: Mapped[list["ClockEvent"]] = relationship(order_by="ClockEvent.id", back_populates="clock")

    @property
    def overdue(self) -> bool:
        """Whether the sweep marked it overdue."""
        return self.warned >= 3  # noqa: PLR2004


class ClockEvent(Base):
    """Start, pause, resume, stop: a clock is stored as what happened to it, never as a countdown."""

    __tablename__ = "clock_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("dossier_clock.id", ondelete="CASCADE"), index=True)
    action: Mapped[ClockAction] = mapped_column(enum_type(ClockAction, "clock_action"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    clock: Mapped[DossierClock] = relationship(back_populates="events")


class Journal(Base):
    """Who did what, when and why. Rows are only ever added; the ORM and the database both refuse the rest."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("actor_id", "idempotency_key"),
        Index("ix_journal_dossier_id_id", "dossier_id", "id"),
        Index("ix_journal_key_at", "key", "at"),
        Index("ix_journal_actor_id_at", "actor_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    actor_role: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(60))
    """The transition's key, or the name of another event."""
    from_state: Mapped[State | None] = mapped_column(enum_type(State, "from_state"))
    to_state: Mapped[State | None] = mapped_column(enum_type(State, "to_state"))
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[JsonDict] = mapped_column(JSON, default=dict)
    ip: Mapped[str] = mapped_column(String(45), default="")
    idempotency_key: Mapped[str | None] = mapped_column(String(80))

    actor: Mapped[User | None] = relationship()


def _refuse_change(*_: object) -> None:
    raise Refused("journal_is_append_only")


event.listen(Journal, "before_update", _refuse_change)
event.listen(Journal, "before_delete", _refuse_change)
