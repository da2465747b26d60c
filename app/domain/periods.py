"""A reporting period: whole days of the city's calendar, as moments."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.domain.clock import LOCAL
from app.domain.errors import Refused

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2199
"""Outside them there is only a typing slip."""


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included. ``now`` is when it is looked at.

    Refuses a period that ends before it begins (``period_backwards``) and years that nobody can mean
    (``date_out_of_range``).
    """

    first: date
    last: date
    now: datetime

    def __post_init__(self) -> None:
        """Refuse what cannot be a period."""
        if self.first.year < FIRST_YEAR or self.last.year > LAST_YEAR:
            years = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR}
            raise Refused("date_out_of_range", field="first", **years)
        if self.last < self.first:
            raise Refused("period_backwards", field="last")

    @property
    def start(self) -> datetime:
        """The first moment that belongs to it."""
        return datetime.combine(self.first, time(), LOCAL)

    @property
    def end(self) -> datetime:
        """The first moment that does not."""
        return datetime.combine(self.last + ONE_DAY, time(), LOCAL)

    @property
    def as_of(self) -> datetime:
        """When the unfinished ones are looked at: the end of the period, or now if that is earlier."""
        return min(self.end, self.now)
