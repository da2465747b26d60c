"""What is typed and picked while composing: kept, refused at its place, never run."""

import pytest

from app.extensions import db
from app.models.dossier import Attachment
from app.services import organisation
from tests import factories
from tests.web.browsing import APPLICANT, enter, file, picture_of, post

HTML = b"<!doctype html><html><script>alert(1)</script></html>"


@pytest.fixture
def browser(login):
    return enter(login, factories.citizen())


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
    answer = post(
        browser, f"/ho-so/{made.id}/soan/nguoi-nop", **APPLICANT | {"name": "Đỗ Văn Mới"} | {field: typed}
    )
    assert answer.status_code == 422
    assert f'id="{field}-loi"' in answer.text
    assert words in answer.text
    assert "Mở cửa hàng" in answer.text
    assert field == "name" or "Đỗ Văn Mới" in answer.text
    assert picture_of(made.id) == before


def test_a_kind_of_applicant_that_does_not_exist_is_refused(browser):
    made = factories.draft(by=factories.citizen())
    before = picture_of(made.id)
    assert (
        post(browser, f"/ho-so/{made.id}/soan/nguoi-nop", **APPLICANT | {"kind": "king"}).status_code == 422
    )
    assert picture_of(made.id) == before


def test_names_are_shown_as_they_are_typed_and_never_run(browser):
    made = factories.complete_draft(by=factories.citizen())
    evil = "<script>alert(1)</script> \"'{{7*7}}"
    post(
        browser,
        f"/ho-so/{made.id}/soan/nguoi-nop",
        **APPLICANT | {"name": evil, "request_summary": evil, "address": evil},
    )
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
    first, second = (a.id for a in made.documents[0].attachments)
    post(browser, page, act=f"to:{second}:1")
    assert names() == ["trang 2.jpg", "1.jpg"]
    post(browser, page, act=f"to:{first}:1")
    for act in (
        "turn:1",
        "up:",
        "up:abc",
        "up:99999999999999999999",
        ":",
        f"to:{first}",
        f"to:{first}:0",
        f"to:{first}:-1",
        f"to:{first}:x",
        "to::2",
        f"to:{first}:99999999999999999999",
    ):
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


def test_what_is_typed_is_saved_before_the_button_is_pressed(browser):
    made = factories.draft(by=factories.citizen())
    path = f"/ho-so/{made.id}/soan/nguoi-nop"
    answer = post(browser, f"{path}/tu-luu", **APPLICANT | {"address": "Tổ 9", "phone": "12"})
    assert (answer.status_code, answer.data) == (204, b"")
    page = browser.get(path).text
    assert 'value="Tổ 9"' in page
    assert 'value="12"' not in page


def test_saving_while_typing_asks_for_everything_that_the_button_asks_for(login, browser, client):
    made = factories.draft(by=factories.citizen())
    path, before = (
        f"/ho-so/{made.id}/soan/nguoi-nop/tu-luu",
        picture_of(made.id)[:-1],
    )  # without the journal: people log in
    assert post(enter(login, factories.citizen(1)), path, **APPLICANT | {"name": "Khác"}).status_code == 404
    assert post(enter(login, factories.officer()), path, **APPLICANT | {"name": "Khác"}).status_code == 404
    assert browser.post(path, data=APPLICANT | {"name": "Khác"}).status_code == 400
    assert browser.get(path).status_code == 405
    assert post(browser, path, kind="martian", name="Khác").status_code == 204
    assert picture_of(made.id)[:-1] == before


def test_a_thumbnail_stands_beside_each_page_and_is_the_citizens_own(login, browser):
    made = factories.draft(by=factories.citizen())
    page = f"/ho-so/{made.id}/soan/giay-to/{made.documents[0].id}"
    post(browser, page, files=[file("1.jpg")], act="save")
    scan = made.documents[0].attachments[0].id
    text = browser.get(page).text
    assert f'src="/ho-so/tep/{scan}/nho"' in text
    assert "Ảnh nhỏ (60 × 80 điểm)" in text
    answer = browser.get(f"/ho-so/tep/{scan}/nho")
    assert answer.content_type == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert enter(login, factories.citizen(1)).get(f"/ho-so/tep/{scan}/nho").status_code == 404
    assert enter(login, factories.officer()).get(f"/ho-so/tep/{scan}/nho").status_code == 404
