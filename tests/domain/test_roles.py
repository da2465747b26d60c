"""The five kinds of people, and the worker."""

import pytest

from app.domain.roles import STAFF, SYSTEM, Actor, Role

pytestmark = pytest.mark.no_database


def test_every_role_has_a_word_of_its_own():
    assert len({role.label for role in Role}) == len(Role) == 6


def test_citizen_and_worker_belong_to_no_agency():
    assert set(Role) - STAFF == {Role.CITIZEN, Role.SYSTEM}


def test_the_worker_is_nobody_in_particular():
    assert (SYSTEM.user_id, SYSTEM.agency_id, SYSTEM.department_id) == (None, None, None)
    assert SYSTEM.name == Role.SYSTEM.label


def test_nobody_changes_who_is_asking():
    someone = Actor(user_id=1, role=Role.CITIZEN)
    with pytest.raises(AttributeError):
        someone.role = Role.LEADER
    assert someone.role is Role.CITIZEN
