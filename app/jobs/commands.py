"""`flask worker` runs everything for ever; `flask send-mail` and `flask sweep` do one round."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.jobs import sender, tasks
from app.jobs import worker as workers


@click.command()
@with_appcontext
def worker() -> None:
    """Send mail, watch deadlines and run the queue until told to stop (SIGTERM, SIGINT)."""
    workers.run(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - threads need the app itself


@click.command("send-mail")
@with_appcontext
def send_mail() -> None:
    """Send every mail that is due, once."""
    click.echo(sender.send_all())


@click.command()
@with_appcontext
def sweep() -> None:
    """Warn of deadlines, mark overdue dossiers and close unanswered supplements, once."""
    click.echo(tasks.sweep_deadlines(lambda: False))
