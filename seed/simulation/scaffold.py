"""PostgreSQL's indexes and foreign keys, out of the way while a million dossiers are written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from sqlalchemy import text
from sqlalchemy.engine import Engine

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

ByTable = Mapping[str, Sequence[str]]


class Scaffold:
    """Takes them down, and puts them up again exactly as the catalogue had them.

    Kept up row by row they would cost more than everything else; over the finished tables they take minutes. Primary
    keys stay. A simulation that is killed leaves a database without them: drop it and begin anew.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._indexes: dict[str, list[str]] = defaultdict(list)
        self._foreign_keys: list[str] = []
        self._checks: dict[str, list[str]] = defaultdict(list)

    def take_down(self) -> None:
        """Remember and drop them."""
        with self._engine.begin() as connection:
            names = {"tables": list(TABLES)}
            constraints = connection.execute(text(CONSTRAINTS), names).all()
            indexes = connection.execute(text(INDEXES), names).all()
            for table, name, kind, definition in constraints:
                self._remember(table, name, definition, foreign=kind == "f")
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            for table, name, definition in indexes:
                self._indexes[table].append(definition)
                connection.exec_driver_sql(f"DROP INDEX {name}")

    def _remember(self, table: str, name: str, definition: str, *, foreign: bool) -> None:
        again = f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
        if not foreign:
            self._indexes[table].append(again)
            return
        # Not checked at once: adding locks the table that is referred to, checking afterwards does not.
        self._foreign_keys.append(f"{again} NOT VALID")
        self._checks[table].append(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")

    def put_up(self) -> Iterator[str]:
        """Make them again, several tables at once; says which table is done."""
        if not self._foreign_keys:
            return
        yield from self._together("indexes", self._indexes)
        self._run(self._foreign_keys)
        yield from self._together("foreign keys", self._checks)
        yield from self._together("statistics", {name: [f"ANALYZE {name}"] for name in TABLES})

    def _together(self, what: str, statements: ByTable) -> Iterator[str]:
        largest_first = [name for name in reversed(TABLES) if name in statements]
        with ThreadPoolExecutor(TOGETHER) as threads:
            done = {threads.submit(self._run, statements[name]): name for name in largest_first}
            for future in as_completed(done):
                future.result()
                yield f"{what}: {done[future]}"

    def _run(self, statements: Iterable[str]) -> None:
        for statement in statements:
            with self._engine.begin() as connection:
                connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
                connection.exec_driver_sql(statement)
