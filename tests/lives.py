"""Lives of dossiers that Hypothesis chooses, put into the tables as they would have left them, and counted in Python.

What counts them here knows nothing of app.services.figures: one life after the other, with sets of ids.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.clock import LOCAL
from app.domain.states import ClockAction, ClockKind, State
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.dossier import Dossier
from app.models.handling import ClockEvent, DossierClock, SupplementRequest
from app.models.organisation import Agency
from app.services import counting
from tests import factories as make

BASE = datetime(2026, 8, 1, 0, 30, tzinfo=LOCAL)
NOW = datetime(2026, 11, 23, 9, 20, tzinfo=LOCAL)
UNITS = ("", "Cẩm Bình")


@dataclass
class Run:
    """One run of a clock; ``waits`` are pauses, the last may have no end."""

    start: datetime
    due: datetime
    stop: datetime | None = None
    worked: int | None = None
    waits: list = field(default_factory=list)


@dataclass
class Life:
    """A dossier from Send to wherever it stands at NOW."""

    unit: int
    procedure: int
    assigned: bool
    intakes: list
    processing: list
    state: State
    closed: datetime | None = None
    id: int = 0

    @property
    def received(self):
        return self.processing[0].start if self.processing else None

    @property
    def finished(self):
        return self.processing[-1].stop if self.processing else None

    @property
    def due(self):
        return self.processing[-1].due


def hours(most, least=0):
    """A stretch of time; often a round number of hours, so that moments meet."""
    return st.one_of(
        st.integers(least, most).map(lambda h: timedelta(hours=h)),
        st.integers(least * 60, most * 60).map(lambda m: timedelta(minutes=m)),
    )


@st.composite
def lives(draw):
    at = BASE + draw(hours(80 * 24))
    intakes, ending = [], "answered"
    for _ in range(draw(st.integers(1, 3))):
        due, stop = at + draw(hours(48, 1)), at + draw(hours(60))
        intakes.append(Run(at, due, stop, draw(st.integers(0, 90_000))))
        at = stop + draw(hours(48))
    at = intakes[-1].stop
    life = Life(
        draw(st.integers(0, 1)), draw(st.integers(0, 3)), draw(st.booleans()), intakes, [], State.SUBMITTED
    )
    ending = draw(st.sampled_from(["waiting", "refused", "withdrawn", "supplement", *["received"] * 8]))
    if ending == "waiting":
        intakes[-1].stop = intakes[-1].worked = None
    elif ending != "received":
        life.state = {"refused": State.REFUSED, "withdrawn": State.WITHDRAWN}.get(
            ending, State.CLOSED_UNANSWERED
        )
        life.closed = at + (draw(hours(72, 1)) if ending == "supplement" else timedelta())
    else:
        _process(draw, life, at)
    return life


def _process(draw, life, at):
    run = Run(at, at + draw(hours(400)))
    life.processing, life.state = [run], State.IN_APPRAISAL
    for _ in range(draw(st.integers(0, 2))):
        since = at + draw(hours(72))
        at = since + draw(hours(72))
        if draw(st.booleans()):
            run.waits.append((since, at))
        else:  # counted anew (Decree 297/2025)
            run.waits.append((since, None))
            run.stop, run.worked = at, draw(st.integers(0, 90_000))
            run = Run(at, at + draw(hours(400)))
            life.processing.append(run)
    ending = draw(st.sampled_from(["open", "waiting", "withdrawn", "left waiting", *["result"] * 4]))
    if ending in {"waiting", "left waiting"}:
        at += draw(hours(24))
        run.waits.append((at, None))
        life.state = State.INFORMATION_REQUESTED
    if ending in {"open", "waiting"}:
        return
    run.stop = at + draw(hours(200))
    run.worked = draw(st.integers(0, 90_000))
    if ending == "result":
        life.state = draw(st.sampled_from([State.RESULT_READY, State.RETURNED, State.RETURNED, State.VOIDED]))
        life.closed = None if life.state is State.RESULT_READY else run.stop + draw(hours(100))
    else:
        life.state = State.WITHDRAWN if ending == "withdrawn" else State.STOPPED
        life.closed = run.stop


def settle(chosen):
    """Put them into the tables of the running transaction, as the services would have left them."""
    agencies = [make.agency(unit) for unit in UNITS]
    query = select(Procedure).order_by(Procedure.id).limit(4)
    procedures = db.session.scalars(query).all()
    for number, life in enumerate(chosen, start=1):
        life.id = _dossier(number, life, agencies[life.unit], procedures[life.procedure]).id
    for life in chosen:
        counting.record(db.session.get_one(Dossier, life.id))
    db.session.flush()


def _dossier(number, life, agency: Agency, procedure: Procedure):
    row = Dossier(
        reference=f"L-{number}", secret=f"life-{number}", state=life.state, procedure=procedure,
        procedure_name=procedure.name, processing_time=1, time_unit="working_day", agency=agency,
        department=agency.departments[life.procedure % 2] if life.assigned else None,
        citizen_id=make.citizen().user_id, created_at=BASE, updated_at=BASE,
        submitted_at=life.intakes[0].start, received_at=life.received, forwarded_at=life.received,
        closed_at=life.closed,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    for kind, runs in ((ClockKind.INTAKE, life.intakes), (ClockKind.PROCESSING, life.processing)):
        for run in runs:
            _clock(row, kind, run)
    for run in life.processing:
        for since, until in run.waits:
            restarted = None if run is life.processing[-1] else run.stop
            _request(row, since, until or restarted)
    return row


def _clock(row, kind, run):
    paused = run.waits[-1][0] if run.waits and run.waits[-1][1] is None and run.stop is None else None
    clock = DossierClock(
        dossier_id=row.id, kind=kind, started_at=run.start, due_at=run.due, half_at=run.due, three_quarters_at=run.due,
        paused_at=paused, stopped_at=run.stop, worked_seconds=run.worked, warned=0,
    )  # fmt: skip
    clock.events.append(ClockEvent(action=ClockAction.START, at=run.start))
    for since, until in run.waits:
        clock.events.append(ClockEvent(action=ClockAction.PAUSE, at=since))
        if until:
            clock.events.append(ClockEvent(action=ClockAction.RESUME, at=until))
    if run.stop:
        clock.events.append(ClockEvent(action=ClockAction.STOP, at=run.stop))
    db.session.add(clock)
    db.session.flush()


def _request(row, sent, answered):
    db.session.add(
        SupplementRequest(
            dossier_id=row.id, transition="request_information", requested_by_id=make.citizen().user_id,
            created_at=sent, sent_at=sent, answered_at=answered,
        )
    )  # fmt: skip


# --- counted in Python


def expected(chosen, first, last):
    """Which dossiers each figure must have, over the days from ``first`` to ``last``."""
    found = defaultdict(set)
    start = datetime(first.year, first.month, first.day, tzinfo=LOCAL)
    end = datetime(last.year, last.month, last.day, tzinfo=LOCAL) + timedelta(days=1)
    for life in chosen:
        for name in (*_intake(life, start, end), *_closing(life, start, end), *_processing(life, start, end)):
            found[name].add(life.id)
    return found


def _intake(life, start, end):
    if not start <= life.intakes[0].start < end:
        return
    yield "sent"
    late = [run for run in life.intakes if run.stop and run.stop > run.due]
    last = life.intakes[-1]
    if late:
        yield "intake_late"
    elif last.stop is None:
        yield "intake_overdue" if last.due < NOW else "intake_waiting"
    elif life.state is State.WITHDRAWN and not life.processing:
        yield "intake_taken_back"
    else:
        yield "intake_within"


def _closing(life, start, end):
    names = {
        State.RETURNED: "returned", State.VOIDED: "voided",
        State.REFUSED: "refused", State.CLOSED_UNANSWERED: "unanswered",
    }  # fmt: skip
    if life.state in names and start <= life.closed < end:
        yield names[life.state]
    has_result = life.state in {State.RESULT_READY, State.RETURNED, State.VOIDED}
    if has_result and life.finished < end and (life.closed is None or life.closed >= end):
        yield "at_counter"


def _processing(life, start, end):
    if life.received is None or life.received >= end or (life.finished and life.finished < start):
        return
    yield "total"
    yield "received" if life.received >= start else "carried_over"
    if life.finished and life.finished < end:
        yield from _done(life)
    else:
        yield from _open(life, min(end, NOW))


def _done(life):
    yield "done"
    waits = life.processing[-1].waits
    counted_to = waits[-1][0] if waits and waits[-1][1] is None else life.finished
    ended_without = {State.WITHDRAWN: "withdrawn", State.STOPPED: "stopped"}
    yield ended_without.get(life.state, "results")
    if counted_to > life.due:
        yield from ("done_late", "late")
    elif (
        life.state not in ended_without
        and counted_to.astimezone(LOCAL).date() < life.due.astimezone(LOCAL).date()
    ):
        yield "done_early"
    else:
        yield "done_on_time"


def _open(life, as_of):
    waits = [(since, until or run.stop) for run in life.processing for since, until in run.waits]
    waiting = any(since <= as_of and (until is None or until > as_of) for since, until in waits)
    last = life.processing[-1].waits
    stands_since = last[-1][0] if last and last[-1][1] is None else None
    overdue = life.due < as_of and not (stands_since and stands_since <= life.due)
    group = "paused" if waiting else "running"
    yield from ("open", "open_overdue", "late") if overdue else ("open", "open_in_time")
    yield from (group, f"{group}_overdue" if overdue else f"{group}_in_time")


def middle_and_ninth(seconds):
    """(number, median, 90th percentile) by nearest rank."""
    ordered = sorted(seconds)
    return len(ordered), *(ordered[math.ceil(len(ordered) * share) - 1] for share in (0.5, 0.9))
