"""People of the city at their browsers."""

from collections.abc import Callable

import pytest

from app.domain.roles import Actor
from tests import factories as make
from tests.journeys.person import Person


@pytest.fixture
def visitor(app) -> Person:
    """Somebody who is not logged in."""
    return Person(app.test_client())


@pytest.fixture
def at_browser(login) -> Callable[[Actor], Person]:
    """A person who is logged in."""
    return lambda actor: Person(login(make.username(actor)))
