"""The officer's day: what is due, what arrived, what waits at the counter, what one did oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from app.domain import clock, transitions
from app.domain.clock import LOCAL
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import Journal
from app.services import access, queues
from app.services.queues import Row

SHOWN = 10
"""Rows of each list; the count beside it is of all (capped as in the inbox)."""
MINE = {
    Role.RECEIVING_OFFICER: (State.SUBMITTED, State.RECEIVED, State.DECIDED),
    Role.DEPARTMENT_OFFICER: (State.IN_APPRAISAL,),
}
"""States in which a dossier waits for somebody of this role."""
ARRIVES = {
    Role.RECEIVING_OFFICER: (State.SUBMITTED, Dossier.submitted_at),
    Role.DEPARTMENT_OFFICER: (State.IN_APPRAISAL, Dossier.forwarded_at),
}
"""How a dossier arrives at this role: its state then, and when."""


@dataclass(frozen=True)
class Part:
    """A list of the day: the most urgent rows, how many there are, and the tab of the inbox that has all."""

    rows: Sequence[Row]
    count: int
    tab: str = ""


@dataclass(frozen=True)
class Deed:
    """A step that the officer made today."""

    at: datetime
    step: str
    dossier: Dossier


@dataclass(frozen=True)
class Day:
    """What the page shows. ``counter`` is None for those who do not stand at one."""

    due: Part
    arrived: Part
    counter: Part | None
    deeds: Sequence[Deed]


def of(actor: Actor) -> Day:
    """The day of a receiving or department officer; NotAllowed for others."""
    access.require_role(actor, *MINE)
    start = datetime.combine(clock.today(), time(), LOCAL)
    arriving, moment = ARRIVES[actor.role]
    at_counter = [Dossier.state == State.RESULT_READY]
    return Day(
        due=_part(actor, [Dossier.state.in_(MINE[actor.role]), Dossier.due_at < start + timedelta(days=1)]),
        arrived=_part(actor, [Dossier.state == arriving, moment >= start], queues.of(actor)[0].key),
        counter=_part(actor, at_counter, "counter") if actor.role is Role.RECEIVING_OFFICER else None,
        deeds=_deeds(actor, start),
    )


def _part(actor: Actor, conditions: list[ColumnElement[bool]], tab: str = "") -> Part:
    query = access.dossiers_for(actor).where(*conditions)
    loaded = query.options(joinedload(Dossier.agency), joinedload(Dossier.department))
    rows = db.session.scalars(loaded.order_by(Dossier.due_at, Dossier.id).limit(SHOWN)).all()
    return Part(queues.rows(rows), _capped(query), tab)


def _capped(query: Select[Dossier]) -> int:
    some = query.with_only_columns(Dossier.id).limit(queues.COUNT_CAP + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _deeds(actor: Actor, start: datetime) -> list[Deed]:
    """The officer's own steps of today, the newest first; of dossiers that the officer may still see."""
    query = (
        select(Journal, Dossier)
        .join(Dossier, Dossier.id == Journal.dossier_id)
        .where(Journal.actor_id == actor.user_id, Journal.at >= start, Journal.to_state.is_not(None))
        .where(access.visible(actor))
        .order_by(Journal.id.desc())
        .limit(SHOWN * 5)
    )
    return [
        Deed(row.at, transitions.find(row.key).label, dossier) for row, dossier in db.session.execute(query)
    ]
