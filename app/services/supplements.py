"""Requests to complete a dossier: the officer lists every defect at once, the citizen answers each."""

from sqlalchemy import select

from app.domain import clock
from app.domain.errors import NotFound, Refused
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.domain.transitions import WAITING_FOR_CITIZEN
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import ItemKind, SupplementItem, SupplementRequest
from app.services import access, facts
from app.services.transaction import transaction

WRITERS = {State.SUBMITTED: Role.RECEIVING_OFFICER, State.IN_APPRAISAL: Role.DEPARTMENT_OFFICER}
"""Who may list defects in which state: the roles of request_supplement and request_information."""
LONGEST_ANSWER = 5000
"""Signs; as many as a message may have."""


def of_dossier(dossier: Dossier) -> list[SupplementRequest]:
    """The requests that were sent, newest first."""
    query = select(SupplementRequest).where(
        SupplementRequest.dossier_id == dossier.id, SupplementRequest.sent_at.is_not(None)
    )
    return list(db.session.scalars(query.order_by(SupplementRequest.id.desc())))


def add_item(
    actor: Actor, dossier_id: int, kind: ItemKind, description: str, document_id: int | None = None
) -> SupplementItem:
    """Add one defect to the request being prepared, once; it goes out with the transition."""
    if not description.strip():
        raise Refused("item_description_required", field="description")
    with transaction() as session:
        dossier = _writable(actor, dossier_id)
        if document_id is not None and document_id not in {d.id for d in dossier.documents}:
            raise NotFound("no_such_document")
        if document_id is None and kind is not ItemKind.QUESTION:
            raise Refused("item_document_required", field="document_id")
        request = facts.prepared_request(dossier) or _new_request(actor, dossier)
        said = (document_id, kind, description.strip())
        if twin := next((i for i in request.items if (i.document_id, i.kind, i.description) == said), None):
            return twin  # a double click: the citizen would have to answer the same twice
        item = SupplementItem(document_id=document_id, kind=kind, description=description.strip())
        request.items.append(item)
        session.add(request)
        session.flush()
        return item


def remove_item(actor: Actor, item_id: int) -> None:
    """Take one defect out of the request being prepared."""
    with transaction() as session:
        item = session.get(SupplementItem, item_id)
        if item is None or item.request.sent_at is not None:
            raise NotFound("no_such_item")
        _writable(actor, item.request.dossier_id)
        item.request.items.remove(item)


def answer_item(actor: Actor, item_id: int, text: str) -> SupplementItem:
    """Save what the citizen answers in words; scans are added to the item's document."""
    access.require_role(actor, Role.CITIZEN)
    if len(text) > LONGEST_ANSWER:
        raise Refused("text_too_long", longest=LONGEST_ANSWER)
    with transaction() as session:
        item = session.get(SupplementItem, item_id)
        if item is None:
            raise NotFound("no_such_item")
        dossier = access.dossier_for(actor, item.request.dossier_id, lock=True)
        access.dossier_is(dossier, *WAITING_FOR_CITIZEN)
        request = facts.open_request(dossier)
        if request is None or request.id != item.request_id:
            raise NotFound("no_such_item")
        item.answer = text.strip()
        dossier.updated_at = clock.now()
        return item


def _writable(actor: Actor, dossier_id: int) -> Dossier:
    dossier = access.dossier_for(actor, dossier_id, lock=True)
    access.dossier_is(dossier, *WRITERS)
    access.require_role(actor, WRITERS[dossier.state])
    return dossier


def _new_request(actor: Actor, dossier: Dossier) -> SupplementRequest:
    return SupplementRequest(dossier_id=dossier.id, requested_by_id=actor.user_id, created_at=clock.now())
