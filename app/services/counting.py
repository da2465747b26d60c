"""Keeps the row that reports count in step with the dossier and its clocks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from app.domain.states import ClockAction, ClockKind, State
from app.domain.timeliness import judge
from app.extensions import db
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from app.models.handling import DossierClock
from app.services import stays
from app.services.transaction import transaction

WITHOUT_RESULT = frozenset({State.WITHDRAWN, State.STOPPED})
"""Ends of processing that put no result at the counter."""
BATCH = 500


def record(dossier: Dossier) -> None:
    """Write what reports count of this dossier; nothing for one that was never sent.

    Part of the running transaction. Derived from the dossier and its clocks alone, so that a second time
    changes nothing.
    """
    if dossier.submitted_at is None:
        return
    db.session.flush()
    query = select(DossierClock).where(DossierClock.dossier_id == dossier.id).order_by(DossierClock.id)
    runs = db.session.scalars(query).all()
    row = db.session.get(CountedDossier, dossier.id)
    if row is None:
        row = CountedDossier(id=dossier.id, field_id=dossier.procedure.field_id)
        db.session.add(row)
    _copy(row, dossier)
    _judge_intake(row, [run for run in runs if run.kind is ClockKind.INTAKE])
    _judge_processing(row, [run for run in runs if run.kind is ClockKind.PROCESSING])


def fill_missing() -> int:
    """Record every sent dossier that has no row yet or an incomplete one, as after an upgrade; how many."""
    counted = select(CountedDossier.id).where(
        or_(CountedDossier.finished_at.is_(None), CountedDossier.received_seconds.is_not(None))
    )
    query = select(Dossier).where(Dossier.submitted_at.is_not(None), Dossier.id.not_in(counted))
    query = query.order_by(Dossier.id).limit(BATCH)
    filled = 0
    while True:
        with transaction():
            found = db.session.scalars(query).all()
            for dossier in found:
                record(dossier)
                stays.record(dossier)
        if not found:
            return filled
        filled += len(found)
        db.session.expunge_all()


def _copy(row: CountedDossier, dossier: Dossier) -> None:
    for name in ("agency_id", "department_id", "procedure_id", "state", "submitted_at", "received_at"):
        setattr(row, name, getattr(dossier, name))
    row.forwarded_at, row.closed_at = dossier.forwarded_at, dossier.closed_at


def _judge_intake(row: CountedDossier, runs: Sequence[DossierClock]) -> None:
    """Every press of "Gửi" has its own limit, and one that was missed is not mended by the next."""
    late = (run for run in runs if run.stopped_at is not None and run.stopped_at > run.due_at)
    run = next(late, runs[-1])
    row.intake_due_at, row.intake_done_at = run.due_at, run.stopped_at
    row.intake_seconds = run.worked_seconds


def _judge_processing(row: CountedDossier, runs: Sequence[DossierClock]) -> None:
    if not runs:
        return
    run = runs[-1]  # a restarted clock begins a new run (Decree 297/2025 art. 6(4)); the last one counts
    row.due_at, row.finished_at, row.waiting_since = run.due_at, run.stopped_at, _waiting_since(run)
    if run.stopped_at is None:
        return
    row.processing_seconds = sum(r.worked_seconds or 0 for r in runs)
    row.timeliness = judge(
        run.due_at, row.waiting_since or run.stopped_at, with_result=row.state not in WITHOUT_RESULT
    )


def _waiting_since(run: DossierClock) -> datetime | None:
    pauses = [e for e in run.events if e.action in {ClockAction.PAUSE, ClockAction.RESUME}]
    return pauses[-1].at if pauses and pauses[-1].action is ClockAction.PAUSE else None
