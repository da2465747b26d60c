"""A unit's own office hours in front of the common ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.domain.calendar import WorkSession

Period = tuple[date, date]
ONE_DAY = timedelta(days=1)


def own_before_common(own: Sequence[WorkSession], common: Sequence[WorkSession]) -> tuple[WorkSession, ...]:
    """The unit's own sessions, and the common ones for the days on which it has none of its own in force.

    A unit with hours of its own from 01/12/2026 keeps the common ones until 30/11/2026.
    """
    periods = [(session.first_day, session.last_day) for session in own]
    return (*own, *(piece for session in common for piece in _outside(session, periods)))


def _outside(session: WorkSession, periods: Iterable[Period]) -> Iterator[WorkSession]:
    begins = session.first_day
    for first, last in sorted(periods):
        if last < begins:
            continue
        if first > session.last_day:
            break
        if first > begins:
            yield _between(session, begins, first - ONE_DAY)
        if last >= session.last_day:
            return
        begins = last + ONE_DAY
    yield _between(session, begins, session.last_day)


def _between(session: WorkSession, first: date, last: date) -> WorkSession:
    valid_from = None if first == date.min else first
    return replace(session, valid_from=valid_from, valid_to=None if last == date.max else last)
