"""Papers on the pages: buttons that print, routes that check, the register, the leader's apologies."""

from datetime import datetime

import pytest

from app.domain.clock import LOCAL
from app.domain.papers import Form
from app.extensions import db
from app.models.papers import Apology, ApologyState, IssuedPaper
from app.services import apologies, exports, papers
from tests import factories as f
from tests.web.browsing import enter, post
from tests.web.desks import at, everything

REGISTER = "/can-bo/so-theo-doi"
THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=LOCAL)


def newest(dossier, form: Form) -> IssuedPaper:
    return next(p for p in papers.of_dossier(f.officer(), dossier) if p.form is form)


def test_an_officer_prints_from_the_page_of_the_dossier(login):
    made, officer = f.returned(), enter(login, f.officer())
    page = officer.get(at(made)).text
    for form in (Form.RECEIPT, Form.CONTROL_SLIP, Form.FEE_RECEIPT):
        paper = newest(made, form)
        assert f'href="/can-bo/ban-in/{paper.id}"' in page
        assert f"In {form.label[0].lower()}{form.label[1:]}" in page
        assert f"Số {paper.number}" in page
    answer = officer.get(f"/can-bo/ban-in/{newest(made, Form.RECEIPT).id}")
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''giay-tiep-nhan-")
    assert answer.headers["Cache-Control"] == "no-store"
    saved = officer.get(f"/can-bo/ban-in/{newest(made, Form.RECEIPT).id}?tai-ve=1")
    assert saved.headers["Content-Disposition"].startswith("attachment;")


def test_the_control_slip_can_be_printed_before_the_end_and_only_by_officers(login):
    made = f.in_appraisal()
    officer, citizen = enter(login, f.officer()), enter(login, f.citizen())
    assert f'href="{at(made)}/phieu-kiem-soat"' in officer.get(at(made)).text
    assert officer.get(f"{at(made)}/phieu-kiem-soat").data.startswith(b"%PDF")
    assert citizen.get(f"{at(made)}/phieu-kiem-soat").status_code == 403
    assert enter(login, f.officer("Cẩm Bình")).get(f"{at(made)}/phieu-kiem-soat").status_code == 404


def test_the_citizen_prints_own_papers_but_not_the_office_slip(login):
    made, citizen = f.result_ready(), enter(login, f.citizen())
    receipt, slip = newest(made, Form.RECEIPT), newest(made, Form.CONTROL_SLIP)
    page = citizen.get(f"/ho-so/{made.id}").text
    assert f'href="/ho-so/ban-in/{receipt.id}"' in page
    assert f"/ban-in/{slip.id}" not in page
    assert citizen.get(f"/ho-so/ban-in/{receipt.id}").data.startswith(b"%PDF")
    assert citizen.get(f"/ho-so/ban-in/{slip.id}").status_code == 404
    assert citizen.get(f"/can-bo/ban-in/{receipt.id}").status_code == 403


def test_strangers_get_no_paper(login, client):
    receipt = newest(f.received(), Form.RECEIPT).id
    assert client.get(f"/ho-so/ban-in/{receipt}").status_code == 302
    assert enter(login, f.citizen(1)).get(f"/ho-so/ban-in/{receipt}").status_code == 404
    assert enter(login, f.officer("Cẩm Bình")).get(f"/can-bo/ban-in/{receipt}").status_code == 404
    assert enter(login, f.administrator()).get(f"/can-bo/ban-in/{receipt}").status_code == 403
    officer = enter(login, f.officer())
    for odd in ("0", "999999999", "9223372036854775808", "x"):
        assert officer.get(f"/can-bo/ban-in/{odd}").status_code == 404


def test_the_register_is_taken_as_pdf_and_as_spreadsheet(login):
    f.received()
    officer = enter(login, f.officer())
    page = officer.get("/can-bo/so-theo-doi").text
    assert 'action="/can-bo/so-theo-doi/2026"' in page
    assert "thư báo" not in page
    assert post(officer, f"{REGISTER}/2026", dang="pdf").data.startswith(b"%PDF")
    sheet = post(officer, f"{REGISTER}/2026", dang="xlsx")
    assert sheet.data.startswith(b"PK")
    assert "so-theo-doi-2026.xlsx" in sheet.headers["Content-Disposition"]
    assert post(officer, f"{REGISTER}/2014", dang="pdf").status_code == 404
    for odd in ("csv", "exe", ""):
        assert post(officer, f"{REGISTER}/2026", dang=odd).status_code == 422
    for other in (f.citizen(), f.administrator()):
        browser = enter(login, other)
        assert browser.get(REGISTER).status_code == 403
        assert post(browser, f"{REGISTER}/2026", dang="pdf").status_code == 403


def test_a_large_register_is_made_by_the_worker(login, monkeypatch):
    f.received()
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    officer = enter(login, f.officer())
    assert "thư báo" in officer.get(REGISTER).text
    place = post(officer, f"{REGISTER}/2026", dang="pdf").headers["Location"]
    assert "Sổ theo dõi hồ sơ 2026" in officer.get(place).text
    assert officer.get(f"{place}/tep").status_code == 409
    exports.make_waiting()
    file = officer.get(f"{place}/tep")
    assert file.data.startswith(b"%PDF")
    assert "so-theo-doi-2026.pdf" in file.headers["Content-Disposition"]
    assert enter(login, f.leader()).get(place).status_code == 404


@pytest.fixture
def late(moment, app):
    made = f.in_appraisal()
    moment.move_to(THURSDAY)
    assert apologies.draft_due() == 1
    return made


def test_the_leader_signs_the_apology_on_the_page_and_everybody_sees_the_new_day(late, login, client):
    leader = enter(login, f.leader())
    assert f'href="{at(late)}#xin-loi"' in leader.get("/can-bo/xin-loi").text
    said = {"promised_on": "2026-12-01", "reason": "Phòng thiếu người"}
    answer = post(leader, f"{at(late)}/xin-loi", **said)
    assert answer.status_code == 302
    page = leader.get(at(late)).text
    assert "Hẹn lại ngày 01/12/2026; hạn giải quyết 17:00, 27/11/2026 vẫn được tính." in page
    assert "In phiếu xin lỗi" in page
    assert "Ký và gửi phiếu xin lỗi" not in page
    citizen = enter(login, f.citizen()).get(f"/ho-so/{late.id}").text
    assert "01/12/2026" in citizen
    assert "17:00" in citizen
    assert "Đã gửi" in leader.get("/can-bo/xin-loi").text
    assert "01/12/2026" in client.get(f"/tra-cuu/{late.secret}").text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"promised_on": "2026-11-28", "reason": "Thiếu người"}, "Chọn một ngày làm việc."),
        (
            {"promised_on": "2026-11-27", "reason": "Thiếu người"},
            "Chọn ngày trả kết quả mới sau ngày 27/11/2026.",
        ),
        ({"promised_on": "mai", "reason": "Thiếu người"}, "Ghi ngày theo mẫu 24/11/2026."),
        ({"promised_on": "2026-12-01", "reason": ""}, "Ghi lý do chậm trả kết quả."),
    ],
)
def test_a_bad_apology_is_refused_keeps_what_was_typed_and_changes_nothing(late, login, said, words):
    leader = enter(login, f.leader())
    before = everything()
    answer = post(leader, f"{at(late)}/xin-loi", **said)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{said["promised_on"]}"' in answer.text
    assert said["reason"] in answer.text
    assert everything() == before


def test_nobody_but_a_leader_of_the_agency_signs(late, login):
    said = {"promised_on": "2026-12-01", "reason": "Thiếu người"}
    for who, status in ((f.officer(), 403), (f.specialist(late), 403), (f.leader("Cẩm Bình"), 404)):
        browser = enter(login, who)
        assert post(browser, f"{at(late)}/xin-loi", **said).status_code == status
        assert browser.get("/can-bo/xin-loi").status_code == (200 if status == 404 else 403)
    db.session.rollback()
    assert db.session.query(Apology).one().state is ApologyState.DRAFTED
    assert "Ký và gửi" not in enter(login, f.officer()).get(at(late)).text
