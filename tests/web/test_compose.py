"""Composing and sending a dossier on the pages, without JavaScript, and as those who must not."""

import re
from datetime import date

import pytest

from app.domain.states import State
from app.extensions import db
from app.models.dossier import Attachment, Dossier
from app.models.handling import Journal
from app.services import catalogue, compose, organisation, settings
from tests import factories
from tests.web.browsing import enter, file, hidden, post

HTML = b"<!doctype html><html><script>alert(1)</script></html>"
APPLICANT = {
    "kind": "citizen",
    "name": "Nguyễn Thị Minh Hằng",
    "personal_id": "022185001234",
    "phone": "0912 345 678",
    "address": "Tổ 3, khu 5",
    "email": "hang@example.com",
    "request_summary": "Mở cửa hàng",
}


@pytest.fixture
def browser(login):
    return enter(login, factories.citizen())


@pytest.fixture
def stranger(login):
    return enter(login, factories.citizen(1))


def picture_of(dossier_id: int) -> list[object]:
    """Everything an attack on a draft could change."""
    db.session.expire_all()
    row = db.session.get_one(Dossier, dossier_id)
    scans = [(a.id, a.page_order, a.file_id) for d in row.documents for a in d.attachments]
    rows = db.session.scalar(db.select(db.func.count(Journal.id)))
    return [row.version, row.state, row.return_place_id, row.applicant_name, row.truth_declared_at, scans, rows]


def send_form(browser, dossier_id: int) -> dict[str, str]:
    page = browser.get(f"/ho-so/{dossier_id}/kiem-tra").text
    names = ("csrf_token", "version", "idempotency_key")
    return {name: hidden(page, name) for name in names} | {"truth": "y"}


# -- the way of a citizen ----------------------------------------------------------------------------------


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
    for page in ("soan", "kiem-tra", "soan/nguoi-nop", "soan/noi-nhan", f"soan/giay-to/{document}", "huy-nhap"):
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


# -- what is typed and picked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", " ", "Nhập họ và tên"),
        ("phone", "12345", "số điện thoại"),
        ("personal_id", "12", "chữ số"),
        ("email", "hang@", "thư điện tử"),
        ("representative_phone", "x", "số điện thoại"),
    ],
)
def test_a_refused_applicant_keeps_everything_that_was_typed(browser, field, typed, words):
    made = factories.draft(by=factories.citizen())
    before = picture_of(made.id)
    answer = post(browser, f"/ho-so/{made.id}/soan/nguoi-nop", **APPLICANT | {"name": "Đỗ Văn Mới"} | {field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-loi"' in answer.text
    assert words in answer.text
    assert "Mở cửa hàng" in answer.text
    assert field == "name" or "Đỗ Văn Mới" in answer.text
    assert picture_of(made.id) == before


def test_a_kind_of_applicant_that_does_not_exist_is_refused(browser):
    made = factories.draft(by=factories.citizen())
    before = picture_of(made.id)
    assert post(browser, f"/ho-so/{made.id}/soan/nguoi-nop", **APPLICANT | {"kind": "king"}).status_code == 422
    assert picture_of(made.id) == before


def test_names_are_shown_as_they_are_typed_and_never_run(browser):
    made = factories.complete_draft(by=factories.citizen())
    evil = "<script>alert(1)</script> \"'{{7*7}}"
    post(browser, f"/ho-so/{made.id}/soan/nguoi-nop", **APPLICANT | {"name": evil, "request_summary": evil, "address": evil})
    for page in ("soan", "soan/nguoi-nop", "kiem-tra"):
        text = browser.get(f"/ho-so/{made.id}/{page}").text
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text
        assert "{{7*7}}" in text


def test_files_that_open_stay_and_those_that_do_not_are_named(browser):
    made = factories.draft(by=factories.citizen())
    page = f"/ho-so/{made.id}/soan/giay-to/{made.documents[0].id}"
    picked = [file("trang 1.jpg"), file("trang 2.jpg", HTML), file("trang 3.jpg"), file("trang 4.jpg", b"")]
    answer = post(browser, page, files=picked, act="done")
    assert answer.status_code == 422
    assert "trang 2.jpg: Chỉ nhận PDF và ảnh" in answer.text
    assert "trang 4.jpg: Tệp không có nội dung" in answer.text
    db.session.expire_all()
    assert [a.original_name for a in made.documents[0].attachments] == ["trang 1.jpg", "trang 3.jpg"]


def test_the_same_file_twice_is_refused_by_name(browser):
    made = factories.draft(by=factories.citizen())
    page = f"/ho-so/{made.id}/soan/giay-to/{made.documents[0].id}"
    answer = post(browser, page, files=[file("a.jpg"), file("b.jpg", factories.picture("a.jpg"))], act="save")
    assert "b.jpg: Tệp này đã có" in answer.text
    db.session.expire_all()
    assert len(made.documents[0].attachments) == 1


def test_limits_are_said_before_anybody_picks_a_file(browser):
    made = factories.draft(by=factories.citizen())
    page = browser.get(f"/ho-so/{made.id}/soan/giay-to/{made.documents[0].id}").text
    assert "nhỏ hơn 20 MB và không quá 200 trang" in page


def test_pages_are_put_in_order_and_removed(browser):
    made = factories.draft(by=factories.citizen())
    page = f"/ho-so/{made.id}/soan/giay-to/{made.documents[0].id}"
    post(browser, page, files=[file("1.jpg"), file("trang 2.jpg"), file("trang thu 3.jpg")], act="save")

    def names() -> list[str]:
        db.session.expire_all()
        return [a.original_name for a in made.documents[0].attachments]

    third = next(a.id for a in made.documents[0].attachments if a.original_name == "trang thu 3.jpg")
    post(browser, page, act=f"up:{third}")
    assert names() == ["1.jpg", "trang thu 3.jpg", "trang 2.jpg"]
    post(browser, page, act=f"down:{third}")
    assert names() == ["1.jpg", "trang 2.jpg", "trang thu 3.jpg"]
    post(browser, page, act=f"remove:{third}")
    assert names() == ["1.jpg", "trang 2.jpg"]
    for act in ("turn:1", "up:", "up:abc", "up:99999999999999999999", ":"):
        post(browser, page, act=act)
    assert names() == ["1.jpg", "trang 2.jpg"]


def test_a_file_name_is_one_line_and_never_runs(browser):
    made = factories.draft(by=factories.citizen())
    page = f"/ho-so/{made.id}/soan/giay-to/{made.documents[0].id}"
    post(browser, page, files=[file("<img src=x onerror=alert(1)>.jpg")], act="save")
    text = browser.get(page).text
    assert "<img src=x" not in text


def test_a_request_that_is_too_large_gets_a_page_that_says_what_to_do(app, browser):
    made = factories.draft(by=factories.citizen())
    path, allowed = f"/ho-so/{made.id}/soan/giay-to/{made.documents[0].id}", app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    try:
        answer = browser.post(path, data={"files": file("big.jpg", b"x" * 20_000)})
    finally:
        app.config["MAX_CONTENT_LENGTH"] = allowed
    assert answer.status_code == 413
    assert "chia thành nhiều tệp" in answer.text
    assert db.session.scalar(db.select(db.func.count(Attachment.id))) == 0


def test_a_place_of_another_agency_is_refused(browser):
    made = factories.draft(by=factories.citizen())
    before = picture_of(made.id)
    for place in (organisation.places_of(factories.agency("Cẩm Bình").id)[0].id, 99999, "x", "", "9" * 30):
        assert post(browser, f"/ho-so/{made.id}/soan/noi-nhan", place_id=place).status_code == 404
    assert picture_of(made.id) == before


# -- those who must not -------------------------------------------------------------------------------------


def pages_of(made: Dossier) -> list[str]:
    document = made.documents[0].id
    return ["soan", "soan/noi-nhan", "soan/nguoi-nop", f"soan/giay-to/{document}", "kiem-tra", "loi-hua", "huy-nhap"]


POSTS = ("soan/noi-nhan", "soan/nguoi-nop", "gui", "huy-nhap")


def attack(browser, made: Dossier) -> None:
    """Read and write everything of somebody else's draft."""
    before = picture_of(made.id)
    scan = made.documents[0].attachments[0].id
    for page in [*pages_of(made), "da-gui", ""]:
        answer = browser.get(f"/ho-so/{made.id}/{page}".rstrip("/"))
        assert answer.status_code == 404, page
        assert made.applicant_name not in answer.text
    posts = [*POSTS, f"soan/giay-to/{made.documents[0].id}", "tin-nhan", "rut", "bo-sung"]
    for page in posts:
        data = APPLICANT | {"place_id": made.agency.places[0].id, "truth": "y", "body": "x", "reason": "x"}
        answer = post(browser, f"/ho-so/{made.id}/{page}", **data, files=[file("evil.jpg")], act=f"remove:{scan}")
        assert answer.status_code == 404, page
    assert browser.get(f"/ho-so/tep/{scan}").status_code == 404
    assert picture_of(made.id) == before


def test_another_citizen_finds_nothing_and_changes_nothing(stranger):
    attack(stranger, factories.complete_draft(by=factories.citizen()))


@pytest.mark.parametrize("who", [factories.officer, factories.leader, factories.administrator])
def test_staff_find_nothing_and_change_nothing_in_a_draft(login, who):
    attack(enter(login, who()), factories.complete_draft(by=factories.citizen()))


def test_a_visitor_is_sent_to_log_in_and_changes_nothing(client):
    made = factories.complete_draft(by=factories.citizen())
    before = picture_of(made.id)
    for page in pages_of(made):
        assert client.get(f"/ho-so/{made.id}/{page}").headers["Location"].startswith("/dang-nhap?next=/ho-so/")
    for page in POSTS:
        assert post(client, f"/ho-so/{made.id}/{page}").headers["Location"] == "/dang-nhap"
    assert client.get(f"/ho-so/tep/{made.documents[0].attachments[0].id}").status_code == 302
    assert picture_of(made.id) == before


def test_a_document_of_another_dossier_cannot_be_reached_through_ones_own(stranger):
    theirs = factories.complete_draft(by=factories.citizen())
    own = factories.draft(by=factories.citizen(1))
    before = picture_of(theirs.id)
    page = f"/ho-so/{own.id}/soan/giay-to/{theirs.documents[0].id}"
    assert stranger.get(page).status_code == 404
    assert post(stranger, page, files=[file("x.jpg")], act="save").status_code == 404
    scan = theirs.documents[0].attachments[0].id
    for act in (f"remove:{scan}", f"up:{scan}"):
        assert post(stranger, f"/ho-so/{own.id}/soan/giay-to/{own.documents[0].id}", act=act).status_code == 404
    assert picture_of(theirs.id) == before


def test_a_scan_of_another_document_cannot_be_moved_through_this_one(browser):
    made = factories.complete_draft(by=factories.citizen())
    first, second = made.documents[:2]
    before = picture_of(made.id)
    answer = post(browser, f"/ho-so/{made.id}/soan/giay-to/{first.id}", act=f"remove:{second.attachments[0].id}")
    assert answer.status_code == 404
    assert picture_of(made.id) == before


def test_every_post_needs_the_token(browser):
    made = factories.complete_draft(by=factories.citizen())
    before = picture_of(made.id)
    for page in (*POSTS, f"soan/giay-to/{made.documents[0].id}", "tin-nhan", "rut", "bo-sung"):
        assert browser.post(f"/ho-so/{made.id}/{page}", data=APPLICANT | {"truth": "y"}).status_code == 400, page
    assert picture_of(made.id) == before


def test_an_unknown_key_is_not_found_however_large(browser):
    for number in (0, 99999, 2**63 - 1, 2**63, 10**30):
        for page in ("soan", "kiem-tra", "da-gui", "huy-nhap", "bo-sung", "rut", "ket-qua"):
            assert browser.get(f"/ho-so/{number}/{page}").status_code == 404
        assert browser.get(f"/ho-so/tep/{number}").status_code == 404


def test_reading_pages_changes_nothing(browser):
    made = factories.complete_draft(by=factories.citizen())
    before = picture_of(made.id)
    for page in pages_of(made):
        assert browser.get(f"/ho-so/{made.id}/{page}").status_code == 200, page
    assert picture_of(made.id) == before


def test_composing_pages_carry_no_inline_script_or_style(browser):
    made = factories.complete_draft(by=factories.citizen())
    for page in pages_of(made):
        text = browser.get(f"/ho-so/{made.id}/{page}").text
        assert " style=" not in text
        assert "<script>" not in text


def test_a_document_no_longer_asked_for_but_scanned_stays_reachable(browser):
    made = factories.complete_draft(by=factories.citizen())
    document = made.documents[0]
    ended = {"valid_to": date(2026, 11, 22)}
    catalogue.documents.edit(factories.administrator(), document.required_document_id, ended)
    page = browser.get(f"/ho-so/{made.id}/soan").text
    assert document.name in page
    assert browser.get(f"/ho-so/{made.id}/soan/giay-to/{document.id}").status_code == 200
