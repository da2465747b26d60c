"""The mails of a transition: one outbox row per receiver, in the transaction of the change."""

from typing import Any

from app.domain.transitions import Transition
from app.models.dossier import Dossier
from app.models.outbox import OutboxMessage
from app.services import mail_texts, outbox, receivers


def write_for(transition: Transition, dossier: Dossier, **extra: Any) -> list[OutboxMessage]:
    """Write every mail that the transition's row names."""
    return [row for m in transition.mail for row in write(m.receiver, m.template, dossier, **extra)]


def write(receiver: str, template: str, dossier: Dossier, **extra: Any) -> list[OutboxMessage]:
    """Write one mail to everybody behind the receiver's name."""
    return [
        outbox.write(
            receiver=receiver,
            address=person.address,
            template=template,
            context=mail_texts.dossier_context(dossier, receiver=receiver, name=person.name, **extra),
            dossier=dossier,
        )
        for person in receivers.of(receiver, dossier)
    ]
