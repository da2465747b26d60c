"""The sweep: warns, marks overdue, reminds, closes; and what a changed calendar does."""

from datetime import datetime

import pytest
from sqlalchemy import select

from app.domain.clock import LOCAL
from app.domain.errors import Conflict
from app.domain.states import ClockKind, State
from app.extensions import db
from app.models.handling import DossierClock, ItemKind, Journal
from app.models.organisation import DayKind
from app.models.outbox import OutboxMessage
from app.services import calendar_edits, calendars, clocks, deadlines, facts, supplements
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def local_due(dossier):
    return make.reload(dossier).due_at.astimezone(LOCAL).replace(microsecond=0)


def mails(dossier, template):
    query = select(OutboxMessage.receiver).where(
        OutboxMessage.dossier_id == dossier.id, OutboxMessage.template == template
    )
    return sorted(set(db.session.scalars(query)))


def test_intake_warns_at_half_and_three_quarters_and_marks_overdue(moment):
    dossier = make.submitted()  # Monday 09:20, due on the 25th 09:20 (the 24th is off)
    moment.move_to(at("2026-11-23T14:49"))
    assert deadlines.sweep() == {}
    moment.move_to(at("2026-11-23T14:51"))  # four working hours have passed
    assert deadlines.sweep() == {"deadline_half": 1}
    assert deadlines.sweep() == {}
    moment.move_to(at("2026-11-23T16:51"))
    assert deadlines.sweep() == {"deadline_three_quarters": 1}
    assert mails(dossier, "deadline_three_quarters") == ["receiving_officer"]
    moment.move_to(at("2026-11-25T09:19"))
    assert deadlines.sweep() == {}
    moment.move_to(at("2026-11-25T09:21"))
    assert deadlines.sweep() == {"deadline_overdue": 1}
    assert mails(dossier, "deadline_overdue") == ["leader", "receiving_officer"]
    moment.move_to(at("2026-12-25T09:21"))
    assert deadlines.sweep() == {}
    [running] = clocks.running(make.reload(dossier))
    assert running.overdue


def test_a_sweep_that_was_away_says_only_what_is_true_now(moment):
    dossier = make.submitted()
    moment.move_to(at("2026-12-01T08:00"))
    assert deadlines.sweep() == {"deadline_overdue": 1}
    assert mails(dossier, "deadline_half") == []


def test_processing_warnings_go_to_the_department_that_holds_it(moment):
    dossier = make.in_appraisal()
    moment.move_to(at("2026-11-28T08:00"))
    deadlines.sweep()
    assert mails(dossier, "deadline_overdue") == ["department_officer", "leader"]


def test_the_leader_is_warned_alone_while_the_leader_holds_it(moment):
    dossier = make.awaiting_approval()
    moment.move_to(at("2026-11-28T08:00"))
    deadlines.sweep()
    assert mails(dossier, "deadline_overdue") == ["leader"]


def test_unanswered_supplements_are_closed_after_fifteen_working_days(moment):
    asked = make.supplement_requested()
    during = make.information_requested()
    [running] = clocks.running(asked)
    assert running.due_at.astimezone(LOCAL) == at("2026-12-15T17:00")  # the 24th does not count
    moment.move_to(at("2026-12-15T16:59"))
    assert deadlines.sweep() == {}
    moment.move_to(at("2026-12-15T17:01"))
    assert deadlines.sweep() == {"close_unanswered": 1, "stop_unanswered": 1}
    assert make.reload(asked).state is State.CLOSED_UNANSWERED
    assert make.reload(during).state is State.STOPPED
    assert clocks.running(asked) == clocks.running(during) == []
    assert mails(asked, "closed_unanswered") == ["citizen"]


def test_a_paused_clock_is_left_alone_and_its_time_is_not_counted(moment):
    dossier = make.information_requested()
    processing = next(c for c in clocks.running(dossier) if c.kind is ClockKind.PROCESSING)
    due_before = processing.due_at
    moment.move_to(at("2026-12-01T10:00"))
    deadlines.sweep()
    assert processing.warned == 0
    supplements.answer_item(make.citizen(), facts.open_request(dossier).items[0].id, "Vốn tự có")
    make.press(make.citizen(), dossier, "supply_information")
    db.session.refresh(processing)
    assert processing.paused_at is None
    assert processing.due_at > due_before
    assert make.reload(dossier).due_at == processing.due_at


def test_restart_counts_processing_anew(moment):
    dossier = make.in_appraisal()
    dossier.on_supplement = "restart"
    db.session.commit()
    supplements.add_item(make.specialist(dossier), dossier.id, ItemKind.QUESTION, "Giải trình")
    make.press(make.specialist(dossier), dossier, "request_information", "Cần làm rõ")
    moment.move_to(at("2026-12-01T10:00"))
    supplements.answer_item(make.citizen(), facts.open_request(dossier).items[0].id, "Đây")
    make.press(make.citizen(), dossier, "supply_information")
    [running] = clocks.running(dossier)
    assert running.kind is ClockKind.PROCESSING
    assert running.due_at.astimezone(LOCAL) == at("2026-12-04T17:00")


def test_a_result_not_fetched_is_reminded_of_once(moment):
    dossier = make.result_ready()
    moment.move_to(at("2027-01-20T08:00"))
    assert deadlines.sweep() == {"pickup_reminded": 1}
    assert deadlines.sweep() == {}
    assert mails(dossier, "pickup_reminder") == ["citizen"]
    assert make.reload(dossier).state is State.RESULT_READY


def test_a_new_day_off_moves_running_dossiers_after_a_preview(moment):
    dossier = make.submitted()
    days = [(at("2026-11-25T00:00").date(), DayKind.OFF, "Bão số 12", "CV 1")]
    preview = calendar_edits.add_days(make.administrator(), days, dry_run=True)
    assert [(m.code, m.new_due.astimezone(LOCAL).replace(microsecond=0)) for m in preview] == [
        (dossier.reference, at("2026-11-26T09:20"))
    ]
    assert local_due(dossier) == at("2026-11-25T09:20")
    moved = calendar_edits.add_days(make.administrator(), days, dry_run=False)
    assert [m.dossier_id for m in moved] == [dossier.id]
    assert local_due(dossier) == at("2026-11-26T09:20")
    keys = db.session.scalars(
        select(Journal.key).where(Journal.dossier_id == dossier.id).order_by(Journal.id)
    )
    assert list(keys) == ["submit", "deadline_moved"]


def test_an_overdue_mark_is_taken_back_when_the_calendar_moves_the_deadline_ahead(moment):
    dossier = make.submitted()
    moment.move_to(at("2026-11-25T09:30"))
    deadlines.sweep()
    days = [(at("2026-11-25T00:00").date(), DayKind.OFF, "Bão", "CV 1")]
    calendar_edits.add_days(make.administrator(), days, dry_run=False)
    [running] = clocks.running(make.reload(dossier))
    assert not running.overdue
    moment.move_to(at("2026-11-26T09:30"))
    assert deadlines.sweep() == {"deadline_overdue": 1}


def test_a_clock_that_was_paused_moves_by_the_day_off_and_keeps_its_pause(moment):
    dossier = make.information_requested()
    moment.move_to(at("2026-11-26T10:00"))
    supplements.answer_item(make.citizen(), facts.open_request(dossier).items[0].id, "Vốn tự có")
    make.press(make.citizen(), dossier, "supply_information")
    other, version = make.submitted(unit="Cẩm Bình", code=make.BIRTH), make.reload(dossier).version
    before = make.reload(other).due_at
    days = [(at("2026-11-27T00:00").date(), DayKind.OFF, "Bão", "CV 1")]
    calendar_edits.add_days(make.administrator(), days, dry_run=False)
    [running] = clocks.running(make.reload(dossier))
    calendar = calendars.calendar_for(dossier.agency_id)
    assert running.due_at == clocks.due_of(running, dossier, calendar).due == dossier.due_at
    stored = (running.half_at, running.three_quarters_at, running.next_sweep_at)
    clocks.set_due(running, running.due_at, calendar)
    assert stored == (running.half_at, running.three_quarters_at, running.next_sweep_at)
    assert dossier.version == version + 1
    assert make.reload(other).due_at > before


def test_every_open_clock_has_its_next_look_planned_and_no_closed_one():
    for walk in make.WALKS.values():
        walk()
    rows = db.session.scalars(select(DossierClock)).all()
    assert {bool(r.next_sweep_at) for r in rows if r.stopped_at is None and r.paused_at is None} == {True}
    assert {bool(r.next_sweep_at) for r in rows if r.stopped_at or r.paused_at} == {False}


def test_a_dossier_that_refuses_the_sweep_is_left_for_the_next_one(moment, monkeypatch):
    asked, other = make.supplement_requested(), make.submitted()
    moment.move_to(at("2026-12-15T17:01"))

    def refuse(*_args, **_kwargs):
        raise Conflict("stale_version")

    with monkeypatch.context() as patch:
        patch.setattr(deadlines.dossiers, "apply", refuse)
        assert deadlines.sweep() == {"deadline_overdue": 1}
    assert make.reload(asked).state is State.SUPPLEMENT_REQUESTED
    assert make.reload(other).state is State.SUBMITTED
    assert deadlines.sweep() == {"close_unanswered": 1}
