"""Background work: sending mail, watching deadlines, tidying drafts."""

from flask import Flask

from app.jobs import commands


def init_app(app: Flask) -> None:
    """Register the commands that run the work."""
    for command in commands.COMMANDS:
        app.cli.add_command(command)
