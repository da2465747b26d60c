"""Alembic's environment: runs inside `flask db …`, on the app's database."""

import logging
from logging.config import fileConfig

from alembic import context
from flask import current_app

from app.models import search_index

context.config.set_main_option("sqlalchemy.url", "")
if context.config.config_file_name:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)
logger = logging.getLogger("alembic.env")


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our own column types as the plain types they store, so that old migrations stay true."""
    name = type(item).__name__
    if kind == "type" and name == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Pass over what models cannot say: the index of texts."""
    return not (kind in {"table", "index"} and search_index.is_ours(name))


def run() -> None:
    """Upgrade or downgrade with a lock timeout, so that a migration never blocks the counters for long."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        options = dict(current_app.extensions["migrate"].configure_args)
        context.configure(
            connection=connection,
            target_metadata=current_app.extensions["migrate"].db.metadata,
            render_item=render_item,
            include_name=include_name,
            **options,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            context.run_migrations()


run()
