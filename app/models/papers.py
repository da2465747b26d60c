"""Papers that were issued, as they were issued; their serials; the apology of a late dossier."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.language import say
from app.domain.papers import Form
from app.models.base import Base, BigId, JsonDict, UtcDateTime, enum_type
from app.models.dossier import Dossier, StoredFile
from app.models.handling import Journal
from app.models.organisation import User


class IssuedPaper(Base):
    """One paper of a dossier. ``content`` is what it says, frozen when it was issued; nothing changes it.

    The PDF is set from it once, soon after the commit (services.papers), and from then on is the paper.
    """

    __tablename__ = "issued_paper"
    __table_args__ = (
        UniqueConstraint("agency_id", "form", "year", "serial"),
        CheckConstraint("number <> ''", name="has_number"),
        Index("ix_issued_paper_dossier_id", "dossier_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    form: Mapped[Form] = mapped_column(enum_type(Form, "form"))
    layout: Mapped[str] = mapped_column(String(10))
    """Key of the layout in domain.papers: 2016, 2018, 2025."""
    year: Mapped[int]
    serial: Mapped[int | None]
    """Within agency, form and year; None when the number is not ours to give (a fee receipt's)."""
    number: Mapped[str] = mapped_column(String(80))
    content: Mapped[JsonDict] = mapped_column(JSON)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    """The step that it was issued with."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    mailed_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """The copy for the mail, with personal numbers covered."""

    dossier: Mapped[Dossier] = relationship()
    entry: Mapped[Journal] = relationship()
    issued_by: Mapped[User | None] = relationship()
    file: Mapped[StoredFile | None] = relationship(foreign_keys=[file_id])
    mailed_file: Mapped[StoredFile | None] = relationship(foreign_keys=[mailed_file_id])

    @property
    def title(self) -> str:
        """Its heading, as printed."""
        return str(self.content["title"])


class PaperCounter(Base):
    """Serial of papers per agency, form and year; one row, locked while a number is taken."""

    __tablename__ = "paper_counter"
    __table_args__ = (UniqueConstraint("agency_id", "form", "year"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    form: Mapped[Form] = mapped_column(enum_type(Form, "form"))
    year: Mapped[int]
    last: Mapped[int]


class ApologyState(StrEnum):
    """How far the apology is; a dossier without one has none."""

    DRAFTED = "drafted"
    SENT = "sent"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say("Chờ ký" if self is ApologyState.DRAFTED else "Đã gửi")


class Apology(Base):
    """The apology for a result that will be late: drafted by the worker, signed by a leader, once.

    Decree 61/2018/NĐ-CP art. 19(9): at least a day before the time runs out, and a new date at most once.
    ``due_at`` of the processing clock keeps counting; ``promised_on`` is shown beside it.
    """

    __tablename__ = "apology"
    __table_args__ = (
        UniqueConstraint("dossier_id"),
        CheckConstraint(
            "state = 'drafted' OR "
            "(promised_on IS NOT NULL AND reason <> '' AND signed_by_id IS NOT NULL AND signed_at IS NOT NULL)",
            name="sent_is_complete",
        ),
        Index("ix_apology_state", "state", "dossier_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"))
    state: Mapped[ApologyState] = mapped_column(
        enum_type(ApologyState, "apology_state"), default=ApologyState.DRAFTED
    )
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The legal due time that it apologises for, as it stood when drafted and, later, when signed."""
    reason: Mapped[str] = mapped_column(Text, default="")
    promised_on: Mapped[date | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("issued_paper.id"))
    version: Mapped[int] = mapped_column(default=1)

    dossier: Mapped[Dossier] = relationship()
    signed_by: Mapped[User | None] = relationship()
    paper: Mapped[IssuedPaper | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
