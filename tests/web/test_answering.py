"""Answering a supplement request on the page."""

import pytest

from app.domain.states import State
from app.extensions import db
from app.models.dossier import Attachment
from app.models.handling import ItemKind, Journal, SupplementItem
from app.services import supplements
from tests import factories
from tests.web.browsing import enter, file, post, press_form, stored

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def browser(login):
    return enter(login, factories.citizen())


@pytest.fixture
def stranger(login):
    return enter(login, factories.citizen(1))


def test_a_supplement_is_answered_saved_and_sent_once(browser):
    made = factories.supplement_requested()
    path = f"/ho-so/{made.id}/bo-sung"
    item = db.session.scalars(db.select(SupplementItem)).one()
    page = browser.get(path).text
    assert "Chụp lại trang 1" in page
    saved = {
        f"answer-{item.id}": "Đã chụp lại",
        f"files-{item.id}": [file("trang chup lai.jpg")],
        "act": "save",
    }
    assert browser.post(path, data=press_form(browser, path) | saved).headers["Location"] == path
    assert factories.reload(made).state is State.SUPPLEMENT_REQUESTED
    page = browser.get(path).text
    assert "trang chup lai.jpg" in page
    assert "Đã chụp lại" in page
    form = press_form(browser, path) | {f"answer-{item.id}": "Đã chụp lại", "act": "send"}
    for _ in range(2):
        assert browser.post(path, data=form).headers["Location"] == f"/ho-so/{made.id}"
    assert factories.reload(made).state is State.SUBMITTED
    assert db.session.scalar(db.select(db.func.count(Journal.id)).where(Journal.key == "resubmit")) == 1
    page = browser.get(f"/ho-so/{made.id}").text
    assert "lần gửi 2" in page
    assert "Trả lời: Đã chụp lại" in page


def test_sending_an_incomplete_supplement_is_refused_and_keeps_the_answers(browser):
    made = factories.submitted()
    first, second = made.documents[:2]
    for document in (first, second):
        supplements.add_item(
            factories.officer(), made.id, ItemKind.UNREADABLE, f"Mờ {document.ordinal}", document.id
        )
    factories.press(factories.officer(), made, "request_supplement", "Ảnh mờ")
    one, two = db.session.scalars(db.select(SupplementItem).order_by(SupplementItem.id)).all()
    path = f"/ho-so/{made.id}/bo-sung"
    form = press_form(browser, path) | {
        f"answer-{one.id}": "Xin gửi lại",
        f"answer-{two.id}": "",
        "act": "send",
    }
    answer = browser.post(path, data=form)
    assert answer.status_code == 422
    assert "Còn nội dung chưa bổ sung: Mờ 2" in answer.text
    assert "Xin gửi lại" in answer.text
    assert factories.reload(made).state is State.SUPPLEMENT_REQUESTED


def test_a_refused_file_of_a_supplement_is_named_and_nothing_is_sent(browser):
    made = factories.supplement_requested()
    item = db.session.scalars(db.select(SupplementItem)).one()
    path = f"/ho-so/{made.id}/bo-sung"
    picked = {
        f"files-{item.id}": [file("tot.jpg"), file("xau.jpg", b"<html>")],
        f"answer-{item.id}": "Kèm ảnh",
    }
    answer = browser.post(path, data=press_form(browser, path) | picked | {"act": "send"})
    assert answer.status_code == 422
    assert "xau.jpg: Chỉ nhận PDF" in answer.text
    assert "tot.jpg" in answer.text
    assert "Kèm ảnh" in answer.text
    assert factories.reload(made).state is State.SUPPLEMENT_REQUESTED


def test_new_scans_of_a_supplement_can_be_removed_and_sent_ones_cannot(browser):
    made = factories.supplement_requested()
    item = db.session.scalars(db.select(SupplementItem)).one()
    path, old = f"/ho-so/{made.id}/bo-sung", item.document.attachments[0].id
    before = stored(made)
    answer = post(browser, path, act=f"remove:{old}")
    assert answer.status_code == 422
    assert "Tệp đã gửi được giữ nguyên" in answer.text
    assert stored(made) == before
    post(browser, path, **{f"files-{item.id}": [file("moi moi.jpg")], "act": "save"})
    fresh = db.session.scalars(db.select(Attachment).where(Attachment.supplement_item_id == item.id)).one()
    post(browser, path, act=f"remove:{fresh.id}")
    assert stored(made)[2][3] == before[2][3]


def test_information_asked_for_in_appraisal_is_supplied_on_the_same_page(browser):
    made = factories.information_requested()
    item = db.session.scalars(db.select(SupplementItem)).one()
    path = f"/ho-so/{made.id}/bo-sung"
    assert "Giải trình vốn kinh doanh" in browser.get(path).text
    answer = post(browser, path, **{f"answer-{item.id}": f"Vốn tự có {EVIL}", "act": "send"})
    assert answer.headers["Location"] == f"/ho-so/{made.id}"
    assert factories.reload(made).state is State.IN_APPRAISAL
    assert EVIL not in browser.get(f"/ho-so/{made.id}").text


def test_an_item_of_another_dossier_is_not_touched_by_a_forged_field(browser, stranger):
    theirs = factories.supplement_requested()
    item = db.session.scalars(db.select(SupplementItem)).one()
    document = factories.draft(by=factories.citizen(1)).documents[0]
    own = factories.submitted(by=factories.citizen(1))
    supplements.add_item(factories.officer(), own.id, ItemKind.UNREADABLE, "Mờ", own.documents[0].id)
    factories.press(factories.officer(), own, "request_supplement", "Ảnh mờ")
    before = stored(theirs)
    forged = {f"answer-{item.id}": "của tôi", f"files-{item.id}": [file("evil.jpg")], "act": "save"}
    assert post(stranger, f"/ho-so/{own.id}/bo-sung", **forged).status_code == 302
    scan = item.document.attachments[0].id
    assert post(stranger, f"/ho-so/{own.id}/bo-sung", act=f"remove:{scan}").status_code == 404
    assert stored(theirs) == before
    assert document.attachments == []


def test_without_an_open_request_there_is_nothing_to_answer(browser):
    made = factories.submitted()
    before = stored(made)
    assert browser.get(f"/ho-so/{made.id}/bo-sung").headers["Location"] == f"/ho-so/{made.id}"
    assert post(browser, f"/ho-so/{made.id}/bo-sung", act="send").headers["Location"] == f"/ho-so/{made.id}"
    assert stored(made) == before
