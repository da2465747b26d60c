"""One verb, one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.domain.errors import Conflict
from app.extensions import db

_OPEN = "a verb is running"


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit at the end; on any error roll back, so that a refused change leaves nothing in the session.

    A verb called by a verb joins the transaction of the caller. A row changed by somebody else meanwhile
    becomes Conflict("stale_version") (HTTP 409).
    """
    session: Session = db.session()
    if session.info.get(_OPEN):
        yield session
        return
    session.info[_OPEN] = True
    try:
        _lock_sqlite(session)
        yield session
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise Conflict("stale_version") from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_OPEN, None)


def _lock_sqlite(session: Session) -> None:
    """Take SQLite's one write lock before the first read, so that what a verb checks is what it changes."""
    connection = session.connection()
    if connection.dialect.name == "sqlite" and not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def unique_or(refusal: Exception) -> Iterator[None]:
    """Inside a transaction: flush, and turn a broken unique constraint into the refusal given."""
    session: Session = db.session()
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        raise refusal from error
