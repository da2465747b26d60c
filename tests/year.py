"""A year of the city in which much goes wrong: told by the simulation, with the rows that it does not write added."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

import pytest
import sqlalchemy as sa

from app.domain.survey import Question
from app.extensions import db
from app.models.catalogue import FeeItem, Procedure
from app.models.dossier import Dossier
from app.models.handling import Payment
from app.models.organisation import Agency, Profile
from app.models.papers import Apology
from app.models.survey import SurveyAnswer
from app.services import counting
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
    counting.fill_missing()
    throw = Random(PLAN.seed)  # noqa: S311 - chance, no secret
    _money_in_parts(throw)
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
