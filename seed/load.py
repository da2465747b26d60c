"""Loads the city's data from the CSV files, as often as one likes, and never over an administrator's edit.

A line is loaded once in the life of a database: what was renamed, moved or removed afterwards stays so. A row
that is there already under its natural key counts as loaded. A later version of a file adds its new lines.
"""

from collections.abc import Callable
from dataclasses import dataclass

import click

from app.services.transaction import transaction
from seed import dossiers as demo_dossiers
from seed import other, people
from seed.files import Line, mark, read, recall, remember
from seed.reorganisation import reorganise
from seed.tables import TABLES

__all__ = ["reorganise", "run"]


@dataclass(frozen=True)
class Step:
    """Lines of a file, the columns that say what a line is about, and the verb that adds what is missing."""

    name: str
    file: str
    line_key: tuple[str, ...]
    add: Callable[[list[Line]], int]


CITY = (
    *(Step(table.step, table.file, table.line_key, table.add) for table in TABLES),
    Step("sessions", "sessions", ("agency", "weekday", "opens"), other.add_sessions),
    Step("days", "days", ("day",), other.add_days),
    Step("years", "years", ("year",), other.add_years),
    Step("news", "news", ("title",), other.add_news),
)
"""What every service of the city needs."""

DEMO = (
    Step("accounts", "demo_accounts", ("username",), people.add_accounts),
    Step("questions", "questions", ("email", "question"), people.add_questions),
)
"""What only a demonstration needs."""


def run(*, demo: bool, dossiers: bool = True) -> None:
    """Load what was never loaded, and say in one line what was added. Quick when there is nothing to do.

    ``dossiers`` False leaves the demo dossiers out, for tests that make their own.
    """
    added: dict[str, int] = {}
    memory = recall()
    for step in (*CITY, *(DEMO if demo else ())):
        if number := _load(step, memory):
            added[step.name] = number
    if demo and dossiers and (number := demo_dossiers.load()):
        added["dossiers"] = number
    found = ", ".join(f"{number} {name}" for name, number in added.items())
    click.echo(f"seed: {found or 'nothing to add'}")


def _load(step: Step, memory: dict[str, set[str]]) -> int:
    known = memory.setdefault(step.name, set())
    new = {mark(line, step.line_key): line for line in read(step.file)}
    new = {sign: line for sign, line in new.items() if sign not in known}
    if not new:
        return 0
    with transaction():
        number = step.add(list(new.values()))
        known.update(new)
        remember(memory)
    return number
