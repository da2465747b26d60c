"""What reports and dashboards count: one narrow row per dossier that was ever sent."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from app.domain.states import State
from app.domain.timeliness import Timeliness
from app.models.base import Base, BigId, UtcDateTime, enum_type
from app.models.dossier import Dossier


class CountedDossier(Base):
    """The facts of a dossier that figures are made of, beside it because a row of ``dossier`` is wide.

    Derived: written only by services.counting.record(), in the transaction that changed the dossier or its
    clocks, and the same again when it is made anew from them.
    """

    __tablename__ = "counted_dossier"
    # The moment before the agency: one index serves a ward, the city's agency and the whole city.
    __table_args__ = (
        Index("ix_counted_dossier_received_at_agency_id", "received_at", "agency_id"),
        Index("ix_counted_dossier_finished_at_agency_id", "finished_at", "agency_id"),
        Index("ix_counted_dossier_submitted_at_agency_id", "submitted_at", "agency_id"),
        Index("ix_counted_dossier_closed_at_agency_id", "closed_at", "agency_id"),
        Index("ix_counted_dossier_procedure_id_finished_at", "procedure_id", "finished_at"),
    )

    id: Mapped[int] = mapped_column(
        BigId, ForeignKey("dossier.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    """The dossier's."""
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"))
    field_id: Mapped[int] = mapped_column(ForeignKey("field.id"))
    """As it was at submission: filing a procedure elsewhere must not change last year's report."""
    state: Mapped[State] = mapped_column(enum_type(State, "state"))

    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    intake_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Of the run of the intake clock that judges the intake: the first late one, else the newest."""
    intake_done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    intake_seconds: Mapped[int | None]
    """Working time of that run."""

    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forwarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Due time of processing, not of whatever clock runs now."""
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when processing waits for the citizen, or waited when it ended."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When processing ended: the result was announced at the counter, or the dossier withdrawn or stopped."""
    timeliness: Mapped[Timeliness | None] = mapped_column(enum_type(Timeliness, "timeliness"))
    """Of a finished one."""
    processing_seconds: Mapped[int | None]
    """Working time that the office had it, without the waiting."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    received_seconds: Mapped[int | None]
    """Working time in this state (and so below), of a finished one: where the office's time went."""
    appraisal_seconds: Mapped[int | None]
    approval_seconds: Mapped[int | None]
    decided_seconds: Mapped[int | None]
    waiting_seconds: Mapped[int | None]
    """Working time in which the office waited for the citizen's answer; no part of processing."""

    dossier: Mapped[Dossier] = relationship()


class local_day(FunctionElement[date]):  # noqa: N801 - reads as the SQL function that it is
    """The day of a stored moment on the city's calendar. Vietnam has stood at UTC+7 since 1975."""

    type = Date()
    inherit_cache = True


@compiles(local_day, "postgresql")
def _on_postgresql(element: local_day, compiler: SQLCompiler, **kw: object) -> str:
    return f"CAST(timezone('Asia/Ho_Chi_Minh', {compiler.process(element.clauses, **kw)}) AS DATE)"


@compiles(local_day, "sqlite")
def _on_sqlite(element: local_day, compiler: SQLCompiler, **kw: object) -> str:
    return f"date({compiler.process(element.clauses, **kw)}, '+7 hours')"
