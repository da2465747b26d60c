import pytest
from flask_appbuilder.security.sqla.models import PermissionView
from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import func, select, update

from app.domain.roles import Role
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.organisation import Profile
from app.models.outbox import OutboxMessage
from app.services import startup
from app.services.transaction import transaction


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
    before = {model: count(model) for model in (Procedure, Profile, OutboxMessage)}
    assert run("set-up").exit_code == 0
    assert run("seed").exit_code == 0
    assert {model: count(model) for model in before} == before


def test_without_demo_no_account_is_made(run):
    assert run("seed", "--no-demo").exit_code == 0


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
