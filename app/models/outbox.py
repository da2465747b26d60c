"""Mail waiting to go out, settings, attempts, and what the public page tells."""

from datetime import datetime
from enum import StrEnum
from textwrap import shorten
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.language import say
from app.models.base import Base, BigId, UtcDateTime, enum_type
from app.models.catalogue import Procedure
from app.models.dossier import Dossier
from app.models.organisation import Agency, User


class MailState(StrEnum):
    """Where a mail stands."""

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say(
            {
                MailState.QUEUED: "Chờ gửi",
                MailState.HELD: "Đang giữ (chưa cấu hình máy chủ thư)",
                MailState.SENDING: "Đang gửi",
                MailState.SENT: "Đã gửi",
                MailState.FAILED: "Không gửi được",
            }[self]
        )


class OutboxMessage(Base):
    """One mail to one receiver, written in the transaction of the change that caused it."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_at"),
        Index("ix_outbox_message_state_next_attempt_at", "state", "next_attempt_at", "id"),
        Index("ix_outbox_message_dossier_id", "dossier_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id", ondelete="SET NULL"))
    receiver: Mapped[str] = mapped_column(String(40))
    """citizen, receiving_officer, department_officer, leader, violation_authority, account, asker."""
    address: Mapped[str] = mapped_column(String(320))
    template: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str] = mapped_column(String(5), default="vi")
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[MailState] = mapped_column(enum_type(MailState, "mail_state"), default=MailState.QUEUED)
    message_id: Mapped[str] = mapped_column(String(120))
    """Message-ID header, fixed when the row is written, so that a receiver can drop a repetition."""
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str] = mapped_column(String(80), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")

    dossier: Mapped[Dossier | None] = relationship()


class Setting(Base):
    """A value an administrator may change; the registry and defaults are in services.settings."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("key"),)

    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class JobRun(Base):
    """The last run of a recurring job: what the console shows, and the lock that lets one worker run it."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str] = mapped_column(String(60))
    running: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worker: Mapped[str] = mapped_column(String(80), default="")
    result: Mapped[str] = mapped_column(Text, default="")
    """What the last run that ended well reports of itself."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Why the last run failed; empty when it ended well."""
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attempt(Base):
    """Tries of one kind by one subject in one window, shared by all web workers (login, look-up, mail)."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    count: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NewsItem(Base):
    """A notice on the public page."""

    __tablename__ = "news_item"

    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    def __str__(self) -> str:
        """The title."""
        return self.title


class Question(Base):
    """Asked on the site or a procedure's page; answered by mail and, if published, on the page."""

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("NOT published OR answered_at IS NOT NULL", name="published_is_answered"),
        Index("ix_question_agency_id_answered_at", "agency_id", "answered_at"),
    )

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    procedure_id: Mapped[int | None] = mapped_column(ForeignKey("procedure.id"), index=True)
    asker_name: Mapped[str] = mapped_column(String(200))
    asker_email: Mapped[str] = mapped_column(String(320))
    body: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published: Mapped[bool] = mapped_column(default=False)

    agency: Mapped[Agency] = relationship()
    procedure: Mapped[Procedure | None] = relationship()
    answered_by: Mapped[User | None] = relationship()

    def __str__(self) -> str:
        """Its beginning."""
        return shorten(self.body, 80, placeholder="…")
