"""Commands of operators: deadlines, the transition table, setting up, seeding, roles, accounts, simulation."""

from flask import Flask

from app.cli import accounts, setting_up, simulation, transitions, working_time


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (
        working_time.commands,
        transitions.command,
        simulation.command,
        *setting_up.COMMANDS,
        *accounts.COMMANDS,
    ):
        app.cli.add_command(command)
