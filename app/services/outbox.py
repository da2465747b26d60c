"""Mail waiting to go out: written with the change that causes it, claimed and recorded by workers.

A worker claims a few letters, sends them, and records each outcome in a transaction of its own. A letter
recorded as sent is never claimed again. A worker killed between the server's acceptance and the record leaves
a letter that another worker sends once more; the Message-ID is fixed when the row is written, so that the
receiver's mail program can drop the repetition. No mail protocol allows more.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ScalarSelect, Select, and_, func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.domain import clock
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.roles import SYSTEM, Actor, Role
from app.extensions import config, db
from app.models.dossier import Dossier
from app.models.outbox import MailState, OutboxMessage
from app.models.papers import IssuedPaper
from app.services import journal, mail_texts
from app.services.transaction import transaction

RETRY_MINUTES = (1, 2, 5, 10, 20, 30, 60, 60, 60, 60)
"""Waits after each failed attempt: over five hours in all, so that a night's repair loses no mail."""
CLAIM_EXPIRES = timedelta(minutes=10)
"""A claim older than this belongs to a dead worker: a living one renews it before each letter."""
LONGEST_ERROR = 1000
MOST_COUNTED = 1000
NO_ADDRESS = "Người nhận chưa có địa chỉ thư điện tử."

Row = OutboxMessage


@dataclass(frozen=True)
class Letter:
    """What a worker needs to send one mail."""

    id: int
    address: str
    subject: str
    body: str
    locale: str
    message_id: str
    paper_id: int | None


LETTER = (Row.id, Row.address, Row.subject, Row.body, Row.locale, Row.message_id, Row.paper_id)
"""The columns of a Letter, in its order."""


def write(  # noqa: PLR0913 - the columns of a mail
    *,
    receiver: str,
    address: str,
    template: str,
    context: Mapping[str, Any],
    dossier: Dossier | None = None,
    locale: str = "vi",
    paper: IssuedPaper | None = None,
) -> OutboxMessage:
    """Add one rendered mail to the running transaction; it goes out only if that transaction commits.

    Without a mail server it is held, readable and unsent. Without an address it is marked as failed at once:
    a missing address must not block a decision, but somebody has to see it.
    """
    text = mail_texts.render(template, {"receiver": receiver, **context}, locale)
    now = clock.now()
    row = OutboxMessage(
        dossier=dossier,
        receiver=receiver,
        address=mail_texts.one_line(address),
        template=template,
        locale=locale,
        subject=mail_texts.without_numbers(text.subject, dossier),
        body=mail_texts.without_numbers(text.body, dossier),
        state=MailState.QUEUED if config("MAIL_SERVER") else MailState.HELD,
        message_id=f"<{uuid.uuid4().hex}@{urlsplit(config('BASE_URL')).hostname or 'localhost'}>",
        attempts=0,
        created_at=now,
        next_attempt_at=now,
        paper=paper,
    )
    if not row.address:
        row.state, row.last_error = MailState.FAILED, NO_ADDRESS
    db.session.add(row)
    return row


def claim(worker: str, limit: int = 20) -> list[Letter]:
    """Take up to ``limit`` letters that are due, so that no other worker has them; oldest first.

    Also takes back those that a killed worker left behind. PostgreSQL skips rows that another worker is
    claiming at this moment; SQLite has one writer, so the statement as a whole is alone.
    """
    now = clock.now()
    picked = (
        select(Row.id)
        .where(_due(now))
        .order_by(Row.next_attempt_at, Row.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("picked")  # run once; PostgreSQL may run a plain sub-select twice and then claim more
    )
    statement = (
        update(Row)
        .where(Row.id.in_(select(picked.c.id)))
        .values(state=MailState.SENDING, claimed_at=now, claimed_by=worker)
        .returning(*LETTER, Row.next_attempt_at)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        rows: Sequence[Any] = session.execute(statement).all()
    return [Letter(*row[:-1]) for row in sorted(rows, key=lambda row: (row.next_attempt_at, row.id))]


def renew(letter_id: int, worker: str) -> bool:
    """Ask right before sending whether the letter is still this worker's, and restart the claim's time."""
    return _record(letter_id, _claimed_by(worker), claimed_at=clock.now())


def give_back(worker: str) -> None:
    """Queue again what this worker claimed and did not get to; no attempt is counted."""
    _move_all(_claimed_by(worker), MailState.QUEUED, claimed_at=None)


def mark_sent(letter_id: int) -> None:
    """The server accepted it. Holds whoever has the claim now: what is sent must not be sent again."""
    now = clock.now()
    _record(
        letter_id,
        Row.state != MailState.SENT,
        state=MailState.SENT, sent_at=now, attempts=Row.attempts + 1, last_error="", claimed_at=None,
    )  # fmt: skip


def mark_transient(letter_id: int, worker: str, error: str) -> None:
    """It could not be sent now: wait longer after each attempt, and give up after the last."""
    attempts = db.session.scalar(select(Row.attempts).where(Row.id == letter_id)) or 0
    last = attempts >= len(RETRY_MINUTES)
    wait = timedelta() if last else timedelta(minutes=RETRY_MINUTES[attempts])
    _record(
        letter_id,
        _claimed_by(worker),
        state=MailState.FAILED if last else MailState.QUEUED,
        next_attempt_at=clock.now() + wait,
        attempts=attempts + 1, last_error=error[:LONGEST_ERROR], claimed_at=None,
    )  # fmt: skip


def mark_permanent(letter_id: int, worker: str, error: str) -> None:
    """The server refused this letter for good: nothing but a person's decision sends it again."""
    _record(
        letter_id,
        _claimed_by(worker),
        state=MailState.FAILED, attempts=Row.attempts + 1, last_error=error[:LONGEST_ERROR], claimed_at=None,
    )  # fmt: skip


def retry(actor: Actor, letter_id: int) -> None:
    """Queue a failed or held mail again, with all its attempts. Administrators only; journalled.

    Conflict when it is on its way or sent (``mail_not_retriable``), or when there is no mail server to send
    it (``no_mail_server``).
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise NotAllowed("role_may_not")
    with transaction() as session:
        row = session.get(Row, letter_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise NotFound("no_such_mail")
        if row.state not in {MailState.FAILED, MailState.HELD}:
            raise Conflict("mail_not_retriable", state=row.state.label)
        if not config("MAIL_SERVER"):
            raise Conflict("no_mail_server")
        row.state, row.attempts, row.next_attempt_at = MailState.QUEUED, 0, clock.now()
        journal.write(actor, "mail_retried", dossier=row.dossier, mail=row.id, template=row.template)


def release_held() -> int:
    """Queue what was held while there was no mail server; how many."""
    if not config("MAIL_SERVER"):
        return 0
    return _journalled("held_mail_released", MailState.HELD, MailState.QUEUED)


def hold_queued() -> int:
    """Hold what is queued when the mail server was taken out of the configuration; how many."""
    if config("MAIL_SERVER"):
        return 0
    return _journalled("queued_mail_held", MailState.QUEUED, MailState.HELD)


def is_anything_due() -> bool:
    """Whether a claim would find something; a cheap question for a worker that asks every two seconds."""
    return db.session.scalar(select(Row.id).where(_due(clock.now())).limit(1)) is not None


def counts() -> dict[MailState, int]:
    """How many mails stand in each state, capped at MOST_COUNTED + 1: a city sends millions."""
    found = db.session.execute(select(*(_counted(state).label(state.name) for state in MailState))).one()
    return dict(zip(MailState, found, strict=True))


def _counted(state: MailState) -> ScalarSelect[int]:
    some = select(Row.id).where(Row.state == state).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def of_dossier(dossier_id: int) -> Select[tuple[OutboxMessage]]:
    """The mails of one dossier, newest first."""
    return select(Row).where(Row.dossier_id == dossier_id).order_by(Row.id.desc())


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Row.state == MailState.QUEUED, Row.next_attempt_at <= now),
        and_(Row.state == MailState.SENDING, Row.claimed_at < now - CLAIM_EXPIRES),
    )


def _claimed_by(worker: str) -> ColumnElement[bool]:
    return and_(Row.state == MailState.SENDING, Row.claimed_by == worker)


def _record(letter_id: int, condition: ColumnElement[bool], **values: Any) -> bool:
    statement = update(Row).where(Row.id == letter_id, condition).values(**values).returning(Row.id)
    with transaction() as session:
        done = session.execute(statement.execution_options(synchronize_session=False)).first()
    return done is not None


def _journalled(key: str, source: MailState, target: MailState) -> int:
    with transaction():
        moved = _move_all(Row.state == source, target, next_attempt_at=clock.now())
        if moved:
            journal.write(SYSTEM, key, mails=moved)
    return moved


def _move_all(condition: ColumnElement[bool], target: MailState, **values: Any) -> int:
    statement = update(Row).where(condition).values(state=target, **values).returning(Row.id)
    with transaction() as session:
        return len(session.execute(statement.execution_options(synchronize_session=False)).all())
