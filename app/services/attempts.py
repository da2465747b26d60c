"""Counting tries, in a table that all web workers share.

A window starts with the first try and lasts ``minutes``. Every verb here is a short transaction of its own:
call it before opening the verb's transaction, so that the try counts even when the request is refused.
"""

import hashlib
import math
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import case, delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain import clock
from app.domain.errors import TooManyAttempts
from app.extensions import db
from app.models.base import UtcDateTime
from app.models.outbox import Attempt
from app.services.transaction import transaction

LONGEST_SUBJECT = 200
IPV6_HOME = 64  # one customer has a whole /64: counting single addresses would count nothing
OLDEST = timedelta(days=2)  # the longest lock an administrator can set is one day


def check(kind: str, subject: str, *, limit: int, minutes: int) -> None:
    """TooManyAttempts, with the minutes to wait, when the tries of the running window are used up."""
    query = select(Attempt.count, Attempt.window_started_at)
    row = db.session.execute(query.where(Attempt.kind == kind, Attempt.subject == _subject(subject))).first()
    count, started = row or (0, clock.now())
    left = (started + timedelta(minutes=minutes) - clock.now()).total_seconds()
    if count >= limit and left > 0:
        raise TooManyAttempts("too_many_attempts", minutes=math.ceil(left / 60))


def fail(kind: str, subject: str, *, minutes: int, limit: int | None = None) -> int:
    """Count one try; how many there are now in the window.

    With ``limit`` the try that reaches it starts the window anew, so that the lock lasts its full minutes.
    """
    now = clock.now()
    moment = literal(now, UtcDateTime())
    over = Attempt.window_started_at <= now - timedelta(minutes=minutes)
    restart = over if limit is None else over | (Attempt.count + 1 == limit)
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = (
        insert(Attempt)
        .values(kind=kind, subject=_subject(subject), count=1, window_started_at=now)
        .on_conflict_do_update(
            index_elements=["kind", "subject"],
            set_={
                "count": case((over, 1), else_=Attempt.count + 1),
                "window_started_at": case((restart, moment), else_=Attempt.window_started_at),
            },
        )
        .returning(Attempt.count)
    )
    with transaction() as session:
        return session.execute(statement).scalar_one()


def hit(kind: str, subject: str, *, limit: int, minutes: int) -> int:
    """Check and count before the thing is tried, so that requests of one moment cannot all slip through."""
    check(kind, subject, limit=limit, minutes=minutes)
    count = fail(kind, subject, minutes=minutes, limit=limit)
    if count > limit:
        raise TooManyAttempts("too_many_attempts", minutes=minutes)
    return count


def clear(kind: str, subject: str) -> None:
    """Forget the tries of a subject that has succeeded."""
    with transaction() as session:
        session.execute(delete(Attempt).where(Attempt.kind == kind, Attempt.subject == _subject(subject)))


def sweep() -> int:
    """Delete windows long over; how many. For the worker."""
    with transaction() as session:
        old = delete(Attempt).where(Attempt.window_started_at < clock.now() - OLDEST).returning(Attempt.id)
        return len(session.scalars(old).all())


def _subject(subject: str) -> str:
    """An address as the network that one visitor has; a text too long for the column as its digest."""
    try:
        address = ip_address(subject)
    except ValueError:
        fits = len(subject) <= LONGEST_SUBJECT
        return subject if fits else hashlib.sha256(subject.encode()).hexdigest()
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or IPv6Network((int(address), IPV6_HOME), strict=False))
    return str(address)
