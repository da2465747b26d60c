"""Comparing originals with scans at the counter (announcement, point 2)."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.language import say

MOST_PHOTOGRAPHS = 20
"""Of one original; more than its pages and details need."""


class Verdict(StrEnum):
    """What the returning officer found for one document."""

    MATCHES = "matches"
    DIFFERS = "differs"
    UNREADABLE = "unreadable"
    MISSING = "missing"

    @property
    def label(self) -> str:
        """The Vietnamese word on the button."""
        return say(VERDICT_LABELS[self])


VERDICT_LABELS = {
    Verdict.MATCHES: "Khớp",
    Verdict.DIFFERS: "Không khớp",
    Verdict.UNREADABLE: "Không đọc được",
    Verdict.MISSING: "Không mang theo",
}


@dataclass(frozen=True)
class OriginalFacts:
    """One document of the dossier and what was found; verdict None means not yet compared."""

    name: str
    verdict: Verdict | None
    description: str = ""
