"""Two people at the same moment: threads on the real database, made to meet where it could hurt."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import func, select

from app.domain.clock import LOCAL
from app.domain.errors import Conflict, DomainError, NotFound, Refused
from app.domain.originals import Verdict
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Attachment, DocumentReview, StoredFile
from app.models.handling import DossierClock, ItemKind, Journal, OriginalCheck, Payment, Result
from app.models.organisation import DayKind
from app.models.outbox import OutboxMessage, Setting
from app.models.photograph import OriginalPhotograph
from app.models.violation import CaseState, Measure
from app.services import (
    access,
    attachments,
    calendar_edits,
    clocks,
    counter,
    deadlines,
    dossiers,
    facts,
    photographs,
    recount,
    reviews,
    settings,
    storage,
    supplements,
    tasks,
    violations,
)
from tests import factories as make

DONE = "done"


@pytest.fixture
def at_once(app):
    """Run verbs in threads of their own, begun at the same moment: what each answered, or its refusal.

    Anything but a refusal is an error of the program and fails the test.
    """

    def run_all(*verbs: Callable[[], object]) -> list[object]:
        db.session.rollback()
        begin = Barrier(len(verbs))

        def run(verb: Callable[[], object]) -> object:
            with app.app_context():
                try:
                    begin.wait(10)
                    return verb()
                except DomainError as refusal:
                    return refusal
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(len(verbs)) as pool:
            answers = list(pool.map(run, verbs))
        db.session.expire_all()
        return answers

    return run_all


@pytest.fixture
def meeting(monkeypatch):
    """Hold whoever has come through a function until the others have, too; a lock that keeps them out is
    waited for no longer than a moment."""

    def arrange(*places: tuple[object, str], people: int = 2) -> None:
        together = Barrier(people)

        def wait_after(function: Callable[..., object]) -> Callable[..., object]:
            def waiting(*args: object, **kwargs: object) -> object:
                answer = function(*args, **kwargs)
                with suppress(BrokenBarrierError):
                    together.wait(0.5)
                return answer

            return waiting

        for module, name in places:
            monkeypatch.setattr(module, name, wait_after(getattr(module, name)))

    return arrange


def pressing(someone, dossier, key, **how):
    """A verb that presses a button and answers with the version it left."""
    dossier_id = dossier.id
    return lambda: dossiers.apply(someone, dossier_id, key, **how).version


def said(verb, *args, **how):
    """A verb whose answer, a row of a session that is over, does not matter."""

    def run() -> str:
        verb(*args, **how)
        return DONE

    return run


def refusals(answers):
    return [answer for answer in answers if isinstance(answer, DomainError)]


def steps(dossier):
    query = select(Journal.key).where(Journal.dossier_id == dossier.id, Journal.to_state.is_not(None))
    return list(db.session.scalars(query.order_by(Journal.id)))


def templates(dossier):
    query = select(OutboxMessage.template).where(OutboxMessage.dossier_id == dossier.id)
    return list(db.session.scalars(query.order_by(OutboxMessage.id)))


def count(model, *conditions):
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


class TestTwoOfficers:
    @pytest.mark.parametrize(
        "keys", [("receive", "receive"), ("refuse", "refuse"), ("receive", "refuse"), ("refuse", "receive")]
    )
    def test_press_at_once_and_exactly_one_succeeds(self, at_once, meeting, keys):
        dossier = make.submitted()
        make.look_at_all(dossier)
        before = templates(dossier)
        meeting((facts, "gather"))
        officer = make.officer()
        answers = at_once(*(pressing(officer, dossier, key, reason="Không thuộc thẩm quyền") for key in keys))
        [refusal] = refusals(answers)
        assert isinstance(refusal, Conflict)
        assert refusal.key in {"wrong_state", "stale_version"}
        winner = keys[1 - answers.index(refusal)]
        assert steps(dossier) == ["submit", winner]
        target, mail, running = {
            "receive": (State.RECEIVED, "form_01_receipt", 1),
            "refuse": (State.REFUSED, "form_03_refusal", 0),
        }[winner]
        assert make.reload(dossier).state is target
        assert templates(dossier) == [*before, mail]
        assert len(clocks.running(dossier)) == running

    def test_that_saw_the_same_page_do_not_write_over_each_other(self, at_once, meeting):
        dossier = make.submitted()
        make.look_at_all(dossier)
        version = make.reload(dossier).version
        meeting((facts, "gather"))
        answers = at_once(*[pressing(make.officer(), dossier, "receive", version=version)] * 2)
        assert [r.key for r in refusals(answers)] == ["stale_version"]
        [left] = [answer for answer in answers if isinstance(answer, int)]
        assert make.reload(dossier).version == left > version

    def test_receive_at_once_and_no_serial_is_given_twice_or_left_out(self, at_once):
        waiting = [make.submitted() for _ in range(8)]
        for dossier in waiting:
            make.look_at_all(dossier)
        officer = make.officer()
        answers = at_once(*(pressing(officer, dossier, "receive") for dossier in waiting))
        assert refusals(answers) == []
        codes = sorted(make.reload(dossier).code for dossier in waiting)
        identifier = waiting[0].agency.identifier
        assert codes == [f"{identifier}-261123-{serial:04d}" for serial in range(1, 9)]

    def test_open_the_same_paper_at_once_and_it_was_looked_at_once(self, at_once, meeting):
        document = facts.documents_with_scans(make.submitted())[0]
        meeting((access, "document_for"))
        answers = at_once(*[said(reviews.look, make.officer(), document.id)] * 2)
        assert answers == [DONE, DONE]
        assert count(DocumentReview, DocumentReview.document_id == document.id) == 1

    def test_compare_the_same_original_at_once_and_one_verdict_stands(self, at_once, meeting):
        document = facts.documents_with_scans(make.result_ready())[0]
        meeting((access, "document_for"))
        officer = make.officer()
        answers = at_once(
            said(counter.compare, officer, document.id, Verdict.MATCHES),
            said(counter.compare, officer, document.id, Verdict.MISSING),
        )
        assert answers == [DONE, DONE]
        assert count(OriginalCheck, OriginalCheck.document_id == document.id) == 1

    def test_send_the_same_photograph_at_once_and_it_is_kept_once(self, at_once, meeting):
        document = facts.documents_with_scans(make.result_ready())[0]
        meeting((photographs, "examine"))
        send = said(counter.compare, make.officer(), document.id, Verdict.DIFFERS, "x", [make.picture("goc")])
        assert at_once(send, send) == [DONE, DONE]
        assert count(OriginalPhotograph, OriginalPhotograph.document_id == document.id) == 1

    def test_one_returning_while_the_other_finds_a_difference_leaves_no_returned_result_that_differs(
        self, at_once, meeting
    ):
        dossier = make.result_ready()
        make.compare_all(dossier)
        make.pay_all(dossier)
        document = facts.documents_with_scans(dossier)[0]
        meeting((facts, "gather"), (counter, "_require_at_counter"))
        officer = make.officer()
        answers = at_once(
            pressing(officer, dossier, "return_result"),
            said(counter.compare, officer, document.id, Verdict.DIFFERS, "Khác tên"),
        )
        [refusal] = refusals(answers)
        verdict = next(c.verdict for c in facts.checks_of(dossier) if c.document_id == document.id)
        assert (make.reload(dossier).state, verdict, refusal.key) in {
            (State.RETURNED, Verdict.MATCHES, "not_in_this_state"),
            (State.RESULT_READY, Verdict.DIFFERS, "originals_do_not_match"),
        }

    def test_forward_the_same_case_at_once_and_the_authority_gets_one_letter(self, at_once, meeting):
        dossier = make.voided()
        case = violations.case_of(dossier)
        meeting((violations, "_case_in"))
        answers = at_once(
            said(violations.forward, make.officer(), case.id, "15/CV"),
            said(violations.forward, make.leader(), case.id, "16/CV"),
        )
        assert [r.key for r in refusals(answers)] == ["case_in_other_state"]
        assert violations.case_of(dossier).state is CaseState.FORWARDED
        assert templates(dossier).count("violation_forwarded") == 1
        assert count(Journal, Journal.key == "violation_forwarded") == 1

    def test_reissue_at_once_and_there_is_one_new_result(self, at_once, meeting):
        dossier = make.voided()
        case = violations.case_of(dossier)
        leader = make.leader()
        violations.forward(make.officer(), case.id, "15/CV")
        violations.decide(leader, case.id, Measure.NO_VIOLATION, "9/QĐ", date(2026, 11, 20))
        meeting((violations, "_case_in"))
        paper, today = make.picture("new"), date(2026, 11, 23)
        answers = at_once(*[said(violations.reissue, leader, case.id, "10/QĐ", today, paper)] * 2)
        assert [r.key for r in refusals(answers)] == ["no_reissue"]
        assert count(Result, Result.dossier_id == dossier.id) == 2
        assert templates(dossier).count("result_reissued") == 1


class TestTheSamePressTwice:
    def test_with_one_key_is_one_step_and_both_get_the_same_answer(self, at_once, meeting):
        dossier = make.submitted()
        make.look_at_all(dossier)
        meeting((facts, "gather"))
        first, second = at_once(*[pressing(make.officer(), dossier, "receive", idempotency_key="once")] * 2)
        assert first == second == make.reload(dossier).version
        assert steps(dossier) == ["submit", "receive"]
        assert templates(dossier).count("form_01_receipt") == 1

    def test_with_one_key_for_two_dossiers_is_one_step_and_one_clear_conflict(self, at_once, meeting):
        both = [make.submitted(), make.submitted()]
        for dossier in both:
            make.look_at_all(dossier)
        meeting((facts, "gather"))
        officer = make.officer()
        answers = at_once(*(pressing(officer, d, "receive", idempotency_key="once") for d in both))
        [refusal] = refusals(answers)
        assert isinstance(refusal, Conflict)
        assert refusal.key == "idempotency_key_reused"
        refused, received = both if answers[0] is refusal else reversed(both)
        assert make.reload(received).state is State.RECEIVED
        assert (make.reload(refused).state, steps(refused)) == (State.SUBMITTED, ["submit"])

    def test_of_send_is_one_dossier_sent(self, at_once, meeting):
        draft = make.complete_draft()
        meeting((facts, "gather"))
        sending = {"declared": True, "version": None, "idempotency_key": None}
        answers = at_once(*[said(tasks.send, make.citizen(), draft.id, **sending)] * 2)
        assert answers == [DONE, DONE]
        assert steps(draft) == ["submit"]
        assert templates(draft).count("submission_receipt") == 1


class TestMoney:
    @pytest.mark.parametrize(("amount", "people", "taken"), [(100_000, 2, 1), (30_000, 5, 3), (50_000, 3, 2)])
    def test_taken_at_once_is_never_more_than_is_due(self, at_once, amount, people, taken):
        dossier = make.result_ready()
        officer = make.officer()
        answers = at_once(
            *(
                said(counter.record_payment, officer, dossier.id, amount, f"BL-{number}")
                for number in range(people)
            )
        )
        assert answers.count(DONE) == taken
        assert {r.key for r in refusals(answers)} == {"payment_not_due"}
        assert sum(p.amount for p in counter.payments_of(dossier)) == taken * amount <= 100_000

    def test_with_one_receipt_number_is_taken_once(self, at_once, meeting):
        first, second = make.result_ready(), make.result_ready()
        meeting((counter, "_refuse_wrong_sum"))
        officer = make.officer()
        answers = at_once(
            *(said(counter.record_payment, officer, d.id, 100_000, "BL-7") for d in (first, second))
        )
        [refusal] = refusals(answers)
        assert isinstance(refusal, Refused)
        assert refusal.key == "receipt_number_used"
        assert count(Payment) == 1

    def test_is_not_taken_while_the_fee_is_being_exempted(self, at_once, meeting):
        dossier = make.result_ready()
        fee = dossier.fees[0]
        meeting((facts, "fee_facts"))
        officer = make.officer()
        answers = at_once(
            said(counter.record_payment, officer, dossier.id, 100_000, "BL-8"),
            said(counter.exempt, officer, fee.id, "Hộ nghèo"),
        )
        [refusal] = refusals(answers)
        kept = make.reload(dossier)
        assert (refusal.key, kept.fees[0].exempt, count(Payment)) in {
            ("payment_not_due", True, 0),
            ("fee_already_paid", False, 1),
        }


class TestTheWorker:
    """The sweep comes by while a person is at the dossier."""

    @staticmethod
    def too_late(moment):
        moment.move_to(datetime(2026, 12, 16, 8, 0, tzinfo=LOCAL))

    def test_closes_a_dossier_or_leaves_it_to_the_citizen_who_answers_at_that_moment(
        self, at_once, meeting, moment
    ):
        dossier = make.supplement_requested()
        supplements.answer_item(make.citizen(), facts.open_request(dossier).items[0].id, "Tôi đã chụp lại")
        self.too_late(moment)
        meeting((facts, "gather"), (deadlines, "_close_unanswered"))
        citizen = make.citizen()
        answers = at_once(pressing(citizen, dossier, "resubmit"), lambda: sum(deadlines.sweep().values()))
        last = steps(dossier)[-1]
        assert (make.reload(dossier).state, last, len(refusals(answers))) in {
            (State.SUBMITTED, "resubmit", 0),
            (State.CLOSED_UNANSWERED, "close_unanswered", 1),
        }
        assert len(steps(dossier)) == 3

    @pytest.mark.parametrize("place", ["_say", "_waiting"])
    def test_and_a_person_never_wait_for_each_other_for_good(self, at_once, meeting, moment, place):
        dossier = make.supplement_requested()
        self.too_late(moment)
        meeting((facts, "gather"), (deadlines, place))
        withdraw = pressing(make.citizen(), dossier, "withdraw", reason="Đổi ý")
        answers = at_once(withdraw, lambda: sum(deadlines.sweep().values()))
        assert {r.key for r in refusals(answers)} <= {"wrong_state", "stale_version"}
        assert make.reload(dossier).state in {State.WITHDRAWN, State.CLOSED_UNANSWERED}
        assert clocks.running(dossier) == []

    def test_leaves_a_dossier_that_somebody_holds_for_the_next_time(self, at_once, meeting, moment):
        dossier = make.submitted()
        make.look_at_all(dossier)
        moment.move_to(datetime(2026, 11, 25, 10, 0, tzinfo=LOCAL))
        meeting((facts, "gather"), (deadlines, "_waiting"))
        receive = pressing(make.officer(), dossier, "receive")
        answers = at_once(receive, lambda: sum(deadlines.sweep().values()))
        assert refusals(answers) == []
        assert make.reload(dossier).state is State.RECEIVED
        warned = count(Journal, Journal.dossier_id == dossier.id, Journal.key == "deadline_overdue")
        intake = db.session.scalars(
            select(DossierClock).where(DossierClock.dossier_id == dossier.id).order_by(DossierClock.id)
        ).first()
        assert intake.stopped_at is not None
        assert warned == (1 if intake.overdue else 0)

    def test_of_which_there_are_two_warns_once(self, at_once, meeting, moment):
        make.submitted()
        moment.move_to(datetime(2026, 12, 1, 8, 0, tzinfo=LOCAL))
        meeting((deadlines, "_waiting"))
        answers = at_once(*[lambda: sum(deadlines.sweep().values())] * 2)
        assert sorted(answers) == [0, 1]
        assert count(Journal, Journal.key == "deadline_overdue") == 1


class TestTheCalendar:
    def test_changed_while_an_officer_presses_moves_the_clock_that_runs_then(self, at_once, meeting):
        dossier = make.submitted()
        make.look_at_all(dossier)
        days = [(date(2026, 11, 25), DayKind.OFF, "Bão số 12", "CV 1")]
        meeting((facts, "gather"), (recount, "_count"))
        answers = at_once(
            pressing(make.officer(), dossier, "receive"),
            said(calendar_edits.add_days, make.administrator(), days, dry_run=False),
        )
        assert refusals(answers) == []
        [running] = clocks.running(make.reload(dossier))
        # 3 working days from 23/11; the 24th and now the 25th off: 26, 27, 30/11
        assert running.due_at.astimezone(LOCAL).strftime("%d/%m %H:%M") == "30/11 17:00"
        assert make.reload(dossier).due_at == running.due_at


class TestEverybodyElse:
    def test_two_citizens_who_send_the_same_picture_share_one_stored_file(self, at_once, meeting):
        people = [make.citizen(0), make.citizen(1)]
        documents = [make.draft(by=someone).documents[0].id for someone in people]
        before = count(StoredFile)
        paper = make.picture("the same form")
        meeting((storage.Storage, "put"), (attachments, "_keep"))  # both found no row; one is refused it
        answers = at_once(
            *(said(attachments.add, p, d, "a.jpg", paper) for p, d in zip(people, documents, strict=True))
        )
        assert answers == [DONE, DONE]
        assert count(StoredFile) == before + 1
        assert count(Attachment, Attachment.document_id.in_(documents)) == 2

    def test_two_pages_added_at_once_get_a_place_each(self, at_once, meeting):
        document = make.draft().documents[0]
        meeting((storage.Storage, "put"))
        citizen = make.citizen()
        pages = [make.picture("page one"), make.picture("page two")]
        answers = at_once(*(said(attachments.add, citizen, document.id, "a.jpg", page) for page in pages))
        assert answers == [DONE, DONE]
        assert sorted(a.page_order for a in document.attachments) == [1, 2]

    def test_a_page_removed_in_two_tabs_at_once_is_gone_once_and_the_pages_are_numbered_anew(
        self, at_once, meeting
    ):
        document, citizen = make.draft().documents[0], make.citizen()
        first, *_ = (attachments.add(citizen, document.id, "a.jpg", make.picture(n)) for n in "123")
        meeting((access, "attachment_for"))
        remove = said(attachments.remove, citizen, first.id)
        answers = at_once(remove, remove)
        assert DONE in answers
        assert [a.key for a in answers if a is not DONE] in ([], ["no_such_attachment"])
        assert [a.page_order for a in document.attachments] == [1, 2]

    def test_two_administrators_who_change_a_setting_for_the_first_time(self, at_once, meeting):
        meeting((settings, "_parse"))
        administrator, numbers = make.administrator(), ("0203 1", "0203 2")
        answers = at_once(*(said(settings.change, administrator, "hotline", number) for number in numbers))
        assert {r.key for r in refusals(answers)} <= {"stale_version"}
        assert count(Setting, Setting.key == "hotline") == 1
        assert count(Journal, Journal.key == "setting_changed") == answers.count(DONE) >= 1

    def test_two_defects_listed_at_once_go_out_in_one_request(self, at_once, meeting):
        dossier = make.submitted()
        officer = make.officer()
        document = facts.documents_with_scans(dossier)[0]
        meeting((access, "dossier_is"))
        answers = at_once(
            *(
                said(supplements.add_item, officer, dossier.id, ItemKind.UNREADABLE, text, document.id)
                for text in ("Trang 1 mờ", "Trang 2 mờ")
            )
        )
        assert answers == [DONE, DONE]
        assert sorted(i.description for i in facts.prepared_request(dossier).items) == [
            "Trang 1 mờ",
            "Trang 2 mờ",
        ]

    def test_a_stranger_at_the_same_moment_is_still_a_stranger(self, at_once, meeting):
        dossier = make.submitted()
        make.look_at_all(dossier)
        meeting((facts, "gather"))
        answers = at_once(
            pressing(make.officer(), dossier, "receive"),
            pressing(make.officer("Cẩm Bình"), dossier, "refuse", reason="Không nhận"),
        )
        [refusal] = refusals(answers)
        assert isinstance(refusal, NotFound)
        assert make.reload(dossier).state is State.RECEIVED
