"""The city as the simulation sees it: everything that never changes while it runs. Read by survey."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from app.domain.calendar import Calendar
from app.domain.clocks import Allowance
from app.domain.fees import FeeTiming
from app.domain.roles import Actor
from app.domain.search import fold
from app.domain.states import ClockKind
from app.domain.working_time import Limit
from app.models import catalogue as stored
from app.models.organisation import Level


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff."""

    actor: Actor
    email: str

    @property
    def id(self) -> int:
        """The key of the account."""
        return self.actor.user_id or 0


Addresses = tuple[tuple[str, str], ...]
"""Names and mail addresses."""


def _addresses(people: Iterable[Person]) -> Addresses:
    return tuple((person.actor.name, person.email) for person in people)


@dataclass(frozen=True)
class Paper:
    """A document that a procedure asks for, during its validity."""

    id: int
    name: str
    kind: stored.PaperKind
    quantity: int
    required: bool
    note: str
    first_day: date
    last_day: date

    @cached_property
    def named(self) -> str:
        """As the announcement of a result lists it."""
        return f"{self.name} ({self.kind.label})"


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee of a procedure, during its validity."""

    id: int
    name: str
    kind: str
    amount: int | None
    timing: FeeTiming
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Procedure:
    """What can be applied for."""

    id: int
    code: str
    name: str
    level: Level
    field_id: int
    field: str
    department_name: str
    limit: Limit
    restart: bool
    papers: tuple[Paper, ...]
    charges: tuple[Charge, ...]
    first_day: date
    last_day: date

    @cached_property
    def folded(self) -> str:
        """The name as officers search it."""
        return fold(self.name)


@dataclass(frozen=True)
class Desk:
    """A department with its officers."""

    id: int
    officers: tuple[Person, ...]

    @cached_property
    def addresses(self) -> Addresses:
        """Where its mail goes."""
        return _addresses(self.officers)


@dataclass(frozen=True)
class Office:
    """An agency that can take dossiers: somebody receives, somebody appraises, somebody signs."""

    id: int
    identifier: str
    name: str
    unit: str
    level: Level
    hotline: str
    place_id: int
    place: str
    officers: tuple[Person, ...]
    leaders: tuple[Person, ...]
    desks: Mapping[str, Desk]
    procedures: tuple[Procedure, ...]
    authorities: Mapping[int | None, tuple[str, str]]
    """Name and address of whom to tell of a mismatch, by field; None for the rest."""
    opens_on: date
    last_day: date
    calendar: Calendar

    @cached_property
    def officer_addresses(self) -> Addresses:
        """Where the mail of the receiving officers goes."""
        return _addresses(self.officers)

    @cached_property
    def leader_addresses(self) -> Addresses:
        """Where the mail of the leaders goes."""
        return _addresses(self.leaders)

    def takes(self, procedure: Procedure, day: date) -> bool:
        """Whether the procedure can be sent here on the day (announcement, point 1)."""
        opens, ends = max(self.opens_on, procedure.first_day), min(self.last_day, procedure.last_day)
        return opens <= day <= ends

    def authority(self, procedure: Procedure) -> tuple[str, str]:
        """Whom to tell of a mismatch: the field's own authority, else the general one, which is always there."""
        return self.authorities.get(procedure.field_id) or self.authorities[None]


@dataclass(frozen=True)
class City:
    """All of it."""

    offices: tuple[Office, ...]
    intake: timedelta
    supplement: Limit
    pickup: Limit
    information_requests: int
    draft_days: int
    code_format: str
    files: Mapping[stored.PaperKind | None, tuple[tuple[int, str], ...]]
    """Stored file and its name, by kind of paper; None is the draft of a decision."""

    def allowance(self, kind: ClockKind, procedure: Procedure) -> Allowance:
        """How long a clock may run."""
        match kind:
            case ClockKind.INTAKE:
                return self.intake
            case ClockKind.PROCESSING:
                return procedure.limit
            case ClockKind.SUPPLEMENT:
                return self.supplement
            case ClockKind.PICKUP:
                return self.pickup
