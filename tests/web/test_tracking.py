"""Following a dossier on its own page, and withdrawing it."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from app.domain.states import State
from app.extensions import db
from app.models.handling import SupplementItem
from app.services import attachments
from tests import factories
from tests.web.browsing import enter, post, press_form, stored

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def browser(login):
    return enter(login, factories.citizen())


@pytest.fixture
def stranger(login):
    return enter(login, factories.citizen(1))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.SUBMITTED, ("Cán bộ tiếp nhận chậm nhất <b>09:20 thứ Tư, 25/11/2026</b>", "Chưa cần làm gì")),
        (State.SUPPLEMENT_REQUESTED, ("Hồ sơ chờ ông, bà bổ sung", "Ảnh bị mờ", "Gửi bổ sung trước")),
        (
            State.RECEIVED,
            ("Hồ sơ đã được tiếp nhận", "Kết quả có chậm nhất <b>17:00 thứ Sáu, 27/11/2026</b>"),
        ),
        (State.IN_APPRAISAL, ("Phòng Tài chính - Kế hoạch đang thẩm định", "Kết quả có chậm nhất")),
        (State.INFORMATION_REQUESTED, ("Hồ sơ chờ ông, bà bổ sung", "Thời hạn giải quyết tạm dừng")),
        (State.AWAITING_APPROVAL, ("Hồ sơ chờ lãnh đạo phê duyệt", "Đang giữ hồ sơ: Lãnh đạo")),
        (State.DECIDED, ("Đã có kết quả, cán bộ đang chuẩn bị trả",)),
        (
            State.RESULT_READY,
            ("Mời ông, bà đến nhận", "Mang theo", "Căn cước của người đến nhận", "100.000 đồng"),
        ),
        (State.RETURNED, ("Đã trả kết quả", "Xem bản kết quả", "Đã nộp")),
        (
            State.VOIDED,
            (
                "Kết quả đã bị hủy, không còn giá trị",
                "Giấy tờ không đúng",
                "không thể khôi phục",
                "khiếu nại",
            ),
        ),
    ],
)
def test_the_page_says_where_the_dossier_is_until_when_and_what_to_do(browser, state, words):
    made = factories.WALKS[state]()
    answer = browser.get(f"/ho-so/{made.id}")
    assert answer.status_code == 200
    for expected in words:
        assert expected in answer.text, expected
    assert " style=" not in answer.text
    assert answer.text.count('aria-current="step"') == (0 if state is State.RETURNED else 1)


@pytest.mark.parametrize("key", ["refuse", "stop"])
def test_a_dossier_that_ended_early_says_why(browser, key):
    made = factories.submitted() if key == "refuse" else factories.in_appraisal()
    by = factories.officer() if key == "refuse" else factories.leader()
    factories.press(by, made, key, f"Không đúng thẩm quyền {EVIL}")
    page = browser.get(f"/ho-so/{made.id}").text
    assert "Không đúng thẩm quyền" in page
    assert EVIL not in page
    assert "gửi hồ sơ mới" in page


def test_a_denied_dossier_asks_for_no_originals_and_no_fee(browser):
    made = factories.result_ready(denied=True)
    page = browser.get(f"/ho-so/{made.id}").text
    assert "Ngành nghề cấm kinh doanh" in page
    assert "Không phải nộp phí" in page
    assert "Mang theo" not in page


def test_the_deadline_is_counted_day_by_day_and_names_the_day_off(browser):
    page = browser.get(f"/ho-so/{factories.submitted().id}").text
    assert "Vì sao có hạn này?" in page
    assert "Thứ Ba, 24/11/2026" in page
    assert "8 giờ" in page


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (
            State.SUBMITTED,
            "Hạn tiếp nhận là <b>09:20 thứ Tư, 25/11/2026</b>, nay đã quá hạn",
        ),
        (
            State.RECEIVED,
            "Hạn có kết quả là <b>17:00 thứ Sáu, 27/11/2026</b>, nay đã quá hạn",
        ),
        (State.IN_APPRAISAL, "nay đã quá hạn"),
        (State.AWAITING_APPROVAL, "nay đã quá hạn"),
        (State.DECIDED, "nay đã quá hạn"),
    ],
)
def test_nothing_is_promised_for_a_moment_that_has_passed(login, client, moment, state, said):
    made = factories.WALKS[state]()
    moment.shift(timedelta(days=30))
    own = enter(login, factories.citizen())
    for page in (own.get(f"/ho-so/{made.id}"), client.get(f"/tra-cuu/{made.secret}")):
        assert said in page.text
        assert "chậm nhất <b>" not in page.text
    mine = own.get("/ho-so-cua-toi").text
    assert "Quá hạn từ " in mine
    assert "chậm nhất" not in mine


def test_the_list_shows_own_dossiers_and_nobody_elses(browser, stranger):
    made, draft = factories.submitted(), factories.draft()
    page = browser.get("/ho-so-cua-toi").text
    assert f'href="/ho-so/{made.id}"' in page
    assert f'href="/ho-so/{draft.id}/soan"' in page
    assert "Tiếp nhận chậm nhất 09:20 thứ Tư, 25/11/2026" in page
    assert "/ho-so/" not in stranger.get("/ho-so-cua-toi").text.split("<main")[1].split("</main>")[0]


def test_a_draft_has_its_own_pages(browser):
    made = factories.draft()
    assert browser.get(f"/ho-so/{made.id}").headers["Location"] == f"/ho-so/{made.id}/soan"


def test_withdrawing_says_what_it_means_and_needs_a_reason(browser):
    made = factories.submitted()
    path = f"/ho-so/{made.id}/rut"
    assert "Không thể khôi phục hồ sơ đã rút" in browser.get(path).text
    answer = browser.post(path, data=press_form(browser, path) | {"reason": "  "})
    assert answer.status_code == 422
    assert "Ghi lý do trước khi chọn “Rút hồ sơ”" in answer.text
    assert factories.reload(made).state is State.SUBMITTED
    form = press_form(browser, path) | {"reason": "Đổi địa điểm"}
    for _ in range(2):
        assert browser.post(path, data=form).headers["Location"] == f"/ho-so/{made.id}"
    assert factories.reload(made).state is State.WITHDRAWN
    assert "Ông, bà đã rút hồ sơ" in browser.get(f"/ho-so/{made.id}").text


def test_a_dossier_changed_meanwhile_is_not_withdrawn_by_an_old_page(browser):
    made = factories.submitted()
    path = f"/ho-so/{made.id}/rut"
    form = press_form(browser, path) | {"reason": "Đổi địa điểm"}
    factories.look_at_all(made)
    factories.press(factories.officer(), made, "receive")
    answer = browser.post(path, data=form)
    assert answer.status_code == 422
    assert "Người khác vừa cập nhật" in answer.text
    assert "Đổi địa điểm" in answer.text
    assert factories.reload(made).state is State.RECEIVED


def test_a_decided_dossier_can_no_longer_be_withdrawn(browser):
    made = factories.decided()
    before = stored(made)
    assert "Rút hồ sơ" not in browser.get(f"/ho-so/{made.id}").text
    assert browser.get(f"/ho-so/{made.id}/rut").headers["Location"] == f"/ho-so/{made.id}"
    assert post(browser, f"/ho-so/{made.id}/rut", reason="x").headers["Location"] == f"/ho-so/{made.id}"
    assert stored(made) == before


@pytest.mark.parametrize(
    "who", [lambda: factories.citizen(1), factories.officer, factories.leader, factories.administrator]
)
def test_nobody_else_reads_or_writes_on_the_citizens_pages(login, who):
    made = factories.supplement_requested()
    item = db.session.scalars(db.select(SupplementItem)).one()
    browser = enter(login, who())
    before = stored(made)
    for page in ("", "/da-gui", "/rut", "/bo-sung", "/ket-qua"):
        answer = browser.get(f"/ho-so/{made.id}{page}")
        assert answer.status_code == 404, page
        assert made.applicant_name not in answer.text
    for page in ("tin-nhan", "rut", "bo-sung", "gui", "huy-nhap"):
        data = {"body": "x", "reason": "x", f"answer-{item.id}": "x", "act": "send", "truth": "y"}
        assert post(browser, f"/ho-so/{made.id}/{page}", **data).status_code == 404, page
    assert stored(made) == before


def test_the_page_asks_the_database_as_often_for_many_scans_as_for_few(app, browser):
    made = factories.complete_draft()
    for document in made.documents:
        for number in range(3):
            name = f"{document.ordinal} " * (number + 1)
            attachments.add(
                factories.citizen(), document.id, f"{name}.jpg", factories.picture(f"{made.id} {name}")
            )
    factories.press(factories.citizen(), made, "submit")
    few = queries(browser, f"/ho-so/{factories.submitted().id}")
    assert queries(browser, f"/ho-so/{made.id}") <= few <= 30


def queries(browser, path: str) -> int:
    asked = []

    def note(*arguments: object) -> None:
        asked.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)
