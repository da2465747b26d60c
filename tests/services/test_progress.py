"""The running deadline and the stages that a citizen sees; what a citizen has."""

import pytest

from app.domain.states import ClockKind, State
from app.services import ownership, progress
from app.services.progress import Stage
from tests import factories


def stages(made) -> tuple[list[str], str | None]:
    """The stages that are done, and the one that is now."""
    found = progress.steps(made)
    now = [step.stage.value for step in found if step.now]
    return [step.stage.value for step in found if step.done], now[0] if now else None


@pytest.mark.parametrize(
    ("state", "done", "now"),
    [
        (State.SUBMITTED, 1, Stage.RECEIVED),
        (State.SUPPLEMENT_REQUESTED, 1, Stage.RECEIVED),
        (State.RECEIVED, 2, Stage.APPRAISED),
        (State.IN_APPRAISAL, 2, Stage.APPRAISED),
        (State.INFORMATION_REQUESTED, 2, Stage.APPRAISED),
        (State.AWAITING_APPROVAL, 3, Stage.DECIDED),
        (State.DECIDED, 4, Stage.READY),
        (State.RESULT_READY, 5, Stage.RETURNED),
        (State.RETURNED, 6, None),
        (State.VOIDED, 5, Stage.ENDED),
    ],
)
def test_the_stages_behind_and_the_one_now_follow_the_state(app, state, done, now):
    made = factories.WALKS[state]()
    assert stages(made) == ([stage.value for stage in list(Stage)[:done]], now)


def test_every_open_state_that_was_sent_has_a_stage(app):
    from app.domain import transitions

    assert progress.NOW.keys() == set(State) - transitions.CLOSED - {State.DRAFT}


def test_what_was_sent_back_is_appraised_again(app):
    made = factories.awaiting_approval()
    factories.press(factories.leader(), made, "send_back", "Xem lại vốn")
    assert stages(made) == (["sent", "received"], "appraised")


def test_a_dossier_that_ended_early_shows_nothing_to_come(app):
    made = factories.received()
    factories.press(factories.citizen(), made, "withdraw", "Đổi ý")
    last = progress.steps(made)[-1]
    assert (last.stage, last.now, last.when) == (Stage.ENDED, True, made.closed_at)


def test_the_officer_of_a_stage_is_named_and_the_citizen_is_not(app):
    sent, received = progress.steps(factories.received())[:2]
    assert sent.who == ""
    assert received.who == factories.officer().name


def test_the_running_clock_is_that_of_the_state_with_its_count(app):
    made = factories.submitted()
    clock = progress.running_clock(made)
    assert (clock.kind, clock.urgency, clock.confirmed, clock.paused) == (ClockKind.INTAKE, "con", True, None)
    assert sum(line.minutes for line in clock.trace) == pytest.approx(480)
    assert clock.due == made.due_at
    assert clock.words == "Còn 7 giờ 59 phút"


def test_while_the_citizen_answers_the_processing_waits(app):
    clock = progress.running_clock(factories.information_requested())
    assert (clock.kind, clock.paused) == (ClockKind.SUPPLEMENT, ClockKind.PROCESSING)


def test_a_closed_dossier_has_no_running_clock(app):
    assert progress.running_clock(factories.returned()) is None


def test_the_last_reason_is_that_of_the_present_state(app):
    made = factories.submitted()
    assert progress.last_reason(made) == ""
    factories.press(factories.officer(), made, "refuse", "Không thuộc thẩm quyền")
    assert progress.last_reason(made) == "Không thuộc thẩm quyền"


def test_a_draft_has_no_reason(app):
    assert progress.last_reason(factories.draft()) == ""


def test_a_citizen_has_drafts_running_and_ended_dossiers_and_sees_no_others(app):
    draft, sent, done = factories.draft(), factories.submitted(), factories.returned()
    waiting = factories.supplement_requested()
    factories.press(factories.citizen(), sent, "withdraw", "Đổi ý")
    discarded = factories.draft()
    factories.press(factories.citizen(), discarded, "discard")
    factories.submitted(by=factories.citizen(1))
    running = factories.submitted()
    own = ownership.of(factories.citizen())
    assert [d.id for d in own.drafts] == [draft.id]
    assert [d.id for d in own.running] == [waiting.id, running.id]
    assert {d.id for d in own.ended} == {sent.id, done.id}
