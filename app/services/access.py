"""The only way to a dossier for a person. What is not theirs does not exist for them."""

from sqlalchemy import ColumnElement, Select, and_, false, select, true
from sqlalchemy.orm import joinedload

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Attachment, Dossier, DossierDocument
from app.models.photograph import OriginalPhotograph
from app.models.violation import ViolationCase

PRIVATE = (State.DRAFT, State.DISCARDED)
"""States that belong to the citizen alone."""


def visible(actor: Actor) -> ColumnElement[bool]:
    """The row filter of a person: own, the agency's, those forwarded to the department, or none."""
    sent = Dossier.state.not_in(PRIVATE)
    match actor.role:
        case Role.CITIZEN:
            return Dossier.citizen_id == actor.user_id
        case Role.RECEIVING_OFFICER | Role.LEADER:
            return and_(Dossier.agency_id == actor.agency_id, sent)
        case Role.DEPARTMENT_OFFICER:
            return and_(Dossier.department_id == actor.department_id, Dossier.forwarded_at.is_not(None))
        case Role.SYSTEM:
            return true()
        case _:  # an administrator configures and has no dossier
            return false()


def dossiers_for(actor: Actor) -> Select[Dossier]:
    """A query of the dossiers that this person may see."""
    return select(Dossier).where(visible(actor))


def dossier_for(actor: Actor, dossier_id: int, *, lock: bool = False) -> Dossier:
    """One dossier, read afresh; NotFound when it does not exist or is not this person's to see.

    ``lock`` keeps other writers out until the transaction ends (PostgreSQL; SQLite has one writer anyway).
    """
    query = dossiers_for(actor).where(Dossier.id == dossier_id)
    if lock:
        query = query.with_for_update(of=Dossier).execution_options(populate_existing=True)
    dossier: Dossier | None = db.session.scalar(query)
    if dossier is None:
        raise NotFound("no_such_dossier")
    return dossier


def document_for(actor: Actor, document_id: int) -> DossierDocument:
    """One document of a dossier that this person may see; NotFound otherwise."""
    query = (
        select(DossierDocument)
        .join(DossierDocument.dossier)
        .options(joinedload(DossierDocument.dossier))
        .where(DossierDocument.id == document_id, visible(actor))
    )
    document: DossierDocument | None = db.session.scalar(query)
    if document is None:
        raise NotFound("no_such_document")
    return document


def attachment_for(actor: Actor, attachment_id: int) -> Attachment:
    """One scan of a dossier that this person may see; NotFound otherwise."""
    query = (
        select(Attachment)
        .join(Attachment.document)
        .join(DossierDocument.dossier)
        .options(joinedload(Attachment.document).joinedload(DossierDocument.dossier))
        .where(Attachment.id == attachment_id, visible(actor))
    )
    attachment: Attachment | None = db.session.scalar(query)
    if attachment is None:
        raise NotFound("no_such_attachment")
    return attachment


def photographs_for(actor: Actor) -> Select[OriginalPhotograph]:
    """A query of the photographs of originals: for receiving officers and leaders of the agency only.

    A department has done its part before anything is photographed, and to the citizen it is evidence.
    """
    seen = visible(actor) if actor.role in {Role.RECEIVING_OFFICER, Role.LEADER} else false()
    query = select(OriginalPhotograph).join(OriginalPhotograph.document).join(DossierDocument.dossier)
    return query.where(seen)


def photograph_for(actor: Actor, photograph_id: int) -> OriginalPhotograph:
    """One photograph of an original that this person may see; NotFound otherwise."""
    query = photographs_for(actor).where(OriginalPhotograph.id == photograph_id)
    document = joinedload(OriginalPhotograph.document).joinedload(DossierDocument.dossier)
    photograph: OriginalPhotograph | None = db.session.scalar(query.options(document))
    if photograph is None:
        raise NotFound("no_such_photograph")
    return photograph


def case_for(actor: Actor, case_id: int, *, lock: bool = False) -> ViolationCase:
    """A violation case of the actor's agency; NotFound otherwise. ``lock`` as in ``dossier_for``."""
    query = (
        select(ViolationCase)
        .join(ViolationCase.dossier)
        .where(ViolationCase.id == case_id, cases_visible(actor))
    )
    if lock:
        query = query.with_for_update(of=ViolationCase).execution_options(populate_existing=True)
    case: ViolationCase | None = db.session.scalar(query)
    if case is None:
        raise NotFound("no_such_case")
    return case


def cases_visible(actor: Actor) -> ColumnElement[bool]:
    """The row filter of violation cases: receiving officers and leaders see those of their agency."""
    if actor.role in {Role.RECEIVING_OFFICER, Role.LEADER}:
        return ViolationCase.agency_id == actor.agency_id
    return false()


def require_role(actor: Actor, *roles: Role) -> None:
    """NotAllowed unless the actor has one of the roles."""
    if actor.role not in roles:
        raise NotAllowed("role_may_not")


def dossier_is(dossier: Dossier, *states: State) -> None:
    """Conflict unless the dossier is in one of the states."""
    if dossier.state not in states:
        raise Conflict("not_in_this_state", state=dossier.state.label)
