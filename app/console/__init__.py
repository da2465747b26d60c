"""Door for administrators: the technical tables, on Flask-Admin. Read-mostly; same log-in, same language."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_appbuilder import AppBuilder

from app.console.base import Home
from app.console.tables import TABLES
from app.extensions import db


def init_app(app: Flask, appbuilder: AppBuilder) -> None:  # noqa: ARG001 - the signature of every door
    """Register the console under /console/."""
    console = Admin(
        app,
        name=app.config["APP_NAME"],
        theme=Bootstrap4Theme(base_template="layouts/staff.html"),
        index_view=Home(),
        url="/console",
    )
    for table in TABLES:
        console.add_view(table(db))
