"""The simulation as a whole: refuse where it has no place, tell all stories, write them, say what was made."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import click
from sqlalchemy import select
from sqlalchemy.engine import URL, Connection

from app.domain import clock
from app.domain.roles import Role
from app.extensions import config, db
from app.models.dossier import Dossier
from app.models.organisation import Profile, User
from app.services import roles
from seed.simulation import fingerprint, people, store, survey
from seed.simulation.archive import batch_of
from seed.simulation.case import Case
from seed.simulation.crew import Crew, Told
from seed.simulation.demand import Demand
from seed.simulation.ledger import CITIZENS, Row, bases
from seed.simulation.scaffold import Scaffold
from seed.simulation.street import tell
from seed.simulation.world import World

BATCH = 400
"""Dossiers written at once; memory holds so many, and those that still run."""
LARGE = 50_000
"""From so many dossiers on PostgreSQL's indexes are made afterwards, and two processes share the work."""

Thing = TypeVar("Thing")

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Plan:
    """What is simulated: so many dossiers between two days, both included, from a seed."""

    dossiers: int
    first_day: date
    last_day: date
    seed: int
    processes: int = 1
    beside_real: bool = False


@dataclass
class Made:
    """What was made: the content hash, how many dossiers stand in each state, above which keys."""

    fingerprint: str = ""
    bases: dict[str, int] = field(default_factory=dict)
    citizens: int = 0
    states: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)


def refuse(plan: Plan) -> None:
    """Refuse (UsageError) production, a day that is not over, a database with real dossiers or another simulation."""
    if not config("DEMO_ACCOUNTS_ALLOWED"):
        raise click.UsageError(
            "never in production: simulated people and dossiers would stand among real ones"
        )
    if plan.first_day > plan.last_day or plan.last_day >= clock.today():
        raise click.UsageError("the days must be in order, and the last one over")
    if simulated_already():
        raise click.UsageError("this database holds a simulated city already; begin with an empty one")
    real = select(Dossier.id).join(Profile, Profile.user_id == Dossier.citizen_id)
    if not plan.beside_real and db.session.scalar(real.where(Profile.is_demo.is_(False)).limit(1)):
        raise click.UsageError(
            "this database holds real dossiers; --beside-real puts simulated ones beside them"
        )


def simulated_already() -> bool:
    """Whether simulated citizens are in the database."""
    query = select(User.id).where(User.email.like(f"%@{people.HOST}"))
    return db.session.scalar(query.limit(1)) is not None


def simulate(plan: Plan, progress: Progress, say: Callable[[str], None]) -> Made:
    """Make the city's past. ``progress`` hears of every batch written, ``say`` of every longer piece of work."""
    refuse(plan)
    demand = Demand(survey.read(), plan.seed, plan.first_day, plan.last_day, plan.dossiers)
    role_id, url = roles.role_row(Role.CITIZEN).id, db.engine.url
    if not demand.offices:
        raise click.UsageError(
            "no office is open and has its staff between these days; run flask set-up first"
        )
    db.session.remove()
    db.engine.dispose()  # processes are forked from here: no connection may be shared
    return Simulation(plan, demand, url).run(role_id, progress, say)


class Simulation:
    """One run; ``url`` is the database to write to, ``above`` the keys to begin after if not after its own."""

    def __init__(self, plan: Plan, demand: Demand, url: URL, above: Mapping[str, int] | None = None) -> None:
        self.plan, self.demand, self.url = plan, demand, url
        self.engine = store.engine_of(url)
        with self.engine.connect() as connection:
            self.bases = dict(above or bases(connection))
            self.serials = store.serials(connection)
        self.made = Made(bases=self.bases)

    def run(self, role_id: int, progress: Progress, say: Callable[[str], None]) -> Made:
        """Accounts first, then the dossiers, then what PostgreSQL needs to be quick again."""
        scaffold = Scaffold(self.engine)
        if self._large:
            scaffold.take_down()
        try:
            total = self._accounts(role_id, say) + self._dossiers(progress)
        finally:
            for thing in scaffold.put_up():
                say(thing)
        with store.session_of(self.engine) as connection:
            store.keep_serials(connection, self.serials)
            store.set_sequences(connection)
        self.made.fingerprint = fingerprint.words(total % fingerprint.MODULUS)
        return self.made

    @property
    def _large(self) -> bool:
        return self.plan.dossiers >= LARGE and self.engine.dialect.name == "postgresql"

    def _accounts(self, role_id: int, say: Callable[[str], None]) -> int:
        """The accounts of all citizens; the sum of their numbers."""
        say("citizens")
        total, units = 0, self.demand.units
        first = self.bases["ab_user"] + 1
        for some in in_batches(self._citizens(units), BATCH * 10):
            total += fingerprint.summed(fingerprint.of_rows([[user], [profile]]) for user, profile in some)
            batch = dict(zip(CITIZENS, map(list, zip(*some, strict=True)), strict=True))
            with store.session_of(self.engine) as connection:
                store.write(connection, batch)
            self.made.citizens += len(some)
        with store.session_of(self.engine) as connection:
            store.give_role(connection, first, first + self.made.citizens - 1, role_id)
        return total

    def _citizens(self, units: tuple[str, ...]) -> Iterator[tuple[Row, Row]]:
        seed, user, profile = self.plan.seed, self.bases["ab_user"] + 1, self.bases["profile"] + 1
        for number, day in self.demand.first_days(people.DOSSIERS_PER_CITIZEN):
            who = people.citizen(seed, number, units)
            at = people.registered(seed, number, day)
            yield people.account(who, user + number, profile + number, at)

    def _dossiers(self, progress: Progress) -> int:
        """All dossiers, by one process or several; the sum of their numbers."""
        crew = Crew(self._tell, self.demand.shares(self._processes))
        total = 0
        for told in crew.work():
            progress(told.dossiers)
            total += told.number
            self.made.states += told.states
            self.made.rows += told.rows
            self.serials |= told.serials
        return total

    @property
    def _processes(self) -> int:
        several = self._large or self.plan.processes > 1
        return self.plan.processes if several and self.engine.dialect.name == "postgresql" else 1

    def _tell(self, offices: frozenset[int]) -> Iterator[Told]:
        """The dossiers of some offices, batch by batch as they are written."""
        world = World(self.demand.city, self.plan.seed, self.bases, self.serials)
        with store.connection_of(store.engine_of(self.url)) as connection:
            for some in in_batches(tell(world, self.demand, offices), BATCH):
                yield _write(connection, some)
        yield Told(0, 0, serials=world.serials_of(offices))


def _write(connection: Connection, cases: list[Case]) -> Told:
    batch, number = batch_of(cases)
    with connection.begin():
        store.write(connection, batch)
    states = Counter(case.state.value for case in cases)
    return Told(len(cases), number, states, Counter({name: len(some) for name, some in batch.items()}))


def in_batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """So many at a time."""
    some: list[Thing] = []
    for thing in things:
        some.append(thing)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
