"""What the tests of the administrator's pages share: logging in by role, and attacks on every address."""

import re

import sqlalchemy as sa

from app.extensions import db
from app.models.handling import Journal
from tests import factories

OTHERS = ("tiepnhan", "taichinh", "lanhdao1", "congdan1")
"""A person of every role that is no administrator."""


def token(browser):
    """The CSRF token of this browser's session."""
    return factories.csrf_token(browser.get("/tra-cuu").text)


def post(browser, path, /, **data):
    """Post a form with its token."""
    return browser.post(path, data={"csrf_token": token(browser), **data})


def hidden(page, name):
    """The value of a hidden field."""
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def edit(browser, path, /, **data):
    """Post the form of a row as its page gave it."""
    return post(browser, path, dau_van=hidden(browser.get(path).text, "dau_van"), **data)


def stored(model, **named):
    """One row as it is in the database now, or None."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(model).filter_by(**named)).one_or_none()


def picture(*models):
    """All rows of these tables and the number of journal rows: what an attack could change."""
    db.session.rollback()
    db.session.expire_all()
    tables = [db.session.execute(sa.select(*m.__table__.columns).order_by(m.id)).all() for m in models]
    return [*tables, db.session.scalar(sa.select(sa.func.count(Journal.id)))]


def keys():
    """The keys of the journal, oldest first."""
    return db.session.scalars(sa.select(Journal.key).order_by(Journal.id)).all()
