"""Voiding a result: locked without a difference, confirmed, then for good."""

from app.domain.originals import Verdict
from app.domain.states import State
from app.extensions import db
from app.models.catalogue import ViolationAuthority
from app.models.outbox import OutboxMessage
from app.models.violation import ViolationCase
from app.services import counter, facts
from tests import factories as f
from tests.web.browsing import enter, hidden, post
from tests.web.desks import at, everything, journal_of, marks

REASON = "Bản gốc mang tên người khác"


def with_a_difference(dossier) -> None:
    first, second = facts.documents_with_scans(dossier)
    counter.compare(f.officer(), first.id, Verdict.DIFFERS, "Số nhà 72, ảnh ghi 27")
    counter.compare(f.officer(), second.id, Verdict.MATCHES)


def test_voiding_is_locked_until_a_difference_is_recorded(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    page = officer.get(at(made, "/doi-chieu")).text
    assert "Chưa có giấy tờ nào được ghi là không khớp." in page
    assert f'action="{at(made, "/thao-tac/void_on_mismatch")}"' not in page
    before = everything()
    answer = post(
        officer, at(made, "/thao-tac/void_on_mismatch"), version=made.version, reason=REASON, confirmed="1"
    )
    assert answer.status_code == 422
    assert everything() == before


def test_voiding_names_the_consequence_then_voids_tells_and_opens_a_case_in_one_step(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    with_a_difference(made)
    page = officer.get(at(made, "/doi-chieu")).text
    before = everything()
    data = marks(page, "void_on_mismatch")
    path = at(made, "/thao-tac/void_on_mismatch")
    asked = post(officer, path, reason=REASON, page="doi-chieu", **data)
    assert asked.status_code == 200
    assert everything() == before
    for words in (
        "Không thể khôi phục",
        "Số nhà 72, ảnh ghi 27",
        made.declared_email,
        "Cơ quan nhận báo cáo",
        REASON,
    ):
        assert words in asked.text, words
    data = {name: hidden(asked.text, name) for name in ("version", "idempotency_key", "confirmed")}
    for _press in range(2):
        assert post(officer, path, reason=REASON, **data).status_code == 302
    assert f.reload(made).state is State.VOIDED
    assert facts.current_result(made).voided_at
    assert len(journal_of(made, "void_on_mismatch")) == 1
    case = db.session.scalars(db.select(ViolationCase)).one()
    assert REASON in case.report
    assert "Số nhà 72" in case.report
    mails = db.session.scalars(db.select(OutboxMessage).where(OutboxMessage.dossier_id == made.id))
    assert {"citizen", "violation_authority", "leader"} <= {
        m.receiver for m in mails if m.created_at >= case.opened_at
    }
    shown = officer.get(at(made)).text
    assert f'href="/vi-pham/{case.id}"' in shown
    assert "Đã hủy kết quả" in shown


def test_voiding_without_a_reason_stays_on_the_desk(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    with_a_difference(made)
    before = everything()
    answer = post(
        officer, at(made, "/thao-tac/void_on_mismatch"), version=made.version, reason=" ", page="doi-chieu"
    )
    assert answer.status_code == 422
    assert everything() == before
    assert "Ghi lý do trước khi chọn" in answer.text
    assert "Trả kết quả và thu phí" in answer.text


def test_without_an_authority_to_tell_nothing_is_void(login):
    made, officer = f.result_ready(), enter(login, f.officer())
    with_a_difference(made)
    db.session.execute(db.delete(ViolationAuthority))
    db.session.commit()
    assert "Chưa cấu hình" in officer.get(at(made, "/doi-chieu")).text
    before = everything()
    data = {"version": made.version, "reason": REASON, "confirmed": "1", "page": "doi-chieu"}
    answer = post(officer, at(made, "/thao-tac/void_on_mismatch"), **data)
    assert answer.status_code == 409
    assert "Chưa cấu hình cơ quan nhận báo cáo" in answer.text
    assert everything() == before
