import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from flask_appbuilder.security.sqla.models import PermissionView
from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import func, select, update

from app.domain.roles import Role
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.dossier import Dossier
from app.models.organisation import Profile
from app.models.outbox import OutboxMessage
from app.services import startup
from app.services.transaction import transaction

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=arguments)


@pytest.fixture
def production(app, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO_ACCOUNTS_ALLOWED", False)


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_roles_are_synced_and_a_second_time_changes_nothing(run):
    assert run("sync-roles").exit_code == 0
    names = set(db.session.scalars(select(FabRole.name)))
    assert {role.value for role in Role if role is not Role.SYSTEM} <= names
    permissions = count(PermissionView)
    second = run("sync-roles")
    assert "0 added, 0 removed" in second.stdout
    assert count(PermissionView) == permissions


def test_setting_up_again_changes_nothing(run):
    assert run("set-up").exit_code == 0
    before = {model: count(model) for model in (Procedure, Profile, Dossier, OutboxMessage)}
    assert run("set-up").exit_code == 0
    assert run("seed").exit_code == 0
    assert {model: count(model) for model in before} == before


@pytest.mark.no_database
def test_production_is_set_up_from_nothing_without_any_account(tmp_path):
    environment = os.environ | {
        "FLASK_APP": "run.py",
        "APP_ENV": "production",
        "SECRET_KEY": "x" * 40,
        "TRUSTED_HOSTS": "localhost",
        "BASE_URL": "https://localhost",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'city.db'}",
    }
    command = [sys.executable, "-m", "flask", "set-up", "--no-demo"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "city.db") as city:
        assert city.execute("SELECT count(*) FROM procedure").fetchone() == (82,)
        assert city.execute("SELECT count(*) FROM ab_user").fetchone() == (0,)
        assert city.execute("SELECT count(*) FROM dossier").fetchone() == (0,)
    city.close()


@pytest.mark.parametrize("command", ["seed", "set-up"])
def test_production_refuses_demo_accounts(run, production, command):
    before = count(Profile)
    result = run(command)
    assert result.exit_code == 2
    assert "--no-demo" in result.output
    assert count(Profile) == before


def test_production_does_not_open_with_demo_accounts_and_opens_without(app, production):
    with pytest.raises(RuntimeError, match="demo accounts"):
        startup.refuse_if_unsafe()
    with transaction() as session:
        session.execute(update(Profile).values(is_demo=False))
    startup.refuse_if_unsafe()


def test_development_opens_with_demo_accounts(app):
    startup.refuse_if_unsafe()
    assert count(Profile) > 0
