"""Departments appraise and draft, leaders number and sign."""

from datetime import date

import pytest

from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.handling import Journal
from app.models.organisation import Department
from app.services import appraisal, approval, facts
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

DAY = date(2026, 11, 20)
PAPER, OTHER = make.picture("draft"), make.picture("signed")


def department(dossier, *, own=True, active=True):
    query = db.select(Department).where(
        (Department.agency_id == dossier.agency_id) if own else (Department.agency_id != dossier.agency_id),
        Department.id != (dossier.department_id or 0),
    )
    found = db.session.scalars(query.order_by(Department.id)).first()
    found.active = active
    db.session.commit()
    return found


class TestDepartment:
    def test_of_the_agency_is_chosen_before_forwarding(self):
        dossier = make.received()
        other = department(dossier)
        appraisal.assign_department(make.officer(), dossier.id, other.id)
        assert make.reload(dossier).department_id == other.id

    @pytest.mark.parametrize("kind", [{"own": False}, {"active": False}])
    def test_of_another_agency_or_no_longer_working_is_refused(self, kind):
        dossier = make.received()
        before = dossier.department_id
        other = department(dossier, **kind)
        for wrong in (other.id, 999_999):
            with pytest.raises(NotFound, match="no_such_department"):
                appraisal.assign_department(make.officer(), dossier.id, wrong)
        assert make.reload(dossier).department_id == before

    def test_stays_once_forwarded(self):
        dossier = make.in_appraisal()
        before, other = dossier.department_id, department(dossier)
        with pytest.raises(Conflict, match="not_in_this_state"):
            appraisal.assign_department(make.officer(), dossier.id, other.id)
        assert make.reload(dossier).department_id == before


class TestOpinions:
    def test_are_kept_oldest_first_with_author_and_department(self):
        dossier = make.in_appraisal()
        someone = make.specialist(dossier)
        for text in (" Đủ điều kiện. ", "Đề nghị cấp."):
            appraisal.write_opinion(someone, dossier.id, text)
        kept = appraisal.opinions_of(dossier)
        assert [o.body for o in kept] == ["Đủ điều kiện.", "Đề nghị cấp."]
        assert {(o.author_id, o.department_id) for o in kept} == {(someone.user_id, dossier.department_id)}

    def test_are_written_once_by_a_double_click(self):
        dossier = make.in_appraisal()
        someone = make.specialist(dossier)
        assert len({appraisal.write_opinion(someone, dossier.id, text).id for text in ("Đủ.", " Đủ. ")}) == 1
        assert len(appraisal.opinions_of(dossier)) == 1
        assert db.session.query(Journal).filter_by(key="opinion_written", dossier_id=dossier.id).count() == 1

    def test_are_not_empty(self):
        dossier = make.in_appraisal()
        with pytest.raises(Refused, match="opinion_empty"):
            appraisal.write_opinion(make.specialist(dossier), dossier.id, " ")
        assert appraisal.opinions_of(dossier) == []

    def test_are_written_only_during_appraisal(self):
        dossier = make.awaiting_approval()
        with pytest.raises(Conflict, match="not_in_this_state"):
            appraisal.write_opinion(make.specialist(dossier), dossier.id, "Thêm")
        assert len(appraisal.opinions_of(dossier)) == 1


class TestDraft:
    def test_can_be_replaced_and_what_was_numbered_is_numbered_anew(self):
        dossier = make.awaiting_approval()
        appraisal.sign_result(make.leader(), dossier.id, "1/QĐ", DAY)
        make.press(make.leader(), dossier, "send_back", "Sửa tên")
        first = facts.current_result(dossier)
        second = appraisal.draft_result(make.specialist(dossier), dossier.id, " Cấp lại ", PAPER)
        assert second.id == first.id
        assert (second.summary, second.number, second.decided_on) == ("Cấp lại", "", None)
        assert (second.signed_file_id, second.draft_file.size) == (None, len(PAPER))

    @pytest.mark.parametrize(
        ("summary", "data", "key"),
        [(" ", PAPER, "result_summary_required"), ("Cấp", b"<html>", "file_type_not_accepted")],
    )
    def test_needs_a_sentence_and_a_file_that_opens(self, summary, data, key):
        dossier = make.in_appraisal()
        with pytest.raises(Refused, match=key):
            appraisal.draft_result(make.specialist(dossier), dossier.id, summary, data)
        assert facts.current_result(dossier) is None

    def test_is_made_by_the_department_only(self):
        dossier = make.in_appraisal()
        with pytest.raises(NotAllowed):
            appraisal.draft_result(make.leader(), dossier.id, "Cấp", PAPER)
        assert facts.current_result(dossier) is None


class TestSignature:
    def test_without_a_file_means_that_the_draft_was_signed(self):
        dossier = make.awaiting_approval()
        signed = appraisal.sign_result(make.leader(), dossier.id, " 1/QĐ ", DAY)
        assert (signed.number, signed.decided_on) == ("1/QĐ", DAY)
        assert signed.signed_file_id == signed.draft_file_id is not None

    def test_with_a_file_keeps_both(self):
        dossier = make.awaiting_approval()
        signed = appraisal.sign_result(make.leader(), dossier.id, "1/QĐ", DAY, OTHER)
        assert signed.signed_file_id != signed.draft_file_id
        assert signed.signed_file.size == len(OTHER)

    def test_with_an_empty_file_is_refused_not_taken_for_the_draft(self):
        dossier = make.awaiting_approval()
        with pytest.raises(Refused, match="file_empty"):
            appraisal.sign_result(make.leader(), dossier.id, "1/QĐ", DAY, b"")
        assert facts.current_result(dossier).number == ""

    def test_of_a_denial_says_the_reason_of_the_proposal(self):
        dossier = make.awaiting_approval(denied=True)
        signed = appraisal.sign_result(make.leader(), dossier.id, "1/TB", DAY)
        assert (signed.summary, signed.signed_file_id) == ("Ngành nghề cấm kinh doanh", None)

    @pytest.mark.parametrize(
        ("number", "day", "key"),
        [(" ", DAY, "result_number_required"), ("1/QĐ", date(2026, 11, 24), "result_date_in_future")],
    )
    def test_needs_a_number_and_a_day_that_has_come(self, number, day, key):
        dossier = make.awaiting_approval()
        with pytest.raises(Refused, match=key):
            appraisal.sign_result(make.leader(), dossier.id, number, day)
        assert facts.current_result(dossier).number == ""

    def test_today_is_a_day_that_has_come(self):
        dossier = make.awaiting_approval()
        assert appraisal.sign_result(make.leader(), dossier.id, "1/QĐ", date(2026, 11, 23)).number == "1/QĐ"

    def test_is_the_leaders_and_only_while_approval_is_awaited(self):
        dossier = make.awaiting_approval()
        with pytest.raises(NotAllowed):
            appraisal.sign_result(make.specialist(dossier), dossier.id, "1/QĐ", DAY)
        assert facts.current_result(dossier).number == ""
        done = make.decided()
        number = facts.current_result(done).number
        with pytest.raises(Conflict, match="not_in_this_state"):
            appraisal.sign_result(make.leader(), done.id, "2/QĐ", DAY)
        assert facts.current_result(done).number == number


class TestOnePressOfTheLeader:
    def test_signs_and_approves(self):
        dossier = make.awaiting_approval()
        approval.sign_and_approve(make.leader(), dossier.id, number="1/QĐ", decided_on=DAY, data=OTHER)
        result = facts.current_result(dossier)
        assert (make.reload(dossier).state, result.number) == (State.DECIDED, "1/QĐ")
        assert result.signed_at is not None

    def test_leaves_no_number_when_the_approval_is_refused(self):
        dossier = make.awaiting_approval()
        dossier.proposed_by_id = make.leader().user_id
        db.session.commit()
        with pytest.raises(Refused, match="signer_is_proposer"):
            approval.sign_and_approve(make.leader(), dossier.id, number="1/QĐ", decided_on=DAY)
        assert make.reload(dossier).state is State.AWAITING_APPROVAL
        assert facts.current_result(dossier).number == ""

    def test_of_an_old_page_leaves_no_number(self):
        dossier = make.awaiting_approval()
        with pytest.raises(Conflict, match="stale_version"):
            approval.sign_and_approve(make.leader(), dossier.id, number="1/QĐ", decided_on=DAY, version=1)
        assert facts.current_result(make.reload(dossier)).number == ""

    def test_repeated_answers_with_the_first(self):
        dossier = make.awaiting_approval()
        press = {"number": "1/QĐ", "decided_on": DAY, "idempotency_key": "once"}
        approval.sign_and_approve(make.leader(), dossier.id, **press)
        version = make.reload(dossier).version
        again = approval.sign_and_approve(make.leader(), dossier.id, **press | {"number": "2/QĐ"})
        assert (again.version, facts.current_result(dossier).number) == (version, "1/QĐ")

    @pytest.mark.parametrize("role", [Role.RECEIVING_OFFICER, Role.DEPARTMENT_OFFICER])
    def test_is_nobody_elses(self, role):
        dossier = make.awaiting_approval()
        someone = make.officer() if role is Role.RECEIVING_OFFICER else make.specialist(dossier)
        with pytest.raises(NotAllowed):
            approval.sign_and_approve(someone, dossier.id, number="1/QĐ", decided_on=DAY)
        assert make.reload(dossier).state is State.AWAITING_APPROVAL
