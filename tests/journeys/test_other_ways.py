"""The other ways a dossier can go: supplement, refusal, denial, void, withdrawal, overdue, roll-out."""

from datetime import date, datetime

from app.domain.clock import LOCAL
from app.domain.states import State
from app.services import deadlines, rollout, violations
from tests import factories as make
from tests.journeys import acts


def test_a_blurred_photograph_is_asked_for_again_and_taken_anew(at_browser):
    citizen, officer = at_browser(make.citizen()), at_browser(make.officer())
    dossier = acts.compose_and_send(citizen)
    document = dossier.documents[0]
    page = f"/can-bo/ho-so/{dossier.id}"
    officer.open(page).press(
        "Thêm nội dung", kind="unreadable", document_id=str(document.id), description="Chụp lại trang 1"
    )
    officer.open(page).press("Yêu cầu bổ sung", reason="Ảnh bị mờ")
    assert make.reload(dossier).state is State.SUPPLEMENT_REQUESTED
    assert "Chụp lại trang 1" in citizen.open(f"/ho-so/{dossier.id}").text

    citizen.open(f"/ho-so/{dossier.id}/bo-sung")
    item = next(n for f in citizen._parsed().forms for n in f.names if n.startswith("files-"))
    citizen.press("Gửi bổ sung", **{item: [("moi.jpg", make.picture("sharp"))]})
    dossier = make.reload(dossier)
    assert dossier.state is State.SUBMITTED
    assert [a.version for a in dossier.documents[0].attachments] == [1, 1, 2]
    acts.look_and_receive(officer, dossier)
    assert make.reload(dossier).state is State.RECEIVED


def test_a_dossier_for_another_authority_is_refused_with_the_reason_in_the_mail(at_browser):
    dossier = acts.compose_and_send(at_browser(make.citizen()))
    officer = at_browser(make.officer())
    officer.open(f"/can-bo/ho-so/{dossier.id}").press(
        "Tiếp tục", reason="Không thuộc thẩm quyền của thành phố"
    )
    officer.press("Từ chối tiếp nhận")
    assert make.reload(dossier).state is State.REFUSED
    assert "form_03_refusal" in acts.letters("citizen")


def test_a_denial_is_approved_and_handed_over_without_originals_or_fee(at_browser):
    dossier = make.awaiting_approval(denied=True)
    acts.approve(at_browser(make.leader()), dossier)
    officer = at_browser(make.officer())
    acts.announce(officer, dossier)
    officer.open(f"/can-bo/ho-so/{dossier.id}").press("Trả kết quả")
    assert make.reload(dossier).state is State.RETURNED


def test_a_forged_paper_voids_the_result_for_good_and_the_authorities_are_told(at_browser, visitor):
    dossier = make.result_ready()
    officer = at_browser(make.officer())
    acts.compare(officer, dossier, {1: "differs"})
    officer.open(f"/can-bo/ho-so/{dossier.id}/doi-chieu")
    assert not officer.has_button("Trả kết quả")
    officer.press("Hủy kết quả và báo cơ quan chức năng", reason="Giấy tờ gốc mang tên người khác")
    assert make.reload(dossier).state is State.RESULT_READY  # first the page that names the consequence
    officer.press("Hủy kết quả")
    dossier = make.reload(dossier)
    assert dossier.state is State.VOIDED
    assert "result_voided" in acts.letters("citizen")
    assert acts.letters("violation_authority") == ["violation_report"]

    case = violations.case_of(dossier)
    leader = at_browser(make.leader())
    leader.open(f"/vi-pham/{case.id}").press("Ghi đã chuyển", number="45/CV-TTHCC")
    leader.open(f"/vi-pham/{case.id}").press(
        "Ghi kết luận", measure="sanction", number="7/QĐ-XPHC", decided_on="2026-11-23"
    )
    assert "Đã có kết luận" in leader.open(f"/vi-pham/{case.id}").text
    visitor.open("/tra-cuu").press("Tra cứu hồ sơ", code=dossier.code, last_four=dossier.applicant_phone[-4:])
    assert "Đã hủy kết quả" in visitor.text


def test_a_citizen_withdraws_after_saying_why(at_browser):
    dossier = make.in_appraisal()
    citizen = at_browser(make.citizen())
    citizen.open(f"/ho-so/{dossier.id}/rut").press("Rút hồ sơ", reason="Không còn nhu cầu")
    assert make.reload(dossier).state is State.WITHDRAWN


def test_an_overdue_dossier_is_marked_and_shown_late_to_officer_and_leader(at_browser, moment):
    dossier = make.submitted()
    moment.move_to(datetime(2026, 11, 25, 9, 55, 30, tzinfo=LOCAL))
    assert deadlines.sweep() == {"deadline_overdue": 1}
    officer = at_browser(make.officer())
    assert "Quá 35 phút" in officer.open("/hop-thu").text
    assert "Quá 35 phút" in officer.open(f"/can-bo/ho-so/{dossier.id}").text
    assert "Quá 35 phút" in at_browser(make.leader()).open("/hop-thu").follow("Đang giải quyết").text
    assert acts.letters("leader") == ["deadline_overdue"] * 2  # the city has two leaders


def test_a_ward_that_is_not_open_yet_says_from_when_and_where(at_browser):
    ward = make.agency("Cửa Ông")
    rollout.opens(make.administrator(), ward.id, "ward", date(2026, 12, 1))
    citizen = at_browser(make.citizen())
    citizen.open(f"/thu-tuc/{make.BIRTH}?agency_id={ward.id}")
    citizen.open(f"/thu-tuc/{make.BIRTH}").press("Nộp hồ sơ", agency_id=str(ward.id))
    assert "01/12/2026" in citizen.text
    assert "Cẩm Bình" in citizen.text
    rollout.opens(make.administrator(), ward.id, "ward", date(2016, 9, 1))
    citizen.open(f"/thu-tuc/{make.BIRTH}").press("Nộp hồ sơ", agency_id=str(ward.id))
    assert citizen.path.endswith("/soan")


def test_a_conversation_on_the_dossier_reaches_the_citizen_by_mail_and_the_officer_on_the_page(at_browser):
    dossier = make.submitted()
    officer, citizen = at_browser(make.officer()), at_browser(make.citizen())
    officer.open(f"/can-bo/ho-so/{dossier.id}").press("Gửi tin nhắn", body="Ông, bà cho biết số nhà.")
    assert "office_message" in acts.letters("citizen")
    citizen.open(f"/ho-so/{dossier.id}")
    assert "Ông, bà cho biết số nhà." in citizen.text
    citizen.press("Gửi câu hỏi", body="Số nhà 12, khu 5.")
    assert "Số nhà 12, khu 5." in officer.open(f"/can-bo/ho-so/{dossier.id}").text


def test_a_question_from_the_site_is_answered_by_mail_and_published(at_browser, visitor):
    visitor.open(f"/thu-tuc/{make.HOUSEHOLD_BUSINESS}").press(
        "Gửi câu hỏi", name="Trần Văn A", email="a@example.com", body="Lệ phí bao nhiêu?"
    )
    officer = at_browser(make.officer())
    officer.open("/can-bo/hoi-dap")
    assert "Lệ phí bao nhiêu?" in officer.text
    officer.press("Gửi câu trả lời", nth=-1, answer="Một trăm nghìn đồng.", publish="1")
    assert acts.letters("asker")[-1] == "question_answered"
    assert "Một trăm nghìn đồng." in visitor.open("/hoi-dap").text
