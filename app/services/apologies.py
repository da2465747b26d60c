"""The apology before breach: drafted by the worker a working day ahead, signed by a leader, once.

Decree 61/2018/NĐ-CP art. 19(9). The legal due time keeps counting; the new date is only what was promised.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.calendar import Calendar
from app.domain.clock import to_local
from app.domain.dates import day_in_full, written
from app.domain.errors import Conflict, NotFound, Refused
from app.domain.papers import Form
from app.domain.roles import SYSTEM, Actor, Role
from app.domain.states import ClockKind
from app.domain.working_time import Limit, TimeUnit, deadline
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import DossierClock
from app.models.papers import Apology, ApologyState
from app.services import access, calendars, journal, mailing, papers
from app.services.paper_contents import Occasion
from app.services.transaction import transaction

BATCH = 200
HORIZON = timedelta(days=21)
"""No two working days lie further apart, the longest Tết included; clocks due later are not looked at."""
ONE_WORKING_DAY = Limit(1, TimeUnit.WORKING_DAY)
LONGEST_DELAY = timedelta(days=366)
MOST_SHOWN = 200


def draft_due(now: datetime | None = None) -> int:
    """Draft the apology of every dossier whose time runs out within a working day; how many.

    Not before half of the time has passed: a procedure of one day would begin with an apology.
    """
    now = now or clock.now()
    drafted, after = 0, 0
    while ids := _candidates(now, after):
        drafted += sum(_draft(clock_id, now) for clock_id in ids)
        after = ids[-1]
    return drafted


def of_dossier(dossier: Dossier) -> Apology | None:
    """The apology of a dossier, if there is one; with who signed it."""
    query = select(Apology).where(Apology.dossier_id == dossier.id).options(joinedload(Apology.signed_by))
    return db.session.scalar(query)


def of_agency(actor: Actor, state: ApologyState) -> list[Apology]:
    """The apologies of the dossiers that this leader sees: to be signed (first due first), or sent (newest first)."""
    access.require_role(actor, Role.LEADER)
    query = (
        select(Apology)
        .join(Apology.dossier)
        .where(access.visible(actor), Apology.state == state)
        .options(joinedload(Apology.dossier).joinedload(Dossier.department), joinedload(Apology.signed_by))
        .limit(MOST_SHOWN)
    )
    if state is ApologyState.SENT:
        return list(db.session.scalars(query.order_by(Apology.signed_at.desc(), Apology.id.desc())))
    running = select(DossierClock.dossier_id).where(_counting())
    query = query.where(Apology.dossier_id.in_(running))
    return list(db.session.scalars(query.order_by(Apology.due_at, Apology.id)))


def may_sign(actor: Actor, apology: Apology | None, dossier: Dossier) -> bool:
    """Whether this person can sign it now."""
    if apology is None or actor.role is not Role.LEADER or apology.state is ApologyState.SENT:
        return False
    return _running_clock(dossier) is not None


def sign(actor: Actor, dossier_id: int, reason: str, promised_on: date) -> Apology:
    """Sign the drafted apology with its reason and the new date, and send it with form 04.

    NotFound when none was drafted; Conflict when it was sent before or the dossier is no longer running;
    Refused for a missing reason or a date that is no working day after the due day.
    """
    access.require_role(actor, Role.LEADER)
    if not reason.strip():
        raise Refused("apology_reason_required", field="reason")
    with transaction():
        dossier = access.dossier_for(actor, dossier_id, lock=True)
        apology, running = _signable(dossier)
        _refuse_bad_day(promised_on, running.due_at, calendars.calendar_for(dossier.agency_id))
        now = clock.now()
        apology.state, apology.reason, apology.promised_on = ApologyState.SENT, reason.strip(), promised_on
        apology.signed_by_id, apology.signed_at, apology.due_at = actor.user_id, now, running.due_at
        entry = journal.write(
            actor, "apology_sent", dossier=dossier, reason=reason, promised=promised_on.isoformat()
        )
        occasion = Occasion(actor, now, reason, promised=day_in_full(promised_on))
        apology.paper = papers.issue(Form.APOLOGY, dossier, entry, occasion)
        mailing.write(
            "citizen", "apology", dossier, paper=apology.paper, reason=reason.strip(), due=running.due_at,
            promised=promised_on,
        )  # fmt: skip
        return apology


def _counting() -> ColumnElement[bool]:
    return and_(
        DossierClock.kind == ClockKind.PROCESSING,
        DossierClock.stopped_at.is_(None),
        DossierClock.paused_at.is_(None),
    )


def _undrafted(now: datetime) -> Select[DossierClock]:
    has_one = select(Apology.id).where(Apology.dossier_id == DossierClock.dossier_id).exists()
    return select(DossierClock).where(
        _counting(), DossierClock.half_at <= now, DossierClock.due_at <= now + HORIZON, ~has_one
    )


def _candidates(now: datetime, after: int) -> list[int]:
    query = _undrafted(now).with_only_columns(DossierClock.id).where(DossierClock.id > after)
    return list(db.session.scalars(query.order_by(DossierClock.id).limit(BATCH)))


def _draft(clock_id: int, now: datetime) -> bool:
    with transaction() as session:
        query = _undrafted(now).join(DossierClock.dossier).where(DossierClock.id == clock_id)
        query = query.with_for_update(of=(Dossier, DossierClock), skip_locked=True)
        row = session.scalar(query.execution_options(populate_existing=True))
        if row is None or not _within_a_day(calendars.calendar_for(row.dossier.agency_id), now, row.due_at):
            return False
        session.add(Apology(dossier_id=row.dossier_id, drafted_at=now, due_at=row.due_at))
        journal.write(SYSTEM, "apology_drafted", dossier=row.dossier, due=row.due_at.isoformat())
        mailing.write("leader", "apology_drafted", row.dossier, due=row.due_at)
        return True


def _within_a_day(calendar: Calendar, now: datetime, due: datetime) -> bool:
    return due <= deadline(calendar, now, ONE_WORKING_DAY).due


def _running_clock(dossier: Dossier) -> DossierClock | None:
    return db.session.scalar(select(DossierClock).where(DossierClock.dossier_id == dossier.id, _counting()))


def _signable(dossier: Dossier) -> tuple[Apology, DossierClock]:
    query = select(Apology).where(Apology.dossier_id == dossier.id).execution_options(populate_existing=True)
    apology = db.session.scalar(query)
    if apology is None:
        raise NotFound("no_apology_drafted")
    if apology.state is ApologyState.SENT:
        raise Conflict("apology_sent_already")
    running = _running_clock(dossier)
    if running is None:
        raise Conflict("apology_not_needed")
    return apology, running


def _refuse_bad_day(promised_on: date, due: datetime, calendar: Calendar) -> None:
    last = max(to_local(due).date(), clock.today())
    if promised_on <= last:
        raise Refused("apology_day_too_early", field="promised_on", day=written(last))
    if promised_on > last + LONGEST_DELAY:
        raise Refused("apology_day_too_late", field="promised_on")
    if not calendar.is_working_day(promised_on):
        raise Refused("apology_day_off", field="promised_on")
