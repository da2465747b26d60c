"""An app of its own for attacking the bases: throw-away views on a small database (throwaway.py)."""

import os
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

import config as configuration
from app.extensions import db
from app.models.outbox import NewsItem, Question
from tests.conftest import City
from tests.web import throwaway


@pytest.fixture(scope="session")
def thrown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app, built once."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    city = City(tmp_path_factory.mktemp("thrown"), f"mot_cua_thrown_{worker}_{os.getpid()}")
    city.create()
    settings = configuration.Testing()
    settings.DATA_DIR = tmp_path_factory.mktemp("thrown_data")
    settings.SQLALCHEMY_DATABASE_URI = city.url
    yield throwaway.build(settings)
    city.drop()


@pytest.fixture
def bare_app(thrown: Flask) -> Iterator[Flask]:
    """The app with empty tables of questions and news."""
    with thrown.app_context():
        for model in (Question, NewsItem):
            db.session.execute(sa.delete(model))
        db.session.commit()
    yield thrown
    with thrown.app_context():
        db.session.remove()
        db.engine.dispose()
