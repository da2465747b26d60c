"""The leader's one press: number, date and signed file noted, and the dossier approved, or neither."""

from datetime import date

from app.domain.roles import Actor
from app.domain.states import State
from app.models.dossier import Dossier
from app.services import access, appraisal, dossiers
from app.services.transaction import transaction


def sign_and_approve(  # noqa: PLR0913 - what a decision consists of
    actor: Actor,
    dossier_id: int,
    *,
    number: str,
    decided_on: date,
    data: bytes | None = None,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Dossier:
    """Sign and approve in one transaction: a refused approval leaves no number behind.

    Without ``data`` the draft itself is what was signed. A repeated press finds the first in the journal.
    Refusals are those of appraisal.sign_result and dossiers.apply.
    """
    with transaction():
        dossier = access.dossier_for(actor, dossier_id, lock=True)
        if dossier.state is State.AWAITING_APPROVAL:
            appraisal.sign_result(actor, dossier_id, number, decided_on, data)
        return dossiers.apply(actor, dossier_id, "approve", version=version, idempotency_key=idempotency_key)
