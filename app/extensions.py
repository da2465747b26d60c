"""Objects shared by the floors above: database, mail, AppBuilder, CSRF, migrations, settings of the app."""

from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.base import SQLA
from flask_mail import Mail
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from sqlalchemy import event

from app.models.base import Model

db = SQLA(model_class=Model)
mail = Mail()
migrate = Migrate(render_as_batch=True, compare_type=True)
csrf = CSRFProtect()


def new_appbuilder() -> AppBuilder:
    """A fresh AppBuilder: one object serves one app, and tests make several apps."""
    return AppBuilder()


def config(name: str) -> Any:
    """A value of the running app's configuration, for services that must not see Flask."""
    return current_app.config[name]


def init_app(app: Flask) -> None:
    """Connect database, migrations, mail and CSRF protection to the app."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(app.root_path).parent / "migrations"))
    mail.init_app(app)
    csrf.init_app(app)
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        with app.app_context():
            event.listen(db.engine, "connect", _prepare_sqlite)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Foreign keys on, readers beside one writer, and a writer that waits instead of failing."""
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "busy_timeout=10000", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
