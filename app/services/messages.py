"""Everything is discussed on the dossier; the citizen also gets it by e-mail (announcement, point 2)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.errors import Refused
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import Message
from app.models.outbox import OutboxMessage
from app.services import access, doubles, mailing
from app.services.transaction import transaction

MAX_LENGTH = 5000
WRITERS = (Role.CITIZEN, Role.RECEIVING_OFFICER, Role.DEPARTMENT_OFFICER)


def of_dossier(dossier: Dossier) -> list[tuple[Message, OutboxMessage | None]]:
    """The conversation, oldest first, each line with the mail that carried it."""
    query = (
        select(Message, OutboxMessage)
        .outerjoin(OutboxMessage, Message.outbox_id == OutboxMessage.id)
        .options(joinedload(Message.author))
        .where(Message.dossier_id == dossier.id)
        .order_by(Message.id)
    )
    return [(message, mail) for message, mail in db.session.execute(query)]


def mails_of(dossier: Dossier, actor: Actor) -> list[OutboxMessage]:
    """The mails of a dossier with their delivery state: all for officers, only theirs for the citizen."""
    query = select(OutboxMessage).where(OutboxMessage.dossier_id == dossier.id)
    if actor.role is Role.CITIZEN:
        query = query.where(OutboxMessage.receiver == "citizen")
    return list(db.session.scalars(query.order_by(OutboxMessage.id.desc()).limit(100)))


def write(actor: Actor, dossier_id: int, body: str) -> Message:
    """Write on the dossier. An officer's line is mailed to the declared e-mail, a citizen's to the office."""
    access.require_role(actor, *WRITERS)
    text = body.strip()
    if not text:
        raise Refused("message_empty", field="body")
    if len(text) > MAX_LENGTH:
        raise Refused("message_too_long", field="body", limit=MAX_LENGTH)
    with transaction() as session:
        dossier = access.dossier_for(actor, dossier_id)
        if dossier.state in access.PRIVATE:
            raise Refused("message_before_submission", field="body")
        same: dict[str, Any] = {"dossier_id": dossier.id, "author_id": actor.user_id, "body": text}
        if twin := doubles.twin(Message, "created_at", **same):
            return twin
        message = Message(**same, from_office=actor.role is not Role.CITIZEN, created_at=clock.now())
        mails = _mail(actor, dossier, text)
        session.add(message)
        session.flush()
        message.outbox_id = mails[0].id if mails else None
        return message


def _mail(actor: Actor, dossier: Dossier, text: str) -> list[OutboxMessage]:
    if actor.role is not Role.CITIZEN:
        return mailing.write("citizen", "office_message", dossier, message=text, officer=actor.name)
    handled_by_department = dossier.state in {State.IN_APPRAISAL, State.INFORMATION_REQUESTED}
    receiver = "department_officer" if handled_by_department else "receiving_officer"
    return mailing.write(receiver, "citizen_message", dossier)
