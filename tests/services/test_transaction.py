"""One verb, one transaction: all of it or nothing, also for a verb that calls a verb."""

import pytest
import sqlalchemy as sa

from app.domain.errors import Conflict
from app.extensions import db
from app.models.outbox import NewsItem
from app.services.transaction import transaction, unique_or
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def notice(title):
    db.session.add(NewsItem(title=title, body="…"))


def titles():
    db.session.rollback()
    query = sa.select(NewsItem.title).where(NewsItem.body == "…").order_by(NewsItem.id)
    return list(db.session.scalars(query))


def inner(title, error=None):
    with transaction():
        notice(title)
        if error:
            raise error


def test_what_a_verb_did_is_stored_at_its_end():
    inner("một")
    assert titles() == ["một"]


def test_an_error_takes_everything_back_also_what_a_called_verb_did():
    with pytest.raises(ZeroDivisionError), transaction():
        inner("một")
        notice("hai")
        raise ZeroDivisionError
    assert titles() == []


def test_an_error_of_a_called_verb_takes_the_callers_work_back():
    with pytest.raises(ZeroDivisionError), transaction():
        notice("một")
        inner("hai", ZeroDivisionError())
    assert titles() == []


def test_after_an_error_the_next_verb_is_a_transaction_of_its_own():
    with pytest.raises(ZeroDivisionError):
        inner("một", ZeroDivisionError())
    inner("hai")
    assert titles() == ["hai"]


def test_a_row_that_somebody_else_changed_is_a_conflict():
    dossier = make.draft()
    assert dossier.version > 0  # read before the other changes it
    with pytest.raises(Conflict, match="stale_version"), transaction() as session:
        notice("một")
        session.execute(sa.text("UPDATE dossier SET version = version + 1"))
        dossier.request_summary = "khác"
    assert titles() == []
    assert make.reload(dossier).request_summary == ""


def test_a_row_that_is_there_already_is_the_refusal_given_and_the_rest_is_kept():
    table = sa.Table("mot_lan", sa.MetaData(), sa.Column("so", sa.Integer, primary_key=True))
    table.create(db.session.connection())
    db.session.commit()
    with transaction() as session:
        notice("một")
        session.execute(table.insert().values(so=1))
        with pytest.raises(Conflict, match="day_there_already"), unique_or(Conflict("day_there_already")):
            session.execute(table.insert().values(so=1))
    assert titles() == ["một"]
