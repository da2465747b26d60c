"""Following a dossier on the pages: with an account, with code and four digits, by the secret link."""

import pytest

from app.domain.states import State
from app.extensions import db
from app.models.dossier import Attachment, Dossier
from app.models.handling import ItemKind, Journal, Message, SupplementItem
from app.models.outbox import OutboxMessage
from app.services import attachments, messages, settings, supplements
from tests import factories
from tests.web.browsing import enter, file, hidden, post

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def browser(login):
    return enter(login, factories.citizen())


@pytest.fixture
def stranger(login):
    return enter(login, factories.citizen(1))


def stored(made: Dossier) -> list[object]:
    """Everything an attack on a sent dossier could change."""
    db.session.expire_all()
    row = db.session.get_one(Dossier, made.id)
    counts = [db.session.scalar(db.select(db.func.count(t.id))) for t in (Journal, Message, OutboxMessage, Attachment)]
    answers = db.session.scalars(db.select(SupplementItem.answer)).all()
    return [row.version, row.state, counts, answers]


def press_form(browser, path: str) -> dict[str, str]:
    page = browser.get(path).text
    return {name: hidden(page, name) for name in ("csrf_token", "version", "idempotency_key")}


# -- the dossier's own page --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.SUBMITTED, ("Cán bộ tiếp nhận chậm nhất <b>09:20 thứ Tư, 25/11/2026</b>", "Chưa cần làm gì")),
        (State.SUPPLEMENT_REQUESTED, ("Hồ sơ chờ ông, bà bổ sung", "Ảnh bị mờ", "Gửi bổ sung trước")),
        (State.RECEIVED, ("Hồ sơ đã được tiếp nhận", "Kết quả có chậm nhất <b>17:00 thứ Sáu, 27/11/2026</b>")),
        (State.IN_APPRAISAL, ("Phòng Tài chính - Kế hoạch đang thẩm định", "Kết quả có chậm nhất")),
        (State.INFORMATION_REQUESTED, ("Hồ sơ chờ ông, bà bổ sung", "Thời hạn giải quyết tạm dừng")),
        (State.AWAITING_APPROVAL, ("Hồ sơ chờ lãnh đạo phê duyệt", "Đang giữ hồ sơ: Lãnh đạo")),
        (State.DECIDED, ("Đã có kết quả, cán bộ đang chuẩn bị trả",)),
        (State.RESULT_READY, ("Mời ông, bà đến nhận", "Mang theo", "Căn cước của người đến nhận", "100.000 đồng")),
        (State.RETURNED, ("Đã trả kết quả", "Xem bản kết quả", "Đã nộp")),
        (State.VOIDED, ("Kết quả đã bị hủy, không còn giá trị", "Giấy tờ không đúng", "không thể khôi phục", "khiếu nại")),
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


# -- withdrawing --------------------------------------------------------------------------------------------


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


# -- answering a supplement ---------------------------------------------------------------------------------


def test_a_supplement_is_answered_saved_and_sent_once(browser):
    made = factories.supplement_requested()
    path = f"/ho-so/{made.id}/bo-sung"
    item = db.session.scalars(db.select(SupplementItem)).one()
    page = browser.get(path).text
    assert "Chụp lại trang 1" in page
    saved = {f"answer-{item.id}": "Đã chụp lại", f"files-{item.id}": [file("trang chup lai.jpg")], "act": "save"}
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
        supplements.add_item(factories.officer(), made.id, ItemKind.UNREADABLE, f"Mờ {document.ordinal}", document.id)
    factories.press(factories.officer(), made, "request_supplement", "Ảnh mờ")
    one, two = db.session.scalars(db.select(SupplementItem).order_by(SupplementItem.id)).all()
    path = f"/ho-so/{made.id}/bo-sung"
    form = press_form(browser, path) | {f"answer-{one.id}": "Xin gửi lại", f"answer-{two.id}": "", "act": "send"}
    answer = browser.post(path, data=form)
    assert answer.status_code == 422
    assert "Còn nội dung chưa bổ sung: Mờ 2" in answer.text
    assert "Xin gửi lại" in answer.text
    assert factories.reload(made).state is State.SUPPLEMENT_REQUESTED


def test_a_refused_file_of_a_supplement_is_named_and_nothing_is_sent(browser):
    made = factories.supplement_requested()
    item = db.session.scalars(db.select(SupplementItem)).one()
    path = f"/ho-so/{made.id}/bo-sung"
    picked = {f"files-{item.id}": [file("tot.jpg"), file("xau.jpg", b"<html>")], f"answer-{item.id}": "Kèm ảnh"}
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


# -- messages and files -------------------------------------------------------------------------------------


def test_a_message_reaches_the_office_and_the_answer_shows_whether_it_was_mailed(browser):
    made = factories.submitted()
    assert post(browser, f"/ho-so/{made.id}/tin-nhan", body=f"Em tôi nhận thay? {EVIL}").status_code == 302
    messages.write(factories.officer(), made.id, "Được, mang theo ủy quyền.")
    page = browser.get(f"/ho-so/{made.id}").text
    assert EVIL not in page
    assert "Em tôi nhận thay?" in page
    assert "Được, mang theo ủy quyền." in page
    assert "Thư điện tử: Đang giữ" in page


@pytest.mark.parametrize(("body", "words"), [("  ", "Viết nội dung trước khi gửi"), ("a" * 5001, "nhiều nhất 5000")])
def test_a_refused_message_is_kept_in_the_field(browser, body, words):
    made = factories.submitted()
    before = stored(made)
    answer = post(browser, f"/ho-so/{made.id}/tin-nhan", body=body)
    assert answer.status_code == 422
    assert words in answer.text
    assert body in answer.text
    assert stored(made) == before


def test_a_scan_is_served_with_the_type_of_its_bytes_and_locked_up(browser):
    made = factories.draft()
    attachments.add(factories.citizen(), made.documents[0].id, "căn cước\r\nX: y.html", factories.picture("x"))
    scan = made.documents[0].attachments[0]
    answer = browser.get(f"/ho-so/tep/{scan.id}")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    assert ".jpg" in answer.headers["Content-Disposition"]
    assert "html" not in answer.headers["Content-Disposition"]
    assert "filename*=UTF-8''c%C4%83n%20c" in answer.headers["Content-Disposition"]
    assert answer.data == factories.picture("x")
    assert browser.get(f"/ho-so/tep/{scan.id}?tai=1").headers["Content-Disposition"].startswith("attachment")


def test_a_sent_scan_is_seen_by_its_citizen_and_officer_and_by_nobody_else(login, browser, stranger):
    made = factories.submitted()
    path = f"/ho-so/tep/{made.documents[0].attachments[0].id}"
    assert browser.get(path).status_code == 200
    assert enter(login, factories.officer()).get(path).status_code == 200
    assert stranger.get(path).status_code == 404
    for who in (factories.administrator(), factories.officer("Cẩm Bình"), factories.leader("Cẩm Bình")):
        assert enter(login, who).get(path).status_code == 404


def test_the_result_is_given_out_only_after_it_was_handed_over(browser, stranger):
    ready = factories.result_ready()
    assert browser.get(f"/ho-so/{ready.id}/ket-qua").status_code == 404
    void = factories.voided()
    assert browser.get(f"/ho-so/{void.id}/ket-qua").status_code == 404
    done = factories.returned()
    answer = browser.get(f"/ho-so/{done.id}/ket-qua")
    assert answer.status_code == 200
    assert answer.data == factories.picture(f"result {done.id}")
    assert stranger.get(f"/ho-so/{done.id}/ket-qua").status_code == 404


# -- those who must not -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [lambda: factories.citizen(1), factories.officer, factories.leader, factories.administrator])
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


# -- looking up ---------------------------------------------------------------------------------------------


def test_code_and_four_digits_show_state_deadline_and_masked_names(client):
    made = factories.received()
    answer = post(client, "/tra-cuu", code=f" {made.code.lower()} ", last_four="5678")
    assert answer.status_code == 200
    for words in ("Hồ sơ đã được tiếp nhận", "17:00 thứ Sáu, 27/11/2026", "Nguyễn T. M. H."):
        assert words in answer.text
    for secret in ("Minh Hằng", "0912345678", "hang@example.com", "022185001234", made.secret):
        assert secret not in answer.text


def test_the_reference_finds_a_dossier_that_is_not_received_yet(client):
    made = factories.submitted()
    assert "Hồ sơ chờ cán bộ tiếp nhận" in post(client, "/tra-cuu", code=made.reference, last_four="5678").text


def test_the_secret_link_of_the_qr_opens_the_dossier_without_logging_in(client):
    made = factories.submitted()
    answer = client.get(f"/tra-cuu/{made.secret}")
    assert "Hồ sơ chờ cán bộ tiếp nhận" in answer.text
    assert "Minh Hằng" not in answer.text


@pytest.mark.parametrize("path", ["/tra-cuu", "/tra-cuu/{secret}"])
def test_look_ups_are_never_indexed_or_kept(client, path):
    answer = client.get(path.format(secret=factories.submitted().secret))
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", [{"last_four": "0000"}, {"code": "N-XXXX-XXXX"}, {"code": "%\0"}, {"last_four": "٥٦٧٨"}])
def test_a_wrong_look_up_keeps_what_was_typed_and_tells_nothing(client, typed):
    made = factories.submitted()
    answer = post(client, "/tra-cuu", **{"code": made.reference, "last_four": "5678"} | typed)
    assert answer.status_code == 422
    assert "Không có hồ sơ nào khớp" in answer.text
    assert made.procedure_name not in answer.text


def test_a_draft_cannot_be_looked_up(client):
    made = factories.complete_draft()
    assert "Không có hồ sơ nào khớp" in post(client, "/tra-cuu", code=made.reference, last_four="5678").text
    assert client.get(f"/tra-cuu/{made.secret}").status_code == 404


def test_after_a_few_wrong_tries_even_the_right_digits_are_locked_for_a_while(client, moment):
    made = factories.submitted()
    for _ in range(settings.get("lookup_tries")):
        post(client, "/tra-cuu", code=made.reference, last_four="0000")
    answer = post(client, "/tra-cuu", code=made.reference, last_four="5678")
    assert answer.status_code == 429
    assert "phút" in answer.text
    moment.shift(60 * (settings.get("lookup_lock_minutes") + 1))
    assert post(client, "/tra-cuu", code=made.reference, last_four="5678").status_code == 200


@pytest.mark.parametrize("secret", ["x", "%00", "' OR 1=1 --", "../etc"])
def test_another_text_is_no_secret_link(client, secret):
    assert client.get(f"/tra-cuu/{secret}").status_code == 404


def test_looking_up_needs_the_token(client):
    made = factories.submitted()
    assert client.post("/tra-cuu", data={"code": made.reference, "last_four": "5678"}).status_code == 400
