"""Looking at the roll-out as a whole, and changing several dates at once after seeing what they open and close."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.calendar import KNOWN_YEARS
from app.domain.errors import Conflict, NotFound, Refused
from app.domain.roles import Actor
from app.domain.search import fold
from app.domain.states import State
from app.extensions import db
from app.models.catalogue import Rollout
from app.models.dossier import Dossier
from app.models.organisation import Agency
from app.services import catalogue
from app.services.editing import require_administrator
from app.services.rollout import rollouts
from app.services.transaction import transaction
from app.services.validity import is_valid


class Effect(StrEnum):
    """What a new date does to sending dossiers, seen from today."""

    OPENS = "opens"
    CLOSES = "closes"
    WILL_OPEN = "will_open"
    STAYS = "stays"


@dataclass(frozen=True)
class Place:
    """An agency with the day from which it takes the procedures of its level; None: it takes none."""

    agency: Agency
    opens_on: date | None
    serves: bool
    """False when the agency is switched off or its unit has ended; then its date opens nothing."""

    @property
    def open(self) -> bool:
        """Whether it takes dossiers today."""
        return self.serves and self.opens_on is not None and self.opens_on <= clock.today()


@dataclass(frozen=True)
class Step:
    """One changed date: what it was, what it becomes and what follows."""

    agency: Agency
    old: date | None
    new: date | None
    effect: Effect
    procedures: int
    """Procedures of its level in force today."""
    drafts: int
    """Drafts to this agency, which wait for it to open when it closes."""


@dataclass(frozen=True)
class Plan:
    """The steps, and the mark to confirm with."""

    steps: list[Step]
    mark: str


def places() -> list[Place]:
    """Every agency that serves or has a date, the city first, then by name. Two queries."""
    days = _days()
    query = select(Agency).where(or_(Agency.active, Agency.id.in_(days))).options(joinedload(Agency.unit))
    found = sorted(db.session.scalars(query), key=lambda row: (row.level, fold(row.name)))
    rows = [Place(agency, days.get(agency.id), _serves(agency)) for agency in found]
    return [row for row in rows if row.serves or row.opens_on]


def day_of(agency: Agency) -> date | None:
    """From when the agency takes the procedures of its level; None: it takes none."""
    return _days().get(agency.id)


def look(wanted: Mapping[int, date | None]) -> Plan:
    """What these dates (by agency; None: no longer) would change, today. Nothing is stored.

    Refused("date_out_of_range") with the agency's key as its field; NotFound("no_such_agency").
    """
    known = {place.agency.id: place for place in places()}
    if wanted.keys() - known.keys():
        raise NotFound("no_such_agency")
    for agency_id, day in wanted.items():
        if day is not None and day.year not in KNOWN_YEARS:
            first, last = KNOWN_YEARS.start, KNOWN_YEARS.stop - 1
            raise Refused("date_out_of_range", field=str(agency_id), first_year=first, last_year=last)
    changed = [known[key] for key, day in wanted.items() if day != known[key].opens_on]
    drafts, numbers = _drafts([place.agency.id for place in changed]), catalogue.counts()
    steps = [
        Step(
            place.agency,
            place.opens_on,
            wanted[place.agency.id],
            _effect(place, wanted[place.agency.id]),
            numbers[place.agency.level],
            drafts.get(place.agency.id, 0),
        )
        for place in changed
    ]
    return Plan(steps, _mark(steps))


def save(actor: Actor, wanted: Mapping[int, date | None], mark: str) -> Plan:
    """Store the dates as seen, all or none. Conflict("preview_outdated") when something changed meanwhile."""
    require_administrator(actor)
    with transaction():
        plan = look(wanted)
        if plan.mark != mark:
            raise Conflict("preview_outdated")
        rows = {row.agency_id: row.id for row in db.session.scalars(select(Rollout))}
        for step in plan.steps:
            _store(actor, step, rows.get(step.agency.id))
    return plan


def _store(actor: Actor, step: Step, row_id: int | None) -> None:
    if step.new is None:
        rollouts.remove(actor, row_id or 0)
    elif row_id is None:
        values = {"agency_id": step.agency.id, "level": step.agency.level, "opens_on": step.new}
        rollouts.create(actor, values)
    else:
        rollouts.edit(actor, row_id, {"opens_on": step.new})


def _days() -> dict[int, date]:
    rows = db.session.scalars(select(Rollout).options(joinedload(Rollout.agency)))
    return {row.agency_id: row.opens_on for row in rows if row.level is row.agency.level}


def _serves(agency: Agency) -> bool:
    return agency.active and is_valid(agency.unit, clock.today())


def _effect(place: Place, new: date | None) -> Effect:
    opens = place.serves and new is not None and new <= clock.today()
    if opens and not place.open:
        return Effect.OPENS
    if place.open and not opens:
        return Effect.CLOSES
    return Effect.WILL_OPEN if new is not None and new > clock.today() else Effect.STAYS


def _drafts(agencies: list[int]) -> dict[int, int]:
    query = select(Dossier.agency_id, func.count().label("number")).where(
        Dossier.state == State.DRAFT, Dossier.agency_id.in_(agencies)
    )
    return {row.agency_id: row.number for row in db.session.execute(query.group_by(Dossier.agency_id))}


def _mark(steps: list[Step]) -> str:
    seen = [(step.agency.id, str(step.old), str(step.new), step.effect.value, step.drafts) for step in steps]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]
