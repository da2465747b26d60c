"""Who asks for what, where and when: arrivals by season, weekday and hour, from the roll-out of each office on."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from math import exp

from app.domain.timeline import ONE_DAY, midnight
from app.models.organisation import Level
from seed.files import read
from seed.simulation.chance import Choice, dice, mixed
from seed.simulation.city import City, Office, Procedure

WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 0.95, 0.4, 0.3)
"""People send from home as well, but less at the weekend."""
DAY_OFF = 0.25
HOURS = (1, 0.4, 0.2, 0.1, 0.1, 0.4, 1.5, 5, 10, 11, 9, 6, 4, 6, 9, 9, 7, 4, 3, 5, 7, 6, 4, 2)
BUSY = 1.6
"""A procedure in its busy months."""
CITY_SHARE = 0.5
"""Half of all dossiers go to the city's own office, half to those of the wards and communes."""
FIRST_UPTAKE, UPTAKE_YEARS = 0.15, 4.0
"""Of those who could apply online, how many do so in the first days; how fast the others follow."""

CLOCK_HOURS = Choice(enumerate(HOURS))


@dataclass(frozen=True)
class Habit:
    """How a field's procedures are asked for."""

    weight: float
    busy_months: frozenset[int]
    household: float
    """Share of applicants who act for a household business; ``firm`` likewise for a company."""
    firm: float


@dataclass(frozen=True)
class Arrivals:
    """What one office gets on one day; ``first`` is the number of its first dossier of that day."""

    day: date
    office: Office
    first: int
    count: int


@dataclass(frozen=True)
class Demand:
    """So many dossiers between two days, both included."""

    city: City
    seed: int
    first_day: date
    last_day: date
    dossiers: int

    @cached_property
    def habits(self) -> dict[tuple[Level, str], Habit]:
        """By level and field; a field that the file does not name is asked for now and then."""
        lines = read("simulation/demand")
        return {(Level(line["level"]), line["field"]): _habit(line) for line in lines}

    def habit(self, procedure: Procedure) -> Habit:
        """How the procedure is asked for."""
        return self.habits.get((procedure.level, procedure.field), Habit(1.0, frozenset(), 0, 0))

    def arrivals(self) -> Iterator[Arrivals]:
        """Day by day and office by office; the numbers add up to ``dossiers``."""
        whole = sum(self._weight(day, office) for day in self._days() for office in self.city.offices)
        seen, number = 0.0, 0
        for day in self._days():
            for office in self.city.offices:
                seen += self._weight(day, office)
                until = int(self.dossiers * seen / whole + 0.5) if whole else 0
                if until > number:
                    yield Arrivals(day, office, number, until - number)
                    number = until

    @property
    def offices(self) -> tuple[Office, ...]:
        """Those that are open at some time between the two days."""
        return tuple(
            o for o in self.city.offices if o.opens_on <= self.last_day and o.last_day >= self.first_day
        )

    @property
    def units(self) -> tuple[str, ...]:
        """Where people live."""
        return tuple(office.unit for office in self.city.offices)

    def first_days(self, each: int) -> Iterator[tuple[int, datetime]]:
        """The numbers of the citizens, of whom one comes with every ``each``-th dossier, and when they come."""
        number = 0
        for found in self.arrivals():
            while number * each < found.first + found.count:
                yield number, midnight(found.day)
                number += 1

    def shares(self, processes: int) -> list[frozenset[int]]:
        """The offices, shared out so that everybody has about as many dossiers."""
        totals = Counter[int]()
        for found in self.arrivals():
            totals[found.office.id] += found.count
        shares: list[tuple[int, set[int]]] = [(0, set()) for _ in range(processes)]
        for office, count in totals.most_common():
            shares.sort(key=lambda share: share[0])
            shares[0] = (shares[0][0] + count, shares[0][1] | {office})
        return [frozenset(share) for _, share in shares if share]

    def moments(self, arrivals: Arrivals) -> list[datetime]:
        """When the dossiers of one day are sent, in order."""
        at = self.city.offices.index(arrivals.office)
        throw, begin = dice(self.seed, "day", arrivals.day.toordinal() * 1000 + at), midnight(arrivals.day)
        hours = (CLOCK_HOURS.pick(throw.random()) for _ in range(arrivals.count))
        return sorted(begin + timedelta(seconds=hour * 3600 + int(throw.random() * 3600)) for hour in hours)

    def procedures(self, arrivals: Arrivals) -> Choice[Procedure]:
        """What the office is asked for on the day: only what it takes."""
        return Choice(self._popular(arrivals.office, arrivals.day))

    def _popular(self, office: Office, day: date) -> Iterator[tuple[Procedure, float]]:
        """The first procedures of a field are those that most people come for."""
        ranks: dict[str, int] = {}
        for procedure in office.procedures:
            if office.takes(procedure, day):
                rank = ranks[procedure.field] = ranks.get(procedure.field, 0) + 1
                habit = self.habit(procedure)
                yield procedure, habit.weight / rank * (BUSY if day.month in habit.busy_months else 1.0)

    def _days(self) -> Iterator[date]:
        day = self.first_day
        while day <= self.last_day:
            yield day
            day += ONE_DAY

    def _weight(self, day: date, office: Office) -> float:
        if not office.opens_on <= day <= office.last_day:
            return 0.0
        open_for = (day - office.opens_on).days / 365
        uptake = 1 - (1 - FIRST_UPTAKE) * exp(-open_for / UPTAKE_YEARS)
        return self._sizes[office.identifier] * uptake * self._day_weights[day]

    @cached_property
    def _day_weights(self) -> dict[date, float]:
        calendar = self.city.offices[0].calendar
        return {
            day: WEEKDAYS[day.weekday()] * (DAY_OFF if day in calendar.days_off else 1.0)
            for day in self._days()
        }

    @cached_property
    def _sizes(self) -> dict[str, float]:
        """The city's office, and wards and communes between the half and the whole of the largest."""
        wards = [o for o in self.city.offices if o.level is Level.WARD]
        sizes = {o.identifier: 0.5 + (mixed(1, o.identifier) % 1000) / 2000 for o in wards}
        whole = sum(sizes.values()) or 1.0
        found = {name: (1 - CITY_SHARE) * size / whole for name, size in sizes.items()}
        cities = [o.identifier for o in self.city.offices if o.level is Level.CITY]
        return found | dict.fromkeys(cities, CITY_SHARE / max(len(cities), 1))


def _habit(line: dict[str, str]) -> Habit:
    months = frozenset(int(month) for month in line["busy_months"].split())
    return Habit(float(line["weight"]), months, float(line["household"]), float(line["firm"]))
