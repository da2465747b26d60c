"""A picture of figures: made once, as a chart and as the table beside it, with the same links."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.services import settings
from app.web.formats import khoang, so

Link = Callable[..., str]
"""The address of the dossiers behind a figure (key, period, by, group); "" where they may not be opened."""


@dataclass(frozen=True)
class Cell:
    """A number of the table, as it is written, and where its dossiers are."""

    words: str
    href: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart and its table."""

    heading: str
    aside: str
    svg: Markup
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    legend: Sequence[tuple[str, str]] = ()
    """(tone, words)"""
    note: str = ""


def percent(part: float, whole: float) -> float | None:
    """How many of a hundred; None of nothing."""
    return 100 * part / whole if whole else None


def phan_tram(value: float | None) -> str:
    """97,8% of a measured share, 98% of a whole number; a dash when there is nothing to be a part of."""
    return "–" if value is None else f"{so(round(value, 1))}%"


def intake_limit() -> str:
    """The limit of the intake in words, as the setting says: 8 giờ."""
    return khoang(settings.get("intake_minutes"))
