"""The indexes of the table of dossiers.

The one that finds a dossier by any part of its code, name or procedure is PostgreSQL's and SQLite's own.
Neither can be said in SQLAlchemy's words, so they are no part of the metadata (migrations/env.py passes them
over). On PostgreSQL a GIN index of trigrams, which needs the extension pg_trgm: the owner of a database may
create it, unless the operator forbade it. On SQLite a full-text table of trigrams, kept by triggers; a later
migration that makes the table ``dossier`` anew loses them and has to call ``make`` again (a test notices).
"""

from sqlalchemy import Connection, Index, text
from sqlalchemy.exc import DBAPIError

NAME = "ix_dossier_search_text"
TABLE = "dossier_search"
MISSING = (
    "No index for searching by text: this database lacks pg_trgm (PostgreSQL) or FTS5 (SQLite). Searching works, but "
    "takes a second and more from some 100,000 dossiers on. On PostgreSQL let a superuser run, in this database, "
    "CREATE EXTENSION pg_trgm; then run `flask set-up` again."
)
SHORTEST = 3
"""Letters of a trigram: a shorter word is found by reading."""

OPEN = text("closed_at IS NULL")
"""What an inbox asks for: few among all that a city has finished."""
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
LOCKED = "lock timeout"
"""A migration that finds the table in use gives up as a whole."""
PARTS_ON_SQLITE = 1 + 4 + 3
"""The table itself, its shadows, its triggers."""

SQLITE = (
    """CREATE VIRTUAL TABLE dossier_search USING fts5
    (search_text, content='dossier', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER dossier_search_insert AFTER INSERT ON dossier BEGIN
    INSERT INTO dossier_search (rowid, search_text) VALUES (new.id, new.search_text); END""",
    """CREATE TRIGGER dossier_search_delete AFTER DELETE ON dossier BEGIN
    INSERT INTO dossier_search (dossier_search, rowid, search_text)
    VALUES ('delete', old.id, old.search_text); END""",
    """CREATE TRIGGER dossier_search_update AFTER UPDATE OF search_text ON dossier BEGIN
    INSERT INTO dossier_search (dossier_search, rowid, search_text)
    VALUES ('delete', old.id, old.search_text);
    INSERT INTO dossier_search (rowid, search_text) VALUES (new.id, new.search_text); END""",
    "INSERT INTO dossier_search (dossier_search) VALUES ('rebuild')",
)


def of_dossiers() -> tuple[Index, ...]:
    """What the lists of dossiers are read by: each order of a list for whoever sees it, the key last."""
    return (
        Index("ix_dossier_agency_id_state_due_at", "agency_id", "state", "due_at", "id"),
        Index("ix_dossier_department_id_state_due_at", "department_id", "state", "due_at", "id"),
        Index("ix_dossier_citizen_id_state", "citizen_id", "state", "id"),
        Index("ix_dossier_agency_id_id", "agency_id", "id"),
        Index("ix_dossier_agency_id_due_at", "agency_id", "due_at", "id"),
        Index("ix_dossier_open", "agency_id", "due_at", "id", postgresql_where=OPEN, sqlite_where=OPEN),
        Index("ix_dossier_agency_id_submitted_at", "agency_id", "submitted_at", "id"),
        Index("ix_dossier_agency_id_applicant_name", "agency_id", "applicant_name", "id"),
        Index("ix_dossier_agency_id_procedure_name", "agency_id", "procedure_name", "id"),
        Index("ix_dossier_department_id_id", "department_id", "id"),
    )


def make(connection: Connection) -> bool:
    """Make the index unless it is there; whether it is there now.

    False means: this PostgreSQL user may not create the extension pg_trgm, or it is not installed, or this SQLite
    came without FTS5. Everything works without, only slower from some 100,000 dossiers on.
    """
    if exists(connection):
        return True
    if connection.dialect.name == "sqlite":
        drop(connection)  # what a table made anew left of it
        return _run(connection, *SQLITE)
    return _run(connection, EXTENSION) and _run(
        connection, f"CREATE INDEX {NAME} ON dossier USING gin (search_text gin_trgm_ops)"
    )


def _run(connection: Connection, *statements: str) -> bool:
    try:
        with connection.begin_nested():
            for statement in statements:
                connection.execute(text(statement))
    except DBAPIError as error:
        if LOCKED in str(error.orig):
            raise
        return False
    return True


def drop(connection: Connection) -> None:
    """Take it away; the extension stays, others may use it."""
    if connection.dialect.name == "sqlite":
        for event in ("insert", "delete", "update"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {TABLE}_{event}"))
        connection.execute(text(f"DROP TABLE IF EXISTS {TABLE}"))
    else:
        connection.execute(text(f"DROP INDEX IF EXISTS {NAME}"))


def exists(connection: Connection) -> bool:
    """Whether it is there and whole."""
    if connection.dialect.name == "sqlite":
        query = text(
            "SELECT count(*) FROM sqlite_master WHERE name LIKE :ours AND type IN ('table', 'trigger')"
        )
        return bool(connection.scalar(query, {"ours": f"{TABLE}%"}) == PARTS_ON_SQLITE)
    found = connection.scalar(text("SELECT to_regclass(:name)"), {"name": NAME})
    return found is not None


def is_ours(name: str | None) -> bool:
    """Whether a table or index of the database belongs to it."""
    return name is not None and (name == NAME or name.startswith(TABLE))
