"""Charts as inline SVG: drawn by pygal on the server, dressed for our sheet and for the policy of no inline code.

pygal draws axes, bars and lines; its style sheet, scripts, tooltips and metadata are taken off again, colours and
type come from ``boards.css``. A chart is one picture (``role=img``) whose title states the finding; its marks are
links for the mouse, and the table that stands beside every chart holds the same links for everybody.
"""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import pygal
from markupsafe import Markup
from pygal.style import Style

from app.web.formats import so

# pygal hooks itself into every import of the program for maps that we do not draw; Python warns of such old hooks.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

WIDTH = 640
ROW, AXIS, NOTE, LETTER = 38, 34, 24, 7
"""Height of a row and of the axis below, room beside a note and for each of its letters; in units of the picture."""
SMALLEST_INSIDE = 0.08
"""Part of the axis that a bar must cover to carry its number inside."""
STYLE = Style(label_font_size=13, major_label_font_size=13, value_font_size=12.5)
"""Read by pygal to leave room for the texts."""
SHORT = 34
XLINK = "{http://www.w3.org/1999/xlink}href"
NOT_OURS = frozenset({"defs", "desc", "title", "script", "style"})
UNWANTED = frozenset({"style", "target", "rx", "ry", "id"})


@dataclass(frozen=True)
class Mark:
    """A bar, dot or point: how much, as said in words, and where its dossiers are; None leaves a gap."""

    value: float | None
    words: str = ""
    href: str = ""


@dataclass(frozen=True)
class Row:
    """A named row of marks, with a note at its right end."""

    name: str
    marks: Sequence[Mark]
    note: str = ""
    tone: str = ""
    """Tone of the note, as of a series."""


def bars(
    finding: str,
    tones: Sequence[str],
    rows: Sequence[Row],
    unit: Callable[[float], str] = so,
    *,
    top: float = 0,
    inside: bool = True,
) -> Markup:
    """Stacked bars, one row each; ``tones`` names the colour class of each series (tot, giua, nguy, vinh, can).

    ``top`` is where the axis ends when it is known; ``inside`` writes the numbers into bars that have room.
    """
    top = top or max((sum(mark.value or 0 for mark in row.marks) for row in rows), default=0) or 1
    chart = _horizontal(pygal.HorizontalStackedBar, rows, ticks(top), unit)
    for number, tone in enumerate(tones):
        least = SMALLEST_INSIDE * top if inside else math.inf
        column = [_inside(row.marks[number], least, unit) for row in reversed(rows)]
        chart.add(tone, column)
    return _drawn(chart, finding, tones, lambda root: _note_at_the_end(root, rows))


def dots(finding: str, rows: Sequence[Row], low: float, high: float, unit: Callable[[float], str]) -> Markup:
    """One dot per row on a scale that need not begin at 0; each row's tone colours its dot."""
    marks = [_whole(low), _whole((low + high) / 2), _whole(high)]
    chart = _horizontal(pygal.HorizontalBar, rows, marks, unit, range=(low, high), zero=low)
    chart.add("", [_linked(row.marks[0], "") for row in reversed(rows)])
    return _drawn(chart, finding, [""], lambda root: _dots_for_bars(root, rows))


def trend(
    finding: str,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[Mark]]],
    unit: Callable[[float], str] = so,
    *,
    low: float = 0,
    target: float | None = None,
) -> Markup:
    """Lines over time, each (tone, points); the last point of a single line says its value.

    ``target`` is a dashed line.
    """
    values = [mark.value for _tone, marks in series for mark in marks if mark.value is not None]
    scale = ticks(max([*values, target or 0]) or 1, low)
    every = max(1, -(-len(names) // 7))
    chart = pygal.Line(
        **_common(230, "duong"), x_labels=list(names), show_minor_x_labels=False,
        x_labels_major=[name for place, name in enumerate(reversed(names)) if place % every == 0],
        y_labels=[{"value": tick, "label": unit(tick)} for tick in scale], range=(scale[0], scale[-1]),
        print_values=True, print_values_position="top", dots_size=3.5, margin_right=64,
        truncate_label=-1,  # pygal shortens by the number of points, and only every so many-th is labelled
    )  # fmt: skip
    for tone, marks in series:
        known = [place for place, mark in enumerate(marks) if mark.value is not None]
        said = known[-1:] if len(series) == 1 else []  # the last values of two lines would lie on each other
        chart.add(
            tone, [_linked(m, unit(m.value or 0) if place in said else "") for place, m in enumerate(marks)]
        )
    tones = [tone for tone, _marks in series]
    if target is not None:
        chart.add("chi-tieu", [{"value": target, "formatter": lambda _: ""} for _ in names], show_dots=False)
        tones.append("chi-tieu")
    return _drawn(chart, finding, tones)


def ticks(top: float, low: float = 0) -> list[float]:
    """Two to six round numbers from at or below ``low`` to at or above ``top``."""
    step = next(
        step
        for power in range(-1, 12)
        for step in (10.0**power, 2 * 10.0**power, 5 * 10.0**power)
        if (top - low) / step <= 4  # noqa: PLR2004
    )
    first, last = math.floor(low / step), math.ceil(top / step)
    return [_whole(place * step) for place in range(first, max(last, first + 1) + 1)]


def _whole(value: float) -> float:
    return int(value) if value == int(value) else round(value, 6)


def _common(height: int, kind: str) -> dict[str, Any]:
    return {
        "css": (), "js": (), "disable_xml_declaration": True, "no_prefix": True, "show_legend": False,
        "style": STYLE, "width": WIDTH, "height": height, "margin": 4, "classes": ("mc-bd", kind),
    }  # fmt: skip


def _horizontal(
    kind: type[Any], rows: Sequence[Row], scale: Sequence[float], unit: Callable[[float], str], **options: Any
) -> Any:
    """Pygal counts rows from below."""
    return kind(
        **_common(len(rows) * ROW + AXIS, "thanh"), **{"range": (scale[0], scale[-1])} | options, spacing=8,
        x_labels=[_short(row.name) for row in reversed(rows)],
        y_labels=[{"value": tick, "label": unit(tick)} for tick in scale],
        print_values=True, show_y_guides=True, show_x_guides=False,
        margin_right=NOTE + LETTER * max((len(row.note) for row in rows), default=0),
    )  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= SHORT else name[: SHORT - 1].rstrip() + "…"


def _inside(mark: Mark, least: float, unit: Callable[[float], str]) -> dict[str, Any]:
    value = mark.value or 0
    return _linked(mark, unit(value) if value >= least else "")


def _linked(mark: Mark, said: str) -> dict[str, Any]:
    found: dict[str, Any] = {"value": mark.value, "label": mark.words, "formatter": lambda _: said}
    if mark.href:
        found["xlink"] = {"href": mark.href}
    return found


def _drawn(
    chart: Any, finding: str, tones: Sequence[str], finish: Callable[[Element], None] = lambda _: None
) -> Markup:
    """The SVG after our filter; pygal escapes every text."""

    def dress(root: Element) -> Element:
        _strip(root)
        for group in root.iter("g"):
            for number, tone in enumerate(tones):
                if f"serie-{number}" in group.get("class", "").split():
                    group.set("class", f"serie {tone}".strip())
        finish(root)
        root.set("role", "img")
        title = root.makeelement("title", {})
        title.text = finding
        root.insert(0, title)
        return root

    chart.add_xml_filter(dress)
    return Markup(chart.render(is_unicode=True))  # noqa: S704 - built as a tree, texts escaped


def _strip(node: Any) -> None:
    """Take off what is not drawn, and what the policy forbids; the words of a mark become its tooltip."""
    for name in UNWANTED & set(node.attrib):
        del node.attrib[name]
    for child in list(node):
        if _is_unwanted(child):
            node.remove(child)
        elif child.tag == "desc":
            child.tag = "title"
            child.attrib.clear()
        else:
            _strip(child)
    if node.tag == "a":
        node.set("tabindex", "-1")


def _is_unwanted(node: Any) -> bool:
    if not isinstance(node.tag, str):  # a comment
        return True
    classes = node.get("class", "").split()
    if node.tag == "desc" and "label" in classes:
        return False
    return (
        node.tag in NOT_OURS
        or "background" in classes
        or "tooltip-overlay" in classes
        or (node.tag == "text" and not (node.text or "").strip())
    )


def _rects(root: Element) -> Iterator[tuple[Element, Element, float]]:
    """Every bar with the element around it and the height of its middle."""
    for parent in root.iter():
        for child in list(parent):
            if child.tag == "rect":
                yield parent, child, float(child.get("y", 0)) + float(child.get("height", 0)) / 2


def _note_at_the_end(root: Element, rows: Sequence[Row]) -> None:
    ends: dict[int, float] = {}
    for _parent, rect, middle in _rects(root):
        end = float(rect.get("x", 0)) + float(rect.get("width", 0))
        ends[round(middle)] = max(end, ends.get(round(middle), 0))
    for row, middle in zip(rows, sorted(ends), strict=True):
        _note(root, row, ends[middle] + 8, middle)


def _dots_for_bars(root: Element, rows: Sequence[Row]) -> None:
    found = sorted(_rects(root), key=lambda item: item[2])
    for row, (parent, rect, middle) in zip(rows, found, strict=True):
        end = float(rect.get("x", 0)) + float(rect.get("width", 0))
        rect.set("y", f"{middle - 1:.1f}")
        rect.set("height", "2")
        rect.set("class", row.tone)
        dot = {"cx": f"{end:.1f}", "cy": f"{middle:.1f}", "r": "5", "class": row.tone}
        parent.append(parent.makeelement("circle", dot))
        _note(root, row, end + 12, middle)


def _note(root: Element, row: Row, x: float, middle: float) -> None:
    plot = next(group for group in root.iter("g") if group.get("class") == "plot")
    at = {"x": f"{x:.1f}", "y": f"{middle + 4.5:.1f}", "class": f"ghi-chu {row.tone}".strip()}
    note = plot.makeelement("text", at)
    note.text = row.note
    plot.append(note)
