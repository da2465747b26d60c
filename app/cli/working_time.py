"""`flask working-time due | batch`: deadlines in working time, one with its trace or many at speed."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone

import click
from flask.cli import with_appcontext

from app.domain.calendar import Calendar
from app.domain.clock import LOCAL, to_local
from app.domain.errors import DomainError, NotFound
from app.domain.trace import TraceLine
from app.domain.working_time import add_working
from app.reasons import words
from app.services import calendars, organisation

MOST_MINUTES = 200_000_000
"""More than the working time of all years that a calendar knows."""
BAD_LINE = 2
"""Exit status when a line cannot be read."""
FIXED = timezone(timedelta(hours=7))
"""The city's offset in every year that a Calendar knows; quicker than the zone with its history."""


@click.group("working-time")
def commands() -> None:
    """Count deadlines in working time."""


@commands.command()
@click.option("--start", required=True, help="ISO time, e.g. 2016-09-01T16:00; local if without offset.")
@click.option(
    "--minutes", required=True, type=click.IntRange(0, MOST_MINUTES), help="Working minutes to count."
)
@click.option("--unit", help="GSO code of the ward, commune or city; without it the common office hours.")
@with_appcontext
def due(start: str, minutes: int, unit: str | None) -> None:
    """Print the due time and how it was counted, as JSON."""
    try:
        found = add_working(_calendar(unit), _moment(start), timedelta(minutes=minutes))
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(str(error), param_hint="--start") from error
    except DomainError as error:
        raise click.UsageError(words(error)) from error
    answer = {
        "due": to_local(found.due).isoformat(),
        "confirmed": found.confirmed,
        "trace": [_line(line) for line in found.trace],
    }
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@commands.command()
@click.option("--unit", help="GSO code of the ward, commune or city; without it the common office hours.")
@with_appcontext
def batch(unit: str | None) -> None:
    """Read `start,minutes` lines on stdin; write one due time per line, in their order."""
    try:
        sys.stdout.writelines(dues(_calendar(unit), sys.stdin))
    except BadLine as error:
        sys.stdout.flush()  # what was answered before the bad line stands
        click.echo(str(error), err=True)
        sys.exit(BAD_LINE)


class BadLine(Exception):
    """A line of the batch that cannot be read; the message names it by number."""


def dues(calendar: Calendar, lines: Iterable[str]) -> Iterator[str]:
    """One line with the due time for each `start,minutes` line. Raises BadLine when it reaches a bad one."""
    advance: Callable[[datetime, timedelta], datetime] = calendar.advance
    # In the quickest words that the library has: this loop is the command's whole work.
    parse, combine, minute = datetime.fromisoformat, datetime.combine, timedelta(minutes=1)
    number, line = 0, ""
    try:
        for number, line in enumerate(lines, 1):  # noqa: B007 - the number is for the message below
            start, _, minutes = line.partition(",")
            moment = parse(start.strip())
            if moment.tzinfo is None:
                moment = combine(moment, moment.time(), FIXED)
            due = advance(moment, int(minutes) * minute).astimezone(FIXED)
            yield f"{due}\n".replace(" ", "T", 1)
    except ValueError as error:
        raise BadLine(
            f"line {number}: {line.rstrip()!r} is not `start,minutes`, e.g. 2016-09-01T16:00,480"
        ) from error
    except (DomainError, OverflowError) as error:
        reason = words(error) if isinstance(error, DomainError) else str(error)
        raise BadLine(f"line {number}: {line.rstrip()!r}: {reason}") from error


def _calendar(unit: str | None) -> Calendar:
    if unit is None:
        return calendars.calendar_for(None)
    try:
        return calendars.calendar_for(organisation.agency_of_code(unit).id)
    except NotFound as error:
        message = f"no agency serves a unit of code {unit!r} today"
        raise click.BadParameter(message, param_hint="--unit") from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)


def _line(line: TraceLine) -> dict[str, object]:
    return {
        "day": line.day.isoformat(),
        "opens": line.opens and line.opens.isoformat(),
        "closes": line.closes and line.closes.isoformat(),
        "minutes": line.minutes,
        "note": line.note,
    }
