"""`flask simulate`: a city with a past, for demonstration, training and measurements."""

from datetime import date, datetime

import click
from flask.cli import with_appcontext

from app.domain import clock
from app.extensions import db

FIRST_DAY = date(2016, 7, 1)
"""The pilot begins (announcement, point 1)."""
DAY = click.DateTime(["%Y-%m-%d"])


@click.command("simulate")
@click.option("--dossiers", type=click.IntRange(1, 10_000_000), required=True, help="How many.")
@click.option("--from", "begin", type=DAY, help="The first day; without it, 2016-07-01.")
@click.option(
    "--days", type=click.IntRange(1, 20_000), help="Instead of --from: so many days until the last."
)
@click.option("--to", "end", type=DAY, help="The last day; without it, yesterday.")
@click.option("--seed", type=click.IntRange(0, 2**32), default=2016, show_default=True, help="The chance.")
@click.option("--processes", type=click.IntRange(1, 16), default=2, show_default=True, help="On PostgreSQL.")
@click.option("--beside-real", is_flag=True, help="Even where real dossiers are: they stay as they are.")
@click.option("--once", is_flag=True, help="Do nothing where a city was simulated already.")
@with_appcontext
def command(  # noqa: PLR0913, PLR0917 - its options
    dossiers: int,
    begin: datetime | None,
    days: int | None,
    end: datetime | None,
    seed: int,
    processes: int,
    beside_real: bool,
    once: bool,
) -> None:
    """Simulate a city's past: dossiers in every state that obey the rules, some of them still running.

    The same seed, days and number make the same city on every database that was set up alike; the content hash
    that is printed in the end tells. Needs the staff of the offices: `flask set-up` with the demo accounts, or
    one's own.
    """
    from seed.simulation import run, scaffold  # noqa: PLC0415 - only this command needs them

    if begin and days:
        raise click.UsageError("--from or --days, not both")
    last = end.date() if end else clock.today() - clock.days(1)
    first = begin.date() if begin else last - clock.days(days - 1) if days else FIRST_DAY
    for thing in scaffold.mend(db.engine):
        _say(thing)
    if once and run.simulated_already():
        click.echo("a city was simulated here already")
        return
    plan = run.Plan(dossiers, first, last, seed, processes, beside_real)
    with click.progressbar(length=dossiers, label="dossiers") as bar:
        made = run.simulate(plan, bar.update, _say)
    for state, number in sorted(made.states.items()):
        click.echo(f"{state:22} {number:>10,}")
    click.echo(f"{made.citizens:,} citizens, {sum(made.rows.values()):,} rows of dossiers")
    click.echo(f"content {made.fingerprint}")


def _say(what: str) -> None:
    click.echo(f"\r\x1b[K{what}", err=True)
