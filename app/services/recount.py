"""What a changed calendar does to running dossiers: all deadlines counted anew, those that differ moved at once.

A city has tens of thousands of running deadlines, and an administrator waits for the preview. So rows are read as
plain values, counted by the domain's arithmetic, and written by a few statements however many there are.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, String, func, select, type_coerce

from app.domain import clock, transitions
from app.domain import clocks as arithmetic
from app.domain.roles import Actor
from app.domain.states import ClockAction, ClockKind
from app.domain.working_time import Limit, Pause, TimeUnit
from app.extensions import db
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from app.models.handling import ClockEvent, DossierClock
from app.services import bulk, calendars, clocks, journal

Agencies = Collection[int] | None
"""Keys of the agencies concerned; None is all of them."""


@dataclass(frozen=True)
class MovedDeadline:
    """A running dossier whose due time moves: the preview that an administrator confirms."""

    dossier_id: int
    code: str
    kind: ClockKind
    old_due: datetime
    new_due: datetime


class Moving(NamedTuple):
    """A row of ``_ticking`` whose due time is another now; ``pauses`` are those that it was counted with."""

    row: Any
    due: datetime
    pauses: Sequence[Pause]

    @property
    def moved(self) -> MovedDeadline:
        """What the administrator sees of it."""
        code = self.row.code or self.row.reference
        return MovedDeadline(self.row.dossier_id, code, ClockKind(self.row.kind), self.row.due_at, self.due)


CLOCK_COLUMNS = ("id", "half_at", "three_quarters_at", "due_at", "warned", "next_sweep_at")


def move_running(actor: Actor, agency_ids: Agencies, *, dry_run: bool) -> list[MovedDeadline]:
    """Recompute the due times of running dossiers after the calendar's rows changed.

    Called inside the transaction of the change. ``agency_ids`` None means all. With ``dry_run`` nothing is
    written; otherwise due times move and each moved dossier gets a journal row.
    """
    if not dry_run:
        _lock_open(agency_ids)
    moving, earliest = _count(agency_ids)
    moved = [found.moved for found in moving]
    if moving and not dry_run:
        _move_clocks(moving)
        _move_dossiers(moving, earliest)
        _move_figures(moving)
        journal.write_many(actor, "deadline_moved", [(m.dossier_id, _said(m)) for m in moved])
        db.session.expire_all()  # whoever holds one of these rows must read it anew
    return moved


def _said(moved: MovedDeadline) -> dict[str, str]:
    return {
        "clock": moved.kind.value, "old": moved.old_due.isoformat(), "new": moved.new_due.isoformat(),
    }  # fmt: skip


def _count(agency_ids: Agencies) -> tuple[list[Moving], Mapping[int, datetime]]:
    """The clocks that move, and the first due time of every running dossier, each as counted now."""
    calendar_of, allowance_of = cache(calendars.calendar_for), cache(_allowance)
    pauses, nothing = _pauses(agency_ids), ()
    moving: list[Moving] = []
    earliest: dict[int, datetime] = {}
    for row in db.session.execute(_ticking(agency_ids)):
        waited = pauses.get(row.id, nothing)
        allowance = allowance_of(row.kind, row.processing_time, row.time_unit)
        due = arithmetic.due(calendar_of(row.agency_id), row.started_at, allowance, waited)
        earliest[row.dossier_id] = min(earliest.get(row.dossier_id, due), due)
        if due != row.due_at:
            moving.append(Moving(row, due, waited))
    return moving, earliest


def _allowance(kind: str, processing_time: int, time_unit: str) -> arithmetic.Allowance:
    return clocks.allowance(ClockKind(kind), Limit(processing_time, TimeUnit(time_unit)))


def _move_clocks(moving: Sequence[Moving]) -> None:
    calendar_of, now, rows = cache(calendars.calendar_for), clock.now(), []
    for row, due, pauses in moving:
        moments = arithmetic.moments(calendar_of(row.agency_id), row.started_at, due, pauses)
        warned = min(row.warned, arithmetic.said_by(now, moments))
        look = arithmetic.next_look(ClockKind(row.kind), warned, moments)
        values = (row.id, *moments, warned, look)
        rows.append(dict(zip(CLOCK_COLUMNS, values, strict=True)))
    bulk.change(DossierClock.__table__, rows)


def _move_dossiers(moving: Sequence[Moving], earliest: Mapping[int, datetime]) -> None:
    """Copy the due times for the lists; a new version tells whoever has the old one on screen."""
    versions = {found.row.dossier_id: found.row.version + 1 for found in moving}
    rows = [{"id": d, "due_at": earliest[d], "version": version} for d, version in versions.items()]
    bulk.change(Dossier.__table__, rows)


def _move_figures(moving: Sequence[Moving]) -> None:
    """What reports count moves with the clock; an intake that was late once stays late (services.counting)."""
    intake = [m for m in moving if m.row.kind == ClockKind.INTAKE and m.row.intake_done_at is None]
    processing = [m for m in moving if m.row.kind == ClockKind.PROCESSING]
    for column, those in (("intake_due_at", intake), ("due_at", processing)):
        if those:
            bulk.change(CountedDossier.__table__, [{"id": m.row.dossier_id, column: m.due} for m in those])


def _lock_open(agency_ids: Agencies) -> None:
    """Let no dossier start or stop a clock until all are moved: it would be counted with the old calendar."""
    query = select(Dossier.id).where(Dossier.state.not_in(transitions.CLOSED)).order_by(Dossier.id)
    if agency_ids is not None:
        query = query.where(Dossier.agency_id.in_(agency_ids))
    db.session.execute(select(func.count()).select_from(query.with_for_update().subquery())).all()


def _ticking(agency_ids: Agencies) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            DossierClock.id,
            DossierClock.dossier_id,
            type_coerce(DossierClock.kind, String).label("kind"),
            DossierClock.started_at,
            DossierClock.due_at,
            DossierClock.warned,
            Dossier.agency_id,
            Dossier.code,
            Dossier.reference,
            Dossier.version,
            Dossier.processing_time,
            type_coerce(Dossier.time_unit, String).label("time_unit"),
            CountedDossier.intake_done_at,
        )
        .join(DossierClock.dossier)
        .join(CountedDossier, CountedDossier.id == Dossier.id, isouter=True)
        .where(DossierClock.stopped_at.is_(None), DossierClock.paused_at.is_(None))
        .order_by(DossierClock.id)
    )
    return query if agency_ids is None else query.where(Dossier.agency_id.in_(agency_ids))


def _pauses(agency_ids: Agencies) -> dict[int, list[Pause]]:
    """The finished pauses of the clocks that tick; few were ever paused."""
    ticking = _ticking(agency_ids).subquery()
    query = (
        select(ClockEvent.clock_id, ClockEvent.action, ClockEvent.at)
        .join(ticking, ticking.c.id == ClockEvent.clock_id)
        .where(ClockEvent.action.in_((ClockAction.PAUSE, ClockAction.RESUME)))
        .order_by(ClockEvent.id)
    )
    events: dict[int, list[tuple[ClockAction, datetime]]] = {}
    for clock_id, action, at in db.session.execute(query):
        events.setdefault(clock_id, []).append((action, at))
    return {clock_id: arithmetic.pauses(some) for clock_id, some in events.items()}
