"""The first administrator of a service, and the way back in."""

import pytest

from app.domain.errors import Refused
from app.domain.roles import Role
from app.extensions import db
from app.models.organisation import Profile
from app.services import account_rows, accounts
from tests import factories as make

GOOD = "Đường-ra-bến-cảng-7"


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=arguments)


def create(run, username="quantri.moi", email="moi@example.com", password=GOOD, unit="195"):
    return run(
        "create-administrator", username, "--name", "Trần Văn Mới", "--email", email, "--password", password,
        "--unit", unit,
    )  # fmt: skip


def test_the_first_administrator_can_log_in(run, login):
    assert create(run).exit_code == 0
    db.session.rollback()
    profile = account_rows.by_login("quantri.moi")
    assert (profile.role, profile.is_demo, profile.agency_id) == (Role.ADMINISTRATOR, False, make.agency().id)
    assert login("quantri.moi", GOOD).get("/quan-tri/").status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [({"password": "ngan"}, "mật khẩu"), ({"username": "quantri"}, ""), ({"unit": "99999"}, "")],
)
def test_what_does_not_fit_is_refused_in_words_and_makes_no_account(run, change, words):
    before = db.session.query(Profile).count()
    answer = create(run, **change)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert words in answer.output.lower()
    db.session.rollback()
    assert db.session.query(Profile).count() == before


def test_a_new_password_replaces_the_old_one(run):
    assert run("set-password", "tiepnhan", "--password", GOOD).exit_code == 0
    db.session.rollback()
    assert accounts.log_in("tiepnhan", GOOD, ip="127.0.0.1").user.username == "tiepnhan"
    with pytest.raises(Refused):
        accounts.log_in("tiepnhan", make.DEMO_PASSWORD, ip="127.0.0.1")


def test_an_unknown_account_or_a_weak_password_changes_nothing(run):
    assert run("set-password", "khongco", "--password", GOOD).exit_code == 1
    assert run("set-password", "tiepnhan", "--password", "123").exit_code == 1
    db.session.rollback()
    assert accounts.log_in("tiepnhan", make.DEMO_PASSWORD, ip="127.0.0.1").user.username == "tiepnhan"


def test_the_units_of_2025_are_loaded_once(run):
    assert run("reorganise").exit_code == 0
    assert "already" in run("reorganise").output
