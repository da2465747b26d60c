"""Pages for people: public pages, the workspace of officers, departments, leaders and administrators."""

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_bootstrap import Bootstrap5

from app import extensions
from app.web import (
    accounts,
    administration,
    answering,
    apologies,
    appraisal,
    boards,
    calendar,
    catalogue,
    compose,
    counter,
    dossier_list,
    dossiers,
    expectations,
    failures,
    figure_pages,
    files,
    formats,
    handling,
    headers,
    hours,
    inbox,
    my_day,
    news,
    news_admin,
    officer_questions,
    organisation,
    papers,
    public,
    question_admin,
    questions,
    registers,
    reports,
    rollout_matrix,
    satisfaction,
    settings,
    shell,
    staff,
    staff_files,
    survey,
    tracking,
    violations,
    wording,
)

MODULES = (
    accounts,
    public,
    expectations,
    compose,
    answering,
    tracking,
    files,
    questions,
    survey,
    news,
    inbox,
    my_day,
    dossiers,
    dossier_list,
    staff_files,
    handling,
    counter,
    appraisal,
    violations,
    papers,
    registers,
    apologies,
    reports,
    officer_questions,
    boards,
    figure_pages,
    satisfaction,
    administration,
    catalogue,
    organisation,
    rollout_matrix,
    calendar,
    hours,
    staff,
    news_admin,
    question_admin,
    settings,
)
"""Every module of pages; each registers its views."""


def init_app(app: Flask) -> AppBuilder:
    """Create this app's AppBuilder and register every page."""
    headers.init_app(app)
    formats.init_app(app)
    failures.init_app(app)
    Bootstrap5().init_app(app)
    appbuilder = extensions.new_appbuilder()
    appbuilder.indexview = public.HomeView
    appbuilder.init_app(app, extensions.db.session)  # type: ignore[arg-type]
    wording.init_app(app)  # after Babel, which FAB makes
    shell.init_app(app)
    for module in MODULES:
        module.register(appbuilder)
    return appbuilder
