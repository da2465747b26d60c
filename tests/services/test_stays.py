"""Where the working time of a dossier went, state by state, as the journal says."""

from datetime import timedelta

import pytest

from app.domain import clock
from app.domain.periods import Period
from app.domain.states import State
from app.extensions import db
from app.models.figures import CountedDossier
from app.services import counting, stays, supplements
from app.services.scopes import Scope
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

HOUR = 3600


def spent(dossier_id):
    db.session.expire_all()
    row = db.session.get_one(CountedDossier, dossier_id)
    return [getattr(row, column) for column in stays.COLUMNS.values()]


def test_waiting_for_the_citizen_is_a_time_of_its_own(moment):
    dossier = make.information_requested()
    moment.shift(2 * HOUR)
    [request] = supplements.of_dossier(dossier)
    supplements.answer_item(make.citizen(), request.items[0].id, "Vốn tự có")
    make.press(make.citizen(), dossier, "supply_information")
    moment.shift(5 * 60)
    make.press(make.citizen(), dossier, "withdraw", "Đổi ý")
    received, appraisal, approval, decided, waiting = spent(dossier.id)
    assert waiting == pytest.approx(2 * HOUR, abs=60)
    assert appraisal == pytest.approx(5 * 60, abs=30)
    assert (approval, decided) == (0, 0)
    row = db.session.get_one(CountedDossier, dossier.id)
    assert received + appraisal == pytest.approx(row.processing_seconds, abs=5)


def test_working_time_is_counted_per_state_without_nights_and_pauses(moment):
    dossier = make.decided()
    assert spent(dossier.id) == [None] * 5  # not finished: nothing to judge yet
    moment.shift(24 * HOUR)  # Tuesday, a day off
    moment.shift(24 * HOUR)
    make.press(make.officer(), dossier, "announce_result")
    *others, decided, waiting = spent(dossier.id)
    assert decided == pytest.approx(8 * HOUR, abs=60)  # the rest of Monday and the morning of Wednesday
    assert all(seconds < 60 for seconds in [*others, waiting])
    row = db.session.get_one(CountedDossier, dossier.id)
    assert sum([*others, decided]) == pytest.approx(row.processing_seconds, abs=5)


def test_a_finished_dossier_of_before_is_filled_in_the_same_way(moment):
    dossier = make.received()
    moment.shift(HOUR)
    key = make.press(make.citizen(), dossier, "withdraw", "Đổi ý").id
    before = spent(key)
    assert before[0] == pytest.approx(HOUR, abs=60)
    db.session.get_one(CountedDossier, key).received_seconds = None
    db.session.commit()
    assert counting.fill_missing() == 1
    assert spent(key) == before
    assert counting.fill_missing() == 0


def test_the_average_is_over_results_of_the_period_only(moment):
    today = clock.today()
    assert stays.average(Scope(), Period(today, today, clock.now())) == {}
    first = make.decided("KS-01", "Cẩm Bình")
    moment.shift(HOUR)
    make.press(make.officer("Cẩm Bình"), first, "announce_result")
    second = make.decided("KS-01", "Cẩm Bình")
    moment.shift(2 * HOUR)  # over the noon break
    make.press(make.officer("Cẩm Bình"), second, "announce_result")
    withdrawn = make.received("KS-01", "Cẩm Bình")
    make.press(make.citizen(), withdrawn, "withdraw", "Đổi ý")
    period = Period(today, today, clock.now())
    found = stays.average(Scope(), period)
    expected = (spent(first.id)[3] + spent(second.id)[3]) / 2
    assert found[State.DECIDED] == pytest.approx(expected)
    assert set(found) == {State.SUBMITTED, *stays.COLUMNS}
    assert stays.average(Scope(agency_id=make.agency().id), period) == {}
    yesterday = today - timedelta(days=1)
    assert stays.average(Scope(), Period(yesterday, yesterday, clock.now())) == {}
