"""Double clicks: what the same person says again within a moment is one press, made twice."""

from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from app.domain import clock
from app.extensions import db
from app.models.base import Base

WITHIN = timedelta(minutes=1)
Written = TypeVar("Written", bound=Base)


def twin(model: type[Written], written: str, **same: Any) -> Written | None:
    """The row with these values that was written a moment ago; None when this press is the first.

    ``written`` names the column that says when. Call it in the transaction that would write the second row.
    """
    query = select(model).filter_by(**same).where(getattr(model, written) > clock.now() - WITHIN)
    found: Written | None = db.session.scalar(query.limit(1))
    return found
