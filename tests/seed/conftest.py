"""A simulated city, made once for all tests that only look at it."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from app.extensions import db
from seed.simulation import run
from tests.conftest import MONDAY_MORNING

PLAN = run.Plan(dossiers=260, first_day=date(2026, 9, 7), last_day=date(2026, 11, 22), seed=7)


def silent(_: object) -> None:
    """Nobody watches the progress."""


@pytest.fixture(scope="module")
def simulated(built_app, city) -> Iterator[run.Made]:
    """260 dossiers of eleven weeks until yesterday; tests may change them, but not rely on their number."""
    with built_app.app_context():
        db.engine.dispose()
    city.restore()
    with built_app.app_context(), time_machine.travel(MONDAY_MORNING, tick=True):
        yield run.simulate(PLAN, silent, silent)
        db.session.remove()
        db.engine.dispose()
