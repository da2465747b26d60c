"""Pages for people: public pages, the workspace of officers, departments, leaders and administrators."""

from flask import Flask
from flask_appbuilder import AppBuilder

from app import extensions


def init_app(app: Flask) -> AppBuilder:
    """Create this app's AppBuilder and register every page."""
    appbuilder = extensions.new_appbuilder()
    appbuilder.init_app(app, extensions.db.session)
    return appbuilder
