"""How fast figures are over a million dossiers: `python -m bench.figures [rows]`, on PostgreSQL.

Makes a database of its own beside the one that TEST_POSTGRES_URL names, sets it up, fills it with bench/million.sql,
and runs what a month's report and a leader's dashboard ask, five times each; the median counts. `--explain` prints
the plans, `--keep` uses the database of the last run and leaves it. Wanted: a report of one month within 300 ms,
the figures of a dashboard within 1 s, for the city's agency (half of all dossiers) and for the whole city.

Measured on 2026-11-26 on a quiet machine, PostgreSQL 15, two cores, median of five: II.06a of this month 13-19 ms by
unit, department or field, of a month long ago 112-115 ms, of a year 176-294 ms; all 35 figures of this month 47 ms, of
a month long ago 353-383 ms, of a year 637-664 ms; p50 and p90 of 90 days by procedure 66 ms; a trend of a year by day
over every unit 340 ms. bench/boards.py: 194 ms (12 weeks) and 599 ms (52 weeks) for the city's agency, 244 and 764 ms
for every unit. bench/exports.py: 100,000 rows of XLSX, peak 149 MB.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

import config
from app import create_app
from app.extensions import db
from bench import figures_asked

ROOT = Path(__file__).resolve().parent.parent
NAME = "mot_cua_bench_figures"
SERVER = sa.make_url(
    os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
)
URL = SERVER.set(database=NAME)
ROWS = 1_000_000


def make(rows: int) -> None:
    with sa.create_engine(SERVER, isolation_level="AUTOCOMMIT").connect() as server:
        server.exec_driver_sql(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.exec_driver_sql(f"CREATE DATABASE {NAME}")
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DATABASE_URL": URL.render_as_string(hide_password=False),
            "DATA_DIR": folder,
        }
        for command in (("set-up",),):
            subprocess.run(
                [sys.executable, "-m", "flask", "--app", "run.py", *command],
                cwd=ROOT,
                env=environment,
                check=True,
            )
    begun = time.perf_counter()
    script = (ROOT / "bench/million.sql").read_text(encoding="utf-8").replace(":rows", str(rows))
    engine = sa.create_engine(URL, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.connection.dbapi_connection.execute(script)
        connection.exec_driver_sql("VACUUM ANALYZE")
    print(f"{rows:,} dossiers in {time.perf_counter() - begun:.0f} s")


def measure(name: str, ask: Callable[[], object]) -> float:
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        ask()
        took.append((time.perf_counter() - begun) * 1000)
    print(f"{statistics.median(took):8.0f} ms  (worst {max(took):.0f})  {name}")
    return statistics.median(took)


@contextmanager
def explained(wanted: bool) -> Iterator[None]:
    """Print the plan of every query."""

    def explain(connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith("SELECT"):
            plan = connection.connection.dbapi_connection.execute(
                f"EXPLAIN (ANALYZE, BUFFERS) {statement}", parameters
            )
            print("\n".join(f"    {line[0][:150]}" for line in plan.fetchall()))

    if wanted:
        sa.event.listen(db.engine, "before_cursor_execute", explain)
    yield
    if wanted:
        sa.event.remove(db.engine, "before_cursor_execute", explain)


def main() -> None:
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    if "--keep" not in sys.argv:
        make(numbers[0] if numbers else ROWS)
    settings = config.Testing()
    settings.SQLALCHEMY_DATABASE_URI = URL.render_as_string(hide_password=False)
    with tempfile.TemporaryDirectory() as folder:
        settings.DATA_DIR = Path(folder)
        with create_app(settings).app_context():
            for name, asked in figures_asked.asked(timedelta(days=30)):
                if "--explain" in sys.argv:
                    with explained(wanted=True):
                        print(name)
                        asked()
                else:
                    measure(name, asked)


if __name__ == "__main__":
    main()
