"""A table on its way out: to the screen, to paper, to a file. What stands in it, not how it looks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.language import say

Cell = str | int | float | datetime | None

TOTAL = "total"
"""The key of the last line; groups are called by numbers and days."""


class Kind(StrEnum):
    """What a column holds, so that each output writes it in its way."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    """Whole đồng."""
    SCORE = "score"
    """An average, with one decimal."""
    SHARE = "share"
    """A part of 1; None when there is nothing to share."""
    MINUTES = "minutes"
    """Working time."""
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    """``key`` names it to programs, ``words`` to people; ``group`` is the heading over it, ``number`` the form's."""

    key: str
    words: str
    kind: Kind = Kind.NUMBER
    group: str = ""
    number: str = ""
    figure: str = ""
    """The figure whose dossiers stand behind each cell, if it has any."""

    @property
    def label(self) -> str:
        """The heading."""
        return say(self.words)

    @property
    def over(self) -> str:
        """The heading over it."""
        return say(self.group) if self.group else ""

    @property
    def full_label(self) -> str:
        """Both, for where a column stands alone."""
        return f"{self.over}: {self.label}" if self.over else self.label


@dataclass(frozen=True)
class Line:
    """A row. ``key`` is what the group of its figures is called in ``services.figures``; cells by column."""

    key: object
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Check:
    """An identity of the form, and whether this sheet's rows keep it."""

    words: str
    holds: bool


@dataclass(frozen=True)
class Sheet:
    """A report. ``lines`` may be a stream that can be read once; ``size`` is how many there are."""

    title: str
    columns: tuple[Column, ...]
    lines: Iterable[Line]
    size: int
    total: Line | None = None
    facts: tuple[tuple[str, str], ...] = ()
    """Above the table: what and when."""
    notes: tuple[str, ...] = ()
    """Under it: how it was counted."""
    checks: tuple[Check, ...] = ()
