"""apply(): what each step does, and that a refused step does nothing."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.domain.clock import LOCAL
from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.originals import Verdict
from app.domain.roles import SYSTEM, Role
from app.domain.states import ClockKind, State
from app.domain.transitions import BY_KEY, CLOSED
from app.extensions import db
from app.models.catalogue import RequiredDocument
from app.models.dossier import Outcome
from app.models.handling import ItemKind, Journal
from app.models.outbox import OutboxMessage
from app.models.violation import CaseState, ViolationCase
from app.services import appraisal, clocks, compose, counter, dossiers, facts, settings, supplements
from tests import factories as make
from tests.conftest import MONDAY_MORNING

pytestmark = pytest.mark.usefixtures("app")


def journal_keys(dossier):
    return list(
        db.session.scalars(select(Journal.key).where(Journal.dossier_id == dossier.id).order_by(Journal.id))
    )


def mails(dossier, template):
    query = select(OutboxMessage.receiver).where(
        OutboxMessage.dossier_id == dossier.id, OutboxMessage.template == template
    )
    return sorted(db.session.scalars(query))


def snapshot(dossier):
    """Everything that a refused step must leave as it is."""
    rows = db.session.scalar(select(func.count()).where(Journal.dossier_id == dossier.id))
    letters = db.session.scalar(select(func.count()).where(OutboxMessage.dossier_id == dossier.id))
    fresh = make.reload(dossier)
    return fresh.state, fresh.version, fresh.code, fresh.due_at, rows, letters


class TestSubmit:
    def test_starts_the_eight_hours_and_writes_to_citizen_and_officers(self):
        dossier = make.submitted()
        assert dossier.state is State.SUBMITTED
        [running] = clocks.running(dossier)
        assert running.kind is ClockKind.INTAKE
        # 09:20 on Monday 23/11; the 24th is Vietnam Culture Day; 8 working hours end at 09:20 on the 25th
        assert running.due_at.astimezone(LOCAL).strftime("%d/%m %H:%M") == "25/11 09:20"
        assert dossier.due_at == running.due_at
        assert mails(dossier, "submission_receipt") == ["citizen"]
        assert mails(dossier, "new_dossier") == ["receiving_officer"]
        assert journal_keys(dossier) == ["submit"]

    def test_is_refused_while_a_required_document_is_missing(self):
        draft = make.draft()
        compose.declare_truth(make.citizen(), draft.id, declared=True)
        before = snapshot(draft)
        with pytest.raises(Refused, match="documents_missing") as refusal:
            make.press(make.citizen(), draft, "submit")
        assert "Giấy đề nghị đăng ký hộ kinh doanh" in refusal.value.params["documents"]
        assert snapshot(draft) == before

    def test_keeps_processing_time_and_fees_when_the_procedure_changes_afterwards(self):
        dossier = make.submitted()
        dossier.procedure.processing_time = 99
        dossier.procedure.fees[0].amount = 1
        db.session.commit()
        kept = make.reload(dossier)
        assert kept.processing_time == 3
        assert [f.amount for f in kept.fees] == [100_000]

    def test_twice_with_the_same_key_is_once(self):
        draft = make.complete_draft()
        first = dossiers.apply(make.citizen(), draft.id, "submit", idempotency_key="press-1")
        again = dossiers.apply(make.citizen(), draft.id, "submit", idempotency_key="press-1")
        assert again.id == first.id
        assert again.version == first.version
        assert journal_keys(draft) == ["submit"]

    def test_a_key_used_for_another_step_is_a_conflict(self):
        draft = make.complete_draft()
        other = make.complete_draft("HKD-02")
        dossiers.apply(make.citizen(), draft.id, "submit", idempotency_key="press-1")
        before = snapshot(other)
        with pytest.raises(Conflict, match="idempotency_key_reused"):
            dossiers.apply(make.citizen(), other.id, "submit", idempotency_key="press-1")
        assert snapshot(other) == before


class TestReceive:
    def test_gives_the_official_code_and_the_appointment(self):
        dossier = make.received()
        assert dossier.code == f"{dossier.agency.identifier}-261123-0001"
        [running] = clocks.running(dossier)
        assert running.kind is ClockKind.PROCESSING
        # 3 working days from 23/11, the 24th off: 25, 26, 27/11, end of the last session
        assert running.due_at.astimezone(LOCAL).strftime("%d/%m %H:%M") == "27/11 17:00"
        assert mails(dossier, "form_01_receipt") == ["citizen"]
        assert dossier.department is not None
        assert dossier.department.name == "Phòng Tài chính - Kế hoạch"

    def test_counts_serials_per_agency_and_day(self):
        codes = [make.received().code, make.received().code, make.received(make.BIRTH, "Cẩm Bình").code]
        assert [c[-4:] for c in codes] == ["0001", "0002", "0001"]

    def test_is_refused_until_every_document_was_looked_at(self):
        dossier = make.submitted()
        before = snapshot(dossier)
        with pytest.raises(Refused, match="documents_not_looked_at"):
            make.press(make.officer(), dossier, "receive")
        assert snapshot(dossier) == before

    def test_is_not_for_the_officer_of_another_unit(self):
        dossier = make.submitted()
        before = snapshot(dossier)
        with pytest.raises(NotFound, match="no_such_dossier"):
            make.press(make.officer("Cẩm Bình"), dossier, "receive")
        assert snapshot(dossier) == before

    def test_by_a_stale_page_is_a_conflict(self):
        dossier = make.submitted()
        make.look_at_all(dossier)
        before = snapshot(dossier)
        with pytest.raises(Conflict, match="stale_version"):
            dossiers.apply(make.officer(), dossier.id, "receive", version=dossier.version - 1)
        assert snapshot(dossier) == before

    def test_follows_the_code_format_of_the_settings(self):
        settings.change(make.administrator(), "code_format", "{agency}/{date:%Y%m%d}/{serial:06d}")
        assert make.received().code.endswith("/20261123/000001")


class TestSupplement:
    def test_of_intake_stops_the_clock_and_starts_it_anew_when_answered(self):
        dossier = make.supplement_requested()
        assert [c.kind for c in clocks.running(dossier)] == [ClockKind.SUPPLEMENT]
        assert mails(dossier, "form_02_supplement") == ["citizen"]
        item = facts.open_request(dossier).items[0]
        from app.services import supplements

        supplements.answer_item(make.citizen(), item.id, "Tôi đã chụp lại")
        make.press(make.citizen(), dossier, "resubmit")
        assert dossier.state is State.SUBMITTED
        assert [c.kind for c in clocks.running(dossier)] == [ClockKind.INTAKE]

    def test_resubmit_is_refused_while_an_item_is_unanswered(self):
        dossier = make.supplement_requested()
        before = snapshot(dossier)
        with pytest.raises(Refused, match="items_unanswered"):
            make.press(make.citizen(), dossier, "resubmit")
        assert snapshot(dossier) == before

    def test_during_appraisal_pauses_processing(self):
        dossier = make.information_requested()
        kinds = {c.kind: c for c in clocks.running(dossier)}
        assert kinds[ClockKind.PROCESSING].paused_at is not None
        assert dossier.due_at == kinds[ClockKind.SUPPLEMENT].due_at

    def test_what_was_listed_at_intake_and_never_sent_is_not_the_departments(self):
        dossier = make.submitted()
        supplements.add_item(make.officer(), dossier.id, ItemKind.QUESTION, "Hỏi ở khâu tiếp nhận")
        make.look_at_all(dossier)
        for key in ("receive", "forward"):
            make.press(make.officer(), dossier, key)
        assert facts.prepared_request(dossier) is None
        before = snapshot(dossier)
        with pytest.raises(Refused, match="no_items_listed"):
            make.press(make.specialist(dossier), dossier, "request_information", "Cần rõ")
        assert snapshot(dossier) == before

    def test_during_appraisal_is_asked_for_once(self):
        dossier = make.information_requested()
        supplements.answer_item(make.citizen(), facts.open_request(dossier).items[0].id, "Vốn tự có")
        make.press(make.citizen(), dossier, "supply_information")
        supplements.add_item(make.specialist(dossier), dossier.id, ItemKind.QUESTION, "Hỏi thêm")
        before = snapshot(dossier)
        with pytest.raises(Refused, match="no_requests_left"):
            make.press(make.specialist(dossier), dossier, "request_information", "Hỏi thêm")
        assert snapshot(dossier) == before


class TestChangedProcedure:
    def test_a_paper_asked_for_since_the_draft_was_last_opened_is_asked_for_at_send(self):
        dossier = make.complete_draft()
        paper = RequiredDocument(
            procedure_id=dossier.procedure_id, ordinal=99, name="Cam kết mới", kind="original", required=True
        )
        db.session.add(paper)
        db.session.commit()
        before = snapshot(dossier)
        with pytest.raises(Refused, match="documents_missing") as refusal:
            make.press(make.citizen(), dossier, "submit")
        assert refusal.value.params == {"documents": ("Cam kết mới",)}
        assert snapshot(dossier) == before
        paper.required = False
        db.session.commit()
        make.press(make.citizen(), dossier, "submit")
        assert dossier.state is State.SUBMITTED


class TestApproval:
    def test_needs_number_date_and_file(self):
        dossier = make.awaiting_approval()
        before = snapshot(dossier)
        with pytest.raises(Refused, match="result_not_signed"):
            make.press(make.leader(), dossier, "approve")
        assert snapshot(dossier) == before

    def test_sets_the_outcome_and_tells_the_receiving_officer(self):
        dossier = make.decided()
        assert dossier.outcome is Outcome.GRANTED
        result = facts.current_result(dossier)
        assert result.signed_at is not None
        assert result.signed_by_id == make.leader().user_id
        assert mails(dossier, "result_decided") == ["receiving_officer"]

    def test_sent_back_needs_a_reason_and_a_new_proposal(self):
        dossier = make.awaiting_approval()
        with pytest.raises(Refused, match="reason_required"):
            make.press(make.leader(), dossier, "send_back")
        make.press(make.leader(), dossier, "send_back", "Thiếu ý kiến về phòng cháy")
        assert dossier.state is State.IN_APPRAISAL

    def test_of_a_denial_is_handed_over_without_originals_or_fee(self):
        dossier = make.result_ready(denied=True)
        assert dossier.outcome is Outcome.DENIED
        make.press(make.officer(), dossier, "return_result")
        assert dossier.state is State.RETURNED

    def test_result_drafted_for_a_grant_does_not_sign_a_denial(self):
        dossier = make.awaiting_approval()
        make.press(make.leader(), dossier, "send_back", "Xem lại")
        make.press(make.specialist(dossier), dossier, "propose_denial", "Không đủ điều kiện")
        with pytest.raises(Refused, match="result_not_signed"):
            make.press(make.leader(), dossier, "approve")
        appraisal.sign_result(make.leader(), dossier.id, "12/TB-UBND", date(2026, 11, 20))
        make.press(make.leader(), dossier, "approve")
        assert dossier.outcome is Outcome.DENIED


class TestCounter:
    def test_returns_only_when_every_original_matches_and_the_fee_is_paid(self):
        dossier = make.result_ready()
        for expected, do in [
            ("originals_not_checked", lambda: make.compare_all(dossier)),
            ("fee_not_paid", lambda: make.pay_all(dossier)),
        ]:
            before = snapshot(dossier)
            with pytest.raises(Refused, match=expected):
                make.press(make.officer(), dossier, "return_result")
            assert snapshot(dossier) == before
            do()
        make.press(make.officer(), dossier, "return_result")
        assert dossier.state is State.RETURNED
        assert clocks.running(dossier) == []
        assert mails(dossier, "returned_and_survey") == ["citizen"]

    def test_does_not_return_while_one_original_differs(self):
        dossier = make.result_ready()
        make.compare_all(dossier)
        make.pay_all(dossier)
        counter.compare(make.officer(), facts.documents_with_scans(dossier)[0].id, Verdict.UNREADABLE)
        before = snapshot(dossier)
        with pytest.raises(Refused, match="originals_do_not_match"):
            make.press(make.officer(), dossier, "return_result")
        assert snapshot(dossier) == before

    def test_voids_for_good_opens_a_case_and_tells_citizen_authority_and_leader(self):
        dossier = make.voided()
        result = facts.current_result(dossier)
        assert result.voided_at is not None
        case = db.session.scalars(select(ViolationCase).where(ViolationCase.dossier_id == dossier.id)).one()
        assert case.state is CaseState.OPENED
        assert "Bản gốc mang tên người khác" in case.report
        assert mails(dossier, "result_voided") == ["citizen"]
        assert mails(dossier, "violation_report") == ["violation_authority"]
        assert set(mails(dossier, "violation_opened")) == {"leader"}
        for key in BY_KEY:
            for someone in (make.officer(), make.leader(), make.citizen(), SYSTEM):
                before = snapshot(dossier)
                with pytest.raises((Conflict, NotAllowed)):
                    dossiers.apply(someone, dossier.id, key, reason="thử")
                assert snapshot(dossier) == before

    def test_void_leaves_nothing_when_no_authority_is_configured(self):
        from app.models.catalogue import ViolationAuthority

        dossier = make.result_ready()
        make.compare_all(dossier)
        counter.compare(
            make.officer(), facts.documents_with_scans(dossier)[0].id, Verdict.DIFFERS, "Khác tên"
        )
        for row in db.session.scalars(select(ViolationAuthority)):
            db.session.delete(row)
        db.session.commit()
        before = snapshot(dossier)
        with pytest.raises(Conflict, match="no_violation_authority"):
            make.press(make.officer(), dossier, "void_on_mismatch", "Không khớp")
        assert snapshot(dossier) == before
        assert facts.current_result(dossier).voided_at is None


class TestWithdrawAndStop:
    @pytest.mark.parametrize("state", BY_KEY["withdraw"].sources)
    def test_a_citizen_withdraws_with_a_reason_and_no_clock_runs_on(self, state):
        dossier = make.WALKS[state]()
        make.press(make.citizen(), dossier, "withdraw", "Không còn nhu cầu")
        assert dossier.state is State.WITHDRAWN
        assert clocks.running(dossier) == []
        assert dossier.due_at is None
        assert dossier.closed_at is not None

    @pytest.mark.parametrize("state", BY_KEY["stop"].sources)
    def test_a_leader_stops_with_a_reason(self, state):
        dossier = make.WALKS[state]()
        make.press(make.leader(), dossier, "stop", "Có quyết định của tòa án")
        assert dossier.state is State.STOPPED
        assert clocks.running(dossier) == []

    def test_a_decided_dossier_cannot_be_withdrawn(self):
        dossier = make.decided()
        before = snapshot(dossier)
        with pytest.raises(Conflict, match="wrong_state"):
            make.press(make.citizen(), dossier, "withdraw", "Thôi")
        assert snapshot(dossier) == before


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.SYSTEM, Role.ADMINISTRATOR}])
def test_no_role_can_make_the_step_of_another(role):
    dossier = make.submitted()
    someone = {
        Role.CITIZEN: make.citizen(),
        Role.RECEIVING_OFFICER: make.officer(),
        Role.LEADER: make.leader(),
        Role.DEPARTMENT_OFFICER: make.person(Role.DEPARTMENT_OFFICER),
    }[role]
    for transition in BY_KEY.values():
        if transition.role is not role:
            before = snapshot(dossier)
            with pytest.raises((NotAllowed, NotFound)):
                dossiers.apply(someone, dossier.id, transition.key, reason="thử")
            assert snapshot(dossier) == before


def test_an_administrator_cannot_touch_or_see_a_dossier():
    dossier = make.submitted()
    before = snapshot(dossier)
    for key in BY_KEY:
        with pytest.raises(NotFound, match="no_such_dossier"):
            dossiers.apply(make.administrator(), dossier.id, key, reason="thử")
    assert snapshot(dossier) == before


def test_offers_show_every_button_of_the_role_with_its_reason():
    dossier = make.submitted()
    shown = {t.key: [r.key for r in refusals] for t, refusals in dossiers.offers(make.officer(), dossier)}
    assert shown == {
        "receive": ["documents_not_looked_at"],
        "request_supplement": ["no_items_listed"],
        "refuse": [],
    }


def test_old_drafts_are_discarded_on_behalf_of_the_citizen(moment):
    old, kept = make.draft(), None
    moment.shift(31 * 24 * 3600)
    kept = make.draft("HKD-02")
    assert dossiers.discard_expired_drafts(30) == 1
    assert make.reload(old).state is State.DISCARDED
    assert make.reload(kept).state is State.DRAFT


def test_a_closed_dossier_has_no_running_clock_and_a_closing_time():
    for state in (State.RETURNED, State.VOIDED):
        dossier = make.WALKS[state]()
        assert state in CLOSED
        assert clocks.running(dossier) == []
        assert make.reload(dossier).closed_at is not None


def test_the_journal_refuses_change_and_removal_in_the_orm_and_in_the_database():
    dossier = make.submitted()
    row = db.session.scalars(select(Journal).where(Journal.dossier_id == dossier.id)).first()
    row.reason = "khác"
    with pytest.raises(Refused, match="journal_is_append_only"):
        db.session.flush()
    db.session.rollback()
    for statement in ("UPDATE journal SET reason = 'khác'", "DELETE FROM journal"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_the_state_is_written_nowhere_but_in_apply():
    import ast
    from pathlib import Path

    writers = [
        (path.name, node.lineno)
        for path in Path("app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        and any(
            isinstance(t, ast.Attribute) and t.attr == "state" and getattr(t.value, "id", "") == "dossier"
            for t in node.targets
        )
    ]
    assert [name for name, _ in writers] == ["dossiers.py"]


def test_what_a_guard_saw_and_is_gone_is_a_conflict():
    from app.services import effects

    with pytest.raises(Conflict, match="stale_version"):
        effects.EFFECTS["approve"](make.leader(), make.submitted(), "", MONDAY_MORNING)
