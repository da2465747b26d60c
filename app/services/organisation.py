"""Who serves: units with their successors, agencies, departments, counters, authorities."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.errors import NotFound, Refused
from app.domain.roles import Actor
from app.domain.search import fold
from app.extensions import db
from app.models.catalogue import Procedure, ViolationAuthority
from app.models.organisation import AdministrativeUnit, Agency, Department, Level, ReceptionPlace
from app.services import journal
from app.services.editing import Editor, as_json, flush, require_administrator
from app.services.transaction import transaction
from app.services.validity import is_valid, valid_on


def agency(agency_id: int) -> Agency:
    """The agency of this key; NotFound("no_such_agency")."""
    row = db.session.get(Agency, agency_id)
    if row is None:
        raise NotFound("no_such_agency")
    return row


def agency_of_code(unit_code: str, on: date | None = None) -> Agency:
    """The agency whose unit bears this GSO code on the day: codes are reused, so the day matters."""
    query = select(Agency).join(Agency.unit).where(AdministrativeUnit.code == unit_code).order_by(Agency.id)
    row: Agency | None = db.session.scalar(query.where(valid_on(AdministrativeUnit, on or clock.today())))
    if row is None:
        raise NotFound("no_such_agency")
    return row


def agencies(level: Level | None = None, on: date | None = None) -> list[Agency]:
    """Active agencies whose unit is in force, the city first, then by name."""
    in_force = valid_on(AdministrativeUnit, on or clock.today())
    query = select(Agency).join(Agency.unit).where(Agency.active, in_force)
    if level is not None:
        query = query.where(Agency.level == level)
    rows = db.session.scalars(query.options(joinedload(Agency.unit)))
    return sorted(rows, key=lambda row: (row.level, fold(row.name)))


def agencies_for(procedure: Procedure, on: date | None = None) -> list[Agency]:
    """The agencies competent for the procedure, open for it already or not (see rollout)."""
    return agencies(procedure.level, on)


def departments_of(agency_id: int) -> list[Department]:
    """The active departments of an agency, by name."""
    query = select(Department).where(Department.agency_id == agency_id, Department.active)
    return sorted(db.session.scalars(query), key=lambda row: fold(row.name))


def department_for(procedure: Procedure, agency: Agency) -> Department | None:
    """The agency's own department of the name that the procedure gives; None when it has none."""
    query = select(Department).where(
        Department.agency_id == agency.id, Department.name == procedure.department_name, Department.active
    )
    return db.session.scalar(query)


def places_of(agency_id: int) -> list[ReceptionPlace]:
    """The active counters of an agency, oldest first."""
    query = select(ReceptionPlace).where(ReceptionPlace.agency_id == agency_id, ReceptionPlace.active)
    return list(db.session.scalars(query.order_by(ReceptionPlace.id)))


def authority_for(agency_id: int, field_id: int) -> ViolationAuthority | None:
    """Who is told of a mismatch: the field's own authority, else the agency's general one, else None."""
    query = select(ViolationAuthority).where(
        ViolationAuthority.agency_id == agency_id,
        or_(ViolationAuthority.field_id == field_id, ViolationAuthority.field_id.is_(None)),
    )
    return db.session.scalar(query.order_by(ViolationAuthority.field_id.is_(None)))


def units_on(day: date, parent_code: str | None = None) -> list[AdministrativeUnit]:
    """The units in force on the day, by code; of one parent if given."""
    query = select(AdministrativeUnit).where(valid_on(AdministrativeUnit, day))
    if parent_code is not None:
        query = query.where(AdministrativeUnit.parent_code == parent_code)
    return list(db.session.scalars(query.order_by(AdministrativeUnit.code)))


def follow(unit: AdministrativeUnit, day: date) -> list[AdministrativeUnit]:
    """The units that do its work on the day: itself while in force, else its successors', by code.

    Several when it was split; none when nobody was named.
    """
    found: dict[int, AdministrativeUnit] = {}
    seen, waiting = {unit.id}, [unit]
    while waiting:
        one = waiting.pop()
        if is_valid(one, day):
            found[one.id] = one
            continue
        waiting += [successor for successor in one.successors if successor.id not in seen]
        seen |= {successor.id for successor in one.successors}
    return sorted(found.values(), key=lambda one: one.code)


def end_unit(actor: Actor, unit_id: int, last_day: date, successor_ids: Sequence[int]) -> AdministrativeUnit:
    """End a unit's life and name who continues its work (many to many: units are merged and split).

    Refused when the last day is before the first, when a successor is the unit itself or begins later than
    the day after: the work must not lie with nobody.
    """
    require_administrator(actor)
    with transaction() as session, session.no_autoflush:
        unit = units.get(unit_id)
        old = {"valid_to": as_json(unit.valid_to), "successors": [u.id for u in unit.successors]}
        if unit.valid_from and last_day < unit.valid_from:
            raise Refused("validity_ends_before_it_begins", field="valid_to", day=last_day)
        successors = [units.get(successor_id) for successor_id in successor_ids]
        for successor in successors:
            _refuse_gap(unit, last_day, successor)
        unit.valid_to, unit.successors = last_day, successors
        flush(session)
        new = {"valid_to": as_json(last_day), "successors": list(successor_ids)}
        journal.write(actor, "unit_ended", row_id=unit.id, row=str(unit), old=old, new=new)
        return unit


def _refuse_gap(unit: AdministrativeUnit, last_day: date, successor: AdministrativeUnit) -> None:
    if successor is unit:
        raise Refused("unit_succeeds_itself", field="successors")
    if successor.valid_from and (successor.valid_from - last_day).days > 1:
        raise Refused("successor_begins_later", field="successors", unit=str(successor))


def _refuse_code_twice(row: AdministrativeUnit) -> None:
    """A GSO code may come back, but never for two units at one time (DOMAIN.md 1.3)."""
    begins, ends = row.valid_from or date.min, row.valid_to or date.max
    for other in db.session.scalars(select(AdministrativeUnit).where(AdministrativeUnit.code == row.code)):
        together = begins <= (other.valid_to or date.max) and (other.valid_from or date.min) <= ends
        if together and other is not row:
            raise Refused("unit_code_taken", field="code", unit=str(other))


def _refuse_bad_address(row: ViolationAuthority) -> None:
    if "@" not in row.email.strip("@"):
        raise Refused("email_malformed", field="email")


units = Editor(
    AdministrativeUnit,
    "unit",
    ("code", "name", "kind", "parent_code", "valid_from", "valid_to"),
    check=_refuse_code_twice,
)
"""Administrative units, for administrators; ``end_unit`` ends one and names its successors."""

agency_editor = Editor(
    Agency,
    "agency",
    ("identifier", "name", "level", "unit_id", "hotline", "email", "active"),
    unique={("identifier",): "identifier_taken", ("name",): "name_taken"},
)
"""Agencies, for administrators."""

departments = Editor(
    Department,
    "department",
    ("agency_id", "name", "active"),
    unique={("agency_id", "name"): "name_taken"},
)
"""Departments, for administrators."""

places = Editor(
    ReceptionPlace,
    "place",
    ("agency_id", "name", "address", "phone", "active"),
    unique={("agency_id", "name"): "name_taken"},
)
"""Counters, for administrators."""

authorities = Editor(
    ViolationAuthority,
    "authority",
    ("agency_id", "field_id", "name", "email"),
    unique={("agency_id", "field_id"): "authority_there_already"},
    check=_refuse_bad_address,
)
"""Authorities told of mismatches, for administrators; without a field: for all fields of the agency."""
