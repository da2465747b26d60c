"""apply(): the only writer of a dossier's state."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import select

from app.domain import clock, transitions
from app.domain.errors import Conflict
from app.domain.guards import Refusal
from app.domain.roles import SYSTEM, Actor, Role
from app.domain.states import State
from app.domain.transitions import Transition
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import Journal
from app.services import access, clocks, facts, journal, mailing, stays
from app.services.effects import EFFECTS
from app.services.transaction import transaction, unique_or


def apply(
    actor: Actor,
    dossier_id: int,
    key: str,
    *,
    reason: str = "",
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Dossier:
    """Make one step: fetch, check, set the state, clocks, journal, outbox, commit; in this order.

    ``version`` is the one the person saw; ``idempotency_key`` makes a repeated press harmless: the second
    finds the first in the journal and answers the same. NotFound, NotAllowed, Conflict or Refused say why
    not, and then nothing has changed.
    """
    transition = transitions.find(key)
    with transaction():
        dossier = access.dossier_for(actor, dossier_id, lock=True)
        if idempotency_key and _made_before(actor, dossier, transition, idempotency_key):
            return dossier
        _refuse_stale(dossier, version)
        known = facts.gather(actor, dossier, [transition])
        transitions.check(transition, role=actor.role, state=dossier.state, facts=known, reason=reason)
        _make(actor, dossier, transition, reason, idempotency_key)
    return dossier


def _make(
    actor: Actor, dossier: Dossier, transition: Transition, reason: str, idempotency_key: str | None
) -> None:
    at, before = clock.now(), dossier.state
    dossier.state = transition.target
    dossier.updated_at = at
    if transition.target in transitions.CLOSED:
        dossier.closed_at = at
    extra: Mapping[str, Any] = EFFECTS.get(transition.key, _nothing)(actor, dossier, reason, at)
    clocks.tick(dossier, transition, at)
    with _key_used_once(idempotency_key):
        journal.write(
            actor,
            transition.key,
            dossier=dossier,
            from_state=before,
            to_state=transition.target,
            reason=reason,
            idempotency_key=idempotency_key,
        )
    stays.record(dossier)
    mailing.write_for(transition, dossier, reason=reason, **extra)


def rehearse(
    actor: Actor, dossier_id: int, key: str, *, reason: str = "", version: int | None = None
) -> None:
    """Raise what apply() would raise, and change nothing: asked before "are you sure?"."""
    transition = transitions.find(key)
    dossier = access.dossier_for(actor, dossier_id)
    _refuse_stale(dossier, version)
    known = facts.gather(actor, dossier, [transition])
    transitions.check(transition, role=actor.role, state=dossier.state, facts=known, reason=reason)


def offers(actor: Actor, dossier: Dossier) -> list[tuple[Transition, tuple[Refusal, ...]]]:
    """The buttons of this person for this dossier, each with everything that still stands in its way."""
    shown = transitions.offered(dossier.state, actor.role)
    known = facts.gather(actor, dossier, shown)
    return [(t, transitions.blockers(t, known)) for t in shown]


def discard_expired_drafts(days: int) -> int:
    """Discard drafts not touched for ``days`` days, on behalf of their citizens; how many."""
    limit = clock.now() - clock.days(days)
    query = select(Dossier.id, Dossier.citizen_id).where(
        Dossier.state == State.DRAFT, Dossier.updated_at < limit
    )
    rows = db.session.execute(query.order_by(Dossier.id)).all()
    for dossier_id, citizen_id in rows:
        on_behalf = Actor(user_id=citizen_id, role=Role.CITIZEN, name=SYSTEM.name)
        apply(on_behalf, dossier_id, "discard", reason="Bản nháp quá thời gian lưu giữ")
    return len(rows)


def _refuse_stale(dossier: Dossier, version: int | None) -> None:
    if version is not None and version != dossier.version:
        raise Conflict("stale_version")


def _made_before(actor: Actor, dossier: Dossier, transition: Transition, idempotency_key: str) -> bool:
    row = db.session.scalar(
        select(Journal).where(Journal.actor_id == actor.user_id, Journal.idempotency_key == idempotency_key)
    )
    if row is not None and (row.dossier_id != dossier.id or row.key != transition.key):
        raise Conflict("idempotency_key_reused")
    return row is not None


def _key_used_once(idempotency_key: str | None) -> AbstractContextManager[None]:
    """The same key may be on its way for another dossier: then the journal refuses the second row."""
    return unique_or(Conflict("idempotency_key_reused")) if idempotency_key else nullcontext()


def _nothing(*_: object) -> dict[str, Any]:
    return {}
