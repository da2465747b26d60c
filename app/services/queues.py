"""Inboxes: the dossiers of each tab (services/tabs.py) by keyset, sought and filtered; counts capped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, load_only

from app.domain import clock, working_time
from app.domain.roles import Actor
from app.domain.states import ClockKind, State
from app.extensions import db
from app.models.base import UtcDateTime
from app.models.catalogue import Procedure
from app.models.dossier import Attachment, Dossier, DossierDocument
from app.models.handling import DossierClock, Message
from app.models.organisation import Agency, Department, ReceptionPlace
from app.services import access, calendars, finding, tabs
from app.services.tabs import CLOSED_QUEUE, Queue, Timing

COUNT_CAP = 1000
"""A counter says "hơn 1.000" beyond this, so that it never scans the whole table."""
PAGE = 25
LONGEST_KEY = 18
"""Digits; a longer number is no key of ours."""


MOST_KEPT = 1000
"""Queries kept ready, one for each person and tab."""
NOW = bindparam("now", type_=UtcDateTime())
OURS = frozenset(
    {State.SUBMITTED, State.RECEIVED, State.IN_APPRAISAL, State.AWAITING_APPROVAL, State.DECIDED}
)
"""States in which a clock of ours runs, whose end is the dossier's due_at."""
SHOWN = (
    Dossier.code, Dossier.reference, Dossier.state, Dossier.applicant_name, Dossier.procedure_name,
    Dossier.agency_id, Dossier.submitted_at, Dossier.due_at, Dossier.closed_at, Dossier.proposal,
    Dossier.proposal_reason,
)  # fmt: skip
"""What a line of an inbox shows."""

_BESIDE = (
    select(
        Dossier.id, DossierClock.kind, DossierClock.started_at, DossierClock.paused_at, DossierClock.due_at,
        DossierClock.three_quarters_at,
        select(Message.from_office.is_(False)).where(Message.dossier_id == Dossier.id)
        .order_by(Message.created_at.desc(), Message.id.desc()).limit(1).scalar_subquery().label("asks"),
    )
    .outerjoin(
        DossierClock, and_(DossierClock.dossier_id == Dossier.id, DossierClock.stopped_at.is_(None))
    )
    .where(Dossier.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip
"""What a line shows beside its dossier: the clocks that have not stopped, whether the citizen spoke last."""
_BESIDE_WITH_PAPERS = _BESIDE.add_columns(
    select(func.count(DossierDocument.id.distinct()))
    .join(Attachment, Attachment.document_id == DossierDocument.id)
    .where(DossierDocument.dossier_id == Dossier.id)
    .scalar_subquery()
    .label("papers")
)
"""And how many documents were handed in."""


@dataclass(frozen=True)
class Row:
    """One line of an inbox."""

    dossier: Dossier
    remaining: str
    """Remaining working time in words; empty when no clock runs."""
    urgency: str
    """con (more than a quarter left), sap (a quarter or less), qua (past), or empty."""
    papers: int = 0
    """How many of its documents were handed in."""
    asks: bool = False
    """Whether the last line of the conversation is the citizen's."""
    counted_from: datetime | None = None
    """When the intake clock really began, for what was sent outside working hours; else None."""


@dataclass(frozen=True)
class Page:
    """A page of rows and the cursor of the next; None at the end."""

    rows: Sequence[Row]
    next_cursor: str | None


@dataclass(frozen=True)
class Sought:
    """What narrows a tab: words, and the choices of its filters."""

    text: str = ""
    procedure_id: int | None = None
    department_id: int | None = None
    since: date | None = None
    """Sent on that day or later."""

    @property
    def anything(self) -> bool:
        """Whether it narrows at all."""
        return self != Sought()


@dataclass(frozen=True)
class Around:
    """Where a dossier stands among those that wait for the same; keys of its neighbours."""

    number: int
    all: int
    previous: int | None
    following: int | None


def of(actor: Actor) -> tuple[Queue, ...]:
    """The tabs of a person; none for roles without an inbox."""
    return tabs.of(actor.role)


def counts(actor: Actor) -> dict[str, int]:
    """How many dossiers wait in each tab, capped at COUNT_CAP + 1; one query. What is closed is not counted."""
    if not of(actor):
        return {}
    found = db.session.execute(_counting(actor), {"now": clock.now(), "most": COUNT_CAP + 1}).one()
    return dict(found._mapping)  # noqa: SLF001


@lru_cache(maxsize=MOST_KEPT)
def _counting(actor: Actor) -> Select[Any]:
    """Kept: to build this query takes longer than to run it."""
    return select(
        *(
            select(func.count()).select_from(
                select(Dossier.id)
                .where(access.visible(actor), *_in(queue))
                .limit(bindparam("most", type_=Integer()))
                .subquery()
            ).scalar_subquery().label(queue.key)
            for queue in of(actor) if queue is not CLOSED_QUEUE
        )
    )  # fmt: skip


def page(
    actor: Actor, queue: Queue, sought: Sought = Sought(), *, cursor: str | None = None, size: int = PAGE
) -> Page:
    """One page of a queue, the most urgent first; closed dossiers the newest first.

    ``cursor`` is what the page before gave; an unreadable one starts from the beginning.
    """
    newest_first = queue is CLOSED_QUEUE
    begun = _before_id(cursor) if newest_first else _after(cursor)
    query = _listing(actor, queue).where(*begun, *_matching(sought)).limit(size + 1)
    found = list(db.session.scalars(query, {"now": clock.now()}))
    shown = rows(found[:size], papers="papers" in queue.columns)
    return Page(shown, _cursor(found[size - 1], newest_first=newest_first) if len(found) > size else None)


@lru_cache(maxsize=MOST_KEPT)
def _listing(actor: Actor, queue: Queue) -> Select[Dossier]:
    """A tab in its order, with what a line shows and no more: a dossier has fifty columns."""
    query = access.dossiers_for(actor).where(*_listed(queue))
    query = query.options(
        load_only(*SHOWN),
        joinedload(Dossier.department).load_only(Department.name),
        joinedload(Dossier.return_place).load_only(ReceptionPlace.name),
    )
    return query.order_by(*([Dossier.id.desc()] if queue is CLOSED_QUEUE else [Dossier.due_at, Dossier.id]))


def around(actor: Actor, dossier: Dossier) -> Around | None:
    """The neighbours of an open dossier in its tab; None when it is not among the first COUNT_CAP."""
    queue = tabs.first_of(actor.role, dossier.state)
    if queue is None or queue is CLOSED_QUEUE:
        return None
    query = select(Dossier.id).where(access.visible(actor), *_listed(queue))
    query = query.order_by(Dossier.due_at, Dossier.id).limit(COUNT_CAP)
    keys = list(db.session.scalars(query, {"now": clock.now()}))
    if dossier.id not in keys:
        return None
    at = keys.index(dossier.id)
    return Around(
        at + 1, len(keys), keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None
    )


def procedures(actor: Actor) -> list[tuple[int, str]]:
    """Key and name of the procedures of the actor's level of government, for the filter."""
    level = select(Agency.level).where(Agency.id == actor.agency_id).scalar_subquery()
    query = select(Procedure.id, Procedure.name).where(Procedure.level == level).order_by(Procedure.name)
    return [(key, name) for key, name in db.session.execute(query)]


def _in(queue: Queue) -> list[ColumnElement[bool]]:
    """The parameter ``now`` of a tab about time is given when the query is run."""
    if queue.timing is None:
        return [Dossier.state.in_(queue.states)]
    ours = [state for state in queue.states if state in OURS]
    pressing = Dossier.due_at < NOW if queue.timing is Timing.LATE else Dossier.id.in_(_nearly_late())
    return [Dossier.state.in_(ours), pressing]


def _listed(queue: Queue) -> list[ColumnElement[bool]]:
    """The same; that a dossier is open follows from its state, and is said for the index of open ones."""
    return _in(queue) if queue is CLOSED_QUEUE else [Dossier.closed_at.is_(None), *_in(queue)]


def _nearly_late() -> Select[int]:
    """In the last quarter of a clock of ours; what waits for the citizen presses nobody."""
    ours = DossierClock.kind.in_((ClockKind.INTAKE, ClockKind.PROCESSING))
    running = (DossierClock.stopped_at.is_(None), DossierClock.paused_at.is_(None), ours)
    pressing = (DossierClock.three_quarters_at <= NOW, DossierClock.due_at >= NOW)
    return select(DossierClock.dossier_id).where(*running, *pressing)


def _matching(sought: Sought) -> list[ColumnElement[bool]]:
    found = finding.dossiers(sought.text)
    if sought.procedure_id is not None:
        found.append(Dossier.procedure_id == sought.procedure_id)
    if sought.department_id is not None:
        found.append(Dossier.department_id == sought.department_id)
    if sought.since is not None:
        found.append(Dossier.submitted_at >= datetime.combine(sought.since, time.min, clock.LOCAL))
    return found


def _after(cursor: str | None) -> list[ColumnElement[bool]]:
    """Every open state has a running clock, so its due time is never empty (a test walks them all)."""
    moment, _, last = (cursor or "").partition("_")
    last_id = _key(last)
    try:
        at = datetime.fromisoformat(moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return []
    if last_id is None:
        return []
    return [or_(Dossier.due_at > at, and_(Dossier.due_at == at, Dossier.id > last_id))]


def _before_id(cursor: str | None) -> list[ColumnElement[bool]]:
    last_id = _key(cursor or "")
    return [] if last_id is None else [Dossier.id < last_id]


def _key(text: str) -> int | None:
    """The key written in a cursor; None for anything that the column could not hold."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else None


def _cursor(last: Dossier, *, newest_first: bool) -> str:
    return str(last.id) if newest_first else f"{last.due_at.isoformat() if last.due_at else ''}_{last.id}"


def rows(found: Sequence[Dossier], *, papers: bool = False) -> list[Row]:
    """The dossiers with the time that is left to each; one query for all that stands beside them."""
    beside: dict[int, list[Any]] = {}
    for line in db.session.execute(
        _BESIDE_WITH_PAPERS if papers else _BESIDE, {"ids": [dossier.id for dossier in found]}
    ):
        beside.setdefault(line.id, []).append(line)
    return [_row(dossier, beside[dossier.id], papers=papers) for dossier in found]


def _row(dossier: Dossier, beside: Sequence[Any], *, papers: bool) -> Row:
    running = [line for line in beside if line.kind is not None]
    handed_in = beside[0].papers if papers else 0
    words, urgency = time_left(dossier, running)
    counted_from = _counted_from(dossier, running)
    return Row(dossier, words, urgency, handed_in, bool(beside[0].asks), counted_from)


def _counted_from(dossier: Dossier, running: Sequence[Any]) -> datetime | None:
    started = next((c.started_at for c in running if c.kind is ClockKind.INTAKE), None)
    if started is None:
        return None
    calendar, minute = calendars.calendar_for(dossier.agency_id), timedelta(minutes=1)
    first = calendar.advance(started, minute) - minute
    return first if first > started else None


def time_left(dossier: Dossier, running: Sequence[Any]) -> tuple[str, str]:
    """Remaining working time of the clock that counts now, in words, and its urgency."""
    ticking = min((c for c in running if c.paused_at is None), key=lambda c: c.due_at, default=None)
    if ticking is None or ticking.kind is ClockKind.PICKUP:
        return "", ""
    now = clock.now()
    left = working_time.remaining(calendars.calendar_for(dossier.agency_id), now, ticking.due_at)
    words = working_time.in_words(left)
    if now > ticking.due_at:
        return words, "qua"
    return words, "sap" if now >= ticking.three_quarters_at else "con"
