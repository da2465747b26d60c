"""The page of a dossier and its buttons: who presses what, and what a refusal leaves behind."""

import re

import pytest

from app.domain import transitions
from app.domain.states import State
from app.extensions import db
from app.models.dossier import DocumentReview
from app.models.handling import ItemKind
from app.services import dossiers, messages, supplements
from tests import factories as f
from tests.web.browsing import enter, hidden, post
from tests.web.desks import REASON, at, everything, forms, journal_of, statements, step


def test_the_page_shows_state_deadline_trace_applicant_papers_and_journal(login):
    made = f.submitted()
    page = enter(login, f.officer()).get(at(made)).text
    for shown in (
        made.reference, "Chờ tiếp nhận", "Còn 7 giờ 59 phút", "Xem cách tính thời hạn",
        made.applicant_personal_id, made.declared_email, str(made.return_place), "Gửi hồ sơ", "Chưa xem",
        "Không nộp",
    ):  # fmt: skip
        assert shown in page, shown
    assert "09:20 thứ Tư, 25/11/2026" in page, "the 24th is a day off, the eight hours end on the 25th"


@pytest.mark.parametrize("state", [s for s in f.WALKS if s is not State.DRAFT])
def test_every_state_has_a_page_for_every_role_that_sees_it(login, state):
    made = f.WALKS[state]()
    people = [f.officer(), f.leader()] + ([f.specialist(made)] if made.forwarded_at else [])
    for who in people:
        answer = enter(login, who).get(at(made))
        assert answer.status_code == 200
        assert made.state.label in answer.text
        for transition in transitions.offered(made.state, who.role):
            assert transition.label in answer.text, "a button that exists is shown, open or locked"


def test_a_locked_button_says_why_next_to_it_and_is_no_form(login):
    made = f.submitted()
    page = enter(login, f.officer()).get(at(made)).text
    assert re.search(r'aria-disabled="true" aria-describedby="ly-receive"', page)
    assert f"Còn giấy tờ chưa mở xem: {made.documents[0].name}" in page
    assert f'action="{at(made, "/thao-tac/receive")}"' not in page


def test_unseen_is_not_the_same_as_seen_without_a_verdict(login):
    made, officer = f.submitted(), enter(login, f.officer())
    document = made.documents[0]
    page = officer.get(at(made)).text
    assert page.count("Chưa xem") == 2
    assert "Đã xem, chưa kết luận" not in page
    page = officer.get(at(made, f"?giay-to={document.id}")).text
    assert page.count("Chưa xem") == 1
    assert page.count("Đã xem, chưa kết luận") == 1
    post(officer, at(made, f"/giay-to/{document.id}"), acceptable="no", note="Mờ ở trang 1")
    page = officer.get(at(made)).text
    assert "Chưa đạt" in page
    assert "Mờ ở trang 1" in page


def test_only_the_receiving_officers_look_counts_and_only_at_intake(login):
    made = f.submitted()
    leader = enter(login, f.leader())
    assert leader.get(at(made, f"?giay-to={made.documents[0].id}")).status_code == 200
    assert db.session.scalar(db.select(DocumentReview.id)) is None
    done = f.received()
    count = len(db.session.scalars(db.select(DocumentReview.id)).all())
    assert enter(login, f.officer()).get(at(done, f"?giay-to={done.documents[0].id}")).status_code == 200
    db.session.rollback()
    assert len(db.session.scalars(db.select(DocumentReview.id)).all()) == count


def test_a_document_of_another_dossier_is_not_opened_here(login):
    made, other = f.submitted(), f.submitted()
    foreign = f.submitted("KS-01", "Cẩm Bình")
    officer = enter(login, f.officer())
    page = officer.get(at(made, f"?giay-to={other.documents[0].id}"))
    assert page.status_code == 200
    assert "Chọn một giấy tờ" in page.text
    assert db.session.scalar(db.select(DocumentReview.id)) is None
    assert officer.get(at(made, f"?giay-to={foreign.documents[0].id}")).status_code == 404


def test_the_page_costs_at_most_thirty_statements_however_much_was_said_and_done(login):
    made = f.submitted()
    officer = enter(login, f.officer())
    path = at(made, f"?giay-to={made.documents[0].id}&trang=1")
    supplements.add_item(f.officer(), made.id, ItemKind.QUESTION, "1")
    messages.write(f.citizen(), made.id, "1")
    few = statements(officer, path)
    for n in range(25):
        supplements.add_item(f.officer(), made.id, ItemKind.UNREADABLE, f"{n}", made.documents[n % 2].id)
        messages.write((f.citizen(), f.officer())[n % 2], made.id, f"{n}")
    many = statements(officer, path)
    assert few == many
    assert many <= 30


@pytest.mark.parametrize(
    "state", [State.IN_APPRAISAL, State.AWAITING_APPROVAL, State.RESULT_READY, State.VOIDED]
)
def test_later_states_cost_no_more(login, state):
    made = f.WALKS[state]()
    for who in (f.officer(), f.specialist(made), f.leader()):
        assert statements(enter(login, who), at(made, f"?giay-to={made.documents[0].id}")) <= 30


def test_looking_at_the_same_paper_again_is_one_line_of_the_journal(login):
    made, officer = f.submitted(), enter(login, f.officer())
    scan = made.documents[0].current_attachments[0].id
    for _time in range(3):
        assert officer.get(f"/can-bo/tep/{scan}/trang/1").status_code == 200
    page = officer.get(at(made)).text
    assert page.count(f"Mở xem “{made.documents[0].name}”") == 1
    assert "(3 lần)" in page
    assert len(journal_of(made, "scan_viewed")) == 3, "the journal itself keeps every look"


def test_receiving_gives_a_code_an_appointment_and_a_mail(login):
    made, officer = f.submitted(), enter(login, f.officer())
    f.look_at_all(made)
    page = officer.get(at(made)).text
    data = {"version": hidden(page, "version"), "idempotency_key": hidden(page, "idempotency_key")}
    answer = post(officer, at(made, "/thao-tac/receive"), **data)
    assert answer.status_code == 302
    shown = officer.get(answer.location).text
    assert "Đã thực hiện: Tiếp nhận." in shown
    assert f.reload(made).code in shown


def test_pressing_twice_makes_the_step_once(login):
    made, officer = f.submitted(), enter(login, f.officer())
    f.look_at_all(made)
    version, key = made.version, "k" * 40
    for _press in range(2):
        path = at(made, "/thao-tac/receive")
        assert post(officer, path, version=version, idempotency_key=key).status_code == 302
    assert len(journal_of(made, "receive")) == 1


def test_two_buttons_of_one_page_have_two_marks(login):
    made = f.received()
    leader = enter(login, f.leader())
    page = leader.get(at(made)).text
    marks = re.findall(r'name="idempotency_key" value="([^"]+)"', page)
    assert marks
    assert len(marks) == len(set(marks))


def test_a_stale_page_is_told_and_keeps_what_was_typed(login):
    made, officer = f.submitted(), enter(login, f.officer())
    old = made.version
    f.look_at_all(made)
    made.request_summary = "changed by somebody else"
    db.session.commit()
    before = everything()
    answer = post(officer, at(made, "/thao-tac/refuse"), version=old, reason=REASON, confirmed="1")
    assert answer.status_code == 409
    assert "Người khác vừa cập nhật" in answer.text
    assert f'<a href="{at(made)}">Tải lại trang</a>' in answer.text
    assert "Thiếu căn cứ theo khoản 2, “điều 5” &lt;b&gt;</textarea>" in answer.text
    assert everything() == before


def test_a_refused_step_keeps_the_reason_says_why_and_changes_nothing(login):
    made, officer = f.submitted(), enter(login, f.officer())
    before = everything()
    answer = step(officer, made, "request_supplement", reason=REASON)
    assert answer.status_code == 422
    assert everything() == before
    assert "Ghi ít nhất một nội dung cần bổ sung." in answer.text
    assert "hồ sơ chưa thay đổi" in answer.text


def test_a_step_that_needs_a_reason_is_not_made_without_one(login):
    made = f.submitted()
    officer = enter(login, f.officer())
    supplements.add_item(f.officer(), made.id, ItemKind.UNREADABLE, "Chụp lại", made.documents[0].id)
    before = everything()
    answer = step(officer, made, "request_supplement", reason="   ")
    assert answer.status_code == 422
    assert everything() == before
    assert '<details class="mc-ly-do" open>' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_an_endless_reason_is_refused(login):
    made, officer = f.submitted(), enter(login, f.officer())
    before = everything()
    assert step(officer, made, "refuse", reason="x" * 5001, confirmed="1").status_code == 422
    assert everything() == before


def test_a_step_of_another_state_is_refused_with_the_state(login):
    made, officer = f.submitted(), enter(login, f.officer())
    before = everything()
    answer = step(officer, made, "forward")
    assert answer.status_code == 409
    assert "Hồ sơ đang ở trạng thái “Chờ tiếp nhận”" in answer.text
    assert everything() == before


def test_a_step_that_does_not_exist_is_not_found(login):
    made, officer = f.submitted(), enter(login, f.officer())
    assert step(officer, made, "approve_everything").status_code == 404


@pytest.mark.parametrize(("key", "state"), [("refuse", State.SUBMITTED), ("stop", State.RECEIVED)])
def test_what_cannot_be_undone_is_confirmed_on_a_page_that_names_the_consequence(login, key, state):
    made = f.WALKS[state]()
    who = enter(login, f.officer() if key == "refuse" else f.leader())
    before = everything()
    asked = step(who, made, key, reason=REASON)
    assert asked.status_code == 200
    assert "Không thể khôi phục" in asked.text
    assert "&lt;b&gt;</textarea>" in asked.text, "the reason typed before stands on the page"
    assert everything() == before
    data = {name: hidden(asked.text, name) for name in ("version", "idempotency_key", "confirmed")}
    assert post(who, at(made, f"/thao-tac/{key}"), reason=REASON, **data).status_code == 302
    assert f.reload(made).state is transitions.find(key).target


def test_what_would_be_refused_is_not_asked_to_be_confirmed(login):
    made, officer = f.submitted(), enter(login, f.officer())
    before = everything()
    assert step(officer, made, "refuse", reason="").status_code == 422
    assert step(officer, f.received(), "refuse", reason=REASON).status_code == 409
    assert {k: v for k, v in everything().items() if k == "result"} == {k: before[k] for k in ("result",)}
    assert f.reload(made).state is State.SUBMITTED


def test_a_page_left_open_over_a_change_of_state_is_asked_to_be_read_again(login, monkeypatch):
    made, officer = f.submitted(), enter(login, f.officer())
    monkeypatch.setattr(
        dossiers, "rehearse", lambda *_args, **_more: f.press(f.officer(), made, "refuse", "x")
    )
    answer = step(officer, made, "refuse", reason=REASON)
    assert answer.status_code == 409
    assert "Người khác vừa cập nhật" in answer.text


def test_without_its_token_no_form_does_anything(login):
    made = f.submitted()
    officer = enter(login, f.officer())
    before = everything()
    for path, data in forms(made):
        assert officer.post(path, data=data).status_code == 400, path
    assert everything() == before


def test_a_get_never_presses_a_button(login):
    made = f.received()
    officer = enter(login, f.officer())
    before = everything()
    paths = {path for path, _data in forms(made) if "thao-tac" in path}
    for path in paths:
        assert officer.get(path).status_code in {404, 405}, path
    assert everything() == before
