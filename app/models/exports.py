"""Reports on their way into a file."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.language import say
from app.models.base import Base, BigId, JsonDict, UtcDateTime, enum_type


class ExportState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say(
            {
                ExportState.WAITING: "Chờ tạo tệp",
                ExportState.RUNNING: "Đang tạo tệp",
                ExportState.READY: "Đã xong",
                ExportState.FAILED: "Chưa tạo được",
            }[self]
        )


class FileFormat(StrEnum):
    """Kind of file; the value is its extension."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        """What a browser is told."""
        return {
            "csv": "text/csv",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "pdf": "application/pdf",
        }[self.value]


class ReportExport(Base):
    """A file that the worker makes for one person. The worker is told the id only; a lost task is found here."""

    __tablename__ = "report_export"
    __table_args__ = (
        CheckConstraint("state <> 'ready' OR sha256 IS NOT NULL", name="ready_has_file"),
        Index("ix_report_export_owner_id", "owner_id", "id"),
        Index("ix_report_export_state_touched_at", "state", "touched_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    asked: Mapped[JsonDict] = mapped_column(JSON)
    """The question, as services.reports keeps it."""
    title: Mapped[str] = mapped_column(String(200))
    file_format: Mapped[FileFormat] = mapped_column(enum_type(FileFormat, "file_format"))
    state: Mapped[ExportState] = mapped_column(
        enum_type(ExportState, "export_state"), default=ExportState.WAITING
    )
    attempts: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int]
    rows_done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Last sign of life of the worker that makes it."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(BigId)

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100."""
        return min(100 * self.rows_done // self.rows_total, 100) if self.rows_total else 0
