"""How people answer the survey of a returned dossier: most are content, hardly anybody whose result was late."""

from datetime import datetime
from random import Random

from app.domain.clock import to_local
from app.domain.states import ClockKind
from app.domain.survey import SATISFIED, Question, Rating
from seed.simulation.case import Case
from seed.simulation.chance import Choice, mixed, one_of
from seed.simulation.ledger import Row
from seed.simulation.words import words

CONTENT = Choice(zip(Rating, (50, 36, 9, 3, 2), strict=True))
"""Best first, as Rating has them. Provinces publish 90 % and more."""
DISAPPOINTED = Choice(zip(Rating, (4, 16, 36, 28, 16), strict=True))
"""Of the time, when it was too long, and of a result that is a denial."""
LIKE_THE_OTHERS = 0.7
"""Who likes one thing likes the others."""
REMARKED = 0.12


def answer(case: Case, at: datetime) -> Row:
    """The row of one answer, given at that moment. Its key tells the dossier no more than a real one's does."""
    throw = case.throw
    disappointing = {Question.TIME: _late(case), Question.RESULT: case.denied}
    mood = CONTENT.pick(throw.random())
    ratings = [_rating(throw, mood, disappointed=disappointing.get(q, False)) for q in Question]
    about = "survey_praise" if min(ratings) in SATISFIED else "survey_complaint"
    remark = one_of(throw, words(about)) if throw.random() < REMARKED else ""
    key, month = mixed(case.number, f"survey {case.world.seed}") >> 2, to_local(at).date().replace(day=1)
    return (key, case.office.id, case.procedure.id, month.isoformat(), *map(int, ratings), remark)


def _rating(throw: Random, mood: Rating, *, disappointed: bool) -> Rating:
    if disappointed:
        return DISAPPOINTED.pick(throw.random())
    return mood if throw.random() < LIKE_THE_OTHERS else CONTENT.pick(throw.random())


def _late(case: Case) -> bool:
    runs = [c for c in case.timer.clocks if c.kind is ClockKind.PROCESSING]
    stopped = runs[-1].stopped_at
    return stopped is not None and stopped > runs[-1].due
