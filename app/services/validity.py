"""Which row is in force on a day. The law changed three times in ten years and the units twice."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, and_, or_


class Dated(Protocol):
    """A row with validity dates, both included; None means without end."""

    valid_from: Any
    valid_to: Any


Row = TypeVar("Row", bound=Dated)


def is_valid(row: Dated, day: date) -> bool:
    """Whether the row is in force on the day."""
    return bool((row.valid_from or date.min) <= day <= (row.valid_to or date.max))


def in_force(rows: Iterable[Row], day: date) -> list[Row]:
    """The rows in force on the day, in the order given."""
    return [row for row in rows if is_valid(row, day)]


def valid_on(model: type[Dated], day: date) -> ColumnElement[bool]:
    """The same rule as a condition of a query."""
    return and_(
        or_(model.valid_from.is_(None), model.valid_from <= day),
        or_(model.valid_to.is_(None), model.valid_to >= day),
    )
