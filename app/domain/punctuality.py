"""Early, on time, late: judged by the due time to the minute, never by the date alone."""

from datetime import datetime
from enum import StrEnum

from app.domain.clock import to_local
from app.domain.language import say


class Punctuality(StrEnum):
    """How something that happened stands to its due time."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"

    @property
    def label(self) -> str:
        """The words of the control slip."""
        return say(
            {
                Punctuality.EARLY: "Trước hạn",
                Punctuality.ON_TIME: "Đúng hạn",
                Punctuality.LATE: "Quá hạn",
            }[self]
        )


def judge(at: datetime, due: datetime) -> Punctuality:
    """Late after the due time; on time on the due day (form II.06a/VPCP/KSTT); early on a day before."""
    if at > due:
        return Punctuality.LATE
    return Punctuality.ON_TIME if to_local(at).date() == to_local(due).date() else Punctuality.EARLY
