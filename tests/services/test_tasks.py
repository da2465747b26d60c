"""The citizen's task list, and sending."""

import pytest

from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.states import State
from app.extensions import db
from app.models.handling import Journal
from app.services import attachments, dossiers, settings, tasks
from app.services.tasks import TaskState
from tests import factories


def states(made) -> list[str]:
    return [task.state.value for task in tasks.of(made)]


def journal_rows() -> int:
    return db.session.scalar(db.select(db.func.count(Journal.id)))


def test_the_list_has_place_applicant_and_one_task_per_document(app):
    made = factories.draft()
    assert states(made) == ["done", "done", "not_started", "not_started", "optional", "optional", "optional"]
    assert [task.document.ordinal for task in tasks.of(made)[2:]] == [1, 2, 3, 4, 5]


def test_an_applicant_without_telephone_is_begun_and_an_empty_one_is_not(app):
    made = factories.draft()
    made.return_place_id, made.applicant_phone = None, ""
    assert states(made)[:2] == ["not_started", "started"]
    made.applicant_name = made.declared_email = ""
    assert tasks.of(made)[1].state is TaskState.NOT_STARTED


def test_what_is_left_are_only_the_tasks_that_are_needed(app):
    made = factories.draft()
    assert [task.document.ordinal for task in tasks.left(tasks.of(made))] == [1, 2]
    for document in made.documents[:2]:
        attachments.add(factories.citizen(), document.id, "a.jpg", factories.picture(document.name))
    assert tasks.left(tasks.of(made)) == []


def test_sending_notes_the_declaration_and_sends(app):
    made = factories.complete_draft()
    sent = tasks.send(factories.citizen(), made.id, declared=True, version=made.version, idempotency_key="k")
    assert sent.state is State.SUBMITTED
    assert sent.truth_declared_at is not None


def test_a_refused_send_takes_the_declaration_back_too(app):
    made = factories.draft()
    before = journal_rows()
    with pytest.raises(Refused, match="documents_missing"):
        tasks.send(factories.citizen(), made.id, declared=True, version=None, idempotency_key=None)
    made = factories.reload(made)
    assert (made.state, made.truth_declared_at, journal_rows()) == (State.DRAFT, None, before)


def test_a_declaration_taken_back_at_the_last_moment_counts(app):
    made = factories.complete_draft()
    with pytest.raises(Refused, match="truth_not_declared"):
        tasks.send(factories.citizen(), made.id, declared=False, version=None, idempotency_key=None)
    assert factories.reload(made).state is State.DRAFT


def test_an_old_page_does_not_send(app):
    made = factories.complete_draft()
    with pytest.raises(Conflict, match="stale_version"):
        tasks.send(
            factories.citizen(), made.id, declared=True, version=made.version - 1, idempotency_key=None
        )
    assert factories.reload(made).state is State.DRAFT


def test_sending_again_answers_with_the_sent_dossier_and_changes_nothing(app):
    made = factories.submitted()
    version, before = made.version, journal_rows()
    again = tasks.send(factories.citizen(), made.id, declared=False, version=1, idempotency_key="other")
    assert (again.id, again.version, journal_rows()) == (made.id, version, before)


def test_a_discarded_draft_is_not_sent(app):
    made = factories.complete_draft()
    dossiers.apply(factories.citizen(), made.id, "discard")
    with pytest.raises(Conflict, match="not_in_this_state"):
        tasks.send(factories.citizen(), made.id, declared=True, version=None, idempotency_key=None)
    assert factories.reload(made).state is State.DISCARDED


def test_nobody_else_sends(app):
    made = factories.complete_draft()
    for someone, error in ((factories.citizen(1), NotFound), (factories.officer(), NotFound)):
        with pytest.raises(error):
            tasks.send(someone, made.id, declared=True, version=None, idempotency_key=None)
    with pytest.raises(NotAllowed):
        dossiers.apply(factories.officer(), factories.submitted().id, "submit")
    assert factories.reload(made).state is State.DRAFT


@pytest.mark.parametrize(("emptied", "refusal"), [
    ("return_place_id", "place_not_chosen"),
    ("applicant_name", "applicant_incomplete"),
    ("applicant_phone", "applicant_incomplete"),
    ("declared_email", "email_not_verified"),
])  # fmt: skip
def test_by_no_door_is_a_dossier_sent_that_mail_or_result_could_not_reach(app, emptied, refusal):
    made = factories.complete_draft()
    setattr(made, emptied, None if emptied == "return_place_id" else "")
    db.session.commit()
    before = journal_rows()
    with pytest.raises(Refused, match=refusal):
        dossiers.apply(factories.citizen(), made.id, "submit")
    assert (factories.reload(made).state, journal_rows()) == (State.DRAFT, before)


def test_the_promise_follows_the_setting(app):
    made = factories.draft()
    assert sum(line.minutes for line in tasks.promise(made).trace) == pytest.approx(480)
    settings.change(factories.administrator(), "intake_minutes", "60")
    assert sum(line.minutes for line in tasks.promise(made).trace) == pytest.approx(60)


def test_a_draft_is_kept_as_long_as_the_setting_says(app):
    made = factories.draft()
    assert (tasks.kept_until(made) - made.updated_at).days == settings.get("draft_days")
