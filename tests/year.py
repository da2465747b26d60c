"""A year of the city in which much goes wrong: told by the simulation, with the rows that it does not write added."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

import pytest
import sqlalchemy as sa

from app.domain import clock
from app.domain.survey import Question
from app.extensions import db
from app.models.catalogue import FeeItem, Procedure
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from app.models.handling import DossierClock, ItemKind, Payment
from app.models.organisation import Agency, Profile
from app.models.papers import Apology
from app.models.survey import SurveyAnswer
from app.services import counting, supplements
from seed.simulation import life, run
from tests import factories as make

PLAN = run.Plan(dossiers=400, first_day=date(2025, 11, 24), last_day=date(2026, 11, 22), seed=18)
TROUBLE = {
    "SUPPLEMENTED": 0.2,
    "WITHDRAWN_AT_INTAKE": 0.04,
    "ASKED_IN_APPRAISAL": 0.25,
    "WITHDRAWN_IN_APPRAISAL": 0.04,
    "STOPPED": 0.04,
    "LATE_AT_INTAKE": 0.15,
    "LATE_IN_PROCESSING": 0.5,
    "NEVER_FETCHED": 0.05,
    "MISMATCH": 0.15,
}
"""Shares of dossiers: so few dossiers must show everything that can happen to one."""
ANSWERS = 420
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    """A survey as it was answered."""

    agency: int
    procedure: int
    month: date
    ratings: tuple[int, ...]


def lived() -> list[Answer]:
    """Make the year in the running application's database; what the citizens answered."""
    _rules_of_every_kind()
    with pytest.MonkeyPatch.context() as patch:
        for name, share in TROUBLE.items():
            patch.setattr(life, name, share)
        run.simulate(PLAN, lambda _: None, lambda _: None)
    throw = Random(PLAN.seed)  # noqa: S311 - chance, no secret
    for told_already in (CountedDossier, SurveyAnswer):  # of a year in which less went wrong
        db.session.execute(sa.delete(told_already))
    _deadlines_moved(throw)
    counting.fill_missing()
    for days in (60, 9):
        _left_standing(clock.now() - ONE_DAY * days)
    _money_in_parts(throw)
    _money_for_nothing(throw)
    _apologies(throw)
    told = [_answer(throw) for _ in range(ANSWERS)]
    db.session.execute(sa.insert(SurveyAnswer), [_row(number, answer) for number, answer in enumerate(told)])
    db.session.commit()
    return told


def _rules_of_every_kind():
    """Clocks that begin anew after a supplement, and fees that are taken before processing."""
    db.session.execute(sa.update(Procedure).where(Procedure.id % 3 == 0).values(on_supplement="restart"))
    db.session.execute(sa.update(FeeItem).where(FeeItem.id % 3 == 0).values(timing="before_processing"))
    db.session.commit()


def _deadlines_moved(throw):
    """Some appointments were earlier, so that every kind of ending is also late."""
    query = sa.select(DossierClock).where(DossierClock.kind == "processing").order_by(DossierClock.id)
    for row in db.session.scalars(query):
        if throw.random() < 0.3:
            row.due_at = max(row.started_at, row.due_at - ONE_DAY * throw.randint(1, 12))
    db.session.commit()


def _left_standing(at):
    """Begun at that moment and not finished: with the office, waiting for the citizen, waiting after it was late."""
    with clock.pretending(at):
        make.submitted()
        make.in_appraisal()
        make.in_appraisal(make.BIRTH, "Cẩm Bình")
        make.information_requested()
        given_up, late, stopped = make.information_requested(), make.in_appraisal(), make.in_appraisal()
    with clock.pretending(min(at + ONE_DAY * 20, clock.now())):
        make.press(make.citizen(), given_up, "withdraw", "Không cần nữa")
        for dossier in (late, stopped):
            supplements.add_item(make.specialist(dossier), dossier.id, ItemKind.QUESTION, "Giải trình")
            make.press(make.specialist(dossier), dossier, "request_information", "Cần làm rõ")
    make.press(make.leader(), stopped, "stop", "Theo quyết định của tòa án")


def _money_for_nothing(throw):
    """Paid, and then the result was void or the fee exempted: something is to be given back."""
    leader, number = make.officer().user_id, count(1)
    for dossier in db.session.scalars(
        sa.select(Dossier).where(Dossier.state.in_(("voided", "returned")))
    ).all():
        for fee in dossier.fees:
            if dossier.state == "voided" and fee.amount:
                db.session.add(
                    Payment(
                        dossier_id=dossier.id, place_id=dossier.return_place_id, amount=fee.amount,
                        receipt_number=f"VOID-{next(number)}", taken_by_id=leader, taken_at=dossier.closed_at,
                    )
                )  # fmt: skip
            elif throw.random() < 0.1:
                fee.exempt_reason, fee.exempted_by_id = "Hộ nghèo", leader


def _money_in_parts(throw):
    """Some pay in two parts on two days to two people, some too little, some a second time."""
    number = count(1)
    receivers = db.session.scalars(
        sa.select(Profile.user_id).where(Profile.role == "receiving_officer")
    ).all()
    for payment in db.session.scalars(sa.select(Payment).order_by(Payment.id)).all():
        chance = throw.random()
        if chance > 0.4 or payment.amount < 2:
            continue
        part = payment.amount // 3
        payment.amount -= part if chance < 0.3 else 0
        if chance > 0.1:  # else the rest is never paid
            later = (
                payment.taken_at + ONE_DAY * throw.choice((0, 1, 40)) + timedelta(hours=throw.randint(0, 12))
            )
            db.session.add(
                Payment(
                    dossier_id=payment.dossier_id, place_id=payment.place_id, amount=part,
                    receipt_number=f"YEAR-{next(number)}", taken_by_id=throw.choice(receivers), taken_at=later,
                )
            )  # fmt: skip


def _apologies(throw):
    leader = make.leader().user_id
    for dossier in db.session.scalars(sa.select(Dossier).where(Dossier.received_at.is_not(None))).all():
        state = throw.choice(("", "drafted", "sent"))
        if state:
            row = Apology(dossier_id=dossier.id, state=state, drafted_at=dossier.received_at)
            row.due_at = dossier.received_at
            if state == "sent":
                row.reason, row.promised_on, row.signed_by_id = "Chờ xác minh", date(2026, 12, 1), leader
                row.signed_at = dossier.received_at
            db.session.add(row)


def _answer(throw):
    """Most about few: so that some months and groups are large enough to be shown and others are not."""
    agencies = db.session.scalars(sa.select(Agency.id).order_by(Agency.id)).all()
    month = 2025 * 12 + 7 + int(throw.random() * 16)  # August 2025 to November 2026
    return Answer(
        agencies[int(throw.random() ** 3 * len(agencies))],
        1 + int(throw.random() ** 3 * 12),
        date(month // 12, month % 12 + 1, 1),
        tuple(throw.randint(1, 5) for _ in Question),
    )


def _row(number, answer):
    where = {"agency_id": answer.agency, "procedure_id": answer.procedure, "month": answer.month}
    ratings = {question.value: rating for question, rating in zip(Question, answer.ratings, strict=True)}
    return where | ratings | {"id": number + 1, "remark": ""}
