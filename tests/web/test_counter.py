"""The originals desk: every paper compared, the fee settled, then handed over."""

import io
import re

import pytest

from app.domain.states import State
from app.extensions import db
from app.models.fees import DossierFee
from app.models.handling import Payment
from app.services import facts
from tests import factories as f
from tests.web.browsing import enter, file, post
from tests.web.desks import at, everything, marks

REASON = "Bản gốc mang tên người khác"


def compare(browser, dossier, document, verdict: str, description: str = "", **more):
    return post(
        browser,
        at(dossier, f"/doi-chieu/{document.id}"),
        verdict=verdict,
        description=description,
        page="doi-chieu",
        **{"giay-to": document.id},
        **more,
    )


def test_the_desk_opens_with_the_first_paper_that_was_not_compared(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    first, second = facts.documents_with_scans(made)
    page = officer.get(at(made, "/doi-chieu")).text
    assert f"Kết luận: {first.name}" in page
    assert page.count("Chưa đối chiếu") == 2
    for word in ("Khớp", "Không khớp", "Không đọc được", "Không mang theo"):
        assert re.search(rf'type="radio" name="verdict" value="\w+">{word}<', page), word
    assert compare(officer, made, first, "matches").location == at(made, "/doi-chieu")
    assert f"Kết luận: {second.name}" in officer.get(at(made, "/doi-chieu")).text


def test_the_result_is_locked_with_every_open_reason_until_all_match_and_the_fee_is_paid(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    first, second = facts.documents_with_scans(made)
    page = officer.get(at(made, "/doi-chieu")).text
    assert f"Còn giấy tờ chưa đối chiếu: {first.name}; {second.name}." in page
    assert "Còn 100.000 đồng chưa thu hoặc chưa ghi miễn." in page
    compare(officer, made, first, "matches")
    compare(officer, made, second, "unreadable")
    assert f"giấy tờ chưa khớp: {second.name}" in officer.get(at(made, "/doi-chieu")).text
    compare(officer, made, second, "matches")
    answer = post(officer, at(made, "/thu-phi"), amount="100.000", receipt_number="BL-0001", page="doi-chieu")
    assert answer.location == at(made, "/doi-chieu")
    page = officer.get(at(made, "/doi-chieu")).text
    answer = post(officer, at(made, "/thao-tac/return_result"), **marks(page, "return_result"))
    assert answer.status_code == 302
    assert f.reload(made).state is State.RETURNED
    assert "biên lai BL-0001" in officer.get(at(made)).text


def test_a_forged_press_on_the_locked_result_is_refused_on_the_desk(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    before = everything()
    answer = post(officer, at(made, "/thao-tac/return_result"), version=made.version, page="doi-chieu")
    assert answer.status_code == 422
    assert everything() == before
    assert "Còn giấy tờ chưa đối chiếu" in answer.text
    assert "Trả kết quả và thu phí" in answer.text


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("differs", "Mô tả điểm không khớp"), ("", "Chọn một trong bốn"), ("fine", "Chọn một trong bốn")],
)
def test_a_verdict_that_says_too_little_is_refused(login, verdict, words):
    made, officer = f.result_ready(), enter(login, f.officer())
    document = facts.documents_with_scans(made)[0]
    before = everything()
    answer = compare(officer, made, document, verdict)
    assert answer.status_code == 422
    assert words in answer.text
    assert everything() == before
    if verdict == "differs":
        assert 'value="differs" checked' in answer.text


def test_what_was_described_stays_when_the_verdict_is_missing(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    answer = compare(officer, made, facts.documents_with_scans(made)[0], "", "Số 27 và 72")
    assert answer.status_code == 422
    assert "Số 27 và 72</textarea>" in answer.text


def test_a_paper_of_another_dossier_or_without_scan_is_not_compared(login):
    made, other = f.result_ready(), f.result_ready()
    officer = enter(login, f.officer())
    empty = next(d for d in made.documents if not d.attachments)
    before = everything()
    for document in (other.documents[0], empty):
        assert compare(officer, made, document, "matches").status_code == 404
    assert everything() == before


def test_before_and_after_the_counter_nothing_is_compared(login):
    made = f.decided()
    officer = enter(login, f.officer())
    before = everything()
    answer = compare(officer, made, made.documents[0], "matches")
    assert answer.status_code == 409
    assert everything() == before
    answer = officer.get(at(made, "/doi-chieu"))
    assert answer.location == at(made)
    assert "Chỉ đối chiếu bản gốc khi hồ sơ chờ trả kết quả." in officer.get(answer.location).text


def test_only_the_receiving_officer_works_at_the_desk(login):
    made = f.result_ready()
    before = everything()
    for who in (f.leader(), f.specialist(made)):
        browser = enter(login, who)
        assert browser.get(at(made, "/doi-chieu")).status_code == 403
        assert compare(browser, made, made.documents[0], "matches").status_code == 403
        for rest, data in (
            (f"/phi/{made.fees[0].id}", {"amount": "1", "reason": "x"}),
            (f"/phi/{made.fees[0].id}/mien", {"reason": "x"}),
            ("/thu-phi", {"amount": "1", "receipt_number": "x"}),
        ):
            assert post(browser, at(made, rest), **data).status_code == 403
    assert everything() == before


# -- fees --------------------------------------------------------------------------


def test_an_amount_is_set_with_its_reason_and_written_as_money(login):
    made, officer = f.received(), enter(login, f.officer())
    fee = made.fees[0]
    answer = post(officer, at(made, f"/phi/{fee.id}"), amount="150.000 đồng", reason="Nghị quyết 62")
    assert answer.status_code == 302
    assert f.reload(made).fees[0].amount == 150_000
    page = officer.get(at(made)).text
    assert "150.000 đồng" in page
    assert "Nghị quyết 62" in page
    assert "Đặt mức thu" in page
    assert "Lý do miễn" in page


@pytest.mark.parametrize("amount", ["", "abc", "-5", "1.5", "1,000", "1.00.000", "9" * 30, "٣", "1e5"])
def test_what_is_no_sum_is_refused_and_kept(login, amount):
    made, officer = f.received(), enter(login, f.officer())
    before = everything()
    answer = post(officer, at(made, f"/phi/{made.fees[0].id}"), amount=amount, reason="Giữ lại lý do")
    assert answer.status_code == 422
    assert "Ghi số tiền bằng số" in answer.text
    assert "Giữ lại lý do</textarea>" in answer.text
    assert everything() == before


def test_a_fee_is_not_set_or_exempted_without_a_reason(login):
    made, officer = f.received(), enter(login, f.officer())
    before = everything()
    for rest, data in (("", {"amount": "5", "reason": " "}), ("/mien", {"reason": " "})):
        answer = post(officer, at(made, f"/phi/{made.fees[0].id}{rest}"), **data)
        assert answer.status_code == 422
        assert "Ghi căn cứ của mức thu" in answer.text
    assert everything() == before


def test_an_exempted_fee_leaves_nothing_to_pay(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    post(officer, at(made, f"/phi/{made.fees[0].id}/mien"), reason="Hộ nghèo", page="doi-chieu")
    page = officer.get(at(made, "/doi-chieu")).text
    assert "Miễn" in page
    assert "Hộ nghèo" in page
    assert 'name="receipt_number"' not in page
    assert "chưa thu hoặc chưa ghi miễn" not in page


def test_a_fee_of_another_dossier_is_not_touched(login):
    made, other = f.received(), f.received()
    officer = enter(login, f.officer())
    before = everything()
    for rest, data in (("", {"amount": "5", "reason": "x"}), ("/mien", {"reason": "x"})):
        assert post(officer, at(made, f"/phi/{other.fees[0].id}{rest}"), **data).status_code == 404
    assert everything() == before


@pytest.mark.parametrize(
    ("amount", "receipt", "words"),
    [
        ("100.001", "BL-9", "không quá số còn phải thu là 100.000 đồng"),
        ("0", "BL-9", "lớn hơn 0"),
        ("100.000", "  ", "Ghi số biên lai."),
        ("100.000", "B" * 61, "Rút gọn"),
    ],
)
def test_money_is_taken_only_as_due_and_with_a_receipt(login, amount, receipt, words):
    made, officer = f.result_ready(), enter(login, f.officer())
    before = everything()
    answer = post(officer, at(made, "/thu-phi"), amount=amount, receipt_number=receipt, page="doi-chieu")
    assert answer.status_code == 422
    assert words in answer.text
    assert everything() == before


def test_one_receipt_is_not_used_twice(login):
    first, second = f.result_ready(), f.result_ready()
    officer = enter(login, f.officer())
    post(officer, at(first, "/thu-phi"), amount="100000", receipt_number="BL-7")
    answer = post(officer, at(second, "/thu-phi"), amount="100000", receipt_number="BL-7")
    assert answer.status_code == 422
    assert "Biên lai BL-7 đã ghi" in answer.text
    assert len(db.session.scalars(db.select(Payment)).all()) == 1


def test_after_the_receipt_the_amount_stays(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    f.pay_all(made)
    before = everything()
    answer = post(officer, at(made, f"/phi/{made.fees[0].id}"), amount="1", reason="x")
    assert answer.status_code == 409
    assert everything() == before


def test_a_ward_procedure_without_fee_says_so(login):
    made = f.result_ready("KS-01", "Cẩm Bình")
    page = enter(login, f.officer("Cẩm Bình")).get(at(made, "/doi-chieu")).text
    assert "Thủ tục này không thu phí, lệ phí." in page


def test_a_denial_is_handed_over_without_originals_and_fee(login):
    made, officer = f.result_ready(denied=True), enter(login, f.officer())
    page = officer.get(at(made, "/doi-chieu")).text
    assert "không đối chiếu bản gốc và không thu phí" in page
    answer = post(officer, at(made, "/thao-tac/return_result"), **marks(page, "return_result"))
    assert answer.status_code == 302
    assert f.reload(made).state is State.RETURNED


def test_photographs_of_an_original_come_with_the_verdict_and_stand_where_they_are_needed(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    first, second = facts.documents_with_scans(made)
    taken = [file("a.jpg", f.picture("a")), file("b.jpg", f.picture("b"))]
    assert compare(officer, made, first, "differs", "Số nhà 72", photographs=taken).status_code == 302
    assert compare(officer, made, second, "matches", photographs=(io.BytesIO(b""), "")).status_code == 302
    desk = officer.get(at(made, f"/doi-chieu?giay-to={first.id}")).text
    assert desk.count('src="/can-bo/ban-goc/') == 2
    confirm = post(
        officer, at(made, "/thao-tac/void_on_mismatch"), version=f.reload(made).version, reason=REASON
    )
    assert confirm.text.count('src="/can-bo/ban-goc/') == 2
    assert "Số nhà 72" in confirm.text
    assert "Không thể khôi phục" in confirm.text


@pytest.mark.parametrize(
    ("verdict", "bytes_", "words"),
    [
        ("matches", f.picture("x"), "chỉ được lưu khi giấy tờ không khớp"),
        ("differs", b"<svg onload=alert(1)>", "Chọn tệp"),
        ("differs", b"\xff\xd8\xff\xe0broken", "Tệp bị hỏng"),
        ("differs", b"PK\x03\x04" + bytes(60), "tệp"),
    ],
)
def test_a_photograph_that_is_none_or_not_wanted_is_refused_and_what_was_typed_stays(
    login, verdict, bytes_, words
):
    made, officer = f.result_ready(), enter(login, f.officer())
    document = facts.documents_with_scans(made)[0]
    before = everything()
    answer = compare(officer, made, document, verdict, "Số nhà 72", photographs=[file("x.jpg", bytes_)])
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{verdict}" checked' in answer.text
    assert "Số nhà 72</textarea>" in answer.text
    assert everything() == before


def test_a_photograph_for_a_document_of_another_dossier_is_not_found(login):
    made, other = f.result_ready(), f.result_ready()
    officer, before = enter(login, f.officer()), everything()
    foreign = facts.documents_with_scans(other)[0]
    answer = compare(officer, made, foreign, "differs", "x", photographs=[file("x.jpg", f.picture("x"))])
    assert answer.status_code == 404
    assert everything() == before


def test_the_desk_alone_may_ask_for_the_camera(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    policy = {
        path: officer.get(path).headers["Permissions-Policy"]
        for path in (at(made, "/doi-chieu"), at(made), "/hop-thu", "/can-bo/danh-sach", "/", "/tra-cuu")
    }
    assert policy.pop(at(made, "/doi-chieu")).startswith("camera=(self),")
    assert all(value.startswith("camera=(),") for value in policy.values()), policy
    refused = compare(officer, made, facts.documents_with_scans(made)[0], "")
    assert refused.headers["Permissions-Policy"].startswith("camera=(self),")
    assert "'unsafe-inline'" not in officer.get(at(made, "/doi-chieu")).headers["Content-Security-Policy"]


def test_a_denial_is_handed_over_without_camera_verdict_or_void(login):
    made, officer = f.result_ready(denied=True), enter(login, f.officer())
    desk = officer.get(at(made, "/doi-chieu")).text
    assert 'name="verdict"' not in desk
    assert "data-mc-may-anh" not in desk
    assert "Hủy kết quả và báo" not in desk


def test_after_a_charge_in_advance_only_what_is_due_at_return_can_be_set(login):
    made, officer = f.received(), enter(login, f.officer())
    made.fees[0].timing = "before_processing"
    made.fees.append(DossierFee(name="Phí thẩm định", kind="charge", amount=None, timing="at_return"))
    db.session.commit()
    paid, unset = (fee.id for fee in made.fees)
    post(officer, at(made, "/thu-phi"), amount="100000", receipt_number="BL-1")
    page = officer.get(at(made)).text
    assert f'action="{at(made, f"/phi/{unset}")}"' in page
    assert f'action="{at(made, f"/phi/{paid}")}"' not in page
    post(officer, at(made, f"/phi/{unset}"), amount="30000", reason="Theo diện tích")
    assert f.reload(made).fees[1].amount == 30_000
