"""What reports count of a simulated dossier: services.counting and services.stays, told from memory."""

from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.calendar import Calendar
from app.domain.states import ClockAction, ClockKind
from app.domain.timeliness import judge
from app.services.counting import WITHOUT_RESULT
from app.services.stays import COLUMNS
from seed.simulation.case import Case
from seed.simulation.ledger import Row, Value, moment, moment_or_none
from seed.simulation.timer import Clock

NOT_RECEIVED: Row = (None,) * 5
NOT_FINISHED: Row = (None,) * len(COLUMNS)
SECOND = timedelta(seconds=1)


def counted(case: Case) -> Row:
    """The row, in the order of the ledger's columns, of a dossier that was sent."""
    intake = [c for c in case.timer.clocks if c.kind is ClockKind.INTAKE]
    processing = [c for c in case.timer.clocks if c.kind is ClockKind.PROCESSING]
    finished = bool(processing) and processing[-1].stopped_at is not None
    return (
        case.id, case.office.id, case.department_id, case.procedure.id, case.procedure.field_id, case.state._value_,
        moment_or_none(case.submitted_at), moment_or_none(case.received_at), moment_or_none(case.forwarded_at),
        moment_or_none(case.closed_at), *_intake(intake),
        *(_processing(case, processing) if processing else NOT_RECEIVED),
        *(_stays(case) if finished else NOT_FINISHED),
    )  # fmt: skip


def _intake(runs: list[Clock]) -> tuple[Value, ...]:
    """The first run that was late judges the intake, else the newest."""
    run = next((c for c in runs if c.stopped_at is not None and c.stopped_at > c.due), runs[-1])
    return moment(run.due), moment_or_none(run.stopped_at), run.worked_seconds


def _processing(case: Case, runs: list[Clock]) -> tuple[Value, ...]:
    """The last run counts; the office's time is that of all."""
    run, since = runs[-1], _waiting_since(runs[-1])
    due, waiting = moment(run.due), moment_or_none(since)
    if run.stopped_at is None:
        return due, waiting, None, None, None
    timeliness = judge(run.due, since or run.stopped_at, with_result=case.state not in WITHOUT_RESULT)
    seconds = sum(c.worked_seconds or 0 for c in runs)
    return due, waiting, moment(run.stopped_at), timeliness._value_, seconds


def _waiting_since(run: Clock) -> datetime | None:
    pauses = [event for event in run.events if event[0] in {ClockAction.PAUSE, ClockAction.RESUME}]
    return pauses[-1][1] if pauses and pauses[-1][0] is ClockAction.PAUSE else None


def _stays(case: Case) -> tuple[int, ...]:
    calendar: Calendar = case.office.calendar
    seconds = dict.fromkeys(COLUMNS, 0)
    for (state, since), (_next, until) in pairwise(case.steps):
        if state in seconds:
            seconds[state] += calendar.worked_between(since, until) // SECOND
    return tuple(seconds.values())
