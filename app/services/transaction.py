"""One verb, one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.domain.errors import Conflict
from app.extensions import db


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit at the end; on any error roll back, so that a refused change leaves nothing in the session.

    A row changed by somebody else meanwhile becomes Conflict("stale_version") (HTTP 409).
    """
    session: Session = db.session()
    try:
        yield session
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise Conflict("stale_version") from error
    except BaseException:
        session.rollback()
        raise


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
