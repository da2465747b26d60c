"""`flask simulate`: a city with a past, for demonstration, training and measurements."""

from datetime import date, datetime

import click
from flask.cli import with_appcontext

from app.domain import clock

FIRST_DAY = datetime(2016, 7, 1)  # noqa: DTZ001 - a day of the announcement, point 1
DAY = click.DateTime(["%Y-%m-%d"])


@click.command("simulate")
@click.option("--dossiers", type=click.IntRange(1, 10_000_000), required=True, help="How many.")
@click.option("--from", "first_day", type=DAY, default=FIRST_DAY, show_default=True, help="The first day.")
@click.option("--to", "last_day", type=DAY, help="The last day; without it, yesterday.")
@click.option(
    "--seed", type=click.IntRange(0, 2**32), default=2016, show_default=True, help="Same seed, same city."
)
@click.option("--processes", type=click.IntRange(1, 16), default=2, show_default=True, help="On PostgreSQL.")
@click.option(
    "--beside-real", is_flag=True, help="Even where real dossiers are: they stay, but cannot be told apart."
)
@with_appcontext
def command(
    dossiers: int,
    first_day: datetime,
    last_day: datetime | None,
    seed: int,
    processes: int,
    beside_real: bool,
) -> None:
    """Simulate a city's past: dossiers in every state that obey the rules, some of them still running."""
    from seed.simulation import run  # noqa: PLC0415 - only this command needs it

    plan = run.Plan(dossiers, first_day.date(), _day(last_day), seed, processes, beside_real)
    with click.progressbar(length=dossiers, label="dossiers") as bar:
        made = run.simulate(plan, bar.update, _say)
    for state, number in sorted(made.states.items()):
        click.echo(f"{state:22} {number:>10,}")
    click.echo(f"{made.citizens:,} citizens, {sum(made.rows.values()):,} rows of dossiers")
    click.echo(f"content {made.fingerprint}")


def _day(given: datetime | None) -> date:
    return given.date() if given else clock.today() - clock.days(1)


def _say(what: str) -> None:
    click.echo(f"\r\x1b[K{what}", err=True)
