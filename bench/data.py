"""The cities that are measured: made by `flask set-up` and `flask simulate` once, and kept.

On PostgreSQL (BENCH_POSTGRES_URL, a user who may create databases) 10,000 and 1,000,000 dossiers, on SQLite
10,000 and 200,000, in BENCH_FOLDER. BENCH_LARGE and BENCH_LARGE_SQLITE say other numbers.
"""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from app.domain import clock

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("BENCH_FOLDER", ROOT / ".bench"))
POSTGRES = os.environ.get("BENCH_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
SMALL = 10_000
LARGE = {
    "postgresql": int(os.environ.get("BENCH_LARGE", "1000000")),
    "sqlite": int(os.environ.get("BENCH_LARGE_SQLITE", "200000")),
}

LAUNCH = date(2016, 7, 1)


def kinds() -> list[str]:
    """The databases that there are: SQLite always, PostgreSQL where one answers."""
    engine = sa.create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except sa.exc.OperationalError as error:
        print(f"PostgreSQL does not answer, only SQLite is measured: {error.orig}", file=sys.stderr)
        return ["sqlite"]
    finally:
        engine.dispose()
    return ["postgresql", "sqlite"]


def city(kind: str, dossiers: int) -> str:
    """The address of a city with so many dossiers, which is built first where it is not there."""
    url = _address(kind, dossiers)
    if not _is_there(url, dossiers):
        print(f"building {dossiers:,} dossiers on {kind} …", file=sys.stderr)
        _create(kind, url)
        flask(url, "set-up", "--demo")
        flask(
            url,
            "simulate",
            "--dossiers",
            str(dossiers),
            "--days",
            str(_days(kind, dossiers)),
            "--beside-real",
        )
    _settle(url)
    return url


def _days(kind: str, dossiers: int) -> int:
    """The small city is the large one while it was young, and as busy: as many dossiers run, fewer are closed."""
    return max((clock.today() - LAUNCH).days * dossiers // LARGE[kind], 1)


def flask(url: str, *command: str) -> None:
    """A command of the service on that database."""
    whole = [sys.executable, "-m", "flask", "--app", "run.py", *command]
    subprocess.run(whole, cwd=ROOT, env=environment(url), check=True)


def environment(url: str) -> dict[str, str]:
    """Of a process of the service on that database."""
    return os.environ | {"DATABASE_URL": url, "DATA_DIR": str(FOLDER / "data"), "LOG_LEVEL": "error"}


def _address(kind: str, dossiers: int) -> str:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        return f"sqlite:///{FOLDER / f'bench_{dossiers}.db'}"
    url = sa.make_url(POSTGRES).set(drivername="postgresql+psycopg", database=f"mot_cua_bench_{dossiers}")
    return url.render_as_string(hide_password=False)


def _is_there(url: str, dossiers: int) -> bool:
    try:
        with sa.create_engine(url).connect() as connection:
            return (connection.scalar(sa.text("SELECT count(*) FROM dossier")) or 0) >= dossiers
    except sa.exc.DBAPIError:
        return False


def _create(kind: str, url: str) -> None:
    if kind == "sqlite":
        Path(sa.make_url(url).database or "").unlink(missing_ok=True)
        return
    name = sa.make_url(url).database
    with sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))


def _settle(url: str) -> None:
    """What the database does by itself in the night after such a day."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    engine.dispose()
