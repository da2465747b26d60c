"""How far a dossier has come, for its citizen: the running deadline with its trace, and the six stages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import transitions
from app.domain.states import ClockKind, State
from app.domain.trace import TraceLine
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import DossierClock, Journal
from app.services import calendars, clocks, queues


class Stage(StrEnum):
    """A stage of the way from Send to the result."""

    SENT = "sent"
    RECEIVED = "received"
    APPRAISED = "appraised"
    DECIDED = "decided"
    READY = "ready"
    RETURNED = "returned"
    ENDED = "ended"
    """The dossier ended before its result was handed over; the state says how."""


@dataclass(frozen=True)
class Step:
    """One line of the timeline; ``when`` and ``who`` are empty for what is still to come."""

    stage: Stage
    done: bool
    now: bool
    when: datetime | None = None
    who: str = ""


@dataclass(frozen=True)
class RunningClock:
    """The clock that counts now: what it times, until when, how much is left, and the count itself."""

    kind: ClockKind
    due: datetime
    words: str
    urgency: str
    """con, sap, qua as in the inbox; empty for a clock that presses nobody."""
    trace: tuple[TraceLine, ...]
    confirmed: bool
    paused: ClockKind | None
    """A clock that waits meanwhile: processing, while the citizen answers."""


NOW = {
    State.SUBMITTED: Stage.RECEIVED,
    State.SUPPLEMENT_REQUESTED: Stage.RECEIVED,
    State.RECEIVED: Stage.APPRAISED,
    State.IN_APPRAISAL: Stage.APPRAISED,
    State.INFORMATION_REQUESTED: Stage.APPRAISED,
    State.AWAITING_APPROVAL: Stage.DECIDED,
    State.DECIDED: Stage.READY,
    State.RESULT_READY: Stage.RETURNED,
}
"""The stage that an open dossier is in, or waits for."""

PROPOSALS = ("propose_grant", "propose_denial")
AFTER_APPRAISAL = frozenset(
    {State.AWAITING_APPROVAL, State.DECIDED, State.RESULT_READY, State.RETURNED, State.VOIDED}
)


def running_clock(dossier: Dossier) -> RunningClock | None:
    """The clock that counts now; None when none runs. Its trace is counted afresh from the clock's events."""
    found = clocks.running(dossier)
    ticking = min((c for c in found if c.paused_at is None), key=lambda c: c.due_at, default=None)
    if ticking is None:
        return None
    counted = clocks.due_of(ticking, dossier, calendars.calendar_for(dossier.agency_id))
    words, urgency = queues.time_left(dossier, found)
    return RunningClock(
        ticking.kind, ticking.due_at, words, urgency, counted.trace, counted.confirmed, _paused(found)
    )


def steps(dossier: Dossier) -> list[Step]:
    """The stages of a dossier that was sent: what is done, where it is now, what is to come."""
    rows = _journal(dossier)
    done = _done(dossier, rows)
    if dossier.state in transitions.CLOSED and dossier.state is not State.RETURNED:
        return [*done, Step(Stage.ENDED, done=False, now=True, when=dossier.closed_at)]
    behind = {step.stage for step in done}
    ahead = [stage for stage in Stage if stage not in behind and stage is not Stage.ENDED]
    current = NOW.get(dossier.state)
    return [*done, *(Step(stage, done=False, now=stage is current) for stage in ahead)]


def last_reason(dossier: Dossier) -> str:
    """The reason written with the step that brought the dossier where it is; empty when none was needed."""
    query = select(Journal).where(Journal.dossier_id == dossier.id, Journal.key.in_(transitions.BY_KEY))
    row = db.session.scalar(query.order_by(Journal.id.desc()).limit(1))
    return row.reason if row is not None and row.to_state is dossier.state else ""


def _done(dossier: Dossier, rows: dict[str, Journal]) -> list[Step]:
    proposal = None
    if dossier.state in AFTER_APPRAISAL:
        proposal = max((rows[key] for key in PROPOSALS if key in rows), key=lambda row: row.id, default=None)
    found = [
        (Stage.SENT, rows.get("submit")),
        (Stage.RECEIVED, rows.get("receive")),
        (Stage.APPRAISED, proposal),
        (Stage.DECIDED, rows.get("approve")),
        (Stage.READY, rows.get("announce_result")),
        (Stage.RETURNED, rows.get("return_result")),
    ]
    return [Step(stage, done=True, now=False, when=r.at, who=_who(stage, r)) for stage, r in found if r]


def _who(stage: Stage, row: Journal) -> str:
    """The officer who did it; the citizen's own press needs no name."""
    if row.actor is None or stage is Stage.SENT:
        return ""
    return f"{row.actor.last_name} {row.actor.first_name}".strip()


def _journal(dossier: Dossier) -> dict[str, Journal]:
    """The last journal row of each transition that was made."""
    query = select(Journal).where(Journal.dossier_id == dossier.id, Journal.key.in_(transitions.BY_KEY))
    rows = db.session.scalars(query.options(joinedload(Journal.actor)).order_by(Journal.id))
    return {row.key: row for row in rows}


def _paused(found: Sequence[DossierClock]) -> ClockKind | None:
    return next((c.kind for c in found if c.paused_at is not None), None)
