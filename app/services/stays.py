"""How long a dossier stood in each state, in working time: read from the journal, kept where figures are made."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import cast

from sqlalchemy import func, select

from app.domain.periods import Period
from app.domain.states import State
from app.domain.working_time import working_between
from app.extensions import db
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from app.models.handling import Journal
from app.services import calendars
from app.services.figure_list import FIGURES
from app.services.scopes import Scope

COLUMNS = {
    State.RECEIVED: "received_seconds",
    State.IN_APPRAISAL: "appraisal_seconds",
    State.AWAITING_APPROVAL: "approval_seconds",
    State.DECIDED: "decided_seconds",
    State.INFORMATION_REQUESTED: "waiting_seconds",
}
"""The states in which a received dossier spends time before its result is at the counter."""


def record(dossier: Dossier) -> None:
    """Write the working time of each state of a dossier whose processing has ended; else nothing.

    Part of the running transaction, after the step was written into the journal.
    """
    row = db.session.get(CountedDossier, dossier.id)
    if row is None or row.finished_at is None:
        return
    calendar = calendars.calendar_for(dossier.agency_id)
    seconds = dict.fromkeys(COLUMNS.values(), 0)
    for state, since, until in _stays(dossier.id):
        if state in COLUMNS:
            seconds[COLUMNS[state]] += int(working_between(calendar, since, until).total_seconds())
    for column, worked in seconds.items():
        setattr(row, column, worked)


def average(scope: Scope, period: Period) -> dict[State, float]:
    """Mean working seconds in each state of the dossiers whose result came in the period; {} without any.

    SUBMITTED is the intake; INFORMATION_REQUESTED the waiting for the citizen.
    """
    figure = FIGURES["results"]
    columns = {State.SUBMITTED: "intake_seconds"} | COLUMNS
    means = [func.avg(getattr(CountedDossier, column)) for column in columns.values()]
    query = select(func.count(), *means).where(
        *scope.conditions(), figure.base.condition(period), figure.condition(period)
    )
    number, *found = db.session.execute(query).one()
    return {state: float(mean or 0) for state, mean in zip(columns, found, strict=True)} if number else {}


def _stays(dossier_id: int) -> Iterator[tuple[State, datetime, datetime]]:
    """Each state with its beginning and end; the state that it is in now has no end and is left out."""
    query = select(Journal.to_state, Journal.at).where(
        Journal.dossier_id == dossier_id, Journal.to_state.is_not(None)
    )
    steps = db.session.execute(query.order_by(Journal.id)).all()
    for (state, since), (_next, until) in pairwise(steps):
        yield cast("State", state), since, until
