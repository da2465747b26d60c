"""The virtual clock: the stories of one office, each waiting for its moment, the earliest first."""

from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import groupby

from app.domain.timeline import ONE_DAY, midnight
from seed.simulation import people
from seed.simulation.case import Case
from seed.simulation.chance import dice
from seed.simulation.demand import Arrivals, Demand
from seed.simulation.life import Story, life
from seed.simulation.world import World

EARLY = 2
"""Days: a draft may be begun so long before it is sent, and nothing later may happen before."""

Waiting = tuple[datetime, int, Case, Story]


def tell(world: World, demand: Demand, offices: frozenset[int]) -> Iterator[Case]:
    """The dossiers of some offices, each as soon as nothing more can happen to it before the end."""
    waiting: list[Waiting] = []
    end = midnight(demand.last_day + ONE_DAY)
    for day, arrivals in groupby(demand.arrivals(), lambda found: found.day):
        yield from _until(waiting, midnight(day) - ONE_DAY * EARLY, end)
        for found in arrivals:
            if found.office.id in offices:
                for case, story in _stories(world, demand, found):
                    heappush(waiting, (next(story), case.number, case, story))
    yield from _until(waiting, end, end)


def _stories(world: World, demand: Demand, arrivals: Arrivals) -> Iterator[tuple[Case, Story]]:
    procedures, units = demand.procedures(arrivals), demand.units
    for number, sent in enumerate(demand.moments(arrivals), start=arrivals.first):
        throw = dice(world.seed, "dossier", number)
        procedure = procedures.pick(throw.random())
        who = people.citizen(world.seed, people.composer(throw, number), units)
        case = Case(world, number, arrivals.office, procedure, who, throw)
        yield case, life(case, sent, demand.habit(procedure))


def _until(waiting: list[Waiting], moment: datetime, end: datetime) -> Iterator[Case]:
    """Let everything happen that happens before ``moment``; the dossiers to which nothing happens until ``end``.

    One in a hundred waits for a citizen who never comes: kept until the end they would fill the memory.
    """
    while waiting and waiting[0][0] < moment:
        _, number, case, story = heappop(waiting)
        following = next(story, None)
        if following is None or following >= end:
            yield case
        else:
            heappush(waiting, (following, number, case, story))
