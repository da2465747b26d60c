"""The reorganisations of 2024-25 as a second set of data: new units with reused codes, and who follows whom.

The city and its 16 units of 2016 end, the units that took over begin. Old dossiers keep the agency that
received them; an agency whose name goes over to a new one gets the last day of its unit behind its name.
"""

from datetime import date
from itertools import groupby

import click
from sqlalchemy import select

from app.domain import clock
from app.domain.dates import written
from app.domain.roles import SYSTEM
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.organisation import AdministrativeUnit, Agency, Level
from app.services import organisation, rollout
from app.services.transaction import transaction
from seed.files import Line, read

Ending = tuple[str, date, list[Line]]
"""GSO code, last day, and a line for each successor."""


def reorganise() -> None:
    """Load the second set of data, all of it or nothing. A second time changes nothing."""
    units, agencies = read("reorganisation_2025/units"), read("reorganisation_2025/agencies")
    if _begun(units[0]["code"], _day(units[0]["valid_from"])):
        click.echo("reorganisation: loaded already")
        return
    endings = _endings()
    with transaction():
        for code, last_day, _ in endings:
            old = _begun(code, None)
            if old and old.valid_to is None:  # codes come back: the old unit ends before the new one begins
                organisation.end_unit(SYSTEM, old.id, last_day, [])
        organisation.units.create_all(SYSTEM, [_dated(line) for line in units])
        for code, last_day, lines in endings:
            _name_successors(code, last_day, lines)
        for line in agencies:
            _add_agency(line)
    click.echo(f"reorganisation: {len(endings)} units ended, {len(units)} units began")


def _endings() -> list[Ending]:
    lines = groupby(read("reorganisation_2025/successors"), lambda line: (line["code"], line["last_day"]))
    return [(code, date.fromisoformat(last_day), list(group)) for (code, last_day), group in lines]


def _name_successors(code: str, last_day: date, lines: list[Line]) -> None:
    ended = select(AdministrativeUnit).where(
        AdministrativeUnit.code == code, AdministrativeUnit.valid_to == last_day
    )
    successors = [_begun(line["successor_code"], _day(line["successor_from"])) for line in lines]
    ids = [unit.id for unit in successors if unit]
    organisation.end_unit(SYSTEM, db.session.scalars(ended).one().id, last_day, ids)


def _add_agency(line: Line) -> None:
    """An agency for a new unit, with a counter, the wards' departments and the ward procedures open."""
    unit = _begun(line["unit"], _day(line["unit_from"]))
    values = {name: line[name] for name in ("identifier", "name", "hotline", "email")}
    _free_name(line["name"])
    agency = organisation.agency_editor.create(
        SYSTEM, {**values, "level": Level.WARD, "unit_id": unit.id if unit else None}
    )
    of_agency = {"agency_id": agency.id}
    departments = select(Procedure.department_name).where(Procedure.level == Level.WARD).distinct()
    for name in db.session.scalars(departments).all():
        organisation.departments.create(SYSTEM, {**of_agency, "name": name})
    place = {"name": line["place"], "address": line["address"], "phone": line["hotline"]}
    organisation.places.create(SYSTEM, {**of_agency, **place})
    authority = {"name": line["authority"], "email": line["authority_email"]}
    organisation.authorities.create(SYSTEM, {**of_agency, **authority})
    rollout.opens(SYSTEM, agency.id, Level.WARD, date.fromisoformat(line["opens_on"]))


def _free_name(name: str) -> None:
    holder = db.session.scalar(select(Agency).where(Agency.name == name))
    if holder is not None:
        last_day = holder.unit.valid_to or clock.today()
        until = f"{name} (đến {written(last_day)})"
        organisation.agency_editor.edit(SYSTEM, holder.id, {"name": until})


def _begun(code: str, valid_from: date | None) -> AdministrativeUnit | None:
    """The unit of this code since that day (None: since ever)."""
    same = (AdministrativeUnit.code == code, AdministrativeUnit.valid_from == valid_from)
    return db.session.scalar(select(AdministrativeUnit).where(*same))


def _dated(line: Line) -> dict[str, object]:
    return {**line, "valid_from": _day(line["valid_from"]), "valid_to": _day(line["valid_to"])}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
