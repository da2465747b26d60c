"""The mails of a transition: one outbox row per receiver, in the transaction of the change."""

from typing import Any

from app.domain.papers import MAILED
from app.domain.transitions import Transition
from app.models.dossier import Dossier
from app.models.outbox import OutboxMessage
from app.models.papers import IssuedPaper
from app.services import mail_texts, outbox, receivers


def write_for(
    transition: Transition, dossier: Dossier, *, paper: IssuedPaper | None = None, **extra: Any
) -> list[OutboxMessage]:
    """Write every mail that the transition's row names; the step's paper goes with the citizen's."""
    return [
        row for m in transition.mail for row in write(m.receiver, m.template, dossier, paper=paper, **extra)
    ]


def write(
    receiver: str, template: str, dossier: Dossier, *, paper: IssuedPaper | None = None, **extra: Any
) -> list[OutboxMessage]:
    """Write one mail to everybody behind the receiver's name; a paper is attached for the citizen only."""
    attached = paper if paper is not None and receiver == "citizen" and paper.form in MAILED else None
    if attached is not None:
        extra["attached"] = attached.title.capitalize()
    return [
        outbox.write(
            receiver=receiver,
            address=person.address,
            template=template,
            context=mail_texts.dossier_context(dossier, receiver=receiver, name=person.name, **extra),
            dossier=dossier,
            paper=attached,
        )
        for person in receivers.of(receiver, dossier)
    ]
