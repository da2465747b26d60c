"""References and official codes of dossiers."""

import secrets
from contextlib import suppress
from datetime import date

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from app.domain import clock
from app.extensions import db
from app.models.dossier import CodeCounter, Dossier
from app.models.organisation import Agency
from app.services import settings

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0/O and 1/I: references are read out over the telephone."""


def new_reference() -> str:
    """A submission reference of 8 unguessable characters, e.g. N-7K3M-9QXA."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"N-{letters[:4]}-{letters[4:]}"


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
        agency=agency.identifier, date=day, serial=_next_serial(agency.id, day)
    )
    dossier.code = code.upper()  # as the look-up reads it, however it is typed
    return dossier.code


def _next_serial(agency_id: int, day: date) -> int:
    here = (CodeCounter.agency_id == agency_id, CodeCounter.day == day)
    raised = update(CodeCounter).where(*here).values(last=CodeCounter.last + 1)
    last = db.session.scalar(raised.returning(CodeCounter.last))
    if last is None:
        _open_day(agency_id, day)
        last = db.session.execute(raised.returning(CodeCounter.last)).scalar_one()
    return last


def _open_day(agency_id: int, day: date) -> None:
    """Start the day's counter; when somebody did so a moment ago, the row is there already."""
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.execute(insert(CodeCounter).values(agency_id=agency_id, day=day, last=0))
