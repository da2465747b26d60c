"""A dossier is walked to a state once per test process; a later test that begins so gets the city as it was then.

Most of a test's time went into walking its dossier through the real transitions. The first walk of a test is
kept beside the fresh city and put back for the next test that asks for the same; when a test did something
before, the walk is made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Protocol

import time_machine
from sqlalchemy import event

from app.domain import clock
from app.extensions import db
from app.models.dossier import Dossier

CLOSE = timedelta(seconds=60)
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")


class City(Protocol):
    """The database of the tests."""

    def keep(self, number: int) -> None: ...
    def put_back(self, number: int) -> None: ...


@dataclass(frozen=True)
class Kept:
    number: int
    dossier_id: int
    until: datetime


class Snapshots:
    """The walks kept for one city."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.kept: dict[Any, Kept] = {}
        self.begun_at: datetime | None = None
        self.moment: time_machine.Traveller | None = None
        event.listen(db.engine, "before_cursor_execute", self._watch)

    def begin(self, moment: time_machine.Traveller) -> None:
        """A test begins on the fresh city."""
        self.begun_at, self.moment = clock.now(), moment

    def fetch(self, key: Any, walk: Callable[[], Dossier]) -> Dossier:
        """The dossier of the walk; only the first of a test can be one that was kept."""
        first = self.begun_at is not None and abs(clock.now() - self.begun_at) < CLOSE
        self.begun_at = None
        if not first or db.session.new:
            return walk()
        if key in self.kept:
            return self._put_back(self.kept[key])
        dossier = walk()
        self._keep(key, dossier)
        return dossier

    def _watch(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(WRITES):
            self.begun_at = None

    def _keep(self, key: Any, dossier: Dossier) -> None:
        dossier_id, number = dossier.id, len(self.kept)
        db.session.rollback()
        self.city.keep(number)
        self.kept[key] = Kept(number, dossier_id, clock.now())

    def _put_back(self, kept: Kept) -> Dossier:
        db.session.remove()
        db.engine.dispose()
        self.city.put_back(kept.number)
        assert self.moment is not None
        self.moment.move_to(max(kept.until, clock.now()))  # never before what the walk wrote
        return db.session.get_one(Dossier, kept.dossier_id)


current: Snapshots | None = None
"""Those of this process, once the city is built."""


def kept(walk: Callable[..., Dossier]) -> Callable[..., Dossier]:
    """A factory whose walk is kept when it is the first thing that a test does."""

    @wraps(walk)
    def fetch(*args: Any, **kwargs: Any) -> Dossier:
        if current is None:
            return walk(*args, **kwargs)
        key = (walk.__name__, args, tuple(sorted(kwargs.items())))
        return current.fetch(key, lambda: walk(*args, **kwargs))

    return fetch
