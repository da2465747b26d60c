"""Background work: sending mail, watching deadlines, tidying drafts."""

from flask import Flask

from app.jobs.commands import send_mail, sweep, worker


def init_app(app: Flask) -> None:
    """Register the commands that run the work."""
    for command in (worker, send_mail, sweep):
        app.cli.add_command(command)
