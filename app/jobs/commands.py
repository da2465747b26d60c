"""`flask worker` runs everything for ever; `flask send-mail` and `flask sweep` do one round."""

import click
from flask import current_app
from flask.cli import with_appcontext

# Imported when run: the queue is slow to load, and every other command would wait for it.


@click.command()
@with_appcontext
def worker() -> None:
    """Send mail, watch deadlines and run the queue until told to stop (SIGTERM, SIGINT)."""
    from app.jobs.worker import run  # noqa: PLC0415

    run(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - threads need the app itself


@click.command("send-mail")
@with_appcontext
def send_mail() -> None:
    """Send every mail that is due, once."""
    from app.jobs.sender import send_all  # noqa: PLC0415

    click.echo(send_all())


@click.command()
@with_appcontext
def sweep() -> None:
    """Warn of deadlines, close unanswered supplements, draft apologies and set papers, once."""
    from app.jobs import tasks  # noqa: PLC0415

    for work in (tasks.sweep_deadlines, tasks.draft_apologies, tasks.render_papers):
        click.echo(work(lambda: False))


COMMANDS = (worker, send_mail, sweep)
