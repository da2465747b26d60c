"""Papers judged, defects listed, messages written, the department chosen."""

from datetime import timedelta

import pytest

from app.extensions import db
from app.models.handling import ItemKind, Message, SupplementItem
from app.services import facts, reviews, supplements
from tests import factories as f
from tests.web.browsing import enter, post
from tests.web.desks import at, everything, step


def test_a_verdict_is_noted_and_the_next_paper_opened(login):
    made, officer = f.submitted(), enter(login, f.officer())
    first, second = facts.documents_with_scans(made)
    answer = post(officer, at(made, f"/giay-to/{first.id}"), acceptable="yes")
    assert answer.location == at(made, f"?giay-to={second.id}")
    answer = post(officer, at(made, f"/giay-to/{second.id}"), acceptable="yes")
    assert answer.location == at(made, f"?giay-to={second.id}")
    assert all(review.acceptable for review in reviews.of_dossier(f.reload(made)).values())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"acceptable": "no", "note": " "}, "Ghi điều chưa đạt"),
        ({"note": "Giữ lại câu này"}, "Chọn “Đạt” hoặc “Chưa đạt”"),
    ],
)
def test_a_verdict_that_says_too_little_is_refused_and_kept(login, data, words):
    made, officer = f.submitted(), enter(login, f.officer())
    document = made.documents[0]
    officer.get(at(made, f"?giay-to={document.id}"))
    before = everything()
    answer = post(officer, at(made, f"/giay-to/{document.id}"), **data, **{"giay-to": document.id})
    assert answer.status_code == 422
    assert words in answer.text
    assert data.get("note", "") in answer.text
    rows = everything()
    assert [r[3:5] for r in rows["document_review"]] == [r[3:5] for r in before["document_review"]]


def test_a_paper_without_scan_or_of_another_dossier_is_not_judged(login):
    made, other = f.submitted(), f.submitted()
    officer = enter(login, f.officer())
    empty = next(d for d in made.documents if not d.attachments)
    before = everything()
    for document in (empty.id, other.documents[0].id, 999_999):
        assert post(officer, at(made, f"/giay-to/{document}"), acceptable="yes").status_code == 404
    assert everything() == before


def test_defects_are_listed_one_by_one_and_sent_at_once(login):
    made, officer = f.submitted(), enter(login, f.officer())
    document = made.documents[0]
    items = [("unreadable", document.id, "Chụp lại trang 1"), ("question", "", "Giải trình ngành nghề")]
    for kind, document_id, description in items:
        answer = post(
            officer, at(made, "/bo-sung"), kind=kind, document_id=document_id, description=description
        )
        assert answer.status_code == 302
    page = officer.get(at(made)).text
    assert "Chụp lại trang 1" in page
    assert "Giải trình ngành nghề" in page
    item = db.session.scalars(db.select(SupplementItem)).first()
    assert post(officer, at(made, f"/bo-sung/{item.id}/bo")).status_code == 302
    assert "Chụp lại trang 1" not in officer.get(at(made)).text
    assert step(officer, f.reload(made), "request_supplement", reason="Ảnh mờ").status_code == 302
    shown = officer.get(at(made)).text
    assert "Giải trình ngành nghề" in shown
    assert "Chưa trả lời" in shown
    assert "Hạn bổ sung" in shown


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"kind": "rubbish", "description": "Giữ lại"}, 422),
        ({"kind": "missing", "description": "Giữ lại"}, 422),
        ({"kind": "missing", "description": " "}, 422),
        ({"kind": "missing", "document_id": "x", "description": "Giữ lại"}, 404),
        ({"kind": "missing", "document_id": "999999", "description": "Giữ lại"}, 404),
    ],
)
def test_a_defect_that_says_too_little_is_refused_and_kept(login, data, status):
    made, officer = f.submitted(), enter(login, f.officer())
    before = everything()
    answer = post(officer, at(made, "/bo-sung"), **data)
    assert answer.status_code == status
    assert everything() == before
    if status == 422:
        assert data["description"].strip() in answer.text


def test_a_defect_of_another_agencys_request_cannot_be_taken_out(login):
    foreign = f.submitted("KS-01", "Cẩm Bình")
    item = supplements.add_item(f.officer("Cẩm Bình"), foreign.id, ItemKind.QUESTION, "x")
    made, officer = f.submitted(), enter(login, f.officer())
    before = everything()
    assert post(officer, at(made, f"/bo-sung/{item.id}/bo")).status_code == 404
    assert everything() == before


def test_the_citizens_answer_is_read_only_after_it_was_sent(login):
    made = f.information_requested()
    citizen, specialist = f.citizen(), enter(login, f.specialist(made))
    item = supplements.of_dossier(made)[0].items[0]
    supplements.answer_item(citizen, item.id, "Vốn tự có")
    page = specialist.get(at(made)).text
    assert "Vốn tự có" not in page
    assert "Tạm dừng, còn" in page
    assert "Hạn bổ sung" in page
    f.press(citizen, made, "supply_information")
    page = specialist.get(at(made)).text
    assert "Vốn tự có" in page
    assert "Đã trả lời" in page


def test_a_message_goes_to_the_citizen_and_shows_whether_its_mail_went_out(login):
    made, officer = f.submitted(), enter(login, f.officer())
    assert post(officer, at(made, "/tin-nhan"), body="Mời bà xem lại\ntrang 2 <i>").status_code == 302
    page = officer.get(at(made)).text
    assert "trang 2 &lt;i&gt;" in page
    assert "Đang giữ (chưa cấu hình máy chủ thư)" in page
    before = everything()
    answer = post(officer, at(made, "/tin-nhan"), body=" ")
    assert answer.status_code == 422
    assert everything() == before
    assert db.session.scalars(db.select(Message.body)).all() == ["Mời bà xem lại\ntrang 2 <i>"]


def test_a_leader_does_not_write_for_the_officer(login):
    made, leader = f.submitted(), enter(login, f.leader())
    before = everything()
    assert post(leader, at(made, "/tin-nhan"), body="x").status_code == 403
    assert everything() == before


def test_the_department_is_chosen_among_the_agencys_own(login):
    made, officer = f.received(), enter(login, f.officer())
    own = next(d for d in made.agency.departments if d.id != made.department_id)
    foreign = f.agency("Cẩm Bình").departments[0]
    before = everything()
    assert post(officer, at(made, "/phong"), department_id=foreign.id).status_code == 404
    assert post(officer, at(made, "/phong"), department_id="").status_code == 422
    assert everything() == before
    assert post(officer, at(made, "/phong"), department_id=own.id).status_code == 302
    assert f.reload(made).department_id == own.id


def test_an_overdue_dossier_says_how_late_it_is(login, moment):
    made = f.submitted()
    moment.shift(timedelta(days=3))
    assert "mc-han qua lon" in enter(login, f.officer()).get(at(made)).text


def test_a_calendar_year_nobody_confirmed_is_said_under_the_trace(login):
    from app.models.organisation import CalendarYear
    from app.services import calendars

    made = f.submitted()
    for year in db.session.scalars(db.select(CalendarYear)):
        year.confirmed = False
    calendars.renew_version()
    db.session.commit()
    assert "chưa được xác nhận" in enter(login, f.officer()).get(at(made)).text
