"""The announcement from end to end, without JavaScript: send, intake, appraisal, approval, originals, result."""

from app.domain.states import State
from tests import factories as make
from tests.journeys import acts


def test_a_household_business_is_registered(at_browser, visitor):
    citizen = at_browser(make.citizen())
    dossier = acts.compose_and_send(citizen)
    assert dossier.state is State.SUBMITTED
    assert dossier.reference in citizen.text
    assert "09:20 thứ Tư, 25/11/2026" in citizen.text  # the 24th is a day off: 8 working hours end there

    officer = at_browser(make.officer())
    assert dossier.reference in officer.open("/hop-thu").text
    officer = acts.to_the_counter(at_browser, dossier)
    dossier = make.reload(dossier)
    assert dossier.state is State.RESULT_READY
    assert dossier.code in citizen.open(f"/ho-so/{dossier.id}").text

    visitor.open("/tra-cuu").press("Tra cứu hồ sơ", code=dossier.code, last_four="5678")
    assert "Chờ trả kết quả" in visitor.text
    assert "Nguyễn Thị Minh Hằng" not in visitor.text
    assert dossier.declared_email not in visitor.text

    acts.compare(officer, dossier, {})
    officer.open(f"/can-bo/ho-so/{dossier.id}/doi-chieu")
    assert not officer.has_button("Trả kết quả")  # the fee is still to be paid
    acts.pay(officer, dossier, 100_000)
    officer.open(f"/can-bo/ho-so/{dossier.id}/doi-chieu").press("Trả kết quả")
    assert make.reload(dossier).state is State.RETURNED
    assert acts.letters("citizen") == [
        "submission_receipt",
        "form_01_receipt",
        "result_ready",
        "returned_and_survey",
    ]
    assert citizen.open(f"/ho-so/{dossier.id}/ket-qua").status == 200


def test_a_birth_is_registered_in_a_pilot_ward_by_its_own_people(at_browser):
    dossier = acts.compose_and_send(at_browser(make.citizen()), make.BIRTH, "Cẩm Bình")
    city_officer = at_browser(make.officer())
    assert dossier.reference not in city_officer.open("/hop-thu").text
    officer = acts.to_the_counter(at_browser, dossier, "Cẩm Bình")
    acts.compare(officer, dossier, {})
    officer.open(f"/can-bo/ho-so/{dossier.id}/doi-chieu").press("Trả kết quả")
    assert make.reload(dossier).state is State.RETURNED


def test_pressing_send_twice_and_going_back_is_one_dossier(at_browser):
    citizen = at_browser(make.citizen())
    draft = make.complete_draft()
    citizen.open(f"/ho-so/{draft.id}/kiem-tra")
    page = citizen.html
    citizen.press("Gửi hồ sơ", truth="y")
    first = citizen.text
    citizen.path, citizen.html = f"/ho-so/{draft.id}/kiem-tra", page  # the back button
    citizen.press("Gửi hồ sơ", truth="y")
    assert citizen.status == 200
    assert make.reload(draft).reference in citizen.text
    assert make.reload(draft).reference in first
    assert acts.letters("citizen") == ["submission_receipt"]
