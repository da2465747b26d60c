"""What a citizen has: drafts, dossiers that are on their way, dossiers that have ended; and their papers."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain import transitions
from app.domain.roles import Actor
from app.domain.states import State
from app.domain.transitions import WAITING_FOR_CITIZEN
from app.extensions import db
from app.models.dossier import Dossier, DossierDocument
from app.services import access

MOST_SHOWN = 200
"""Nobody has so many; a page must not grow without end all the same."""


@dataclass(frozen=True)
class Own:
    """A citizen's dossiers, each list with the last touched first; those that wait for the citizen lead."""

    drafts: list[Dossier]
    running: list[Dossier]
    ended: list[Dossier]


def of(actor: Actor) -> Own:
    """Everything of one citizen but discarded drafts; one query."""
    query = access.dossiers_for(actor).where(Dossier.state != State.DISCARDED)
    query = query.options(joinedload(Dossier.agency), joinedload(Dossier.department))
    query = query.order_by(Dossier.updated_at.desc(), Dossier.id.desc()).limit(MOST_SHOWN)
    found = list(db.session.scalars(query))
    running = [d for d in found if d.state is not State.DRAFT and d.state not in transitions.CLOSED]
    return Own(
        drafts=[d for d in found if d.state is State.DRAFT],
        running=sorted(running, key=lambda d: d.state not in WAITING_FOR_CITIZEN | {State.RESULT_READY}),
        ended=[d for d in found if d.state in transitions.CLOSED],
    )


def papers(dossier: Dossier) -> list[DossierDocument]:
    """The documents of a dossier with all their scans, in order; two queries, however many there are."""
    query = select(DossierDocument).where(DossierDocument.dossier_id == dossier.id)
    query = query.options(selectinload(DossierDocument.attachments)).order_by(DossierDocument.ordinal)
    return list(db.session.scalars(query))
