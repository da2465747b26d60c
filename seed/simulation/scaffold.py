"""PostgreSQL's indexes and foreign keys, out of the way while a million dossiers are written."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine

from seed.simulation import store
from seed.simulation.ledger import TABLES

CONSTRAINTS = """
SELECT conrelid::regclass::text AS tab, conname, contype, pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE contype IN ('f', 'u') AND conrelid = ANY(CAST(:tables AS regclass[])) ORDER BY conname
"""
INDEXES = """
SELECT tablename AS tab, indexname, indexdef FROM pg_indexes
WHERE schemaname = current_schema() AND tablename = ANY(:tables)
AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = indexname) ORDER BY indexname
"""
TOGETHER = 2
"""Tables worked on at once; so many processors are meant to be there."""
MEMORY = "SET maintenance_work_mem = '512MB'"
KEPT = "simulation_scaffold"
KEEP = f"""
CREATE TABLE IF NOT EXISTS {KEPT} (
    id bigint GENERATED ALWAYS AS IDENTITY, phase integer NOT NULL, tab text NOT NULL, statement text NOT NULL
)
"""
PHASES = ("indexes", "foreign keys", "foreign keys checked", "statistics")
"""Foreign keys are not checked at once: adding locks the table that is referred to, checking afterwards does not."""

Statement = tuple[int, str]
"""Its key in the list of what is to be put up again, and its words."""


class Scaffold:
    """Takes them down, and puts them up again exactly as the catalogue had them.

    Kept up row by row they would cost more than everything else; over the finished tables they take minutes. Primary
    keys stay. What is to be put up again is written into a table of its own, and struck off as it is put up: a
    simulation that is killed leaves it behind, and the next one (or `flask set-up`) finishes the work.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take_down(self) -> None:
        """Note and drop them."""
        with self._engine.begin() as connection:
            names = {"tables": list(TABLES)}
            constraints = connection.execute(text(CONSTRAINTS), names).all()
            indexes = connection.execute(text(INDEXES), names).all()
            connection.exec_driver_sql(KEEP)
            for table, name, kind, definition in constraints:
                _keep_constraint(connection, table, name, definition, foreign=kind == "f")
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            for table, name, definition in indexes:
                _keep(connection, "indexes", table, definition)
                connection.exec_driver_sql(f"DROP INDEX {name}")
            for table in TABLES:
                _keep(connection, "statistics", table, f"ANALYZE {table}")

    def put_up(self) -> Iterator[str]:
        """Make again whatever is still noted, several tables at once; says which table is done."""
        if not inspect(self._engine).has_table(KEPT):
            return
        for number, phase in enumerate(PHASES):
            for table in self._together(self._noted(number), 1 if phase == "foreign keys" else TOGETHER):
                yield f"{phase}: {table}"
        with self._engine.begin() as connection:
            connection.exec_driver_sql(f"DROP TABLE {KEPT}")

    def _noted(self, phase: int) -> Mapping[str, Sequence[Statement]]:
        """What is still to be done in a phase, by table."""
        found: dict[str, list[Statement]] = defaultdict(list)
        with self._engine.connect() as connection:
            query = text(f"SELECT id, tab, statement FROM {KEPT} WHERE phase = :phase ORDER BY id")  # noqa: S608
            for key, table, statement in connection.execute(query, {"phase": phase}):
                found[table].append((key, statement))
        return found

    def _together(self, statements: Mapping[str, Sequence[Statement]], threads: int) -> Iterator[str]:
        largest_first = [name for name in reversed(TABLES) if name in statements]
        with ThreadPoolExecutor(threads) as pool:
            done = {pool.submit(self._run, statements[name]): name for name in largest_first}
            for future in as_completed(done):
                future.result()
                yield done[future]

    def _run(self, statements: Sequence[Statement]) -> None:
        for key, statement in statements:
            with self._engine.begin() as connection:
                connection.exec_driver_sql(MEMORY)
                connection.exec_driver_sql(statement)
                connection.execute(text(f"DELETE FROM {KEPT} WHERE id = :key"), {"key": key})  # noqa: S608


def mend(engine: Engine) -> Iterator[str]:
    """Finish what a simulation that was killed left open: indexes, foreign keys, and where keys go on; says what."""
    put_up = list(Scaffold(engine).put_up())
    if put_up:
        with engine.begin() as connection:
            store.set_sequences(connection)
    yield from put_up


def _keep_constraint(
    connection: Connection, table: str, name: str, definition: str, *, foreign: bool
) -> None:
    again = f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
    if not foreign:
        _keep(connection, "indexes", table, again)
        return
    _keep(connection, "foreign keys", table, f"{again} NOT VALID")
    _keep(connection, "foreign keys checked", table, f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def _keep(connection: Connection, phase: str, table: str, statement: str) -> None:
    row = {"phase": PHASES.index(phase), "tab": table, "statement": statement}
    words = f"INSERT INTO {KEPT} (phase, tab, statement) VALUES (:phase, :tab, :statement)"  # noqa: S608 - our own name
    connection.execute(text(words), row)
