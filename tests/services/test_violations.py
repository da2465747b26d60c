"""Violation cases: opened by a void result, forwarded, decided; a new result after "no violation"."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.handling import Journal, Result
from app.models.outbox import OutboxMessage
from app.models.violation import CaseState, Measure
from app.services import facts, violations
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

DAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 24)
PAPER = make.picture("a new result")


@pytest.fixture
def case(app):
    return violations.case_of(make.voided())


@pytest.fixture
def forwarded(case):
    return violations.forward(make.officer(), case.id, " 15/CV-TTHCC ")


def decided(case, measure=Measure.NO_VIOLATION):
    return violations.decide(make.leader(), case.id, measure, " 9/QĐ ", DAY, " Ảnh chụp mờ ")


def snapshot(case):
    db.session.rollback()
    db.session.expire_all()
    fresh = violations.case_of(case.dossier)
    counts = [
        db.session.scalar(select(func.count()).select_from(t)) for t in (Journal, OutboxMessage, Result)
    ]
    return fresh.state, fresh.forwarded_number, fresh.measure, fresh.decision_number, counts


def last_mail(dossier):
    query = (
        select(OutboxMessage).where(OutboxMessage.dossier_id == dossier.id).order_by(OutboxMessage.id.desc())
    )
    return db.session.scalars(query).first()


def test_a_dossier_without_a_void_result_has_no_case():
    assert violations.case_of(make.submitted()) is None


def test_cases_are_listed_newest_first_by_state():
    first, second = (violations.case_of(make.voided()) for _ in range(2))
    violations.forward(make.officer(), first.id, "15/CV")
    assert [c.id for c in violations.cases(make.leader())] == [second.id, first.id]
    assert [c.id for c in violations.cases(make.leader(), CaseState.FORWARDED)] == [first.id]
    assert violations.cases(make.leader(), CaseState.DECIDED) == []
    assert [c.id for c in violations.cases(make.leader(), limit=1)] == [second.id]


@pytest.mark.parametrize("who", [make.officer, make.leader])
def test_forwarding_notes_number_and_moment_and_writes_to_the_authority(case, who):
    violations.forward(who(), case.id, " 15/CV-TTHCC ")
    stored = violations.case_of(case.dossier)
    assert (stored.state, stored.forwarded_number) == (CaseState.FORWARDED, "15/CV-TTHCC")
    assert stored.forwarded_at is not None
    mail = last_mail(case.dossier)
    assert (mail.template, mail.receiver) == ("violation_forwarded", "violation_authority")
    assert "15/CV-TTHCC" in mail.body


def test_deciding_notes_measure_number_day_and_note(forwarded):
    decided(forwarded, Measure.WARNING)
    stored = violations.case_of(forwarded.dossier)
    assert (stored.state, stored.measure) == (CaseState.DECIDED, Measure.WARNING)
    assert (stored.decision_number, stored.decided_on, stored.note) == ("9/QĐ", DAY, "Ảnh chụp mờ")


@pytest.mark.parametrize(
    ("act", "error", "key"),
    [
        (lambda c: violations.forward(make.officer(), c.id, " "), Refused, "dispatch_number_required"),
        (lambda c: violations.forward(make.specialist(c.dossier), c.id, "1"), NotAllowed, "role_may_not"),
        (lambda c: violations.forward(make.citizen(), c.id, "1"), NotAllowed, "role_may_not"),
        (lambda c: violations.forward(make.officer("Cẩm Bình"), c.id, "1"), NotFound, "no_such_case"),
        (lambda c: violations.forward(make.officer(), 999_999, "1"), NotFound, "no_such_case"),
        (decided, Conflict, "case_in_other_state"),
    ],
)
def test_what_may_not_be_done_with_a_new_case_changes_nothing(case, act, error, key):
    before = snapshot(case)
    with pytest.raises(error, match=key):
        act(case)
    assert snapshot(case) == before


@pytest.mark.parametrize(
    ("act", "error", "key"),
    [
        (lambda c: violations.forward(make.officer(), c.id, "16"), Conflict, "case_in_other_state"),
        (
            lambda c: violations.decide(make.officer(), c.id, Measure.WARNING, "9", DAY),
            NotAllowed,
            "role_may_not",
        ),
        (
            lambda c: violations.decide(make.leader("Cẩm Bình"), c.id, Measure.WARNING, "9", DAY),
            NotFound,
            "no_such_case",
        ),
        (
            lambda c: violations.decide(make.leader(), c.id, Measure.WARNING, " ", DAY),
            Refused,
            "decision_number_required",
        ),
        (
            lambda c: violations.decide(make.leader(), c.id, Measure.WARNING, "9", TOMORROW),
            Refused,
            "result_date_in_future",
        ),
        (
            lambda c: violations.reissue(make.leader(), c.id, "10/QĐ", DAY, PAPER),
            Conflict,
            "case_in_other_state",
        ),
    ],
)
def test_what_may_not_be_done_with_a_forwarded_case_changes_nothing(forwarded, act, error, key):
    before = snapshot(forwarded)
    with pytest.raises(error, match=key):
        act(forwarded)
    assert snapshot(forwarded) == before


@pytest.mark.parametrize(
    ("who", "number", "day", "data", "error", "key"),
    [
        (make.officer, "10", DAY, PAPER, NotAllowed, "role_may_not"),
        (make.leader, " ", DAY, PAPER, Refused, "result_number_required"),
        (make.leader, "10", TOMORROW, PAPER, Refused, "result_date_in_future"),
        (make.leader, "10", DAY, b"<html>", Refused, "file_type_not_accepted"),
        (lambda: make.leader("Cẩm Bình"), "10", DAY, PAPER, NotFound, "no_such_case"),
    ],
)
def test_a_reissue_that_is_not_in_order_changes_nothing(forwarded, who, number, day, data, error, key):
    decided(forwarded)
    before = snapshot(forwarded)
    with pytest.raises(error, match=key):
        violations.reissue(who(), forwarded.id, number, day, data)
    assert snapshot(forwarded) == before


@pytest.mark.parametrize("measure", [m for m in Measure if m is not Measure.NO_VIOLATION])
def test_a_violation_leads_to_no_new_result(forwarded, measure):
    decided(forwarded, measure)
    before = snapshot(forwarded)
    assert not violations.may_reissue(make.leader(), forwarded)
    with pytest.raises(Conflict, match="no_reissue"):
        violations.reissue(make.leader(), forwarded.id, "10/QĐ", DAY, PAPER)
    assert snapshot(forwarded) == before


def test_after_no_violation_a_new_result_stands_for_the_void_one_which_stays_void(forwarded):
    dossier = forwarded.dossier
    assert not violations.may_reissue(make.leader(), forwarded)
    decided(forwarded)
    void = facts.current_result(dossier)
    assert violations.may_reissue(make.leader(), forwarded)
    assert not violations.may_reissue(make.officer(), forwarded)
    new = violations.reissue(make.leader(), forwarded.id, " 10/QĐ ", DAY, PAPER)
    assert (new.number, new.decided_on, new.replaces_id, new.summary) == ("10/QĐ", DAY, void.id, void.summary)
    assert (new.voided_at, new.signed_by_id) == (None, make.leader().user_id)
    assert new.signed_file.size == len(PAPER)
    db.session.refresh(void)
    assert void.voided_at is not None
    assert make.reload(dossier).state is State.VOIDED
    assert (last_mail(dossier).template, last_mail(dossier).receiver) == ("result_reissued", "citizen")


def test_a_result_is_issued_anew_once(forwarded):
    decided(forwarded)
    violations.reissue(make.leader(), forwarded.id, "10/QĐ", DAY, PAPER)
    before = snapshot(forwarded)
    assert not violations.may_reissue(make.leader(), forwarded)
    with pytest.raises(Conflict, match="no_reissue"):
        violations.reissue(make.leader(), forwarded.id, "11/QĐ", DAY, PAPER)
    assert snapshot(forwarded) == before


def test_an_administrator_has_no_part_in_it(case):
    assert violations.cases(make.person(Role.ADMINISTRATOR)) == []
