"""For real use the city is loaded without demo accounts."""

from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import func, select

import config as configuration
from app import create_app
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.organisation import Profile
from app.models.outbox import NewsItem, Question
from seed import load


def test_without_demo_there_are_no_accounts_and_no_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = configuration.Testing()
    settings.DATA_DIR = tmp_path
    settings.SQLALCHEMY_DATABASE_URI = f"sqlite:///{tmp_path / 'real.db'}"
    app = create_app(settings)
    with app.app_context():
        upgrade(directory="migrations")
        load.run(demo=False)
        found = [
            db.session.scalar(select(func.count()).select_from(m))
            for m in (Procedure, NewsItem, Profile, Question)
        ]
        db.session.remove()
        db.engine.dispose()

    assert found == [82, 4, 0, 0]
    assert capsys.readouterr().out.startswith("seed: 17 units, 17 agencies, ")
