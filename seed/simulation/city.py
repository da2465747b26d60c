"""The city as the simulation sees it: everything that never changes while it runs, read once as plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.calendar import Calendar
from app.domain.clocks import Allowance
from app.domain.fees import FeeTiming
from app.domain.roles import Actor, Role
from app.domain.search import fold
from app.domain.states import ClockKind
from app.domain.working_time import Limit, TimeUnit
from app.extensions import db
from app.models import catalogue as stored
from app.models.organisation import Agency, Department, Level, Profile, User
from app.services import account_rows, attachments, calendars, organisation, settings
from app.services.transaction import transaction
from seed import papers

DESIGNS = (1, 2)
"""Drawings of each kind of paper; thousands of dossiers share them."""


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


def read() -> City:
    """Read the city from the database and put the shared papers into the store."""
    everybody = _staff()
    procedures = _procedures()
    found = [_office(rollout, everybody, procedures) for rollout in _rollouts()]
    offices = [office for office in found if office is not None]
    return City(
        offices=tuple(replace(office, calendar=_shared(office, offices)) for office in offices),
        intake=timedelta(minutes=settings.get("intake_minutes")),
        supplement=Limit(settings.get("supplement_days"), TimeUnit.WORKING_DAY),
        pickup=Limit(settings.get("pickup_days"), TimeUnit.WORKING_DAY),
        information_requests=settings.get("information_requests_limit"),
        draft_days=settings.get("draft_days"),
        code_format=settings.get("code_format"),
        files=_files(),
    )


def _rollouts() -> Iterable[stored.Rollout]:
    query = select(stored.Rollout).join(stored.Rollout.agency).where(Agency.active)
    return db.session.scalars(query.order_by(Agency.identifier)).all()


def _office(
    rollout: stored.Rollout, everybody: Mapping[Role, list[Profile]], procedures: list[Procedure]
) -> Office | None:
    """None for an agency in which nobody could take a dossier to its end."""
    agency = rollout.agency
    here = {role: [p for p in people if p.agency_id == agency.id] for role, people in everybody.items()}
    desks = {d.name: _desk(d, here[Role.DEPARTMENT_OFFICER]) for d in organisation.departments_of(agency.id)}
    desks = {name: desk for name, desk in desks.items() if desk.officers}
    known = tuple(p for p in procedures if p.department_name in desks and p.level is rollout.level)
    places = organisation.places_of(agency.id)
    authorities = _authorities(agency.id)
    if not (here[Role.RECEIVING_OFFICER] and here[Role.LEADER] and known and places and None in authorities):
        return None
    return Office(
        id=agency.id,
        identifier=agency.identifier,
        name=agency.name,
        unit=str(agency.unit),
        level=agency.level,
        hotline=agency.hotline or settings.get("hotline"),
        place_id=places[0].id,
        place=str(places[0]),
        officers=tuple(map(_person, here[Role.RECEIVING_OFFICER])),
        leaders=tuple(map(_person, here[Role.LEADER])),
        desks=desks,
        procedures=known,
        authorities=authorities,
        opens_on=max(rollout.opens_on, agency.unit.valid_from or date.min),
        last_day=agency.unit.valid_to or date.max,
        calendar=calendars.calendar_for(agency.id),
    )


def _shared(office: Office, offices: Sequence[Office]) -> Calendar:
    """The first of equal calendars: what it has laid out serves every office with the same hours."""
    return next(other.calendar for other in offices if other.calendar == office.calendar)


def _staff() -> dict[Role, list[Profile]]:
    """Officers who can log in, by role, in the order in which mail is written to them."""
    roles = (Role.RECEIVING_OFFICER, Role.DEPARTMENT_OFFICER, Role.LEADER)
    query = select(Profile).join(Profile.user).where(Profile.role.in_(roles), User.active.is_(True))
    people = db.session.scalars(query.order_by(Profile.id)).all()
    return {role: [p for p in people if p.role is role] for role in roles}


def _person(profile: Profile) -> Person:
    return Person(account_rows.actor_of(profile), profile.user.email)


def _desk(department: Department, officers: Iterable[Profile]) -> Desk:
    return Desk(department.id, tuple(_person(p) for p in officers if p.department_id == department.id))


def _authorities(agency_id: int) -> dict[int | None, tuple[str, str]]:
    query = select(stored.ViolationAuthority).where(stored.ViolationAuthority.agency_id == agency_id)
    return {row.field_id: (row.name, row.email) for row in db.session.scalars(query)}


def _procedures() -> list[Procedure]:
    query = select(stored.Procedure).order_by(stored.Procedure.code)
    query = query.options(
        selectinload(stored.Procedure.documents),
        selectinload(stored.Procedure.fees),
        selectinload(stored.Procedure.field),
    )
    return [_procedure(row) for row in db.session.scalars(query)]


def _procedure(row: stored.Procedure) -> Procedure:
    return Procedure(
        id=row.id,
        code=row.code,
        name=row.name,
        level=row.level,
        field_id=row.field_id,
        field=row.field.name,
        department_name=row.department_name,
        limit=Limit(row.processing_time, row.time_unit),
        restart=row.on_supplement is stored.OnSupplement.RESTART,
        papers=tuple(
            Paper(d.id, d.name, d.kind, d.quantity, d.required, d.note, *_validity(d)) for d in row.documents
        ),
        charges=tuple(
            Charge(f.id, f.name, f.kind.value, f.amount, f.timing, *_validity(f)) for f in row.fees
        ),
        first_day=row.valid_from or date.min,
        last_day=row.valid_to or date.max,
    )


def _validity(row: stored.RequiredDocument | stored.FeeItem) -> tuple[date, date]:
    return row.valid_from or date.min, row.valid_to or date.max


def _files() -> dict[stored.PaperKind | None, tuple[tuple[int, str], ...]]:
    """Draw, examine and store the papers that all dossiers share, through the service."""
    drawn = {kind: [papers.paper(kind, number) for number in DESIGNS] for kind in stored.PaperKind}
    files: dict[stored.PaperKind | None, tuple[tuple[int, str], ...]] = {
        kind: tuple(_file(*paper) for paper in both) for kind, both in drawn.items()
    }
    files[None] = (_file("Quyết định.pdf", papers.result()),)
    return files


def _file(name: str, data: bytes) -> tuple[int, str]:
    found = attachments.examine(data)
    with transaction() as session:
        row = attachments.row_of(found)
        session.flush()
        return row.id, name
