"""References and official codes of dossiers."""

import secrets

from sqlalchemy import select

from app.domain import clock
from app.extensions import db
from app.models.dossier import CodeCounter, Dossier
from app.models.organisation import Agency
from app.services import counters, settings

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0/O and 1/I: references are read out over the telephone."""


def new_reference() -> str:
    """A submission reference of 8 unguessable characters, e.g. N-7K3M-9QXA, that no dossier has yet."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    reference = f"N-{letters[:4]}-{letters[4:]}"
    taken = select(Dossier.id).where(Dossier.reference == reference)
    return reference if db.session.scalar(taken) is None else new_reference()


def new_secret() -> str:
    """The key of the public look-up link: 192 random bits."""
    return secrets.token_urlsafe(24)


def assign(dossier: Dossier) -> str:
    """Give the dossier its official code: agency id, day of receipt, serial of that day (DOMAIN.md 4.2).

    The counter row is locked until the transaction ends, so two officers never get the same serial.
    """
    day = clock.today()
    agency = db.session.get_one(Agency, dossier.agency_id)
    code: str = settings.get("code_format").format(
        agency=agency.identifier,
        date=day,
        serial=counters.next_serial(CodeCounter, agency_id=agency.id, day=day),
    )
    dossier.code = code.upper()  # as the look-up reads it, however it is typed
    return dossier.code
