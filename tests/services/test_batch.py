"""One press for several dossiers: each has its own answer."""

import pytest

from app.domain.errors import NotFound
from app.domain.states import State
from app.services import batch
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def states(*dossiers):
    return [make.reload(d).state for d in dossiers]


def test_a_dossier_that_refuses_does_not_hold_up_the_others():
    good, unseen, late = make.submitted(), make.submitted(), make.submitted()
    for dossier in (good, late):
        make.look_at_all(dossier)
    answers = batch.apply_each(make.officer(), [good.id, unseen.id, late.id, good.id], "receive")
    assert states(good, unseen, late) == [State.RECEIVED, State.SUBMITTED, State.RECEIVED]
    assert [a.code for a in answers] == [good.code, unseen.reference, late.code]
    assert [a.refusal and a.refusal.key for a in answers] == [None, "documents_not_looked_at", None]


def test_one_dossier_of_somebody_else_stops_everything():
    own, other = make.submitted(), make.submitted(make.BIRTH, "Cẩm Bình")
    make.look_at_all(own)
    for ids in ([own.id, other.id], [own.id, 999_999], [], [own.id, *range(10**6, 10**6 + batch.MOST)]):
        with pytest.raises(NotFound, match="no_such_dossier"):
            batch.apply_each(make.officer(), ids, "receive")
    assert states(own, other) == [State.SUBMITTED] * 2


def test_a_step_that_does_not_exist_is_not_found():
    own = make.submitted()
    with pytest.raises(NotFound, match="no_such_transition"):
        batch.apply_each(make.officer(), [own.id], "void")
    assert states(own) == [State.SUBMITTED]


def test_a_repeated_press_answers_the_same():
    both = [make.submitted(), make.submitted()]
    for dossier in both:
        make.look_at_all(dossier)
    ids = [d.id for d in both]
    first = batch.apply_each(make.officer(), ids, "receive", idempotency_key="once")
    versions = [make.reload(d).version for d in both]
    assert batch.apply_each(make.officer(), ids, "receive", idempotency_key="once") == first
    assert [make.reload(d).version for d in both] == versions
    assert [a.refusal for a in first] == [None, None]
