"""Violation cases: opened when a result is voided, forwarded to the authority, decided."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.language import say
from app.models.base import Base, BigId, UtcDateTime, enum_type
from app.models.dossier import Dossier


class CaseState(StrEnum):
    """Where a violation case stands."""

    OPENED = "opened"
    FORWARDED = "forwarded"
    DECIDED = "decided"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say(
            {
                CaseState.OPENED: "Mới lập",
                CaseState.FORWARDED: "Đã chuyển cơ quan chức năng",
                CaseState.DECIDED: "Đã có kết luận",
            }[self]
        )


class Measure(StrEnum):
    """What the authority decided."""

    NO_VIOLATION = "no_violation"
    WARNING = "warning"
    SANCTION = "sanction"
    TRANSFERRED = "transferred"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say(
            {
                Measure.NO_VIOLATION: "Không vi phạm",
                Measure.WARNING: "Cảnh cáo, nhắc nhở",
                Measure.SANCTION: "Xử phạt vi phạm hành chính",
                Measure.TRANSFERRED: "Chuyển cơ quan điều tra",
            }[self]
        )


class ViolationCase(Base):
    """What is reported to the competent authority when originals differ (announcement, point 2)."""

    __tablename__ = "violation_case"
    __table_args__ = (
        UniqueConstraint("dossier_id"),
        CheckConstraint(
            "state <> 'decided' OR "
            "(measure IS NOT NULL AND decision_number <> '' AND decided_on IS NOT NULL)",
            name="decided_is_complete",
        ),
        CheckConstraint("state = 'opened' OR forwarded_at IS NOT NULL", name="forwarded_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    state: Mapped[CaseState] = mapped_column(enum_type(CaseState, "case_state"), default=CaseState.OPENED)
    report: Mapped[str] = mapped_column(Text)
    authority_name: Mapped[str] = mapped_column(String(200))
    authority_email: Mapped[str] = mapped_column(String(320))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    forwarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forwarded_number: Mapped[str] = mapped_column(String(60), default="")
    measure: Mapped[Measure | None] = mapped_column(enum_type(Measure, "measure"))
    decision_number: Mapped[str] = mapped_column(String(60), default="")
    decided_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    dossier: Mapped[Dossier] = relationship()

    __mapper_args__ = {"version_id_col": version}
