"""Pages for people: public pages, the workspace of officers, departments, leaders and administrators."""

import importlib
import logging

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_bootstrap import Bootstrap5

from app import extensions
from app.web import failures, formats, headers, shell, wording

# WHILE THE PAGE MODULES ARE BEING WRITTEN: those that cannot be imported yet are left out, with a warning.
# To be replaced by plain imports.
NAMES = (
    "accounts public compose answering tracking files questions inbox dossiers dossier_list staff_files handling counter appraisal violations officer_questions administration catalogue "
    "organisation calendar staff news news_admin settings"
).split()


def _present() -> list:
    found = []
    for name in NAMES:
        try:
            module = importlib.import_module(f"app.web.{name}")
            module.register  # noqa: B018
            found.append(module)
        except (ImportError, AttributeError, SyntaxError) as error:
            logging.getLogger(__name__).warning("page module %s left out: %s", name, error)
    return found


def init_app(app: Flask) -> AppBuilder:
    """Create this app's AppBuilder and register every page."""
    headers.init_app(app)
    formats.init_app(app)
    failures.init_app(app)
    wording.use_our_catalogue()
    Bootstrap5().init_app(app)
    modules = _present()
    appbuilder = extensions.new_appbuilder()
    for module in modules:
        if hasattr(module, "HomeView"):
            appbuilder.indexview = module.HomeView
    appbuilder.init_app(app, extensions.db.session)
    shell.init_app(app)
    for module in modules:
        module.register(appbuilder)
    return appbuilder
