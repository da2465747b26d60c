"""Figures: what the database counts is what plain Python counts, and each number is the length of its list."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain.clock import LOCAL
from app.domain.errors import NotAllowed, Refused
from app.domain.periods import Period
from app.extensions import db
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from app.services import figures
from app.services.figure_list import FIGURES
from app.services.figures import By
from app.services.scopes import Scope, scope_of
from tests import factories as make
from tests import lives

pytestmark = pytest.mark.usefixtures("app")

DAYS = st.dates(date(2026, 8, 1), date(2026, 12, 1))
FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],  # to explain a failure takes hours over a database
)


def ids(actor, scope, period, key):
    return {dossier.id for dossier in db.session.scalars(figures.dossiers(actor, scope, period, key))}


@FEW
@given(chosen=st.lists(lives.lives(), min_size=8, max_size=25), days=st.tuples(DAYS, DAYS).map(sorted))
def test_the_database_counts_what_plain_python_counts(chosen, days):
    try:
        lives.settle(chosen)
        period = Period(*days, lives.NOW)
        expected = lives.expected(chosen, *days)
        sizes = {key: len(expected[key]) for key in FIGURES}
        assert figures.total(Scope(), period, FIGURES) == sizes
        _identities(sizes)
        _agree_by_unit_and_in_lists(chosen, days, period)
        _agree_by_day(chosen, expected, period)
        _agree_in_percentiles(chosen, expected, period)
    finally:
        db.session.rollback()


def _identities(n):
    assert n["total"] == n["received"] + n["carried_over"] == n["done"] + n["open"]
    assert n["done"] == n["done_early"] + n["done_on_time"] + n["done_late"]
    assert n["done"] == n["results"] + n["withdrawn"] + n["stopped"]
    assert n["open"] == n["open_in_time"] + n["open_overdue"] == n["running"] + n["paused"]
    assert n["running"] == n["running_in_time"] + n["running_overdue"]
    assert n["paused"] == n["paused_in_time"] + n["paused_overdue"]
    intake = ("intake_within", "intake_late", "intake_waiting", "intake_overdue", "intake_taken_back")
    assert n["sent"] == sum(n[key] for key in intake)


def _agree_by_unit_and_in_lists(chosen, days, period):
    by_unit = figures.counts(Scope(), period, FIGURES, By.UNIT)
    for number, unit in enumerate(lives.UNITS):
        own = lives.expected([life for life in chosen if life.unit == number], *days)
        found = by_unit.pop(make.agency(unit).id, dict.fromkeys(FIGURES, 0))
        assert found == {key: len(own[key]) for key in FIGURES}
        scope = scope_of(make.leader(unit))
        assert {key: ids(make.leader(unit), scope, period, key) for key in FIGURES} == {
            k: own[k] for k in FIGURES
        }
    assert by_unit == {}


def _agree_by_day(chosen, expected, period):
    moments = {
        "sent": lambda life: life.intakes[0].start,
        "received": lambda life: life.received,
        "done_late": lambda life: life.finished,
        "returned": lambda life: life.closed,
    }
    by_day = figures.by_day(Scope(), period, moments)
    for key, moment in moments.items():
        wanted = Counter(moment(life).astimezone(LOCAL).date() for life in chosen if life.id in expected[key])
        assert {day: row[key] for day, row in by_day.items() if row[key]} == wanted


def _agree_in_percentiles(chosen, expected, period):
    for key, seconds in (
        ("results", lambda life: sum(run.worked for run in life.processing)),
        ("intake_late", lambda life: next(r.worked for r in life.intakes if r.stop and r.stop > r.due)),
    ):
        times = [seconds(life) for life in chosen if life.id in expected[key]]
        wanted = {None: lives.middle_and_ninth(times)} if times else {}
        assert figures.percentiles(Scope(), period, key) == wanted


@pytest.fixture
def november():
    return Period(date(2026, 11, 1), date(2026, 11, 30), lives.NOW + timedelta(hours=1))


def test_a_group_is_the_length_of_its_list(november):
    made = [make.in_appraisal(), make.submitted(), make.returned()]
    officer = make.officer()
    for by in By:
        groups = figures.counts(scope_of(officer), november, FIGURES, by)
        for value, found in groups.items():
            scope = scope_of(officer).narrow(by, value)
            assert found == {key: len(ids(officer, scope, november, key)) for key in FIGURES}
    assert ids(officer, scope_of(officer), november, "sent") == {dossier.id for dossier in made}


def test_a_wards_leader_sees_the_ward_and_the_citys_leader_all_numbers_but_only_the_citys_dossiers(november):
    own, wards = make.received(), make.received(make.BIRTH, "Cẩm Bình")
    city, ward = make.leader(), make.leader("Cẩm Bình")
    whole = scope_of(city, whole_city=True)
    assert figures.total(whole, november, ["received"]) == {"received": 2}
    assert ids(city, scope_of(city), november, "received") == {own.id}
    assert ids(ward, scope_of(ward), november, "received") == {wards.id}
    for scope in (
        whole,
        scope_of(ward),
        whole.narrow(By.UNIT, ward.agency_id),
        whole.narrow(By.DEPARTMENT, 1),
    ):
        with pytest.raises(NotAllowed, match="figures_without_dossiers"):
            figures.dossiers(city, scope, november, "received")
    assert ids(city, whole.narrow(By.UNIT, city.agency_id), november, "received") == {own.id}
    with pytest.raises(NotAllowed):
        scope_of(ward, whole_city=True)


def test_a_department_counts_what_was_forwarded_to_it(november):
    make.received()
    mine = make.in_appraisal()
    specialist = make.specialist(mine)
    scope = scope_of(specialist)
    assert figures.total(scope, november, ["received"]) == {"received": 1}
    assert ids(specialist, scope, november, "received") == {mine.id}
    with pytest.raises(NotAllowed):
        figures.dossiers(specialist, scope_of(make.officer()), november, "received")


@pytest.mark.parametrize("someone", [make.citizen, make.administrator])
def test_citizens_and_administrators_are_not_counted_for(someone):
    with pytest.raises(NotAllowed, match="role_may_not"):
        scope_of(someone())
    with pytest.raises(NotAllowed, match="role_may_not"):
        scope_of(make.officer(), whole_city=True)


def test_figures_without_a_moment_belong_to_no_day(november):
    with pytest.raises(ValueError, match="open belongs to no day"):
        figures.by_day(Scope(), november, ["open"])


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (date(2026, 2, 2), date(2026, 2, 1), "period_backwards"),
        (date(1999, 1, 1), date(2026, 2, 1), "date_out_of_range"),
        (date(2026, 2, 2), date(2222, 2, 1), "date_out_of_range"),
    ],
)
def test_a_period_that_nobody_can_mean_is_refused(first, last, why):
    with pytest.raises(Refused, match=why):
        Period(first, last, lives.NOW)


def test_no_dossier_is_counted_twice():
    make.received()
    assert db.session.query(CountedDossier).count() == db.session.query(Dossier).count() == 1
