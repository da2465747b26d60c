"""Random people press random buttons: the laws of a dossier's life hold whatever they do."""

import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from app.domain import transitions
from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.originals import Verdict
from app.domain.roles import SYSTEM, Role
from app.domain.states import State
from app.extensions import db
from app.models.handling import ItemKind, Journal, Result
from app.services import (
    appraisal,
    attachments,
    clocks,
    counter,
    deadlines,
    dossiers,
    facts,
    reviews,
    supplements,
)
from tests import factories as make
from tests.conftest import MONDAY_MORNING


class Life(RuleBasedStateMachine):
    """One dossier and everybody who may touch it."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(MONDAY_MORNING, tick=True)
        self.traveller = self.clock.start()
        self.dossier_id = make.draft().id
        self.people = [
            make.citizen(0), make.citizen(1), make.officer(), make.officer("Cẩm Bình"), make.leader(),
            make.leader(number=1), make.person(Role.DEPARTMENT_OFFICER, department="Phòng Tài chính - Kế hoạch"),
            make.person(Role.DEPARTMENT_OFFICER, department="Phòng Y tế"), make.administrator(), SYSTEM,
        ]  # fmt: skip
        self.states = [State.DRAFT]
        self.voided = False

    def teardown(self) -> None:
        db.session.rollback()
        self.clock.stop()

    @property
    def dossier(self):
        db.session.expire_all()
        return db.session.get_one(transitions_model(), self.dossier_id)

    @rule(
        person=st.integers(0, 9),
        key=st.sampled_from(sorted(transitions.BY_KEY)),
        reason=st.sampled_from(["", "vì"]),
    )
    def press(self, person: int, key: str, reason: str) -> None:
        before, version, rows = self.dossier.state, self.dossier.version, self.transition_rows()
        try:
            dossiers.apply(self.people[person], self.dossier_id, key, reason=reason)
        except (Conflict, NotAllowed, NotFound, Refused):
            assert (self.dossier.state, self.dossier.version) == (before, version)
            assert self.transition_rows() == rows
        else:
            assert self.transition_rows() == rows + 1
            self.states.append(self.dossier.state)

    @rule(
        step=st.sampled_from(
            ["scan", "look", "list", "answer", "opinion", "draft", "sign", "compare", "pay", "differ"]
        )
    )
    def prepare(self, step: str) -> None:
        try:
            getattr(self, f"do_{step}")(self.dossier)
        except (Conflict, NotAllowed, NotFound, Refused):
            db.session.rollback()

    @rule(hours=st.integers(1, 200))
    def wait(self, hours: int) -> None:
        self.traveller.shift(hours * 3600)
        deadlines.sweep()
        if self.dossier.state is not self.states[-1]:
            self.states.append(self.dossier.state)

    def do_scan(self, dossier) -> None:
        for document in dossier.documents:
            attachments.add(self.people[0], document.id, "a.jpg", make.picture(str(document.id)))
        from app.services import compose

        compose.declare_truth(self.people[0], dossier.id, declared=True)

    def do_look(self, dossier) -> None:
        for document in facts.documents_with_scans(dossier):
            reviews.look(self.people[2], document.id)

    def do_list(self, dossier) -> None:
        writer = self.people[2] if dossier.state is State.SUBMITTED else self.people[6]
        supplements.add_item(writer, dossier.id, ItemKind.QUESTION, "Giải trình")

    def do_answer(self, dossier) -> None:
        request = facts.open_request(dossier)
        for item in request.items if request else ():
            supplements.answer_item(self.people[0], item.id, "Đã giải trình")

    def do_opinion(self, dossier) -> None:
        appraisal.write_opinion(self.people[6], dossier.id, "Đủ điều kiện")

    def do_draft(self, dossier) -> None:
        appraisal.draft_result(self.people[6], dossier.id, "Cấp phép", make.picture("r"))

    def do_sign(self, dossier) -> None:
        appraisal.sign_result(self.people[4], dossier.id, "1/QĐ", MONDAY_MORNING.date())

    def do_compare(self, dossier) -> None:
        for document in facts.documents_with_scans(dossier):
            counter.compare(self.people[2], document.id, Verdict.MATCHES)

    def do_pay(self, dossier) -> None:
        counter.record_payment(self.people[2], dossier.id, 100_000, "BL-1")

    def do_differ(self, dossier) -> None:
        for document in facts.documents_with_scans(dossier)[:1]:
            counter.compare(self.people[2], document.id, Verdict.DIFFERS, "Khác tên")

    def transition_rows(self) -> int:
        rows = db.session.scalars(select(Journal).where(Journal.dossier_id == self.dossier_id))
        return sum(row.to_state is not None for row in rows)

    @invariant()
    def a_closed_dossier_has_no_running_clock(self) -> None:
        if self.dossier.state in transitions.CLOSED:
            assert clocks.running(self.dossier) == []
            assert self.dossier.due_at is None

    @invariant()
    def an_open_sent_dossier_has_a_due_time(self) -> None:
        if self.dossier.state not in transitions.CLOSED | {State.DRAFT}:
            assert self.dossier.due_at is not None

    @invariant()
    def replaying_the_journal_gives_the_state(self) -> None:
        state = State.DRAFT
        query = select(Journal).where(Journal.dossier_id == self.dossier_id).order_by(Journal.id)
        for row in db.session.scalars(query):
            if row.to_state is not None:
                assert row.from_state is state
                assert state in transitions.BY_KEY[row.key].sources
                state = row.to_state
        assert self.dossier.state is state

    @precondition(lambda self: State.VOIDED in self.states)
    @invariant()
    def void_is_for_good(self) -> None:
        assert self.dossier.state is State.VOIDED
        results = db.session.scalars(select(Result).where(Result.dossier_id == self.dossier_id)).all()
        assert any(r.voided_at for r in results)

    @invariant()
    def nothing_is_returned_that_was_not_decided(self) -> None:
        if self.dossier.state is State.RETURNED:
            assert State.DECIDED in self.states


def transitions_model():
    from app.models.dossier import Dossier

    return Dossier


def test_the_laws_hold_whatever_people_press(app):
    machine = settings(
        max_examples=25, stateful_step_count=40, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Life, settings=machine)
