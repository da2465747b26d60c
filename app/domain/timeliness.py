"""Early, on time, late: the one place that says when a dossier is which.

* **Late**: the result reached the counter after the due *time*. An hour late on the due day is late; comparing
  dates alone would call it on time.
* **Early**: a result that reached the counter on a day before the due day (the day in Asia/Ho_Chi_Minh), as the
  prints of form II.06a read it (DOMAIN.md 6.1: "before the due day"). The appointment slip names a day, and a
  citizen told to come that day gains nothing from two hours.
* **On time**: everything between, and a dossier that was withdrawn or stopped before its due time: without a
  result nothing was finished early (the same prints count these as on time).

The clock stops when the result is announced at the counter, not when the citizen collects it. While the office
waits for the citizen the clock stands still: a dossier that waited when it ended is judged by the moment at which
the waiting began.
"""

from datetime import datetime
from enum import StrEnum

from app.domain.clock import to_local
from app.domain.language import say


class Timeliness(StrEnum):
    """How a finished dossier stands to its due time."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say({"early": "Trước hạn", "on_time": "Đúng hạn", "late": "Quá hạn"}[self.value])


def judge(due: datetime, counted_to: datetime, *, with_result: bool) -> Timeliness:
    """Which of the three, for a clock that counted up to a moment; aware times."""
    if counted_to > due:
        return Timeliness.LATE
    if with_result and to_local(counted_to).date() < to_local(due).date():
        return Timeliness.EARLY
    return Timeliness.ON_TIME
