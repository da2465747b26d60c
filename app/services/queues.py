"""Inboxes: queues of dossiers per role, as data; lists by keyset, counts capped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.domain import clock, working_time
from app.domain.language import say
from app.domain.roles import Actor, Role
from app.domain.search import fold
from app.domain.states import ClockKind, State
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.dossier import Dossier
from app.models.handling import DossierClock
from app.services import access, calendars

COUNT_CAP = 1000
"""A counter says "hơn 1.000" beyond this, so that it never scans the whole table."""
PAGE = 25
LONGEST_KEY = 18
"""Digits; a longer number is no key of ours."""


@dataclass(frozen=True)
class Queue:
    """One tab of an inbox."""

    key: str
    name: str
    states: tuple[State, ...]
    nothing: str

    @property
    def label(self) -> str:
        """The words on the tab."""
        return say(self.name)

    @property
    def empty(self) -> str:
        """The sentence when nothing is in it."""
        return say(self.nothing)


QUEUES: dict[Role, tuple[Queue, ...]] = {
    Role.RECEIVING_OFFICER: (
        Queue("intake", "Chờ tiếp nhận", (State.SUBMITTED,), "Không có hồ sơ nào chờ tiếp nhận."),
        Queue("received", "Đã tiếp nhận, chờ chuyển", (State.RECEIVED,), "Không có hồ sơ nào chờ chuyển."),
        Queue(
            "decided", "Có kết quả, chờ thông báo", (State.DECIDED,), "Không có kết quả nào chờ thông báo."
        ),
        Queue("counter", "Chờ trả kết quả", (State.RESULT_READY,), "Không có kết quả nào chờ trả."),
        Queue(
            "elsewhere",
            "Đang ở nơi khác",
            (
                State.SUPPLEMENT_REQUESTED,
                State.IN_APPRAISAL,
                State.INFORMATION_REQUESTED,
                State.AWAITING_APPROVAL,
            ),
            "Không có hồ sơ nào đang ở phòng, lãnh đạo hoặc chờ người nộp.",
        ),
    ),
    Role.DEPARTMENT_OFFICER: (
        Queue("appraisal", "Cần thẩm định", (State.IN_APPRAISAL,), "Không có hồ sơ nào cần thẩm định."),
        Queue("waiting", "Chờ bổ sung", (State.INFORMATION_REQUESTED,), "Không có hồ sơ nào chờ bổ sung."),
        Queue("approval", "Đã trình", (State.AWAITING_APPROVAL,), "Không có hồ sơ nào đang chờ phê duyệt."),
    ),
    Role.LEADER: (
        Queue("approval", "Chờ phê duyệt", (State.AWAITING_APPROVAL,), "Không có hồ sơ nào chờ phê duyệt."),
        Queue(
            "running",
            "Đang giải quyết",
            (
                State.SUBMITTED,
                State.SUPPLEMENT_REQUESTED,
                State.RECEIVED,
                State.IN_APPRAISAL,
                State.INFORMATION_REQUESTED,
                State.DECIDED,
                State.RESULT_READY,
            ),
            "Không có hồ sơ nào đang giải quyết.",
        ),
    ),
}
CLOSED_QUEUE = Queue(
    "closed",
    "Đã kết thúc",
    (
        State.RETURNED,
        State.VOIDED,
        State.REFUSED,
        State.CLOSED_UNANSWERED,
        State.WITHDRAWN,
        State.STOPPED,
    ),
    "Chưa có hồ sơ nào kết thúc.",
)


@dataclass(frozen=True)
class Row:
    """One line of an inbox."""

    dossier: Dossier
    remaining: str
    """Remaining working time in words; empty when no clock runs."""
    urgency: str
    """con (more than a quarter left), sap (a quarter or less), qua (past), or empty."""


@dataclass(frozen=True)
class Page:
    """A page of rows and the cursor of the next; None at the end."""

    rows: Sequence[Row]
    next_cursor: str | None


def of(actor: Actor) -> tuple[Queue, ...]:
    """The tabs of a role; none for roles without an inbox."""
    queues = QUEUES.get(actor.role, ())
    return (*queues, CLOSED_QUEUE) if queues else ()


def counts(actor: Actor) -> dict[str, int]:
    """How many dossiers stand in each tab, capped at COUNT_CAP + 1; one query."""
    queries = [
        select(func.count()).select_from(
            select(Dossier.id)
            .where(access.visible(actor), Dossier.state.in_(queue.states))
            .limit(COUNT_CAP + 1)
            .subquery()
        ).scalar_subquery().label(queue.key)
        for queue in of(actor)
    ]  # fmt: skip
    return dict(db.session.execute(select(*queries)).one()._mapping) if queries else {}  # noqa: SLF001


def page(actor: Actor, queue: Queue, *, text: str = "", cursor: str | None = None, size: int = PAGE) -> Page:
    """One page of a queue, the most urgent first; closed dossiers the newest first.

    ``cursor`` is what the page before gave; an unreadable one starts from the beginning.
    """
    newest_first = queue is CLOSED_QUEUE
    query = (
        access.dossiers_for(actor)
        .where(Dossier.state.in_(queue.states), *_matching(text))
        .options(
            joinedload(Dossier.agency),
            joinedload(Dossier.department),
            joinedload(Dossier.procedure).load_only(Procedure.code),
        )
        .limit(size + 1)
    )
    if newest_first:
        query = query.where(*_before_id(cursor)).order_by(Dossier.id.desc())
    else:
        query = query.where(*_after(cursor)).order_by(Dossier.due_at, Dossier.id)
    found = list(db.session.scalars(query))
    shown = rows(found[:size])
    return Page(shown, _cursor(found[size - 1], newest_first=newest_first) if len(found) > size else None)


def _matching(text: str) -> list[ColumnElement[bool]]:
    words = fold(text).split()[:6]
    return [Dossier.search_text.contains(word, autoescape=True) for word in words]


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


def rows(found: Sequence[Dossier]) -> list[Row]:
    """The dossiers with the time that is left to each; one query for all their clocks."""
    ids = [d.id for d in found]
    running = db.session.scalars(
        select(DossierClock).where(DossierClock.dossier_id.in_(ids), DossierClock.stopped_at.is_(None))
    )
    clocks_of: dict[int, list[DossierClock]] = {}
    for row in running:
        clocks_of.setdefault(row.dossier_id, []).append(row)
    return [Row(d, *time_left(d, clocks_of.get(d.id, []))) for d in found]


def time_left(dossier: Dossier, running: Sequence[DossierClock]) -> tuple[str, str]:
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
