"""`flask simulate`: where it has no place, and what it prints."""

import re

import pytest
from sqlalchemy import func, select, text

from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier
from app.models.organisation import Profile
from seed.simulation import run, scaffold, store
from tests import factories as make

DAYS = ("--from", "2026-11-02", "--to", "2026-11-08")


@pytest.fixture
def simulate(app):
    def invoke(*arguments):
        return app.test_cli_runner().invoke(args=["simulate", *arguments])

    return invoke


def count():
    return db.session.scalar(select(func.count()).select_from(Dossier))


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--to", "2026-11-23"), "the last one over"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "in order"),
        (("--from", "2016-01-01", "--to", "2016-02-01"), "no office is open"),
        (("--from", "2016-01-01", "--days", "3"), "not both"),
    ],
)
def test_days_that_make_no_city_are_refused(simulate, arguments, why):
    answer = simulate("--dossiers", "5", *arguments)
    assert answer.exit_code == 2
    assert why in answer.output
    assert count() == 0


@pytest.mark.no_database
def test_production_is_refused(simulate, app, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO_ACCOUNTS_ALLOWED", False)
    answer = simulate("--dossiers", "5", *DAYS)
    assert answer.exit_code == 2
    assert "never in production" in answer.output
    assert count() == 0


def test_beside_real_dossiers_only_when_asked_and_then_they_stay(simulate):
    real = make.submitted()
    real_id = real.id
    db.session.scalars(select(Profile).where(Profile.user_id == real.citizen_id)).one().is_demo = False
    db.session.commit()
    answer = simulate("--dossiers", "5", *DAYS)
    assert (answer.exit_code, count()) == (2, 1)
    assert "--beside-real" in answer.output
    answer = simulate("--dossiers", "5", *DAYS, "--beside-real")
    assert (answer.exit_code, count()) == (0, 6), answer.output
    assert db.session.get_one(Dossier, real_id).state is State.SUBMITTED


def test_the_command_says_what_it_made_and_once_is_harmless_to_repeat(simulate):
    answer = simulate("--dossiers", "12", *DAYS)
    assert answer.exit_code == 0, answer.output
    states = re.findall(r"^(\w+) +(\d+)$", answer.output, re.MULTILINE)
    assert sum(int(number) for _, number in states) == 12 == count()
    assert re.search(r"^content [0-9a-f]{64}$", answer.output, re.MULTILINE)
    answer = simulate("--dossiers", "12", *DAYS, "--once")
    assert (answer.exit_code, count()) == (0, 12)
    assert "already" in answer.output


CATALOGUE = """
SELECT conname, pg_get_constraintdef(oid) || convalidated FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1, 2
"""


def kept():
    with db.engine.connect() as connection:
        return connection.execute(text("SELECT phase, statement FROM simulation_scaffold")).all()


@pytest.mark.postgres
def test_two_processes_and_indexes_made_afterwards_give_the_same_city(simulate, app, city, monkeypatch):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    before = db.session.execute(text(CATALOGUE)).all()
    alone = simulate("--dossiers", "60", *DAYS, "--processes", "1").output.splitlines()[-1]
    db.session.remove()
    db.engine.dispose()
    city.restore()
    monkeypatch.setattr(run, "LARGE", 50)
    taken = []
    down = scaffold.Scaffold.take_down
    monkeypatch.setattr(scaffold.Scaffold, "take_down", lambda self: (down(self), taken.extend(kept())))
    together = simulate("--dossiers", "60", *DAYS, "--processes", "2").output.splitlines()[-1]
    assert together == alone
    assert len([phase for phase, statement in taken if "FOREIGN KEY" in statement]) > 30
    assert db.session.execute(text(CATALOGUE)).all() == before


@pytest.mark.postgres
def test_a_process_that_fails_is_heard_and_the_indexes_are_put_up_again(simulate, app, monkeypatch):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    before = db.session.execute(text(CATALOGUE)).all()
    monkeypatch.setattr(run, "LARGE", 50)
    monkeypatch.setattr(run, "batch_of", lambda _cases: 1 / 0)
    answer = simulate("--dossiers", "60", *DAYS)
    assert answer.exit_code == 1
    assert "ZeroDivisionError" in str(answer.exception)
    assert db.session.execute(text(CATALOGUE)).all() == before


@pytest.mark.postgres
@pytest.mark.parametrize("command", [("set-up",), ("simulate", "--dossiers", "5", *DAYS, "--once")])
def test_what_a_killed_simulation_left_is_finished_by_the_next_command(simulate, app, monkeypatch, command):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    before = db.session.execute(text(CATALOGUE)).all()
    monkeypatch.setattr(run, "LARGE", 50)
    monkeypatch.setattr(run.Scaffold, "put_up", lambda _self: ())  # as if nobody lived to do it
    monkeypatch.setattr(store, "set_sequences", lambda _connection: None)
    assert simulate("--dossiers", "60", *DAYS).exit_code == 0
    monkeypatch.undo()
    assert len(db.session.execute(text(CATALOGUE)).all()) < len(before) - 30
    answer = app.test_cli_runner().invoke(args=list(command))
    assert answer.exit_code == 0, answer.output
    assert db.session.execute(text(CATALOGUE)).all() == before
    assert count() == 60
    assert make.submitted().id > 60
