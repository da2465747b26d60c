"""Departments give opinion and draft; the leader signs and approves on one page."""

import io
from datetime import date

import pytest

from app.domain.states import State
from app.extensions import db
from app.services import appraisal, facts
from tests import factories as f
from tests.web.browsing import enter, hidden, post
from tests.web.desks import at, everything, journal_of


def scan(text: str = "result") -> tuple[io.BytesIO, str]:
    return io.BytesIO(f.picture(text)), "ket-qua.jpg"


def approval(browser, dossier, **data):
    """Send the leader's form as the page shows it."""
    page = browser.get(at(dossier, "/phe-duyet")).text
    form = page.split(f'action="{at(dossier, "/phe-duyet")}"')[1]
    kept = {name: hidden(form, name) for name in ("version", "idempotency_key", "page")}
    return post(browser, at(dossier, "/phe-duyet"), **kept | data)


def test_a_department_writes_its_opinion_drafts_and_proposes(login):
    made = f.in_appraisal()
    specialist = enter(login, f.specialist(made))
    assert "Ghi ý kiến thẩm định trước khi trình." in specialist.get(at(made)).text
    assert post(specialist, at(made, "/y-kien"), body="Đủ điều kiện").status_code == 302
    assert "Soạn dự thảo kết quả trước khi trình." in specialist.get(at(made)).text
    answer = post(specialist, at(made, "/du-thao"), summary="Cấp giấy chứng nhận", file=scan())
    assert answer.status_code == 302
    page = specialist.get(at(made)).text
    assert "Đủ điều kiện" in page
    assert "Cấp giấy chứng nhận" in page
    path = at(made, "/thao-tac/propose_grant")
    assert post(specialist, path, version=f.reload(made).version).status_code == 302
    assert f.reload(made).state is State.AWAITING_APPROVAL


def test_a_denial_is_proposed_with_a_reason(login):
    made = f.in_appraisal()
    specialist = enter(login, f.specialist(made))
    appraisal.write_opinion(f.specialist(made), made.id, "Không đủ điều kiện")
    path = at(made, "/thao-tac/propose_denial")
    assert post(specialist, path, version=made.version, reason="").status_code == 422
    assert post(specialist, path, version=made.version, reason="Ngành nghề cấm").status_code == 302
    assert "Ngành nghề cấm" in enter(login, f.leader()).get(at(made, "/phe-duyet")).text


def test_information_is_asked_for_with_items_and_stops_the_clock(login):
    made = f.in_appraisal()
    specialist = enter(login, f.specialist(made))
    post(specialist, at(made, "/bo-sung"), kind="question", description="Giải trình vốn")
    path = at(made, "/thao-tac/request_information")
    assert post(specialist, path, version=made.version, reason="Cần làm rõ").status_code == 302
    page = specialist.get(at(made)).text
    assert "mc-han dung" in page
    assert "Tạm dừng, còn" in page
    assert "Giải trình vốn" in page


@pytest.mark.parametrize(
    ("rest", "data", "words"),
    [
        ("/y-kien", {"body": "  "}, "Ghi nội dung ý kiến thẩm định."),
        ("/du-thao", {"summary": "Giữ lại câu này"}, "Chọn tệp dự thảo kết quả"),
        ("/du-thao", {"summary": "  ", "file": "scan"}, "Ghi nội dung kết quả"),
        ("/du-thao", {"summary": "Giữ lại câu này", "file": "html"}, "Giữ lại câu này"),
    ],
)
def test_what_says_too_little_or_does_not_open_is_refused_and_kept(login, rest, data, words):
    made = f.in_appraisal()
    specialist = enter(login, f.specialist(made))
    files = {"scan": scan, "html": lambda: (io.BytesIO(b"<html><script>1</script>"), "a.pdf")}
    sent = {k: files[v]() if k == "file" else v for k, v in data.items()}
    before = everything()
    answer = post(specialist, at(made, rest), **sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert everything() == before
    if data.get("summary", "").strip():
        assert "Giữ lại câu này</textarea>" in answer.text


def test_opinion_and_draft_belong_to_the_department_while_it_appraises(login):
    made = f.awaiting_approval()
    before = everything()
    for who in (f.officer(), f.leader()):
        browser = enter(login, who)
        assert post(browser, at(made, "/y-kien"), body="x").status_code == 403
        assert post(browser, at(made, "/du-thao"), summary="x", file=scan()).status_code == 403
    specialist = enter(login, f.specialist(made))
    assert post(specialist, at(made, "/y-kien"), body="x").status_code == 409
    assert everything() == before


# -- the leader --------------------------------------------------------------------------


def test_the_leader_sees_opinion_draft_and_form_on_one_page(login):
    made = f.awaiting_approval()
    page = enter(login, f.leader()).get(at(made, "/phe-duyet")).text
    for shown in (
        "Hồ sơ đủ điều kiện giải quyết.",
        "Cấp giấy chứng nhận",
        'name="number"',
        'name="decided_on"',
    ):
        assert shown in page, shown
    assert f'src="{at(made, "/ket-qua/trang/1")}"' in page
    assert "Trả lại thẩm định" in page
    assert 'value="2026-11-23"' in page, "the day of signing is today unless said otherwise"


def test_signing_and_approving_are_one_press(login):
    made, leader = f.awaiting_approval(), enter(login, f.leader())
    answer = approval(leader, made, number="12/QĐ-UBND", decided_on="2026-11-23", file=scan("signed"))
    assert answer.status_code == 302
    assert answer.location == at(made)
    assert f.reload(made).state is State.DECIDED
    result = facts.current_result(made)
    assert (result.number, result.decided_on) == ("12/QĐ-UBND", date(2026, 11, 23))
    assert result.signed_file_id != result.draft_file_id
    assert result.signed_at is not None
    assert "12/QĐ-UBND" in leader.get(answer.location).text


def test_without_a_file_the_draft_itself_is_what_was_signed_and_the_day_may_be_written_our_way(login):
    made, leader = f.awaiting_approval(), enter(login, f.leader())
    assert approval(leader, made, number="13", decided_on="23/11/2026").status_code == 302
    result = facts.current_result(f.reload(made))
    assert result.signed_file_id == result.draft_file_id


def test_a_denial_is_approved_without_a_file(login):
    made, leader = f.awaiting_approval(denied=True), enter(login, f.leader())
    page = leader.get(at(made, "/phe-duyet")).text
    assert "Phê duyệt từ chối giải quyết" in page
    assert "Ngành nghề cấm kinh doanh" in page
    assert approval(leader, made, number="14", decided_on="2026-11-23").status_code == 302
    assert f.reload(made).state is State.DECIDED


def test_pressing_approve_twice_approves_once(login):
    made, leader = f.awaiting_approval(), enter(login, f.leader())
    data = {"number": "15", "decided_on": "2026-11-23", "version": made.version, "idempotency_key": "a" * 40}
    for _press in range(2):
        assert post(leader, at(made, "/phe-duyet"), **data).status_code == 302
    assert len(journal_of(made, "approve")) == len(journal_of(made, "result_numbered")) == 1


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"number": " ", "decided_on": "2026-11-23"}, 422, "Ghi số của văn bản."),
        ({"number": "16/QĐ", "decided_on": "2026-11-24"}, 422, "không muộn hơn hôm nay"),
        ({"number": "16/QĐ", "decided_on": "hôm nay"}, 422, "Ghi ngày theo mẫu"),
        ({"number": "1" * 61, "decided_on": "2026-11-23"}, 422, "Rút gọn"),
        ({"number": "16/QĐ", "decided_on": "2026-11-23", "version": 1}, 409, "Người khác vừa cập nhật"),
    ],
)
def test_a_refused_approval_keeps_what_was_typed_and_leaves_no_number_behind(login, data, status, words):
    made, leader = f.awaiting_approval(), enter(login, f.leader())
    before = everything()
    answer = approval(leader, made, **data)
    assert answer.status_code == status
    assert words in answer.text
    assert everything() == before
    assert facts.current_result(f.reload(made)).number == ""
    assert f'value="{data["number"].strip()}"' in answer.text or not data["number"].strip()


def test_a_broken_signed_file_is_refused_and_number_and_day_are_kept(login):
    made, leader = f.awaiting_approval(), enter(login, f.leader())
    before = everything()
    answer = approval(
        leader, made, number="17", decided_on="2026-11-20", file=(io.BytesIO(b"%PDF-1.4 broken"), "a.pdf")
    )
    assert answer.status_code == 422
    assert everything() == before
    assert 'value="17"' in answer.text
    assert 'value="2026-11-20"' in answer.text


def test_nobody_approves_their_own_proposal(login):
    made = f.awaiting_approval()
    made.proposed_by_id = f.leader().user_id
    db.session.commit()
    leader = enter(login, f.leader())
    page = leader.get(at(made, "/phe-duyet")).text
    assert "Người trình không được tự phê duyệt" in page
    assert 'aria-describedby="ly-ky"' in page
    before = everything()
    answer = approval(leader, made, number="18", decided_on="2026-11-23")
    assert answer.status_code == 422
    assert everything() == before
    assert (
        approval(enter(login, f.leader(number=1)), made, number="18", decided_on="2026-11-23").status_code
        == 302
    )


def test_the_leader_sends_back_with_a_reason(login):
    made, leader = f.awaiting_approval(), enter(login, f.leader())
    path = at(made, "/thao-tac/send_back")
    refused = post(leader, path, version=made.version, reason=" ", page="phe-duyet")
    assert refused.status_code == 422
    assert "Phê duyệt kết quả" in refused.text
    assert (
        post(leader, path, version=made.version, reason="Thiếu căn cứ", page="phe-duyet").status_code == 302
    )
    assert f.reload(made).state is State.IN_APPRAISAL
    assert "Thiếu căn cứ" in enter(login, f.specialist(made)).get(at(made)).text


def test_only_a_leader_has_the_page_of_approval(login):
    made = f.awaiting_approval()
    before = everything()
    for who in (f.officer(), f.specialist(made)):
        browser = enter(login, who)
        assert browser.get(at(made, "/phe-duyet")).status_code == 403
        assert post(browser, at(made, "/phe-duyet"), number="1", decided_on="2026-11-23").status_code == 403
    assert everything() == before


def test_a_dossier_that_does_not_wait_for_approval_offers_no_form_and_takes_none(login):
    made, leader = f.in_appraisal(), enter(login, f.leader())
    assert 'name="number"' not in leader.get(at(made, "/phe-duyet")).text
    before = everything()
    answer = post(leader, at(made, "/phe-duyet"), number="1", decided_on="2026-11-23", version=made.version)
    assert answer.status_code == 409
    assert everything() == before


def test_a_document_can_be_opened_beside_the_draft(login):
    made, leader = f.awaiting_approval(), enter(login, f.leader())
    page = leader.get(at(made, f"/phe-duyet?giay-to={made.documents[0].id}")).text
    assert "/can-bo/tep/" in page
    assert "Quay lại dự thảo kết quả" in page
    assert leader.get(at(made, "/phe-duyet?trang=99")).status_code == 200
