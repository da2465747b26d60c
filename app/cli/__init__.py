"""Commands of operators: deadlines, the transition table, setting up, seeding, roles."""

from flask import Flask

from app.cli.setting_up import seed, set_up, sync_roles
from app.cli.transitions import transitions
from app.cli.working_time import working_time


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (working_time, transitions, set_up, seed, sync_roles):
        app.cli.add_command(command)
