"""`flask create-administrator`, `flask set-password`: the first account of a new service, and the way back in."""

import click
from flask.cli import with_appcontext

from app.domain.errors import DomainError
from app.domain.roles import SYSTEM, Role
from app.reasons import words
from app.services import account_rows, accounts, organisation, staff

PASSWORD = click.option(
    "--password",
    prompt="Password",
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when not given.",
)


@click.command("create-administrator")
@click.argument("username")
@click.option("--name", prompt="Full name", help="Family name first, as in Vietnamese.")
@click.option("--email", prompt="E-mail")
@click.option(
    "--unit", default="195", show_default=True, help="GSO code of the unit whose agency it belongs to."
)
@PASSWORD
@with_appcontext
def create_administrator(username: str, name: str, email: str, unit: str, password: str) -> None:
    """Make an administrator's account: the first of a service set up without demo accounts."""
    try:
        agency = organisation.agency_of_code(unit)
        account = staff.StaffAccount(
            username=username, full_name=name, email=email, role=Role.ADMINISTRATOR, agency_id=agency.id
        )
        staff.create_staff(SYSTEM, account, password)
    except DomainError as error:
        raise click.ClickException(words(error)) from error
    click.echo(f"administrator: {username}")


@click.command("set-password")
@click.argument("login")
@PASSWORD
@with_appcontext
def set_password(login: str, password: str) -> None:
    """Give an account (log-in name or mail address) a new password; its sessions end."""
    profile = account_rows.by_login(login)
    if profile is None:
        raise click.ClickException(f"there is no account {login}")
    try:
        accounts.set_password(profile.user_id, password)
    except DomainError as error:
        raise click.ClickException(words(error)) from error
    click.echo(f"password set: {login}")


COMMANDS = (create_administrator, set_password)
