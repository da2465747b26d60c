"""Writing rows by the thousand: COPY on PostgreSQL, executemany on SQLite. Memory holds one batch."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import URL, NullPool, create_engine, func, insert, select, text, update
from sqlalchemy.engine import Connection, Engine

from app.models.dossier import CodeCounter
from seed.simulation.ledger import TABLES, Kept, Row

Serials = Mapping[tuple[int, date], int]

ON_PLACE = ("SET TIME ZONE 'UTC'", "SET synchronous_commit = off")
"""Moments are written as UTC; a crash loses the end of a simulation, which is begun anew anyway."""


def engine_of(url: URL) -> Engine:
    """An engine of one's own: a connection is never shared between processes."""
    return create_engine(url, poolclass=NullPool)


def write(connection: Connection, batch: Mapping[str, Sequence[Row]]) -> None:
    """Write rows of several tables, parents before children."""
    for name, rows in batch.items():
        if rows:
            _write(connection, TABLES[name], rows)


def _write(connection: Connection, kept: Kept, rows: Sequence[Row]) -> None:
    constants = kept.constants()
    columns = ", ".join((*kept.columns, *constants))
    more = tuple(constants.values())
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {kept.table.name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row + more if more else row)
        return
    marks = ", ".join("?" * (len(kept.columns) + len(more)))
    statement = f"INSERT INTO {kept.table.name} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names
    connection.exec_driver_sql(statement, [row + more for row in rows])


@contextmanager
def session_of(engine: Engine) -> Iterator[Connection]:
    """One transaction with what bulk writing wants."""
    with connection_of(engine) as connection, connection.begin():
        yield connection


@contextmanager
def connection_of(engine: Engine) -> Iterator[Connection]:
    """A connection with what bulk writing wants, for one transaction after another: a new one for each costs more."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            with connection.begin():
                for statement in ON_PLACE:
                    connection.exec_driver_sql(statement)
        yield connection


def give_role(connection: Connection, first: int, last: int, role_id: int) -> None:
    """Every account between the two keys gets the role, without which FAB lets it do nothing."""
    connection.execute(
        text(
            "INSERT INTO ab_user_role (user_id, role_id) SELECT id, :role FROM ab_user WHERE id BETWEEN :a AND :b"
        ),
        {"role": role_id, "a": first, "b": last},
    )


def serials(connection: Connection) -> dict[tuple[int, date], int]:
    """The last official code of each agency and day so far."""
    rows = connection.execute(select(CodeCounter.agency_id, CodeCounter.day, CodeCounter.last))
    return {(agency, day): last for agency, day, last in rows}


def keep_serials(connection: Connection, found: Serials) -> None:
    """Let the counters go on where the simulation stopped."""
    known = serials(connection)
    new = [{"agency_id": a, "day": d, "last": n} for (a, d), n in found.items() if (a, d) not in known]
    if new:
        connection.execute(insert(CodeCounter), new)
    for (agency, day), last in known.items():
        raised = found.get((agency, day), last)
        if raised != last:
            here = (CodeCounter.agency_id == agency, CodeCounter.day == day)
            connection.execute(update(CodeCounter).where(*here).values(last=raised))


def set_sequences(connection: Connection) -> None:
    """PostgreSQL counts keys by sequences: the next key comes after the simulated ones."""
    if connection.dialect.name != "postgresql":
        return
    for name in TABLES:
        highest = select(func.max(TABLES[name].table.c.id)).scalar_subquery()
        connection.execute(
            select(func.setval(func.pg_get_serial_sequence(name, "id"), func.coalesce(highest, 1)))
        )
