"""Pauses: the waiting for the applicant that a deadline does not count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.calendar import Calendar
from app.domain.errors import Refused
from app.domain.timeline import NOTHING, utc


@dataclass(frozen=True)
class Pause:
    """A stretch of waiting for the applicant, not counted (Decree 61/2018/NĐ-CP). End an open one at now.

    ``ValueError`` for naive datetimes; refuses (``pause_ends_before_it_starts``) an end before the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse a pause that runs backwards."""
        if utc(self.end) < utc(self.start):
            raise Refused("pause_ends_before_it_starts", start=self.start, end=self.end)


def merged(pauses: Sequence[Pause], since: datetime) -> list[Pause]:
    """The pauses in order, in UTC, without overlaps and without what lies before ``since``."""
    result: list[Pause] = []
    if not pauses:
        return result
    for start, end in sorted((max(utc(pause.start), since), utc(pause.end)) for pause in pauses):
        if result and start <= result[-1].end:
            result[-1] = Pause(result[-1].start, max(result[-1].end, end))
        elif start < end:
            result.append(Pause(start, end))
    return result


def paused_between(calendar: Calendar, a: datetime, b: datetime, pauses: Sequence[Pause]) -> timedelta:
    """Working time from ``a`` to ``b`` that lies in the pauses, which are merged ones."""
    spans = ((max(a, pause.start), min(b, pause.end)) for pause in pauses)
    return sum((calendar.worked_between(start, end) for start, end in spans), NOTHING)


def past_pauses(calendar: Calendar, due: datetime, pauses: Sequence[Pause]) -> datetime:
    """The due moved by the working time of the (merged) pauses.

    Only a pause that began before the due as it then stood moves it: pausing a late dossier does not mend it.
    """
    for pause in pauses:
        if pause.start >= due:
            break
        if lost := calendar.worked_between(pause.start, pause.end):
            due = calendar.advance(due, lost)
    return due
