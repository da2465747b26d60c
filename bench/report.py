"""The table of ratios, and bench/RESULTS.md."""

import cProfile
import os
import platform
import pstats
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import clock
from bench import data, facts

RESULTS = data.ROOT / "bench" / "RESULTS.md"
GROWTH, OVER_BARE, QUERIES, OVER_STOCK, PAGES_A_SECOND = 1.5, 3.0, 12, 5.0, 100.0
QUERIES_OF_A_DOSSIER = 30
BESIDE = {
    "inbox": ("queue", "list"),
    "inbox, closed": ("list", "list"),
    "inbox of a department": ("queue", "list"),
    "leader's queue": ("queue", "list"),
    "search by code": ("search", "search"),
    "search by name": ("search", "search"),
    "search by text": ("search", "search"),
    "search, no hit": ("search", "search"),
    "dossier list": ("list", "list"),
    "dossier list, search": ("search", "search"),
    "dossier list, by name": ("list", "list"),
    "REST, first page": ("list", "list"),
    "REST, page 10,000": ("deep page", "deep page"),
    "procedure list": ("procedures", "procedures"),
    "one's own account": ("list", "list"),
}
"""Page of ours -> the bare page and the stock page that show the same kind of list. A dossier's page has none.

One's own account is no list: it shows what every page costs that knows who asks and has our frame around it."""
PACKAGES = {
    "psycopg": "waiting for PostgreSQL",
    "sqlite3": "waiting for SQLite",
    "sqlalchemy": "SQLAlchemy",
    "jinja2": "templates",
    "templates": "templates",
    "markupsafe": "templates",
    "flask": "Flask and its extensions",
    "werkzeug": "Flask and its extensions",
    "babel": "words",
    "app": "our code",
}


@dataclass(frozen=True)
class Comparison:
    """What was measured on one kind of database. Keys: (app, number of dossiers), then the page."""

    kind: str
    sizes: tuple[int, int]
    medians: Mapping[tuple[str, int], Mapping[str, float]]
    queries: Mapping[tuple[str, int], Mapping[str, int]]
    pages_a_second: float

    def of(self, app: str, page: str, *, large: bool = True) -> float:
        """Milliseconds."""
        return self.medians[app, self.sizes[large]][page]


def write(found: Sequence[Comparison], large: str, rounds: int, peers: Mapping[str, str]) -> None:
    """Print the tables and write them down."""
    parts = [_head(rounds)]
    for comparison in found:
        parts += [_section(comparison, peers), _goals(comparison, peers)]
    parts.append(_where_the_time_goes(large))
    text = "\n".join(parts)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


def _head(rounds: int) -> str:
    where = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    return f"""# What the pages take

Written by `make bench` on {clock.today():%d %B %Y}: {where}, load {os.getloadavg()[0]:.1f} at the end.
Warm, in process, medians of {rounds} rounds in which all apps are asked in turn. Milliseconds depend on the
machine and on what else it does, the ratios hardly. The peers are the smallest honest apps on the same tables
(`bench/peers/`), restricted to the same agency, with their own defaults otherwise.

The small city is the large one while it was young: as many dossiers are in hand, few are closed.

- *growth*: our time on the large city over our time on the small one; wanted ≤ {GROWTH}
- *bare*: our time over a bare keyset query in the plainest Jinja template; wanted ≤ {OVER_BARE:.0f}
  (one's own account has no list: it shows what knowing the person and the frame of the page cost alone)
- *queries*: SQL statements of one page; wanted ≤ {QUERIES} (a dossier's page ≤ {QUERIES_OF_A_DOSSIER}), held by a test
- the stock peers: their time over ours; wanted ≥ {OVER_STOCK:.0f}. A miss is set in **bold**
"""


def _section(found: Comparison, peers: Mapping[str, str]) -> str:
    small, large = found.sizes
    stock = [name for name in peers if name != "bare"]
    names = " | ".join(peers[name] for name in stock)
    lines = [
        f"## {found.kind}: {small:,} and {large:,} dossiers",
        "",
        f"| page | ms, {small:,} | ms, {large:,} | growth | bare | queries | {names} |",
        "|---|--:|--:|--:|--:|--:|" + "--:|" * len(stock),
    ]
    for page in found.medians["ours", large]:
        cells = [f"{found.of('ours', page, large=False):.1f}", f"{found.of('ours', page):.1f}"]
        cells += [_mark(value, good) for value, good in _judged(found, page, stock)]
        lines.append(f"| {page} | {' | '.join(cells)} |")
    lines += ["", f"Peers on {large:,} dossiers, ms (queries):", ""]
    pages = list(found.medians["flask_admin", large])
    lines += [f"| | {' | '.join(['queue', *pages])} |", "|---|" + "--:|" * (len(pages) + 1)]
    for name, words in peers.items():
        took, asked = found.medians[name, large], found.queries[name, large]
        shown = [f"{took[p]:.1f} ({asked[p]})" if p in took else "–" for p in ("queue", *pages)]
        lines.append(f"| {words} | {' | '.join(shown)} |")
    lines += [
        "",
        f"gunicorn with two workers, {large:,} dossiers: {found.pages_a_second:.0f} inbox pages a second.",
        "",
    ]
    return "\n".join(lines)


def _judged(found: Comparison, page: str, stock: Sequence[str]) -> list[tuple[str, bool]]:
    """Growth, over bare, queries, and each stock peer over us; each with whether the goal is met."""
    mine, queries = found.of("ours", page), found.queries["ours", found.sizes[1]][page]
    growth = mine / found.of("ours", page, large=False)
    most = QUERIES if page in BESIDE else QUERIES_OF_A_DOSSIER
    cells = [(f"{growth:.2f}", growth <= GROWTH)]
    if page not in BESIDE:
        return [*cells, ("–", True), (str(queries), queries <= most), *[("–", True)] * len(stock)]
    bare, other = BESIDE[page]
    over = mine / found.of("bare", bare)
    cells += [(f"{over:.1f}", over <= OVER_BARE), (str(queries), queries <= most)]
    ratios = [found.of(name, other) / mine for name in stock]
    return cells + [(f"{ratio:.1f}", ratio >= OVER_STOCK) for ratio in ratios]


def _mark(value: str, good: bool) -> str:
    return value if good else f"**{value}**"


def _goals(found: Comparison, peers: Mapping[str, str]) -> str:
    stock = [name for name in peers if name != "bare"]
    heads = ["growth", "bare", "queries", *(peers[name] for name in stock)]
    judged = {page: _judged(found, page, stock) for page in found.medians["ours", found.sizes[1]]}
    lines = [f"Goals on {found.kind}:", ""]
    for place, head in enumerate(heads):
        missed = [page for page, cells in judged.items() if not cells[place][1]]
        lines.append(f"- {head}: " + (f"missed by {', '.join(missed)}" if missed else "met by every page"))
    fast = found.pages_a_second >= PAGES_A_SECOND
    lines.append(f"- {PAGES_A_SECOND:.0f} inbox pages a second: {'met' if fast else 'missed'}")
    return "\n".join([*lines, ""])


def _where_the_time_goes(url: str) -> str:
    from bench.ours import App  # noqa: PLC0415 - it takes the environment of the database

    os.environ.update(data.environment(url))
    app = App(url, facts.of(url).as_dict())
    lines = [
        "## What the time is spent on",
        "",
        "Shares of one page's time under cProfile, by who spends it.",
        "",
    ]
    kinds = [*dict.fromkeys(PACKAGES.values()), "the rest"]
    lines += [f"| page | {' | '.join(kinds)} |", "|---|" + "--:|" * len(kinds)]
    for name, page in app.pages().items():
        spent = _profile(page)
        whole = sum(spent.values())
        lines.append(f"| {name} | " + " | ".join(f"{spent[kind] / whole:.0%}" for kind in kinds) + " |")
    return "\n".join([*lines, ""])


def _profile(page: Any) -> Counter[str]:
    for _ in range(3):
        page()
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(10):
        page()
    profile.disable()
    spent: Counter[str] = Counter()
    for (path, _, name), row in pstats.Stats(profile, stream=sys.stderr).stats.items():  # type: ignore[attr-defined]
        spent[_who(path, name)] += row[2]
    return spent


def _who(path: str, name: str) -> str:
    if "sqlite3" in name:
        return PACKAGES["sqlite3"]
    inside = path.partition("site-packages/")[2]
    first = inside.partition("/")[0] if inside else ""
    if not inside and str(data.ROOT / "app") in path:
        first = "templates" if path.endswith(".html") else "app"
    return next((kind for package, kind in PACKAGES.items() if first.startswith(package)), "the rest")
