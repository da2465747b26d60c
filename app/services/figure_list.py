"""The figures that reports and dashboards are made of, each as a condition on ``CountedDossier``.

Identities that hold by construction and are tested: ``total = received + carried_over = done + open``;
``done = done_early + done_on_time + done_late``; ``open = open_in_time + open_overdue = running + paused``;
``late = open_overdue + done_late``;
``sent = intake_within + intake_late + intake_waiting + intake_overdue + intake_taken_back``.

Unfinished dossiers are looked at as of the end of the period (or now) with the due time as it stands today; a
deadline that was moved or extended meanwhile counts as moved.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.periods import Period
from app.domain.states import State
from app.domain.timeliness import Timeliness
from app.models.figures import CountedDossier as C
from app.models.handling import SupplementRequest
from app.models.violation import Measure, ViolationCase

Condition = Callable[[Period], ColumnElement[bool]]


class Base(Enum):
    """The dossiers that a figure is a part of; each is a range of an index."""

    LIFE = "life"
    """In the office's hands at some time in the period: received before its end, not finished before its start."""
    SENT = "sent"
    """First sent in the period."""
    CLOSED = "closed"
    """Closed in the period: returned, voided, refused, withdrawn, stopped, unanswered."""
    COUNTER = "counter"
    """Finished, and not closed before the end of the period: the result may wait at the counter."""
    CASE = "case"
    """With a violation case; there is one for each void result."""

    def condition(self, period: Period) -> ColumnElement[bool]:
        """As a condition."""
        match self:
            case Base.LIFE:
                return and_(
                    C.received_at < period.end, or_(C.finished_at.is_(None), C.finished_at >= period.start)
                )
            case Base.SENT:
                return and_(C.submitted_at >= period.start, C.submitted_at < period.end)
            case Base.CLOSED:
                return and_(C.closed_at >= period.start, C.closed_at < period.end)
            case Base.COUNTER:
                return and_(C.finished_at < period.end, or_(C.closed_at.is_(None), C.closed_at >= period.end))
            case _:  # Base.CASE
                return C.id.in_(select(ViolationCase.dossier_id))


@dataclass(frozen=True)
class Figure:
    """One number of a report. ``moment`` is what puts it on a day; None when it belongs to none."""

    key: str
    base: Base
    condition: Condition
    moment: InstrumentedAttribute[Any] | None = None


def _received(p: Period) -> ColumnElement[bool]:
    return and_(C.received_at >= p.start, C.received_at < p.end)


def _all(_: Period) -> ColumnElement[bool]:
    return C.id.is_not(None)


def _done(p: Period) -> ColumnElement[bool]:
    return and_(C.finished_at >= p.start, C.finished_at < p.end)


def _open(p: Period) -> ColumnElement[bool]:
    return or_(C.finished_at.is_(None), C.finished_at >= p.end)


def _overdue(p: Period) -> ColumnElement[bool]:
    """Past the due time, unless it waited for the citizen before that and still does (the clock stands still)."""
    return and_(C.due_at < p.as_of, or_(C.waiting_since.is_(None), C.due_at < C.waiting_since))


def _in_time(p: Period) -> ColumnElement[bool]:
    return or_(C.due_at >= p.as_of, and_(C.waiting_since.is_not(None), C.due_at >= C.waiting_since))


def _waiting(p: Period) -> ColumnElement[bool]:
    """Waited for the citizen at that moment, as the requests sent and answered say."""
    return C.id.in_(select(_asked(p).c.dossier_id))


@lru_cache(maxsize=16)
def _asked(p: Period) -> CTE:
    """The same object for each figure of a query, so that the requests are read once, not once a figure."""
    asked = SupplementRequest.transition == "request_information"
    sent = SupplementRequest.sent_at <= p.as_of
    unanswered = or_(SupplementRequest.answered_at.is_(None), SupplementRequest.answered_at > p.as_of)
    return select(SupplementRequest.dossier_id).where(asked, sent, unanswered).cte("waiting")


def _not_waiting(p: Period) -> ColumnElement[bool]:
    return ~_waiting(p)


def _judged(timeliness: Timeliness) -> Condition:
    return lambda _: C.timeliness == timeliness


def _in(*states: State) -> Condition:
    return lambda _: C.state.in_(states)


def _with_result(_: Period) -> ColumnElement[bool]:
    return C.state.not_in((State.WITHDRAWN, State.STOPPED))


def _intake_late(_: Period) -> ColumnElement[bool]:
    return C.intake_done_at > C.intake_due_at


def _intake_answered_in_time(_: Period) -> ColumnElement[bool]:
    return C.intake_done_at <= C.intake_due_at


def _taken_back(_: Period) -> ColumnElement[bool]:
    """Withdrawn by the citizen before the office answered."""
    return and_(C.state == State.WITHDRAWN, C.received_at.is_(None), C.intake_done_at == C.closed_at)


def _not_taken_back(_: Period) -> ColumnElement[bool]:
    return or_(
        C.state != State.WITHDRAWN, C.received_at.is_not(None), C.intake_done_at != C.closed_at
    )  # fmt: skip


def _unanswered(_: Period) -> ColumnElement[bool]:
    return C.intake_done_at.is_(None)


def _case(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return C.id.in_(select(ViolationCase.dossier_id).where(*conditions))


def _decided(p: Period) -> ColumnElement[bool]:
    return ViolationCase.decided_on.between(p.first, p.last)


def _pending(p: Period) -> ColumnElement[bool]:
    undecided = or_(ViolationCase.decided_on.is_(None), ViolationCase.decided_on > p.last)
    return _case(ViolationCase.opened_at < p.end, undecided)


def _case_forwarded(p: Period) -> ColumnElement[bool]:
    return _case(ViolationCase.forwarded_at >= p.start, ViolationCase.forwarded_at < p.end)


def _and(*parts: Condition) -> Condition:
    return lambda p: and_(*(part(p) for part in parts))


_LATE = _judged(Timeliness.LATE)
_CLEARED = ViolationCase.measure == Measure.NO_VIOLATION

_LIST = (
    Figure("total", Base.LIFE, _all),
    Figure("received", Base.LIFE, _received, C.received_at),
    Figure("carried_over", Base.LIFE, lambda p: C.received_at < p.start),
    Figure("done", Base.LIFE, _done, C.finished_at),
    Figure("done_early", Base.LIFE, _and(_done, _judged(Timeliness.EARLY)), C.finished_at),
    Figure("done_on_time", Base.LIFE, _and(_done, _judged(Timeliness.ON_TIME)), C.finished_at),
    Figure("done_late", Base.LIFE, _and(_done, _judged(Timeliness.LATE)), C.finished_at),
    Figure("results", Base.LIFE, _and(_done, _with_result), C.finished_at),
    Figure("withdrawn", Base.LIFE, _and(_done, _in(State.WITHDRAWN)), C.finished_at),
    Figure("stopped", Base.LIFE, _and(_done, _in(State.STOPPED)), C.finished_at),
    Figure("open", Base.LIFE, _open),
    Figure("open_in_time", Base.LIFE, _and(_open, _in_time)),
    Figure("open_overdue", Base.LIFE, _and(_open, _overdue)),
    Figure("running", Base.LIFE, _and(_open, _not_waiting)),
    Figure("running_in_time", Base.LIFE, _and(_open, _not_waiting, _in_time)),
    Figure("running_overdue", Base.LIFE, _and(_open, _not_waiting, _overdue)),
    Figure("paused", Base.LIFE, _and(_open, _waiting)),
    Figure("paused_in_time", Base.LIFE, _and(_open, _waiting, _in_time)),
    Figure("paused_overdue", Base.LIFE, _and(_open, _waiting, _overdue)),
    Figure("sent", Base.SENT, _all, C.submitted_at),
    Figure("intake_within", Base.SENT, _and(_intake_answered_in_time, _not_taken_back), C.submitted_at),
    Figure("intake_late", Base.SENT, _intake_late, C.submitted_at),
    Figure(
        "intake_waiting", Base.SENT, _and(_unanswered, lambda p: C.intake_due_at >= p.now), C.submitted_at
    ),
    Figure("intake_overdue", Base.SENT, _and(_unanswered, lambda p: C.intake_due_at < p.now), C.submitted_at),
    Figure("intake_taken_back", Base.SENT, _and(_intake_answered_in_time, _taken_back), C.submitted_at),
    Figure("returned", Base.CLOSED, _in(State.RETURNED), C.closed_at),
    Figure("voided", Base.CLOSED, _in(State.VOIDED), C.closed_at),
    Figure("refused", Base.CLOSED, _in(State.REFUSED), C.closed_at),
    Figure("unanswered", Base.CLOSED, _in(State.CLOSED_UNANSWERED), C.closed_at),
    Figure("late", Base.LIFE, lambda p: or_(and_(_open(p), _overdue(p)), and_(_done(p), _LATE(p)))),
    Figure("case_forwarded", Base.CASE, _case_forwarded),
    Figure("case_decided", Base.CASE, lambda p: _case(_decided(p))),
    Figure("case_cleared", Base.CASE, lambda p: _case(_decided(p), _CLEARED)),
    Figure("case_pending", Base.CASE, _pending),
    Figure("at_counter", Base.COUNTER, _with_result),
)

FIGURES: dict[str, Figure] = {figure.key: figure for figure in _LIST}
"""Every figure by its key."""
