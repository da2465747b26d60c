"""Anyone asks; the officer of the agency answers, by mail and, if worth it, on the page."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from app.domain.errors import NotAllowed, NotFound, Refused, TooManyAttempts
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.outbox import OutboxMessage, Question
from app.services import questions
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def nothing_yet(app):
    db.session.execute(delete(Question))
    db.session.execute(delete(OutboxMessage))
    db.session.commit()


def ask(body="Mấy ngày có kết quả?", unit="", **changes):
    asked = {"name": "Nguyễn  Thị Hằng ", "email": " Hang@Example.com ", "visitor": "198.51.100.1"} | changes
    return questions.ask(agency_id=make.agency(unit).id, body=body, **asked)


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def letters():
    query = (
        select(OutboxMessage).where(OutboxMessage.template == "question_answered").order_by(OutboxMessage.id)
    )
    return list(db.session.scalars(query))


def test_a_question_is_stored_tidily_and_waits_for_its_officer():
    asked = ask(" Mấy ngày? ")
    assert (asked.asker_name, asked.asker_email, asked.body) == (
        "Nguyễn Thị Hằng",
        "Hang@example.com",
        "Mấy ngày?",
    )
    assert [q.id for q in questions.for_officer(make.officer(), answered=False)] == [asked.id]
    assert questions.for_officer(make.officer("Cẩm Bình"), answered=False) == []
    assert questions.published() == []


@pytest.mark.parametrize(
    ("changes", "key", "field"),
    [
        ({"name": " "}, "name_required", "name"),
        ({"body": " "}, "question_empty", "body"),
        ({"body": "a" * 5001}, "message_too_long", "body"),
        ({"email": "hang"}, "email_malformed", "email"),
        ({"email": "hang@example.com\nBcc: x@example.com"}, "email_malformed", "email"),
    ],
)
def test_a_question_that_nobody_could_answer_is_not_taken(changes, key, field):
    before = count(Question)
    with pytest.raises(Refused, match=key) as refusal:
        ask(**changes)
    assert (refusal.value.field, count(Question)) == (field, before)


def test_a_question_to_no_agency_is_not_taken():
    before = count(Question)
    with pytest.raises(NotFound):
        questions.ask(agency_id=999_999, name="Hằng", email="hang@example.com", body="?", visitor="x")
    assert count(Question) == before


def test_one_visitor_asks_ten_questions_an_hour_and_others_are_not_held_up(moment):
    for _ in range(questions.ASKS_PER_HOUR):
        ask()
    before = count(Question)
    with pytest.raises(TooManyAttempts):
        ask()
    assert count(Question) == before
    ask("Của người khác?", visitor="203.0.113.9")
    moment.shift(timedelta(minutes=61))
    ask()
    assert count(Question) == before + 2


def test_an_answer_goes_to_the_asker_and_is_published_only_if_wished():
    kept, shown = ask("Riêng?"), ask("Chung?")
    questions.answer(make.officer(), kept.id, " 3 ngày. ", publish=False)
    questions.answer(make.officer(), shown.id, "5 ngày.", publish=True)
    assert [(m.address, m.receiver) for m in letters()] == [("Hang@example.com", "asker")] * 2
    assert "3 ngày." in letters()[0].body
    assert [q.id for q in questions.published()] == [shown.id]
    assert [q.id for q in questions.for_officer(make.officer(), answered=True)] == [shown.id, kept.id]
    assert questions.for_officer(make.officer(), answered=False) == []
    assert kept.answer == "3 ngày."


def test_a_corrected_answer_is_mailed_again_and_can_be_taken_off_the_page():
    asked = ask()
    questions.answer(make.officer(), asked.id, "3 ngày.", publish=True)
    questions.answer(make.officer(), asked.id, "5 ngày.", publish=False)
    assert len(letters()) == 2
    assert "5 ngày." in letters()[1].body
    assert questions.published() == []


def test_a_double_click_asks_once_and_the_same_words_later_are_asked_anew(moment):
    assert ask(" Mấy ngày? ").id == ask("Mấy ngày?").id
    ask("Mấy ngày?", email="lan@example.com")
    ask("Mấy ngày?", unit="Cẩm Bình")
    assert count(Question) == 3
    moment.shift(timedelta(minutes=2))
    ask("Mấy ngày?")
    assert count(Question) == 4


def test_a_double_click_answers_once():
    asked = ask()
    for publish in (False, False, True, True):
        questions.answer(make.officer(), asked.id, "3 ngày.", publish=publish)
    assert len(letters()) == 2
    assert [q.id for q in questions.published()] == [asked.id]


def test_the_unanswered_are_oldest_first():
    asked = [ask(str(n)).id for n in range(3)]
    assert [q.id for q in questions.for_officer(make.officer(), answered=False)] == asked
    assert [q.id for q in questions.for_officer(make.officer(), answered=False, limit=2)] == asked[:2]


def test_a_procedures_page_shows_its_own_answers_the_newest_first(moment):
    procedure = db.session.scalars(select(Procedure).where(Procedure.code == make.BIRTH)).one()
    about = [ask(str(n), procedure_id=procedure.id) for n in range(3)]
    other = ask("khác")
    for question in (*about, other):
        questions.answer(make.officer(), question.id, "Có.", publish=True)
        moment.shift(60)
    newest_first = [q.id for q in reversed(about)]
    assert [q.id for q in questions.published(procedure_id=procedure.id)] == newest_first
    assert [q.id for q in questions.published(limit=2)] == [other.id, newest_first[0]]


@pytest.mark.parametrize(
    ("who", "error", "key"),
    [
        (make.citizen, NotAllowed, "role_may_not"),
        (make.leader, NotAllowed, "role_may_not"),
        (make.administrator, NotAllowed, "role_may_not"),
        (lambda: make.officer("Cẩm Bình"), NotFound, "no_such_question"),
    ],
)
def test_only_an_officer_of_the_agency_answers(who, error, key):
    asked = ask()
    with pytest.raises(error, match=key):
        questions.answer(who(), asked.id, "3 ngày.", publish=True)
    db.session.refresh(asked)
    assert (asked.answer, asked.answered_at, letters()) == ("", None, [])


def test_nobody_but_officers_reads_the_list():
    with pytest.raises(NotAllowed):
        questions.for_officer(make.leader(), answered=False)


def test_an_empty_answer_or_an_unknown_question_is_refused():
    asked = ask()
    with pytest.raises(Refused, match="answer_empty"):
        questions.answer(make.officer(), asked.id, " ", publish=True)
    with pytest.raises(NotFound, match="no_such_question"):
        questions.answer(make.officer(), 999_999, "3 ngày.", publish=True)
    assert (questions.published(), letters()) == ([], [])


class TestPublishing:
    def test_only_an_administrator_publishes_what_others_answered(self):
        question = ask()
        for person in (make.officer(), make.leader(), make.citizen()):
            with pytest.raises(NotAllowed):
                questions.publish(person, question.id, {"published": True})
        with pytest.raises(Refused) as refusal:
            questions.publish(make.administrator(), question.id, {"published": True})
        assert refusal.value.key == "question_unanswered"
        with pytest.raises(NotFound):
            questions.publish(make.administrator(), 10**9, {"published": True})
        assert questions.published() == []
        questions.answer(make.officer(), question.id, "Ba ngày.", publish=False)
        questions.publish(make.administrator(), question.id, {"published": True})
        assert [one.id for one in questions.published()] == [question.id]
        questions.publish(make.administrator(), question.id, {"published": False})
        assert questions.published() == []
