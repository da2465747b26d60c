"""`python -m tests.databases test|coverage|migrations`: on SQLite, and again on PostgreSQL where one answers.

PostgreSQL is looked for at TEST_POSTGRES_URL, else at 127.0.0.1:5432. CI (the variable CI=true) requires it.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa

ROOT = Path(__file__).resolve().parent.parent
SCRATCH = f"mot_cua_migrations_{os.getpid()}"
ONCE = "not (no_database or browser)"
"""What the second run takes: these tests would only repeat themselves."""
LINES = ROOT / ".coverage"
FLOORS = ((95, ()), (100, ("--include=app/domain/*,app/services/*",)))
"""What the tests must have run of the whole, and of the floors that hold the rules (with every branch)."""


def postgres_url() -> sa.URL:
    """Where PostgreSQL is looked for; its user must be allowed to create databases."""
    url = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    return sa.make_url(url).set(drivername="postgresql+psycopg")


def postgres_answers() -> bool:
    """Whether there is one; in CI its absence is an error."""
    engine = sa.create_engine(postgres_url(), connect_args={"connect_timeout": 3})
    try:
        with engine.connect():
            return True
    except sa.exc.OperationalError as error:
        if os.environ.get("CI") == "true":
            raise click.ClickException(f"CI requires PostgreSQL at {postgres_url()}: {error.orig}") from error
        click.echo(f"\nPostgreSQL does not answer at {postgres_url()}: only SQLite was tried.", err=True)
        return False
    finally:
        engine.dispose()


def run_tests(arguments: tuple[str, ...]) -> int:
    """Run pytest on each database; the worse of the exit statuses."""
    workers = os.environ.get("TEST_WORKERS", "2")
    command = [sys.executable, "-m", "pytest", "-n", workers, *arguments]
    worst = _pytest(command, "sqlite")
    if postgres_answers():
        worst = max(worst, _pytest([*command, "-m", ONCE], "postgresql"))
    return worst


def run_coverage() -> int:
    """All tests on both databases, traced; not 0 when they leave too much unrun."""
    return run_tests(("--cov", "--cov-report=")) or _never_run()


def _pytest(command: list[str], database: str) -> int:
    click.echo(f"\n===== tests on {database} =====", err=True)
    url = postgres_url().render_as_string(hide_password=False)
    environment = os.environ | {"TEST_DATABASE": database, "TEST_POSTGRES_URL": url}
    environment["COVERAGE_FILE"] = f"{LINES}.{database}"
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _never_run() -> int:
    """Print the lines that no test ran on either database; not 0 when they are too many."""
    coverage = (sys.executable, "-m", "coverage")
    parts = [f"{LINES}.sqlite", f"{LINES}.postgresql"]
    subprocess.run([*coverage, "combine", "--quiet", *parts], cwd=ROOT, check=True)
    reports = [[*coverage, "report", f"--fail-under={least}", *which] for least, which in FLOORS]
    return max(subprocess.run(report, cwd=ROOT, check=False).returncode for report in reports)


def run_migrations() -> int:
    """Up, down, up again, and no difference between models and tables; the worse of the exit statuses."""
    with tempfile.TemporaryDirectory() as folder:
        worst = _up_down_up(f"sqlite:///{folder}/scratch.db", folder)
        if postgres_answers():
            with _scratch_database() as url:
                worst = max(worst, _up_down_up(url, folder))
    return worst


def _up_down_up(url: str, folder: str) -> int:
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": folder, "FLASK_APP": "run.py"}
    for step in (("upgrade",), ("downgrade", "base"), ("upgrade",), ("check",)):
        command = [sys.executable, "-m", "flask", "db", *step]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            click.echo(f"flask db {' '.join(step)} failed on {url}:\n{done.stdout}{done.stderr}", err=True)
            return done.returncode
    click.echo(f"migrations: up, down, up, no drift on {url.partition(':')[0]}")
    return 0


@contextmanager
def _scratch_database() -> Iterator[str]:
    engine = sa.create_engine(postgres_url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {SCRATCH}")
        try:
            yield postgres_url().set(database=SCRATCH).render_as_string(hide_password=False)
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {SCRATCH} WITH (FORCE)")
    engine.dispose()


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("what", type=click.Choice(["test", "coverage", "migrations"]))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def main(what: str, arguments: tuple[str, ...]) -> None:
    """Run the tests (with arguments for pytest) or try the migrations on both databases."""
    runs = {"test": lambda: run_tests(arguments), "coverage": run_coverage, "migrations": run_migrations}
    sys.exit(runs[what]())


if __name__ == "__main__":
    main()
