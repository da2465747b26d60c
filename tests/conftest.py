"""One app per test process, on SQLite or PostgreSQL (TEST_DATABASE), with a fresh copy of the seeded city per test."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

import config as configuration
from app import create_app
from app.domain.clock import LOCAL
from app.domain.roles import Actor
from app.extensions import db
from tests import factories, snapshots
from tests.machine import Machine

MONDAY_MORNING = datetime(2026, 11, 23, 9, 20, tzinfo=LOCAL)
"""The moment at which every test begins: a working Monday; the day after it is a day off."""
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
DEMO_PASSWORD = factories.DEMO_PASSWORD


class Client(FlaskClient):
    """A browser: every request gets an application context of its own, as behind gunicorn."""

    def open(self, *args, **kwargs):
        with self.application.app_context():
            return super().open(*args, **kwargs)


class City:
    """A database that can be put back to the seeded city in a moment."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.on_postgres = os.environ.get("TEST_DATABASE", "sqlite") == "postgresql"

    @property
    def url(self) -> str:
        if not self.on_postgres:
            return f"sqlite:///{self.folder / 'city.db'}"
        return str(sa.make_url(POSTGRES).set(database=self.name).render_as_string(hide_password=False))

    def create(self) -> None:
        if self.on_postgres:
            self._run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", f"CREATE DATABASE {self.name}")

    def keep_as_template(self) -> None:
        if self.on_postgres:
            self._run(
                Path(__file__).with_name("pristine.sql").read_text(encoding="utf-8"), database=self.name
            )
            return
        self._copy_to("template.db")

    def restore(self) -> None:
        if self.on_postgres:
            self._run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()",
                "SELECT pristine.restore()",
                database=self.name,
            )
            return
        self._copy_from("template.db")

    def keep(self, number: int) -> None:
        """Keep what was written since the last restore."""
        if self.on_postgres:
            self._run(f"SELECT pristine.keep({number})", database=self.name)
        else:
            self._copy_to(f"kept-{number}.db")

    def put_back(self, number: int) -> None:
        """Make the fresh city what it was when it was kept."""
        if self.on_postgres:
            self._run(f"SELECT pristine.put_back({number})", database=self.name)
        else:
            self._copy_from(f"kept-{number}.db")

    def drop(self) -> None:
        if self.on_postgres:
            self._run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _copy_to(self, name: str) -> None:
        with sa.create_engine(self.url).connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.folder / "city.db", self.folder / name)

    def _copy_from(self, name: str) -> None:
        for old in self.folder.glob("city.db*"):
            old.unlink()
        shutil.copy(self.folder / name, self.folder / "city.db")

    def _run(self, *statements: str, database: str | None = None) -> None:
        url = sa.make_url(POSTGRES)
        engine = sa.create_engine(
            url.set(database=database) if database else url,
            isolation_level="AUTOCOMMIT",
            poolclass=sa.NullPool,
        )
        with engine.connect() as connection:
            for statement in statements:
                connection.connection.dbapi_connection.execute(statement)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> configuration.Config:
    """The test configuration, in a folder of its own."""
    made = configuration.Testing()
    made.DATA_DIR = tmp_path_factory.mktemp("data")
    made.STORAGE_URL = f"file://{made.DATA_DIR / 'files'}"
    made.BASE_URL = "http://localhost"
    return made


@pytest.fixture(scope="session")
def city(settings: configuration.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The seeded city, built once per test process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    city = City(tmp_path_factory.mktemp("city"), f"mot_cua_test_{worker}_{os.getpid()}")
    city.create()
    settings.SQLALCHEMY_DATABASE_URI = city.url
    yield city
    city.drop()


@pytest.fixture(scope="session")
def built_app(settings: configuration.Config, city: City) -> Iterator[Flask]:
    """The app on the seeded city."""
    from app.services import roles
    from seed import load

    app = create_app(settings)
    app.test_client_class = Client
    with app.app_context():
        upgrade(directory="migrations")
        with time_machine.travel(MONDAY_MORNING, tick=False):
            load.run(demo=True, dossiers=False)
            roles.sync()
        db.session.remove()
        db.engine.dispose()
    city.keep_as_template()
    with app.app_context():
        snapshots.current = snapshots.Snapshots(city)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    """The clock of the test; move it with ``moment.move_to(...)`` or ``moment.shift(...)``."""
    with time_machine.travel(MONDAY_MORNING, tick=True) as traveller:
        yield traveller


@pytest.fixture
def app(built_app: Flask, city: City, moment: time_machine.Traveller) -> Iterator[Flask]:
    """The app on a fresh copy of the city, inside an application context for calling services."""
    with built_app.app_context():
        db.engine.dispose()
    city.restore()
    snapshots.current.begin(moment)
    with built_app.app_context():
        yield built_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An anonymous browser."""
    return app.test_client()


@pytest.fixture
def actor(app: Flask) -> Callable[[str], Actor]:
    """The Actor of a demo account, by user name."""
    return factories.actor


@pytest.fixture
def login(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser logged in as a demo account."""

    def log_in(username: str, password: str = DEMO_PASSWORD) -> FlaskClient:
        browser = app.test_client()
        page = browser.get("/dang-nhap")
        answer = browser.post(
            "/dang-nhap",
            data={"username": username, "password": password, "csrf_token": factories.csrf_token(page.text)},
        )
        assert answer.status_code == 302, answer.text
        return browser

    return log_in


@pytest.fixture
def machine(app: Flask) -> Callable[[Actor], Machine]:
    """A machine logged in to the REST door as an actor."""
    return lambda actor: Machine(app, factories.username(actor))
