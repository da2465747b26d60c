"""What a simulated dossier costs: `python -m bench.simulation [dossiers]` on a database without a simulated city.

Wanted: a million on PostgreSQL in 15 minutes on two processors, so at most 1.8 ms of processor time for each, all told.
Everything is rolled back.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from sqlalchemy.engine import Connection

from app import create_app
from app.extensions import db
from bench.measure import Spent, spent, yardstick
from seed.simulation import people, store, survey
from seed.simulation.archive import batch_of
from seed.simulation.demand import Demand
from seed.simulation.ledger import Rows, bases
from seed.simulation.run import in_batches
from seed.simulation.street import tell
from seed.simulation.world import World

SEED = 2016
MILLION = 1_000_000


class Undone(Exception):
    """Rolls everything back."""


def batches(demand: Demand, connection: Connection) -> Iterator[Rows]:
    world = World(demand.city, SEED, bases(connection), {})
    for cases in in_batches(tell(world, demand, frozenset(o.id for o in demand.offices)), 400):
        batch, _number = batch_of(cases)
        yield batch


def main() -> None:
    dossiers = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with create_app().app_context():
        demand = Demand(survey.read(), SEED, date(2026, 1, 1), date(2026, 10, 31), dossiers)
        url = db.engine.url
        db.session.remove()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)  # as the crew does
        with suppress(Undone), store.session_of(store.engine_of(url)) as connection:
            measure(demand, connection)
            raise Undone
    yardstick()


def measure(demand: Demand, connection: Connection) -> None:
    number = demand.dossiers
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = replica")  # as when foreign keys come last
    user, profile = (bases(connection)[name] + 1 for name in ("ab_user", "profile"))
    with spent(connection) as accounts:
        for some in in_batches(demand.first_days(people.DOSSIERS_PER_CITIZEN), 4000):
            made = [
                people.account(people.citizen(SEED, n, demand.units), user + n, profile + n, day)
                for n, day in some
            ]
            store.write(
                connection, dict(zip(("ab_user", "profile"), map(list, zip(*made, strict=True)), strict=True))
            )
    print(f"accounts           {accounts}")
    telling, writing, rows = Spent(), Spent(), 0
    told = batches(demand, connection)
    while True:
        with spent() as once:
            batch = next(told, None)
        telling += once
        if batch is None:
            break
        with spent(connection) as once:
            store.write(connection, batch)
        writing += once
        rows += sum(map(len, batch.values()))
    print(f"stories and rows   {telling}")
    print(f"writing, indexed   {writing}")
    whole = sum(s.ours + s.postgres for s in (accounts, telling, writing))
    print(
        f"{number:,} dossiers, {rows / number:.1f} rows each: {whole / number * 1000:.2f} ms of processor time each"
    )
    print(f"so a million takes {whole / number * MILLION / 120:.1f} minutes on two processors, indexes aside")


if __name__ == "__main__":
    main()
