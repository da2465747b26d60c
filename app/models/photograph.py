"""Photographs of originals, taken at the counter as evidence of what differed."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, BigId, UtcDateTime
from app.models.dossier import DossierDocument, StoredFile
from app.models.organisation import User


class OriginalPhotograph(Base):
    """One photograph of an original that differs from its scan. Only ever added: it is evidence."""

    __tablename__ = "original_photograph"
    __table_args__ = (UniqueConstraint("document_id", "file_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("dossier_document.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[DossierDocument] = relationship()
    file: Mapped[StoredFile] = relationship()
    taken_by: Mapped[User] = relationship()
