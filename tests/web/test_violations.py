"""Violation cases, and the officer's answers to questions."""

import io

import pytest

from app.domain.states import State
from app.extensions import db
from app.models.outbox import OutboxMessage, Question
from app.models.violation import CaseState, Measure, ViolationCase
from app.services import facts, violations
from tests import factories as f
from tests.web.browsing import enter, post
from tests.web.desks import everything, is_hidden, strangers


def the_case() -> ViolationCase:
    db.session.rollback()
    return db.session.scalars(db.select(ViolationCase).order_by(ViolationCase.id.desc())).first()


def forwarded() -> ViolationCase:
    f.voided()
    return violations.forward(f.officer(), the_case().id, "45/BC")


def decided(measure: Measure = Measure.NO_VIOLATION) -> ViolationCase:
    from app.domain import clock

    return violations.decide(f.leader(), forwarded().id, measure, "9/KL-TTr", clock.today(), "Nhầm số nhà")


def test_the_list_shows_the_agencys_cases_by_state(login):
    made, foreign = f.voided(), f.voided("KS-01", "Cẩm Bình")
    for who in (f.officer(), f.leader()):
        browser = enter(login, who)
        page = browser.get("/vi-pham").text
        assert made.applicant_name in page
        assert f'href="/vi-pham/{the_case().id - 1}"' in page
        assert is_hidden(foreign, page)
        assert "Không có vụ việc nào" in browser.get("/vi-pham?trang-thai=decided").text
        assert browser.get("/vi-pham?trang-thai=rubbish").status_code == 200


def test_a_stranger_sees_no_case_and_changes_none(login):
    made = f.voided()
    case = the_case()
    own_department = enter(login, f.specialist(made))
    browsers = {**strangers(login, made), "own department": own_department}
    forms = (
        ("/chuyen", {"number": "1"}),
        ("/ket-luan", {"measure": "no_violation", "number": "1", "decided_on": "2026-11-23"}),
        ("/cap-lai", {"number": "1", "decided_on": "2026-11-23", "file": "picture"}),
    )
    before = everything()
    for name, browser in browsers.items():
        assert is_hidden(made, browser.get("/vi-pham").text), name
        answer = browser.get(f"/vi-pham/{case.id}")
        assert answer.status_code in {403, 404}, name
        assert is_hidden(made, answer.text), name
        for rest, data in forms:
            sent = {k: (io.BytesIO(f.picture()), "a.jpg") if v == "picture" else v for k, v in data.items()}
            answer = post(browser, f"/vi-pham/{case.id}{rest}", **sent)
            assert answer.status_code in {403, 404}, (name, rest)
    assert everything() == before


def test_a_case_is_forwarded_decided_and_the_result_issued_anew(login):
    made = f.voided()
    case, officer, leader = the_case(), enter(login, f.officer()), enter(login, f.leader())
    assert post(officer, f"/vi-pham/{case.id}/chuyen", number="45/BC-TTHCC").status_code == 302
    assert "45/BC-TTHCC" in officer.get(f"/vi-pham/{case.id}").text
    data = {"measure": "no_violation", "number": "9/KL", "decided_on": "2026-11-23", "note": "Nhầm số nhà"}
    assert post(leader, f"/vi-pham/{case.id}/ket-luan", **data).status_code == 302
    page = leader.get(f"/vi-pham/{case.id}").text
    assert "Không vi phạm" in page
    assert "Nhầm số nhà" in page
    assert 'name="file"' in page
    void = facts.current_result(made)
    signed = (io.BytesIO(f.picture("new")), "moi.jpg")
    again = {"number": "99/QĐ", "decided_on": "2026-11-23", "file": signed}
    assert post(leader, f"/vi-pham/{case.id}/cap-lai", **again).status_code == 302
    db.session.rollback()
    result = facts.current_result(f.reload(made))
    assert result.replaces_id == void.id
    assert made.state is State.VOIDED, "the void one stays void"
    page = leader.get(f"/vi-pham/{case.id}").text
    assert "99/QĐ" in page
    assert 'name="file"' not in page


def test_a_result_is_issued_anew_only_once(login):
    case, leader = decided(), enter(login, f.leader())
    path = f"/vi-pham/{case.id}/cap-lai"
    data = {"number": "99/QĐ", "decided_on": "2026-11-23"}
    assert post(leader, path, **data, file=(io.BytesIO(f.picture("1")), "a.jpg")).status_code == 302
    before = everything()
    answer = post(leader, path, **data, file=(io.BytesIO(f.picture("2")), "a.jpg"))
    assert answer.status_code == 409
    assert "Chỉ cấp lại một lần" in answer.text
    assert everything() == before


def test_after_a_sanction_nothing_is_issued_anew(login):
    case, leader = decided(Measure.SANCTION), enter(login, f.leader())
    assert 'name="file"' not in leader.get(f"/vi-pham/{case.id}").text
    before = everything()
    data = {"number": "1", "decided_on": "2026-11-23", "file": (io.BytesIO(f.picture()), "a.jpg")}
    assert post(leader, f"/vi-pham/{case.id}/cap-lai", **data).status_code == 409
    assert everything() == before


def test_the_conclusion_and_the_new_result_are_the_leaders(login):
    case, officer = forwarded(), enter(login, f.officer())
    assert "Chỉ lãnh đạo ghi kết luận" in officer.get(f"/vi-pham/{case.id}").text
    data = {"measure": "warning", "number": "1", "decided_on": "2026-11-23"}
    before = everything()
    assert post(officer, f"/vi-pham/{case.id}/ket-luan", **data).status_code == 403
    assert everything() == before
    other = decided()
    assert "Chỉ lãnh đạo ký kết quả mới." in officer.get(f"/vi-pham/{other.id}").text


@pytest.mark.parametrize(
    ("rest", "data", "words"),
    [
        ("/chuyen", {"number": " "}, "Ghi số công văn"),
        ("/ket-luan", {"number": "1", "decided_on": "2026-11-23", "note": "Giữ lại"}, "Chọn biện pháp"),
        (
            "/ket-luan",
            {"measure": "warning", "number": "", "decided_on": "2026-11-23", "note": "Giữ lại"},
            "số quyết định",
        ),
        (
            "/ket-luan",
            {"measure": "warning", "number": "1", "decided_on": "2027-01-01", "note": "Giữ lại"},
            "hôm nay",
        ),
        ("/cap-lai", {"number": "7/QĐ", "decided_on": "2026-11-23"}, "Chọn tệp kết quả đã ký"),
    ],
)
def test_a_form_of_a_case_that_says_too_little_is_refused_and_kept(login, rest, data, words):
    make = {"/chuyen": lambda: f.voided() and the_case(), "/ket-luan": forwarded, "/cap-lai": decided}[rest]
    case, leader = make(), enter(login, f.leader())
    before = everything()
    answer = post(leader, f"/vi-pham/{case.id}{rest}", **data)
    assert answer.status_code == 422
    assert words in answer.text
    assert everything() == before
    assert data.get("note", "") in answer.text
    assert data["number"].strip() in answer.text


def test_a_case_in_another_state_is_told_and_stays(login):
    f.voided()
    case, leader = the_case(), enter(login, f.leader())
    before = everything()
    data = {"measure": "warning", "number": "1", "decided_on": "2026-11-23"}
    answer = post(leader, f"/vi-pham/{case.id}/ket-luan", **data)
    assert answer.status_code == 409
    assert "Vụ việc đang ở tình trạng “Mới lập”" in answer.text
    assert everything() == before
    assert the_case().state is CaseState.OPENED


def test_cases_are_not_changed_by_get_or_without_token(login):
    f.voided()
    case, leader = the_case(), enter(login, f.leader())
    before = everything()
    assert leader.get(f"/vi-pham/{case.id}/chuyen").status_code == 405
    assert leader.post(f"/vi-pham/{case.id}/chuyen", data={"number": "1"}).status_code == 400
    assert everything() == before


# -- questions --------------------------------------------------------------------------


def ask(unit: str = "", body: str = "Hồ sơ cần mấy bản?") -> Question:
    from app.services import questions

    return questions.ask(
        agency_id=f.agency(unit).id, name="Lê Văn Nam", email="nam@example.com", body=body, visitor="1"
    )


def test_a_question_is_answered_by_mail_and_published_when_ticked(login):
    asked, officer = ask(), enter(login, f.officer())
    assert asked.body in officer.get("/can-bo/hoi-dap").text
    answer = post(officer, f"/can-bo/hoi-dap/{asked.id}", answer="Một bản.", publish="1")
    assert answer.location == "/can-bo/hoi-dap"
    db.session.rollback()
    row = db.session.get(Question, asked.id)
    assert row.answer == "Một bản."
    assert row.published
    assert db.session.scalars(
        db.select(OutboxMessage).where(OutboxMessage.address == "nam@example.com")
    ).one()
    answered = officer.get("/can-bo/hoi-dap?da-tra-loi=1").text
    assert "Một bản." in answered
    assert "Công bố trên trang Hỏi đáp" in answered
    again = post(officer, f"/can-bo/hoi-dap/{asked.id}", answer="Hai bản.")
    assert again.location == "/can-bo/hoi-dap?da-tra-loi=1"
    db.session.rollback()
    assert not db.session.get(Question, asked.id).published


def test_an_empty_answer_is_refused_and_the_tick_kept(login):
    asked, officer = ask(), enter(login, f.officer())
    before = everything()
    answer = post(officer, f"/can-bo/hoi-dap/{asked.id}", answer="  ", publish="1")
    assert answer.status_code == 422
    assert everything() == before
    assert f'id="cong-bo-{asked.id}" checked' in answer.text
    assert f'href="#tra-loi-{asked.id}"' in answer.text


def test_questions_of_another_agency_are_neither_shown_nor_answered(login):
    foreign, officer = ask("Cẩm Bình", "Câu hỏi của phường"), enter(login, f.officer())
    before = everything()
    assert "Câu hỏi của phường" not in officer.get("/can-bo/hoi-dap").text
    assert post(officer, f"/can-bo/hoi-dap/{foreign.id}", answer="x").status_code == 404
    for who in (f.leader("Cẩm Bình"), f.citizen(), f.administrator()):
        browser = enter(login, who)
        assert browser.get("/can-bo/hoi-dap").status_code == 403
        assert post(browser, f"/can-bo/hoi-dap/{foreign.id}", answer="x").status_code == 403
    assert everything() == before
