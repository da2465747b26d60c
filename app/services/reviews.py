"""The receiving officer looks at every document before taking the dossier in."""

from sqlalchemy import select

from app.domain import clock
from app.domain.errors import Refused
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.extensions import db
from app.models.dossier import DocumentReview, Dossier, DossierDocument
from app.services import access
from app.services.transaction import transaction


def of_dossier(dossier: Dossier) -> dict[int, DocumentReview]:
    """The review of each document's current version, by document id."""
    query = (
        select(DocumentReview)
        .join(DocumentReview.document)
        .where(DossierDocument.dossier_id == dossier.id)
        .order_by(DocumentReview.version)
    )
    current = {d.id: d.current_version for d in dossier.documents}
    return {r.document_id: r for r in db.session.scalars(query) if current.get(r.document_id) == r.version}


def look(actor: Actor, document_id: int) -> DocumentReview:
    """Note that the officer has seen the current version of a document."""
    return _review(actor, document_id)


def judge(actor: Actor, document_id: int, *, acceptable: bool, note: str = "") -> DocumentReview:
    """Note what the officer thinks of a document; a document found wanting needs a note."""
    if not acceptable and not note.strip():
        raise Refused("review_note_required", field="note")
    with transaction():
        review = _review(actor, document_id)
        review.acceptable, review.note = acceptable, note.strip()
        return review


def _review(actor: Actor, document_id: int) -> DocumentReview:
    access.require_role(actor, Role.RECEIVING_OFFICER)
    with transaction() as session:
        document = access.document_for(actor, document_id)
        access.dossier_is(document.dossier, State.SUBMITTED)
        version = document.current_version
        if version == 0:
            raise Refused("document_has_no_scan", documents=(document.name,))
        review = _of_version(document.id, version)
        if review is None:
            access.dossier_for(actor, document.dossier_id, lock=True)  # two may open the same paper at once
            review = _of_version(document.id, version)
        review = review or DocumentReview(document_id=document.id, version=version, acceptable=None)
        review.reviewer_id, review.looked_at = actor.user_id or 0, clock.now()
        session.add(review)
        return review


def _of_version(document_id: int, version: int) -> DocumentReview | None:
    query = select(DocumentReview).where(
        DocumentReview.document_id == document_id, DocumentReview.version == version
    )
    return db.session.scalar(query)
