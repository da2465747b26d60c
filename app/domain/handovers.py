"""Who handed a dossier to whom: the rows of the control slip, read off the journal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest

from app.domain.timeliness import Timeliness, judge


class Party(StrEnum):
    """Whoever can hold a dossier."""

    APPLICANT = "applicant"
    ONE_STOP = "one_stop"
    DEPARTMENT = "department"
    LEADER = "leader"


APPLICANT, ONE_STOP, DEPARTMENT, LEADER = Party
HANDS: dict[str, tuple[Party, Party]] = {
    "receive": (APPLICANT, ONE_STOP),
    "forward": (ONE_STOP, DEPARTMENT),
    "request_information": (DEPARTMENT, APPLICANT),
    "supply_information": (APPLICANT, DEPARTMENT),
    "propose_grant": (DEPARTMENT, LEADER),
    "propose_denial": (DEPARTMENT, LEADER),
    "send_back": (LEADER, DEPARTMENT),
    "approve": (LEADER, ONE_STOP),
    "announce_result": (ONE_STOP, APPLICANT),
    "return_result": (ONE_STOP, APPLICANT),
}
"""Transition -> who gives and who takes the dossier."""

TAKEN = frozenset({"receive"})
"""Steps made by the one who takes, not by the one who gives."""
AFTER_THE_CLOCK = frozenset({"return_result"})
"""Steps that no limit of the office covers: the citizen comes when the citizen likes."""


@dataclass(frozen=True)
class Step:
    """A transition that was made: its key, when, and the name of the person."""

    key: str
    at: datetime
    who: str


@dataclass(frozen=True)
class Handover:
    """One row of the control slip; names are empty for what nobody has done yet."""

    key: str
    giver: Party
    taker: Party
    at: datetime
    given_by: str
    taken_by: str
    verdict: Timeliness | None


def handovers(
    steps: Sequence[Step], *, intake_due: datetime | None, processing_due: datetime | None
) -> Iterator[Handover]:
    """The handovers among the steps (oldest first), each judged by the limit that it fell under.

    Whoever makes the next step is the one who took the dossier.
    """
    handed = [step for step in steps if step.key in HANDS]
    for step, following in zip_longest(handed, handed[1:]):
        giver, taker = HANDS[step.key]
        after = following.who if following else ""
        given, taken = ("", step.who) if step.key in TAKEN else (step.who, after)
        due = intake_due if step.key == "receive" else processing_due
        verdict = judge(due, step.at, with_result=True) if due and step.key not in AFTER_THE_CLOCK else None
        yield Handover(step.key, giver, taker, step.at, given, taken, verdict)
