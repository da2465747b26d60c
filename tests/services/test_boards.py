"""The leaders' board: whose figures, that they add up, and that each has its dossiers."""

from datetime import date

import pytest

from app.domain.errors import NotAllowed, NotFound
from app.domain.states import State
from app.extensions import db
from app.services import boards, figures
from app.services.figures import By
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

DAY = 86400


@pytest.fixture
def busy(moment):
    """Two weeks of a city: a late one, one on time, an early one, one overdue and one that waits."""
    late = make.decided()
    overdue = make.in_appraisal()
    moment.shift(7 * DAY)  # Monday, 30/11: past the due time of three working days
    make.press(make.officer(), late, "announce_result")
    quick = make.result_ready()
    ward = make.result_ready("KS-01", "Cẩm Bình")
    waiting = make.submitted()
    return {"late": late, "overdue": overdue, "quick": quick, "ward": ward, "waiting": waiting}


def test_the_board_of_the_own_agency_counts_its_dossiers_by_department(busy):
    board = boards.of(make.leader(), 4)
    assert (board.period.first, board.period.last) == (date(2026, 11, 9), date(2026, 11, 30))
    assert board.opens
    counts = board.counts
    assert (counts["received"], counts["done"], counts["done_late"], counts["done_early"]) == (3, 2, 1, 1)
    assert (counts["open_overdue"], counts["open_in_time"], counts["at_counter"]) == (1, 0, 2)
    assert (counts["sent"], counts["intake_within"], counts["intake_waiting"]) == (4, 3, 1)
    assert (board.of_today["done"], board.of_today["sent"]) == (2, 2)
    assert board.by is By.DEPARTMENT
    assert sum(group.counts["done_late"] for group in board.groups) == 1
    assert {group.name for group in board.groups} >= {busy["late"].department.name, ""}
    assert [row.dossier.id for row in board.overdue] == [busy["overdue"].id]
    assert [row.dossier.id for row in board.oldest] == [busy["overdue"].id]
    assert [w["done"] for w in board.weeks.values()] == [0, 0, 0, 2]
    assert next(iter(board.weeks)) == date(2026, 11, 9)
    assert set(board.stays) >= {State.IN_APPRAISAL, State.DECIDED}


def test_every_number_of_the_board_agrees_with_the_dossiers_behind_it(busy):
    leader = make.leader()
    board = boards.of(leader, 4)
    for period, counts in ((board.period, board.counts), (board.today, board.of_today)):
        for key, number in counts.items():
            behind = figures.dossiers(leader, board.scope, period, key)
            assert len(db.session.scalars(behind).all()) == number, key
    for group in board.groups:
        scope = board.scope.narrow(board.by.value, group.key)
        for key, number in group.counts.items():
            assert len(db.session.scalars(figures.dossiers(leader, scope, board.period, key)).all()) == number
    for key in boards.HEADLINE:
        if key in {*boards.DONE, *boards.INTAKE}:
            assert sum(group.counts[key] for group in board.groups) == board.counts[key], key
    for key in boards.WEEKLY:
        assert sum(week[key] for week in board.weeks.values()) == board.counts[key], key


def test_the_citys_leaders_see_numbers_of_every_unit_but_not_their_dossiers(busy):
    whole = boards.of(make.leader(), 4, whole_city=True)
    assert (whole.counts["done"], whole.by, whole.opens) == (3, By.UNIT, False)
    assert (whole.overdue, whole.oldest) == ((), ())
    assert {group.key for group in whole.groups} == {make.agency().id, make.agency("Cẩm Bình").id}
    ward = boards.of(make.leader(), 4, make.agency("Cẩm Bình").id)
    assert (ward.counts["done"], ward.opens, ward.overdue) == (1, False, ())
    own = boards.of(make.leader(), 4, make.agency().id)
    assert own.opens
    assert len(boards.choices(make.leader())) == 17


def test_a_wards_leader_sees_the_ward_alone(busy):
    leader = make.leader("Cẩm Bình")
    assert boards.of(leader, 12).counts["done"] == 1
    assert [agency.id for agency in boards.choices(leader)] == [make.agency("Cẩm Bình").id]
    with pytest.raises(NotAllowed):
        boards.of(leader, 12, whole_city=True)
    for unit in (make.agency().id, make.agency("Cẩm Trung").id, 99999):
        with pytest.raises(NotFound):
            boards.of(leader, 12, unit)


@pytest.mark.parametrize("who", [make.citizen, make.officer, make.administrator])
def test_nobody_else_has_a_board(who):
    with pytest.raises(NotAllowed):
        boards.of(who(), 12)


def test_an_empty_board_is_a_board():
    board = boards.of(make.leader("Cộng Hòa"), 52)
    assert set(board.counts.values()) == {0}
    assert (board.groups, board.stays, len(board.weeks)) == ([], {}, 52)
