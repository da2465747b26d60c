"""Which CSV file fills which table, and what makes a line the same thing as a row that is there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import exists, select

from app.domain.fees import FeeKind
from app.domain.roles import SYSTEM
from app.extensions import db
from app.models.catalogue import Field, Procedure
from app.models.organisation import AdministrativeUnit, Agency, Department
from app.services import catalogue, organisation, rollout
from app.services.editing import Editor
from seed.files import Line

Values = dict[str, Any]

APPRAISAL_CHARGE = "phí thẩm định"
ISSUING_FEE = "lệ phí cấp"


class Ids:
    """Keys of rows that lines refer to by code or name. KeyError when an administrator took the row away."""

    @cached_property
    def units(self) -> dict[str, int]:
        """Units of 2016 by GSO code: the codes came back later for other units."""
        query = select(AdministrativeUnit.code, AdministrativeUnit.id)
        rows = db.session.execute(query.where(AdministrativeUnit.valid_from.is_(None)))
        return {row.code: row.id for row in rows}

    @cached_property
    def agencies(self) -> dict[str, int]:
        """Agencies of 2016 by the GSO code of their unit."""
        query = select(AdministrativeUnit.code, Agency.id).join(Agency.unit)
        rows = db.session.execute(query.where(AdministrativeUnit.valid_from.is_(None)))
        return {row.code: row.id for row in rows}

    @cached_property
    def departments(self) -> dict[tuple[int, str], int]:
        """Departments by agency and name."""
        query = select(Department.agency_id, Department.name, Department.id)
        return {(row.agency_id, row.name): row.id for row in db.session.execute(query)}

    @cached_property
    def fields(self) -> dict[str, int]:
        """Fields by name."""
        return {row.name: row.id for row in db.session.execute(select(Field.name, Field.id))}

    @cached_property
    def procedures(self) -> dict[str, int]:
        """Procedures by code."""
        return {row.code: row.id for row in db.session.execute(select(Procedure.code, Procedure.id))}


@dataclass(frozen=True)
class Table:
    """One table filled from one file.

    ``line_key`` are the columns of the file that say what a line is about, ``row_key`` those of the table.
    ``values`` turns a line into a row; None for a line that says there is nothing to store.
    """

    file: str
    line_key: tuple[str, ...]
    editor: Editor[Any]
    row_key: tuple[str, ...]
    values: Callable[[Line, Ids], Values | None]
    name: str = ""

    @property
    def step(self) -> str:
        """Under which name its lines are remembered."""
        return self.name or self.file

    def add(self, lines: list[Line]) -> int:
        """Add the rows that are not there yet; how many."""
        ids, rows = Ids(), []
        for line in lines:
            try:
                rows.append(self.values(line, ids))
            except KeyError:
                continue  # what it belongs to was renamed or taken away: the administrator knows better
        missing = [row for row in rows if row is not None and not self._is_there(row)]
        return len(self.editor.create_all(SYSTEM, missing))

    def _is_there(self, row: Values) -> bool:
        model = self.editor.model
        same = (getattr(model, column) == row[column] for column in self.row_key)
        return bool(db.session.scalar(select(exists().where(*same))))


def _unit(line: Line, _ids: Ids) -> Values:
    return {**line, "valid_from": None}


def _agency(line: Line, ids: Ids) -> Values:
    return {**_without(line, "unit"), "unit_id": ids.units[line["unit"]]}


def _of_agency(line: Line, ids: Ids) -> Values:
    return {**_without(line, "agency"), "agency_id": ids.agencies[line["agency"]]}


def _field(line: Line, _ids: Ids) -> Values:
    return {"name": line["field"]}


def _procedure(line: Line, ids: Ids) -> Values:
    return {
        "code": line["code"],
        "name": line["name"],
        "level": line["level"],
        "field_id": ids.fields[line["field"]],
        "department_name": line["department"],
        "processing_time": int(line["processing_time"]),
        "time_unit": line["time_unit"],
        "legal_basis": line["legal_basis"],
        "provenance": line["provenance"],
        "confirmed": False,
    }


def _document(line: Line, ids: Ids) -> Values:
    return {
        "procedure_id": ids.procedures[line["procedure_code"]],
        "name": line["name"],
        "kind": line["kind"],
        "quantity": int(line["quantity"]),
        "required": line["required"] == "1",
        "note": line["note"],
    }


def _fee(line: Line, ids: Ids) -> Values | None:
    """Nothing for a procedure free of charge; an unknown amount stays empty, for the officer to set."""
    if line["fee_vnd"] == "0":
        return None
    kind = FeeKind.CHARGE if APPRAISAL_CHARGE in line["fee_note"] else FeeKind.FEE
    both = kind is FeeKind.CHARGE and ISSUING_FEE in line["fee_note"]
    name = "Phí thẩm định và lệ phí cấp giấy phép" if both else "Phí thẩm định"
    return {
        "procedure_id": ids.procedures[line["code"]],
        "name": name if kind is FeeKind.CHARGE else "Lệ phí",
        "kind": kind,
        "amount": int(line["fee_vnd"]) if line["fee_vnd"] else None,
        "note": line["fee_note"],
    }


def _rollout(line: Line, ids: Ids) -> Values:
    opens_on = date.fromisoformat(line["opens_on"])
    return {"agency_id": ids.agencies[line["agency"]], "level": line["level"], "opens_on": opens_on}


def _authority(line: Line, ids: Ids) -> Values:
    return {
        "agency_id": ids.agencies[line["agency"]],
        "field_id": ids.fields[line["field"]] if line["field"] else None,
        "name": line["name"],
        "email": line["email"],
    }


def _without(line: Line, column: str) -> Values:
    return {name: value for name, value in line.items() if name != column}


IN_AGENCY, IN_FIELD = ("agency_id", "name"), ("agency", "field")

TABLES: tuple[Table, ...] = (
    Table("units", ("code",), organisation.units, ("code", "valid_from"), _unit),
    Table("agencies", ("unit",), organisation.agency_editor, ("identifier",), _agency),
    Table("departments", ("agency", "name"), organisation.departments, IN_AGENCY, _of_agency),
    Table("places", ("agency", "name"), organisation.places, IN_AGENCY, _of_agency),
    Table("procedures", ("field",), catalogue.fields, ("name",), _field, name="fields"),
    Table("procedures", ("code",), catalogue.procedures, ("code",), _procedure),
    Table("documents", ("procedure_code", "name"), catalogue.documents, ("procedure_id", "name"), _document),
    Table("procedures", ("code",), catalogue.fees, ("procedure_id", "name"), _fee, name="fees"),
    Table("rollout", ("agency", "level"), rollout.rollouts, ("agency_id", "level"), _rollout),
    Table("authorities", IN_FIELD, organisation.authorities, ("agency_id", "field_id"), _authority),
)
"""In the order in which they refer to each other."""
