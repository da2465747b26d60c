"""The same step for several dossiers at once: each is its own transaction and has its own answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain import transitions
from app.domain.errors import DomainError, NotFound
from app.domain.roles import Actor
from app.extensions import db
from app.models.dossier import Dossier
from app.services import access, dossiers

MOST = 100
"""Dossiers in one press; a page shows fewer."""


@dataclass(frozen=True)
class Answer:
    """What became of one dossier: ``refusal`` is None when the step was made."""

    code: str
    refusal: DomainError | None


def apply_each(
    actor: Actor, dossier_ids: Sequence[int], key: str, *, idempotency_key: str | None = None
) -> list[Answer]:
    """Make one step for each dossier, in the order given.

    NotFound, and nothing at all is changed, when one of them is not this person's to see: such a list was not
    made by our page. A dossier that refuses does not hold up the others.
    """
    transitions.find(key)
    wanted = list(dict.fromkeys(dossier_ids))
    codes = _codes(actor, wanted)
    if not wanted or len(wanted) > MOST or codes.keys() != set(wanted):
        raise NotFound("no_such_dossier")
    return [_apply_one(actor, i, codes[i], key, idempotency_key) for i in wanted]


def _codes(actor: Actor, dossier_ids: Sequence[int]) -> dict[int, str]:
    query = access.dossiers_for(actor).where(Dossier.id.in_(dossier_ids))
    return {dossier.id: dossier.display_code for dossier in db.session.scalars(query)}


def _apply_one(actor: Actor, dossier_id: int, code: str, key: str, idempotency_key: str | None) -> Answer:
    own_key = f"{idempotency_key}:{dossier_id}" if idempotency_key else None
    try:
        dossier = dossiers.apply(actor, dossier_id, key, idempotency_key=own_key)
    except DomainError as refusal:
        return Answer(code, refusal)
    return Answer(dossier.display_code, None)
