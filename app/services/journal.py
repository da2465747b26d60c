"""Writing the journal: who did what, when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.roles import Actor
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import Journal
from app.services import bulk

MOST_SHOWN = 200
"""Rows read for a page; the newest ones."""

LOOKS = frozenset({"scan_viewed", "photograph_viewed"})
"""Keys of looks; the same person's at the same paper are one line."""


@dataclass(frozen=True)
class Entry:
    """One line of the journal; the same person opening the same paper again is one line."""

    row: Journal
    times: int


def write(  # noqa: PLR0913 - the columns of the journal
    actor: Actor,
    key: str,
    *,
    dossier: Dossier | None = None,
    from_state: State | None = None,
    to_state: State | None = None,
    reason: str = "",
    idempotency_key: str | None = None,
    **details: Any,
) -> Journal:
    """Add one row to the running transaction. ``details`` must be JSON without personal numbers."""
    row = Journal(
        dossier_id=dossier.id if dossier else None,
        at=clock.now(),
        actor_id=actor.user_id,
        actor_role=actor.role.value,
        key=key,
        from_state=from_state,
        to_state=to_state,
        reason=reason.strip(),
        details=details,
        ip=actor.ip,
        idempotency_key=idempotency_key,
    )
    db.session.add(row)
    return row


def write_many(actor: Actor, key: str, entries: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Add the same event for many dossiers (at least one), each with its own details, in one statement."""
    common = {
        "at": clock.now(), "actor_id": actor.user_id, "actor_role": actor.role.value, "key": key, "reason": "",
        "ip": actor.ip,
    }  # fmt: skip
    rows = [{**common, "dossier_id": dossier, "details": said} for dossier, said in entries]
    bulk.add(Journal.__table__, rows)


def of_dossier(dossier_id: int) -> Select[Journal]:
    """The rows of one dossier, newest first."""
    return select(Journal).where(Journal.dossier_id == dossier_id).order_by(Journal.id.desc())


def shown(dossier_id: int) -> list[Entry]:
    """What happened to one dossier as a page shows it, newest first."""
    query = of_dossier(dossier_id).options(joinedload(Journal.actor)).limit(MOST_SHOWN)
    rows = db.session.scalars(query).all()
    return [Entry(same[0], len(same)) for _, group in groupby(rows, _sameness) for same in (list(group),)]


def _sameness(row: Journal) -> tuple[object, ...]:
    if row.key not in LOOKS:
        return (row.id,)
    return row.key, row.actor_id, row.details.get("document")
