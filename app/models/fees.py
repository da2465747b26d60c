"""The fees of a dossier, as they were when it was sent."""

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.fees import FeeKind, FeeTiming, title
from app.models.base import Base, BigId, enum_type
from app.models.dossier import Dossier


class DossierFee(Base):
    """A fee of the procedure as it was at submission, and what became of it."""

    __tablename__ = "dossier_fee"
    __table_args__ = (
        CheckConstraint("amount IS NULL OR amount >= 0", name="amount_not_negative"),
        CheckConstraint("exempt_reason = '' OR exempted_by_id IS NOT NULL", name="exemption_has_author"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    fee_item_id: Mapped[int | None] = mapped_column(ForeignKey("fee_item.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[FeeKind] = mapped_column(enum_type(FeeKind, "fee_kind"))
    amount: Mapped[int | None]
    timing: Mapped[FeeTiming] = mapped_column(enum_type(FeeTiming, "fee_timing"))
    amount_reason: Mapped[str] = mapped_column(Text, default="")
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    exempt_reason: Mapped[str] = mapped_column(Text, default="")
    exempted_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    dossier: Mapped[Dossier] = relationship(back_populates="fees")

    @property
    def exempt(self) -> bool:
        """Whether the officer exempted it, with a reason."""
        return bool(self.exempt_reason)

    @property
    def title(self) -> str:
        """What it is called on screen."""
        return title(self.name)
