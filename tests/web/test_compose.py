"""Composing and sending a dossier on the pages, without JavaScript."""

import re

import pytest

from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import Journal
from app.services import compose, settings
from tests import factories
from tests.web.browsing import APPLICANT, enter, file, hidden, picture_of, post


@pytest.fixture
def browser(login):
    return enter(login, factories.citizen())


def send_form(browser, dossier_id: int) -> dict[str, str]:
    page = browser.get(f"/ho-so/{dossier_id}/kiem-tra").text
    names = ("csrf_token", "version", "idempotency_key")
    return {name: hidden(page, name) for name in names} | {"truth": "y"}


# -- the way of a citizen --------------------------------------------------------------------------


def test_a_dossier_is_composed_and_sent_without_javascript(browser):
    start = post(browser, "/thu-tuc/HKD-01/nop", agency_id=factories.agency().id)
    soan = start.headers["Location"]
    root = soan.removesuffix("/soan")
    assert "Chưa thể làm" in browser.get(soan).text
    assert post(browser, f"{soan}/nguoi-nop", **APPLICANT).headers["Location"] == soan
    place = factories.agency().places[0]
    assert post(browser, f"{soan}/noi-nhan", place_id=place.id).headers["Location"] == soan
    for link in re.findall(rf'href="({soan}/giay-to/\d+)"', browser.get(soan).text)[:2]:
        answer = post(browser, link, files=[file("a.jpg"), file("b.jpg")], act="done")
        assert answer.headers["Location"] == soan
    assert "4 trên 4 mục đã xong" in browser.get(soan).text
    dossier_id = int(root.rsplit("/", 1)[1])
    check = browser.get(f"{root}/kiem-tra").text
    assert "chậm nhất <b>09:20 thứ Tư, 25/11/2026</b>" in check
    assert "Ngày Văn hóa" in check or "24/11/2026" in check
    answer = browser.post(f"{root}/gui", data=send_form(browser, dossier_id))
    assert answer.headers["Location"] == f"{root}/da-gui"
    sent = factories.reload(db.session.get_one(Dossier, dossier_id))
    assert sent.state is State.SUBMITTED
    page = browser.get(f"{root}/da-gui").text
    assert sent.reference.rsplit("-", 1)[1] in page
    assert "data:image/svg+xml" in page
    assert "chậm nhất 09:20 thứ Tư, 25/11/2026" in page


def test_send_stays_locked_with_its_reasons_until_everything_needed_is_there(browser):
    made = factories.draft(by=factories.citizen())
    page = browser.get(f"/ho-so/{made.id}/kiem-tra").text
    assert 'aria-disabled="true" aria-describedby="gui-khoa"' in page
    assert "Còn thiếu giấy tờ bắt buộc: Giấy đề nghị đăng ký hộ kinh doanh" in page
    answer = browser.post(f"/ho-so/{made.id}/gui", data=send_form(browser, made.id))
    assert answer.headers["Location"] == f"/ho-so/{made.id}/kiem-tra?vi=documents_missing"
    assert factories.reload(made).state is State.DRAFT
    assert made.truth_declared_at is None


def test_sending_without_the_declaration_is_refused_at_the_declaration(browser):
    made = factories.complete_draft(by=factories.citizen())
    form = send_form(browser, made.id)
    del form["truth"]
    answer = browser.post(f"/ho-so/{made.id}/gui", data=form, follow_redirects=True)
    assert 'id="truth-loi"' in answer.text
    assert "Đánh dấu cam đoan" in answer.text
    assert factories.reload(made).state is State.DRAFT


def test_a_dossier_without_place_or_telephone_cannot_be_sent(browser):
    made = factories.complete_draft(by=factories.citizen())
    form = send_form(browser, made.id)
    made.return_place_id = None
    db.session.commit()
    form["version"] = str(factories.reload(made).version)
    answer = browser.post(f"/ho-so/{made.id}/gui", data=form, follow_redirects=True)
    assert "Chọn nơi gửi hồ sơ và nhận kết quả" in answer.text
    made.return_place_id, made.applicant_phone = made.agency.places[0].id, ""
    db.session.commit()
    form["version"] = str(factories.reload(made).version)
    answer = browser.post(f"/ho-so/{made.id}/gui", data=form, follow_redirects=True)
    assert "Điền họ tên, điện thoại và thư điện tử" in answer.text
    assert factories.reload(made).state is State.DRAFT


def test_a_double_click_on_send_ends_twice_on_the_confirmation_of_one_dossier(browser):
    made = factories.complete_draft(by=factories.citizen())
    form = send_form(browser, made.id)
    answers = [browser.post(f"/ho-so/{made.id}/gui", data=form) for _ in range(2)]
    assert [a.headers["Location"] for a in answers] == [f"/ho-so/{made.id}/da-gui"] * 2
    assert db.session.scalar(db.select(db.func.count(Dossier.id))) == 1
    assert db.session.scalar(db.select(db.func.count(Journal.id)).where(Journal.key == "submit")) == 1


def test_the_back_button_after_send_leads_to_the_sent_dossier(browser):
    made = factories.complete_draft(by=factories.citizen())
    old, stale_tab = send_form(browser, made.id), send_form(browser, made.id)
    browser.post(f"/ho-so/{made.id}/gui", data=old)
    answer = browser.post(f"/ho-so/{made.id}/gui", data=stale_tab)
    assert answer.headers["Location"] == f"/ho-so/{made.id}/da-gui"
    document = made.documents[0].id
    for page in (
        "soan",
        "kiem-tra",
        "soan/nguoi-nop",
        "soan/noi-nhan",
        f"soan/giay-to/{document}",
        "huy-nhap",
    ):
        assert browser.get(f"/ho-so/{made.id}/{page}").headers["Location"] == f"/ho-so/{made.id}"
    before = picture_of(made.id)
    for page in ("soan/nguoi-nop", "soan/noi-nhan", f"soan/giay-to/{document}", "huy-nhap"):
        answer = post(browser, f"/ho-so/{made.id}/{page}", **APPLICANT, files=[file("neu.jpg")], act="save")
        assert answer.headers["Location"] == f"/ho-so/{made.id}"
    assert picture_of(made.id) == before


def test_a_change_in_another_tab_is_shown_before_sending(browser):
    made = factories.complete_draft(by=factories.citizen())
    form = send_form(browser, made.id)
    compose.choose_place(factories.citizen(), made.id, made.agency.places[0].id)
    answer = browser.post(f"/ho-so/{made.id}/gui", data=form, follow_redirects=True)
    assert "Người khác vừa cập nhật" in answer.text
    assert factories.reload(made).state is State.DRAFT
    again = {name: hidden(answer.text, name) for name in ("csrf_token", "version", "idempotency_key")}
    assert browser.post(f"/ho-so/{made.id}/gui", data=again | {"truth": "y"}).status_code == 302


def test_a_refusal_in_the_address_of_the_check_shows_only_known_sentences(browser):
    made = factories.complete_draft(by=factories.citizen())
    for forged in ("<script>", "role_may_not", "%00", ""):
        answer = browser.get(f"/ho-so/{made.id}/kiem-tra?vi={forged}")
        assert answer.status_code == 200
        assert "mc-tom-loi" not in answer.text


def test_the_promise_is_counted_by_the_server_at_each_asking(browser, moment):
    made = factories.complete_draft(by=factories.citizen())
    assert "09:20 thứ Tư, 25/11/2026" in browser.get(f"/ho-so/{made.id}/loi-hua").text
    moment.shift(60 * 40)
    assert "10:00 thứ Tư, 25/11/2026" in browser.get(f"/ho-so/{made.id}/loi-hua").text
    settings.change(factories.administrator(), "intake_minutes", "60")
    assert "11:00 thứ Hai, 23/11/2026" in browser.get(f"/ho-so/{made.id}/loi-hua").text


def test_a_discarded_draft_is_gone_after_it_was_said_what_is_lost(browser):
    made = factories.draft(by=factories.citizen())
    page = browser.get(f"/ho-so/{made.id}/huy-nhap").text
    assert "Không thể khôi phục" in page
    names = ("csrf_token", "version", "idempotency_key")
    answer = browser.post(f"/ho-so/{made.id}/huy-nhap", data={name: hidden(page, name) for name in names})
    assert answer.headers["Location"] == "/ho-so-cua-toi"
    assert factories.reload(made).state is State.DISCARDED
    assert browser.get(f"/ho-so/{made.id}").status_code == 404
    assert browser.get(f"/ho-so/{made.id}/da-gui").status_code == 404
    assert f"/ho-so/{made.id}/" not in browser.get("/ho-so-cua-toi").text
