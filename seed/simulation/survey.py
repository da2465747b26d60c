"""Reading the city from the database, once, as plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.calendar import Calendar
from app.domain.roles import Role
from app.domain.working_time import Limit, TimeUnit
from app.extensions import db
from app.models import catalogue as stored
from app.models.organisation import Agency, Department, Profile, User
from app.services import account_rows, attachments, calendars, organisation, settings
from app.services.transaction import transaction
from seed import papers
from seed.simulation.city import Charge, City, Desk, Office, Paper, Person, Procedure

DESIGNS = (1, 2)
"""Drawings of each kind of paper; thousands of dossiers share them."""


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
