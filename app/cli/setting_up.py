"""`flask set-up`, `flask seed`, `flask sync-roles`: from an empty database to a service that can open."""

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext

from app.extensions import db
from app.models import search_index
from app.services import counting, roles, startup

DEMO = click.option("--demo/--no-demo", default=True, help="With or without demo accounts and dossiers.")


@click.command("set-up")
@DEMO
@with_appcontext
def set_up(demo: bool) -> None:
    """Bring the database up to date, make the permissions, load the city's data; harmless to repeat."""
    _refuse_demo(demo)
    _mend()
    flask_migrate.upgrade()
    _index_texts()
    _sync()
    _seed(demo)
    startup.refuse_if_unsafe()


@click.command()
@DEMO
@with_appcontext
def seed(demo: bool) -> None:
    """Load the city's data from seed/*.csv; what is there already stays. Roles are synced, or nobody could act."""
    _refuse_demo(demo)
    _sync()
    _seed(demo)


@click.command("sync-roles")
@with_appcontext
def sync_roles() -> None:
    """Derive permissions and roles from the transition table and the grants; add and take away."""
    _sync()


@click.command("reorganise")
@with_appcontext
def reorganise() -> None:
    """Load the wards and communes of 2024-25 beside those of 2016: validity dates and successors."""
    from seed import load  # noqa: PLC0415 - the loader is heavy and only these commands need it

    load.reorganise()


def _mend() -> None:
    """A simulation that was killed left the database without its indexes."""
    from seed.simulation import scaffold  # noqa: PLC0415 - only these commands need it

    for thing in scaffold.mend(db.engine):
        click.echo(thing)


def _index_texts() -> None:
    """Once more, for a database whose user could not do it in the migration."""
    with db.engine.begin() as connection:
        if not search_index.make(connection):
            click.echo(search_index.MISSING, err=True)


def _sync() -> None:
    appbuilder = current_app.appbuilder  # type: ignore[attr-defined]
    for name in (appbuilder.sm.auth_role_admin, appbuilder.sm.auth_role_public):
        appbuilder.sm.add_role(name)  # FAB hangs its permissions on them; nobody has these roles
    appbuilder.add_permissions(update_perms=True)
    counts = roles.sync()
    click.echo("roles: " + ", ".join(f"{number} {what}" for what, number in counts.items()))


def _seed(demo: bool) -> None:
    from seed import load  # noqa: PLC0415 - the loader is heavy and only these commands need it

    load.run(demo=demo)
    if filled := counting.fill_missing():
        click.echo(f"figures: {filled} dossiers of before counted")


def _refuse_demo(demo: bool) -> None:
    if demo and not current_app.config["DEMO_ACCOUNTS_ALLOWED"]:
        raise click.UsageError("demo accounts have public passwords: in production use --no-demo")


COMMANDS = (set_up, seed, sync_roles, reorganise)
