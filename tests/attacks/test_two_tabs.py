"""One citizen, two tabs: what the second tab read before the first one wrote must not decide."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from app.domain.errors import NotFound
from app.extensions import db
from app.models.dossier import Attachment
from app.services import access, attachments, compose
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def in_another_tab(app):
    """Do something in a request of its own, while this one keeps what it has read."""

    def run(verb):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(_in_context, app, verb).result()

    return run


def _in_context(app, verb):
    with app.app_context():
        try:
            return verb()
        finally:
            db.session.remove()


def orders(document_id):
    db.session.rollback()
    db.session.expire_all()
    query = db.select(Attachment.page_order).where(Attachment.document_id == document_id)
    return sorted(db.session.scalars(query))


def read_before(actor, draft):
    """The document with its scans, as a page reads them before its form is carried out."""
    document = access.document_for(actor, draft.documents[0].id)
    assert len(document.attachments) == 1
    db.session.commit()
    assert len(document.attachments) == 1
    return document


def test_a_scan_added_in_another_tab_is_counted(in_another_tab):
    actor, draft = make.citizen(), make.complete_draft()
    document = read_before(actor, draft)
    document_id = document.id
    in_another_tab(lambda: attachments.add(actor, document_id, "b.jpg", make.picture("b")) and None)
    attachments.add(actor, document_id, "c.jpg", make.picture("c"))
    assert orders(document_id) == [1, 2, 3]


@pytest.mark.parametrize("verb", [attachments.remove, lambda a, i: attachments.move(a, i, up=True)])
def test_a_scan_removed_in_another_tab_is_not_there(in_another_tab, verb):
    actor, draft = make.citizen(), make.complete_draft()
    document = read_before(actor, draft)
    document_id, scan_id = document.id, document.attachments[0].id
    in_another_tab(lambda: attachments.remove(actor, scan_id))
    with pytest.raises(NotFound):
        verb(actor, scan_id)
    assert orders(document_id) == []


def test_eight_uploads_at_one_moment_are_eight_pages(app):
    actor, draft = make.citizen(), make.complete_draft()
    document_id, begin = draft.documents[0].id, Barrier(8)
    db.session.rollback()

    def upload(number):
        access.document_for(actor, document_id).attachments  # noqa: B018 - the page reads them
        begin.wait(10)
        attachments.add(actor, document_id, f"{number}.jpg", make.picture(f"tab {number}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: _in_context(app, lambda: upload(number)), range(8)))
    assert orders(document_id) == list(range(1, 10))


def test_a_double_click_on_begin_opens_one_draft(app, monkeypatch):
    actor, agency_id, together = make.citizen(), make.agency("").id, Barrier(2)
    db.session.rollback()
    look = compose._untouched

    def looking(*args):
        found = look(*args)
        with suppress(BrokenBarrierError):
            together.wait(1)  # whoever is not kept out by a lock has looked by now, and found nothing
        return found

    monkeypatch.setattr(compose, "_untouched", looking)

    def begin(_click):
        return _in_context(app, lambda: compose.start(actor, make.HOUSEHOLD_BUSINESS, agency_id).id)

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(begin, range(2)))) == 1
