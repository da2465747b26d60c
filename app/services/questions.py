"""Anyone asks; the officer answers by mail and, if worth it, on the page (announcement, point 3)."""

from collections.abc import Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.errors import NotFound, Refused
from app.domain.roles import Actor, Role
from app.extensions import config, db
from app.models.outbox import Question
from app.services import access, attempts, doubles, journal, organisation, outbox, settings
from app.services.transaction import transaction

MAX_LENGTH = 5000
ASKS_PER_HOUR = 10


def ask(
    *, agency_id: int, name: str, email: str, body: str, visitor: str, procedure_id: int | None = None
) -> Question:
    """Take a question from anybody, a double click once; limited per visitor: nobody can flood the officers."""
    _refuse_bad_text(name, body)
    try:
        address = validate_email(email.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Refused("email_malformed", field="email") from error
    attempts.check("question", visitor, limit=ASKS_PER_HOUR, minutes=60)
    with transaction() as session:
        same: dict[str, Any] = {
            "agency_id": organisation.agency(agency_id).id, "asker_email": address, "body": body.strip(),
        }  # fmt: skip
        question = doubles.twin(Question, "asked_at", **same, answered_at=None) or Question(
            **same, procedure_id=procedure_id, asker_name=" ".join(name.split())[:200], asked_at=clock.now()
        )
        session.add(question)
    attempts.fail("question", visitor, minutes=60)
    return question


def published(*, procedure_id: int | None = None, limit: int = 50) -> list[Question]:
    """Answered and published questions, newest first; names are masked by the page."""
    query = select(Question).where(Question.published.is_(True)).options(joinedload(Question.agency))
    if procedure_id is not None:
        query = query.where(Question.procedure_id == procedure_id)
    return list(
        db.session.scalars(query.order_by(Question.answered_at.desc(), Question.id.desc()).limit(limit))
    )


def for_officer(actor: Actor, *, answered: bool, limit: int = 100) -> list[Question]:
    """The questions to the officer's agency: the unanswered oldest first, the answered newest first."""
    access.require_role(actor, Role.RECEIVING_OFFICER)
    query = (
        select(Question).where(Question.agency_id == actor.agency_id).options(joinedload(Question.procedure))
    )
    if answered:
        query = query.where(Question.answered_at.is_not(None)).order_by(Question.answered_at.desc())
    else:
        query = query.where(Question.answered_at.is_(None)).order_by(Question.id)
    return list(db.session.scalars(query.limit(limit)))


def answer(actor: Actor, question_id: int, text: str, *, publish: bool) -> Question:
    """Answer by mail; the answer can be corrected later, which is mailed again, but a double click is not."""
    if not text.strip():
        raise Refused("answer_empty", field="answer")
    with transaction():
        question = question_for(actor, question_id, lock=True)
        if (question.answer, question.published) == (text.strip(), publish):
            return question
        question.answer, question.published = text.strip(), publish
        question.answered_by_id, question.answered_at = actor.user_id, clock.now()
        journal.write(actor, "question_answered", question=question.id, published=publish)
        outbox.write(
            receiver="asker",
            address=question.asker_email,
            template="question_answered",
            context={
                "name": question.asker_name,
                "question": question.body,
                "answer": question.answer,
                "agency": question.agency.name,
                "hotline": settings.get("hotline"),
                "link": config("BASE_URL") + "/hoi-dap",
                "base_url": config("BASE_URL"),
            },
        )
        return question


def publish(actor: Actor, question_id: int, values: Mapping[str, Any]) -> Question:
    """Show an answered question on the page, or no longer: for administrators, who answer nothing themselves.

    Refused("question_unanswered") while nobody answered it.
    """
    access.require_role(actor, Role.ADMINISTRATOR)
    with transaction() as session:
        question = session.get(Question, question_id)
        if question is None:
            raise NotFound("no_such_question")
        wanted = bool(values["published"])
        if wanted and question.answered_at is None:
            raise Refused("question_unanswered", field="published")
        if question.published is not wanted:
            question.published = wanted
            journal.write(actor, "question_published", question=question.id, published=wanted)
        return question


def question_for(actor: Actor, question_id: int, *, lock: bool = False) -> Question:
    """A question to the officer's agency; NotFound otherwise. ``lock`` keeps others out until the commit."""
    access.require_role(actor, Role.RECEIVING_OFFICER)
    question = db.session.get(Question, question_id, with_for_update=lock or None, populate_existing=lock)
    if question is None or question.agency_id != actor.agency_id:
        raise NotFound("no_such_question")
    return question


def _refuse_bad_text(name: str, body: str) -> None:
    if not name.strip():
        raise Refused("name_required", field="name")
    if not body.strip():
        raise Refused("question_empty", field="body")
    if len(body) > MAX_LENGTH:
        raise Refused("message_too_long", field="body", limit=MAX_LENGTH)
