"""What is asked of a report: which, when, whose, and by what it is grouped."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain import clock
from app.domain.dates import written
from app.domain.errors import NotFound
from app.domain.language import say
from app.domain.periods import Period
from app.domain.roles import Actor
from app.extensions import db
from app.models.catalogue import Field, Procedure
from app.models.organisation import Agency, Department
from app.services.scopes import Scope, may_see_whole_city, scope_of

NARROWING = {"department_id": Department, "field_id": Field, "procedure_id": Procedure}
"""Columns that a report can be narrowed by, with the table that names their values."""


@dataclass(frozen=True)
class Asked:
    """A question. ``unit``: another agency than one's own, for the city's leaders; 0 is the whole city."""

    report: str
    first: date
    last: date
    by: str = ""
    unit: int | None = None
    department_id: int | None = None
    field_id: int | None = None
    procedure_id: int | None = None

    def period(self) -> Period:
        """The period, looked at now; Refused when nobody can mean it."""
        return Period(self.first, self.last, clock.now())

    def scope(self, actor: Actor) -> Scope:
        """Whose dossiers; NotAllowed for units that are not this person's, NotFound for what does not exist."""
        scope = self._units(actor)
        for column, model in NARROWING.items():
            if (value := getattr(self, column)) is not None:
                if db.session.get(model, value) is None:
                    raise NotFound("no_such_row")
                scope = scope.narrow(column, value)
        return scope

    def _units(self, actor: Actor) -> Scope:
        own = scope_of(actor)
        if self.unit is None or self.unit == actor.agency_id:
            return own
        everywhere = scope_of(actor, whole_city=True)
        if self.unit and db.session.get(Agency, self.unit) is None:
            raise NotFound("no_such_agency")
        return Scope(agency_id=self.unit) if self.unit else everywhere

    def facts(self, actor: Actor) -> tuple[tuple[str, str], ...]:
        """What stands over the table: whose figures, of when, and how far narrowed."""
        first, last = written(self.first), written(self.last)
        found = [
            (say("Đơn vị báo cáo"), self._unit_words(actor)),
            (say("Kỳ báo cáo"), say("từ ngày {first} đến ngày {last}", first=first, last=last)),
        ]
        titles = {"department_id": "Phòng", "field_id": "Lĩnh vực", "procedure_id": "Thủ tục"}
        for column, model in NARROWING.items():
            if (value := getattr(self, column)) is not None:
                found.append((say(titles[column]), str(db.session.get(model, value) or "")))
        return tuple(found)

    def _unit_words(self, actor: Actor) -> str:
        if self.unit == 0:
            return say("Tất cả đơn vị của thành phố")
        return db.session.get_one(Agency, self.unit or actor.agency_id).name


def choices(actor: Actor) -> dict[str, list[Any]]:
    """What the form of a report offers: units for the city's leaders, departments and fields."""
    units = select(Agency).order_by(Agency.level, Agency.name) if may_see_whole_city(actor) else None
    departments = select(Department).where(Department.agency_id == actor.agency_id).order_by(Department.name)
    return {
        "unit": list(db.session.scalars(units)) if units is not None else [],
        "department_id": list(db.session.scalars(departments)),
        "field_id": list(db.session.scalars(select(Field).order_by(Field.name))),
        "procedure_id": list(db.session.scalars(select(Procedure).order_by(Procedure.code))),
    }
