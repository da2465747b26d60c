"""Writing many rows in one statement: what the ORM does row by row would keep everybody waiting.

PostgreSQL gets all rows as one JSON text and unfolds it itself; SQLite, which is in our own process, takes them one
by one as quickly.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, cast, column, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.sql.selectable import TableValuedAlias

from app.extensions import db

Rows = Sequence[Mapping[str, Any]]
"""One mapping of column to value for each row; all with the same columns."""


def change(table: Table, rows: Rows) -> None:
    """Write the values to the rows of these keys ("id"); part of the running transaction.

    Objects of these rows in the session are stale afterwards: expire them.
    """
    if _on_postgres():
        new = _unfolded(table, rows)
        values: dict[str, Any] = {name: new.c[name] for name in rows[0] if name != "id"}
        db.session.connection().execute(update(table).where(table.c.id == new.c.id).values(values))
        return
    named: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
    statement = update(table).where(table.c.id == bindparam("new_id")).values(named)
    renamed = [{f"new_{name}": value for name, value in row.items()} for row in rows]
    db.session.connection().execute(statement, renamed)


def add(table: Table, rows: Rows) -> None:
    """Add rows without keys of their own; part of the running transaction."""
    if _on_postgres():
        new = _unfolded(table, rows)
        statement = insert(table).from_select(list(rows[0]), select(new))
        db.session.connection().execute(statement)
        return
    db.session.connection().execute(insert(table), list(rows))


def _on_postgres() -> bool:
    return db.session.connection().dialect.name == "postgresql"


def _unfolded(table: Table, rows: Rows) -> TableValuedAlias:
    told: Any = bindparam("rows", json.dumps(rows, default=datetime.isoformat), unique=True)
    columns = (column(name, table.c[name].type) for name in rows[0])
    found = func.json_to_recordset(cast(told, JSON)).table_valued(*columns)
    return found.render_derived(name="new", with_types=True)
