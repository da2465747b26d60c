"""Serials without gaps or doubles: one row per series, locked until the transaction ends."""

from contextlib import suppress
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.dossier import CodeCounter
from app.models.papers import PaperCounter


def next_serial(counter: type[CodeCounter] | type[PaperCounter], **series: Any) -> int:
    """The next number of a series, named by the counter's key columns; two officers never get the same."""
    here = [getattr(counter, column) == value for column, value in series.items()]
    raised = update(counter).where(*here).values(last=counter.last + 1).returning(counter.last)
    last: int | None = db.session.scalar(raised)
    if last is None:
        _begin(counter, series)
        last = db.session.execute(raised).scalar_one()
    return last


def _begin(counter: type[CodeCounter] | type[PaperCounter], series: dict[str, Any]) -> None:
    """Start a series; when somebody did so a moment ago, the row is there already."""
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.execute(insert(counter).values(**series, last=0))
