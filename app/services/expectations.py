"""What a citizen can expect: how long results really took over the last 90 days, in working time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.domain import clock
from app.domain.periods import Period
from app.services import figures
from app.services.figures import By
from app.services.scopes import Scope

DAYS = 90
SMALL = 20
"""With fewer results the 90th percentile says more about two dossiers than about the office."""


@dataclass(frozen=True)
class Expectation:
    """Working minutes within which half and nine tenths of ``results`` were at the counter."""

    results: int
    half: float
    most: float

    @property
    def small(self) -> bool:
        """Whether there are too few results to promise anything."""
        return self.results < SMALL


def period() -> Period:
    """The last 90 days, today included."""
    today = clock.today()
    return Period(today - timedelta(days=DAYS - 1), today, clock.now())


def of_procedure(procedure_id: int) -> dict[int, Expectation]:
    """Of each unit that had a result of the procedure, by the key of its agency."""
    return _found(Scope().narrow(By.PROCEDURE.value, procedure_id), By.UNIT)


def of_agency(agency_id: int) -> dict[int, Expectation]:
    """Of each procedure of which the agency had a result, by the procedure's key."""
    return _found(Scope(agency_id=agency_id), By.PROCEDURE)


def _found(scope: Scope, by: By) -> dict[int, Expectation]:
    ranks: Mapping[Any, tuple[int, int, int]] = figures.percentiles(scope, period(), "results", by)
    return {key: Expectation(number, half / 60, most / 60) for key, (number, half, most) in ranks.items()}
