"""FAB's roles say what the transition table and the grants say, and nothing else."""

import pytest
from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import delete, select

from app.domain.roles import Role
from app.domain.transitions import of_role
from app.extensions import db
from app.services import roles

pytestmark = pytest.mark.usefixtures("app")


def have(role):
    db.session.expire_all()
    row = db.session.scalars(select(FabRole).where(FabRole.name == role.value)).one()
    return {(p.permission.name, p.view_menu.name) for p in row.permissions}


@pytest.mark.parametrize("role", roles.GRANTS)
def test_every_role_has_its_steps_and_its_grants(role):
    assert have(role) == roles.wanted(role)
    steps = {t.key for t in of_role(role)}
    assert {name for name, view in have(role) if view == roles.DOSSIERS} - set(roles.READ) == steps


def test_an_administrator_has_no_step_and_the_worker_no_role():
    assert not {view for _, view in roles.wanted(Role.ADMINISTRATOR)} & {"Dossiers", "DossiersApi"}
    assert db.session.scalar(select(FabRole).where(FabRole.name == Role.SYSTEM.value)) is None


def test_syncing_again_changes_nothing():
    assert roles.sync() == {"added": 0, "removed": 0}


def test_what_was_clicked_is_taken_back_and_what_was_taken_away_is_given_back():
    leader = roles.role_row(Role.LEADER)
    citizen = roles.role_row(Role.CITIZEN)
    approve = next(p for p in leader.permissions if p.permission.name == "approve")
    citizen.permissions.append(approve)
    leader.permissions.remove(approve)
    db.session.commit()
    assert roles.sync() == {"added": 1, "removed": 1}
    assert [have(r) == roles.wanted(r) for r in (Role.LEADER, Role.CITIZEN)] == [True, True]


def test_a_role_that_is_missing_is_made():
    leader = roles.role_row(Role.LEADER)
    leader.permissions.clear()
    leader.user.clear()
    db.session.commit()
    db.session.execute(delete(FabRole).where(FabRole.id == leader.id))
    db.session.commit()
    roles.sync()
    assert have(Role.LEADER) == roles.wanted(Role.LEADER)
