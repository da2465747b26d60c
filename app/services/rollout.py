"""Since when which agency takes which procedures online (announcement, point 1). The dates are data."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.dates import written
from app.domain.errors import Refused
from app.domain.language import say
from app.domain.roles import Actor
from app.domain.search import fold
from app.extensions import db
from app.models.catalogue import Procedure, Rollout
from app.models.organisation import Agency, Level
from app.services.editing import Editor
from app.services.validity import is_valid

NAMED = 5
"""So many other places are named in a sentence; more are only counted, the page of the procedure lists them."""


@dataclass(frozen=True)
class Availability:
    """Whether a procedure can be sent to an agency on a day.

    ``opens_on`` is the day from which the agency takes it (None: no day is set); ``where`` are the agencies
    that take it on the day asked about; ``words`` says both in one Vietnamese sentence.
    """

    open: bool
    opens_on: date | None
    where: tuple[Agency, ...]
    words: str


def availability(procedure: Procedure, agency: Agency, on: date) -> Availability:
    """Whether, from when, and else where. One query."""
    rows = _rows(procedure.level)
    own = next((row for row in rows if row.agency_id == agency.id), None)
    if not is_valid(procedure, on):
        return Availability(open=False, opens_on=None, where=(), words=_out_of_force(procedure, on))
    where = tuple(row.agency for row in rows if _takes(row, on))
    opens_on = own.opens_on if own and _serves(own.agency, max(on, own.opens_on)) else None
    words = _words(agency, opens_on, where)
    return Availability(open=agency in where, opens_on=opens_on, where=where, words=words)


def where_open(procedure: Procedure, on: date) -> list[Agency]:
    """The agencies that take the procedure on the day, by name."""
    rows = _rows(procedure.level) if is_valid(procedure, on) else []
    return [row.agency for row in rows if _takes(row, on)]


def stages(level: Level) -> list[tuple[date, list[Agency]]]:
    """The dated steps of the roll-out, past and to come, each with the agencies that serve today, by name."""
    today = clock.today()
    serving = (row for row in _rows(level) if _serves(row.agency, max(today, row.opens_on)))
    rows = sorted(serving, key=lambda row: row.opens_on)
    return [(day, [row.agency for row in group]) for day, group in groupby(rows, lambda row: row.opens_on)]


def opens(actor: Actor, agency_id: int, level: Level, day: date) -> Rollout:
    """Set from when the agency takes the procedures of its level; in force at once."""
    query = select(Rollout.id).where(Rollout.agency_id == agency_id, Rollout.level == level)
    row_id = db.session.scalar(query)
    if row_id is None:
        return rollouts.create(actor, {"agency_id": agency_id, "level": level, "opens_on": day})
    return rollouts.edit(actor, row_id, {"opens_on": day})


def _rows(level: Level) -> list[Rollout]:
    query = select(Rollout).where(Rollout.level == level)
    rows = db.session.scalars(query.options(joinedload(Rollout.agency).joinedload(Agency.unit)))
    return sorted(rows, key=lambda row: fold(row.agency.name))


def _takes(row: Rollout, on: date) -> bool:
    return row.opens_on <= on and _serves(row.agency, on)


def _serves(agency: Agency, on: date) -> bool:
    return agency.active and is_valid(agency.unit, on)


def _words(agency: Agency, opens_on: date | None, where: tuple[Agency, ...]) -> str:
    begin = say("{agency} nhận từ ngày {day}.", agency=agency.name, day=written(opens_on)) if opens_on else ""
    return f"{begin} {_elsewhere(where)}".strip()


def _elsewhere(where: tuple[Agency, ...]) -> str:
    if not where:
        return say("Hiện chưa có nơi nào nhận.")
    if len(where) > NAMED:
        return say(
            "Hiện có {number} nơi khác nhận, xem trong danh sách ở trang của thủ tục.", number=len(where)
        )
    return say("Hiện có thể gửi tới: {names}.", names="; ".join(agency.name for agency in where))


def _out_of_force(procedure: Procedure, on: date) -> str:
    if procedure.valid_from and on < procedure.valid_from:
        return say("Thủ tục có hiệu lực từ ngày {day}.", day=written(procedure.valid_from))
    return say("Thủ tục đã hết hiệu lực. Mời ông, bà tìm thủ tục thay thế.")


def _refuse_other_level(row: Rollout) -> None:
    agency = db.session.get(Agency, row.agency_id)
    if agency is not None and agency.level is not row.level:
        raise Refused("agency_of_other_level", field="level", agency=agency.name)


rollouts = Editor(
    Rollout,
    "rollout",
    ("agency_id", "level", "opens_on"),
    unique={("agency_id", "level"): "rollout_there_already"},
    check=_refuse_other_level,
)
"""Roll-out dates, for administrators."""
