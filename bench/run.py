"""`make bench`: our pages beside the stock pages of others, over the same rows, in one run.

Each app has a process of its own; they are asked in turn, page by page and round by round, so that whatever else
the machine does disturbs all alike. What counts are medians, and of these the ratios.
"""

import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO, Any

from bench import data, facts, report
from bench.throughput import pages_per_second

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
WARM = min(3, ROUNDS)
PEERS = {
    "bare": "bare keyset",
    "flask_appbuilder": "Flask-AppBuilder",
    "flask_admin": "Flask-Admin",
    "django_admin": "Django admin",
}


@dataclass
class Asked:
    """An app at work, and what it took."""

    process: subprocess.Popen[str]
    pages: list[str] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    queries: dict[str, int] = field(default_factory=dict)

    @classmethod
    def start(cls, module: str, url: str, seen: facts.Facts) -> "Asked":
        """Start it; it says what pages it has when it is ready."""
        libraries = os.pathsep.join([os.environ.get("BENCH_LIBRARIES", ""), os.environ.get("PYTHONPATH", "")])
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker", module, url, json.dumps(seen.as_dict())],
            cwd=data.ROOT,
            env=data.environment(url) | {"PYTHONPATH": libraries},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        made = cls(process)
        made.pages = made._hear()
        return made

    def show(self, page: str, *, warm: bool = False) -> None:
        """One page, timed."""
        out: IO[str] | None = self.process.stdin
        assert out is not None
        out.write(page + "\n")
        out.flush()
        took = self._hear()
        self.queries[page] = took["queries"]
        if not warm:
            self.times[page].append(took["ms"])

    def medians(self) -> dict[str, float]:
        """Milliseconds of each page."""
        return {page: statistics.median(times) for page, times in self.times.items()}

    def end(self) -> None:
        """Let it go."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)

    def _hear(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("an app ended; its message is above")
        return json.loads(line)


def compare(kind: str) -> report.Comparison:
    """Everybody on the small and on the large city of one kind of database."""
    sizes = (data.SMALL, data.LARGE[kind])
    urls = {size: data.city(kind, size) for size in sizes}
    seen = {size: facts.of(urls[size]) for size in sizes}
    apps = {
        (name, size): Asked.start("ours" if name == "ours" else f"peers.{name}", urls[size], seen[size])
        for size in sizes
        for name in ("ours", *PEERS)
    }
    for number in range(WARM + ROUNDS):
        print(f"\r{kind}: round {number + 1} of {WARM + ROUNDS} ", end="", file=sys.stderr)
        most = max(len(app.pages) for app in apps.values())
        for place in range(most):
            for app in apps.values():
                if place < len(app.pages):
                    app.show(app.pages[place], warm=number < WARM)
    print(file=sys.stderr)
    for app in apps.values():
        app.end()
    speed = pages_per_second(urls[sizes[1]])
    return report.Comparison(
        kind, sizes, {k: a.medians() for k, a in apps.items()}, {k: a.queries for k, a in apps.items()}, speed
    )


def main() -> None:
    """Measure everything and write bench/RESULTS.md."""
    wanted = sys.argv[1:] or data.kinds()
    found = [compare(kind) for kind in wanted]
    large = data.city(wanted[0], data.LARGE[wanted[0]])
    report.write(found, large, ROUNDS, PEERS)


if __name__ == "__main__":
    main()
