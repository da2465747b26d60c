"""Seconds that are worth comparing: on the clock, of our processor, of PostgreSQL's; and a yardstick for today."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection


@dataclass
class Spent:
    """Seconds."""

    clock: float = 0.0
    ours: float = 0.0
    postgres: float = 0.0

    def __str__(self) -> str:
        seconds = f"{self.ours:7.2f} s ours, {self.postgres:7.2f} s PostgreSQL's"
        return f"{self.clock:8.2f} s on the clock; processor: {seconds}"

    def __iadd__(self, other: "Spent") -> "Spent":
        self.clock += other.clock
        self.ours += other.ours
        self.postgres += other.postgres
        return self


@contextmanager
def spent(connection: Connection | None = None) -> Iterator[Spent]:
    """What the block takes; of PostgreSQL only what this one connection does."""
    found = Spent(-time.perf_counter(), -time.process_time(), -_database(connection))
    yield found
    found.clock += time.perf_counter()
    found.ours += time.process_time()
    found.postgres += _database(connection)


def _database(connection: Connection | None) -> float:
    """Processor seconds of the connection's server process; 0 when it is not on this machine, or SQLite."""
    if connection is None or connection.dialect.name != "postgresql":
        return 0.0
    try:
        process = connection.scalar(text("SELECT pg_backend_pid()"))
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def yardstick() -> None:
    """What this processor can do at this moment, to set the seconds in relation."""
    used, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    took = time.process_time() - used
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"yardstick: 10,000,000 additions in Python take {took:.2f} s of this processor now; {load}")
