"""Changing many rows in one statement: what the ORM does row by row would keep everybody waiting."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, column, func, update
from sqlalchemy.dialects.postgresql import ARRAY

from app.extensions import db

Columns = Mapping[str, Sequence[Any]]
"""Values by column, "id" among them; all of the same length, in the same order."""


def change(table: Table, columns: Columns) -> None:
    """Write the values to the rows of these keys; part of the running transaction.

    Objects of these rows in the session are stale afterwards: expire them.
    """
    if not columns["id"]:
        return
    if db.session.connection().dialect.name == "postgresql":
        _from_arrays(table, columns)
    else:
        _row_by_row(table, columns)


def _from_arrays(table: Table, columns: Columns) -> None:
    """One statement whatever the number: PostgreSQL unfolds one array per column side by side."""
    kept = [table.c[name] for name in columns]
    arrays = [bindparam(f"new_{c.name}", list(columns[c.name]), ARRAY(c.type)) for c in kept]
    new = func.unnest(*arrays).table_valued(*(column(f"new_{c.name}", c.type) for c in kept))
    new = new.render_derived(name="new")
    values = {c.name: new.c[f"new_{c.name}"] for c in kept if c.name != "id"}
    db.session.connection().execute(update(table).where(table.c.id == new.c.new_id).values(values))


def _row_by_row(table: Table, columns: Columns) -> None:
    values = {name: bindparam(f"new_{name}") for name in columns if name != "id"}
    statement = update(table).where(table.c.id == bindparam("new_id")).values(values)
    names = [f"new_{name}" for name in columns]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    db.session.connection().execute(statement, rows)
