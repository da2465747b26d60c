"""The CSV files beside this module, and the memory of which of their lines were loaded once."""

import csv
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from app.domain import clock
from app.extensions import db
from app.models.outbox import Setting
from app.services.transaction import transaction

FOLDER = Path(__file__).resolve().parent
MEMORY = "seed_loaded"
"""Key of the setting that remembers the lines."""

Line = dict[str, str]


def read(name: str) -> list[Line]:
    """The lines of ``<name>.csv``, one dict each."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mark(line: Line, columns: Iterable[str]) -> str:
    """A short sign of what the line is about: its natural key, not its content."""
    return sha256("\x1f".join(line[column] for column in columns).encode()).hexdigest()[:12]


def recall() -> dict[str, set[str]]:
    """The marks of all lines loaded so far, per step."""
    kept: Mapping[str, list[str]] | None = db.session.scalar(
        select(Setting.value).where(Setting.key == MEMORY)
    )
    return {step: set(marks) for step, marks in (kept or {}).items()}


def remember(memory: Mapping[str, set[str]]) -> None:
    """Keep the marks with the data, in one transaction with it."""
    with transaction() as session:
        row = session.scalar(select(Setting).where(Setting.key == MEMORY)) or Setting(key=MEMORY)
        row.value = {step: sorted(marks) for step, marks in memory.items()}
        row.updated_at = clock.now()
        session.add(row)
