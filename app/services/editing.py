"""How an administrator adds, changes and removes a row of the configuration.

One way for every table: the role is asked, only listed columns are taken, texts are tidied, references must
exist, the rules of the table are checked, and the journal keeps old and new. Whatever is refused leaves
nothing behind: the whole verb is one transaction.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Enum, String, Table, exists, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain import clock
from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.roles import Actor, Role
from app.domain.texts import tidy
from app.extensions import db
from app.models.base import Base
from app.services import journal
from app.services.transaction import transaction

Row = TypeVar("Row", bound=Base)
Values = Mapping[str, Any]


def require_administrator(actor: Actor) -> None:
    """NotAllowed unless the actor is an administrator or the system itself."""
    if actor.role not in {Role.ADMINISTRATOR, Role.SYSTEM}:
        raise NotAllowed("role_may_not")


def as_json(value: Any) -> Any:
    """A column's value as the journal can keep it."""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date | time) else value


def flush(session: Session) -> None:
    """Write now. A row that somebody else added or used meanwhile becomes Conflict("stale_version")."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("stale_version") from error


class Removal(StrEnum):
    """What became of a row that was to be removed."""

    REMOVED = "removed"
    ENDED = "ended"


def _no_rule(_row: Any) -> None:
    """Most tables have no more rules than their columns."""


@dataclass(frozen=True)
class Editor(Generic[Row]):
    """The verbs of one table.

    ``noun`` begins the journal keys (``procedure_added``). ``columns`` are the only ones a form may set.
    ``unique`` gives the reason key of each group of columns that must not repeat. ``check`` refuses a row
    that breaks a rule; ``after`` changes what hangs on it, once it is stored. With ``ends`` a row that is
    used already is not removed: its validity ends yesterday, and what it was stays readable.
    """

    model: type[Row]
    noun: str
    columns: tuple[str, ...]
    unique: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    check: Callable[[Row], None] = _no_rule
    after: Callable[[Row], None] = _no_rule
    ends: bool = False

    def get(self, row_id: int) -> Row:
        """The row; NotFound("no_such_row") when there is none."""
        row = db.session.get(self.model, row_id)
        if row is None:
            raise NotFound("no_such_row")
        return row

    def create(self, actor: Actor, values: Values) -> Row:
        """Add one row."""
        return self.create_all(actor, [values])[0]

    def create_all(self, actor: Actor, many: Iterable[Values]) -> list[Row]:
        """Add all of them or none."""
        require_administrator(actor)
        with transaction() as session:
            return [self._add(session, actor, values) for values in many]

    def edit(self, actor: Actor, row_id: int, values: Values) -> Row:
        """Change the columns given; the others stay. Nothing is journalled when nothing changes."""
        require_administrator(actor)
        with transaction() as session, session.no_autoflush:
            row = self.get(row_id)
            old = self._kept(row)
            self._fill(session, row, values)
            new = self._kept(row)
            changes = {name: [old[name], new[name]] for name in self.columns if old[name] != new[name]}
            if changes:
                flush(session)
                self.after(row)
                self._journal(actor, "changed", row, changes=changes)
            return row

    def remove(self, actor: Actor, row_id: int) -> Removal:
        """Delete the row, or end it when it is used and ``ends``; else Conflict("row_in_use")."""
        require_administrator(actor)
        with transaction() as session:
            row = self.get(row_id)
            if not _is_used(session, row):
                self._journal(actor, "removed", row, old=self._kept(row))
                session.delete(row)
                flush(session)
                return Removal.REMOVED
            if not self.ends:
                raise Conflict("row_in_use", row=str(row))
            old, new = _end(row)
            self._journal(actor, "ended", row, changes={"valid_to": [as_json(old), as_json(new)]})
            return Removal.ENDED

    def _add(self, session: Session, actor: Actor, values: Values) -> Row:
        row = self.model()
        with session.no_autoflush:
            self._fill(session, row, values)
            session.add(row)
        flush(session)
        self.after(row)
        self._journal(actor, "added", row, new=self._kept(row))
        return row

    def _fill(self, session: Session, row: Row, values: Values) -> None:
        if strange := values.keys() - set(self.columns):
            raise ValueError(f"{self.noun} has no column to set called {sorted(strange)}")
        table = self._table
        for name in self.columns:
            if name in values:
                setattr(row, name, _clean(table.columns[name], values[name]))
            _refuse_empty(table.columns[name], getattr(row, name))
            if name in values:
                _refuse_missing_target(session, table.columns[name], getattr(row, name))
        _refuse_backward_validity(row)
        self.check(row)
        self._refuse_repetition(session, row)

    def _refuse_repetition(self, session: Session, row: Row) -> None:
        columns = self._table.columns
        for names, key in self.unique.items():
            same = [columns[name] == getattr(row, name) for name in names]
            others = [columns["id"] != row.id] if row in session else []
            if session.scalar(select(exists().where(*same, *others))):
                raise Refused(key, field=names[-1])

    def _journal(self, actor: Actor, what: str, row: Row, **details: Any) -> None:
        journal.write(actor, f"{self.noun}_{what}", row_id=row.id, row=str(row), **details)

    def _kept(self, row: Row) -> dict[str, Any]:
        return {name: as_json(getattr(row, name)) for name in self.columns}

    @property
    def _table(self) -> Table:
        table = self.model.__table__
        assert isinstance(table, Table)  # noqa: S101 - a mapped class of ours is never a join
        return table


def _clean(column: Column[Any], value: Any) -> Any:
    if isinstance(value, str):
        value = tidy(value)
    if isinstance(column.type, Enum):
        return _member(column, value)
    longest = column.type.length if isinstance(column.type, String) else None
    if longest and isinstance(value, str) and len(value) > longest:
        raise Refused("text_too_long", field=column.name, longest=longest)
    return value


def _member(column: Column[Any], value: Any) -> Any:
    try:
        return column.type.enum_class(value)  # type: ignore[attr-defined]
    except ValueError as error:
        raise Refused("choose_from_list", field=column.name) from error


def _refuse_empty(column: Column[Any], value: Any) -> None:
    # A column with a default may stay empty; before the first flush its attribute is None.
    if value in (None, "") and not column.nullable and column.default is None:
        raise Refused("field_required", field=column.name)


def _refuse_missing_target(session: Session, column: Column[Any], value: Any) -> None:
    for key in column.foreign_keys:
        if value is not None and not session.scalar(select(exists().where(key.column == value))):
            raise Refused("choose_from_list", field=column.name)


def _refuse_backward_validity(row: Any) -> None:
    begins, ends = getattr(row, "valid_from", None), getattr(row, "valid_to", None)
    if begins and ends and ends < begins:
        raise Refused("validity_ends_before_it_begins", field="valid_to", day=ends)


def _is_used(session: Session, row: Base) -> bool:
    """Whether a row of another table points here, apart from parts that are deleted with it."""
    table = row.__table__
    parts = {r.mapper.local_table for r in inspect(type(row)).relationships if r.cascade.delete}
    pointing = [
        key.parent
        for other in Base.metadata.tables.values()
        for key in other.foreign_keys
        if key.column.table is table and other not in parts and key.ondelete is None
    ]
    return any(session.scalar(select(exists().where(column == row.id))) for column in pointing)


def _end(row: Any) -> tuple[date | None, date]:
    yesterday = clock.today() - timedelta(days=1)
    old = row.valid_to
    row.valid_to = max(min(old or yesterday, yesterday), row.valid_from or date.min)
    return old, row.valid_to
