"""The officer's day."""

import pytest

from app.domain.errors import NotAllowed
from app.services import my_day
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

DAY = 86400


def codes(part):
    return {row.dossier.id for row in part.rows}


def test_the_day_of_a_receiving_officer(moment):
    old = make.submitted()
    moment.shift(2 * DAY)  # Wednesday; Tuesday was a day off, so the intake is due at 09:20 today
    new, ready, elsewhere = make.submitted(), make.result_ready(), make.submitted("KS-01", "Cẩm Bình")
    day = my_day.of(make.officer())
    assert codes(day.due) == {old.id}
    assert day.due.rows[0].urgency in {"qua", "sap"}
    assert codes(day.arrived) == {new.id}
    assert (day.arrived.count, day.arrived.tab) == (1, "intake")
    assert codes(day.counter) == {ready.id}
    assert [deed.step for deed in day.deeds if deed.dossier.id == ready.id] == [
        "Thông báo đến nhận kết quả", "Chuyển thẩm định", "Tiếp nhận",
    ]  # fmt: skip
    assert elsewhere.id not in {deed.dossier.id for deed in day.deeds}
    assert my_day.of(make.officer("Cẩm Bình")).arrived.count == 1
    moment.shift(DAY)
    assert my_day.of(make.officer()).deeds == []


def test_the_day_of_a_department_officer(moment):
    mine = make.in_appraisal()
    specialist = make.specialist(mine)
    other = make.person(specialist.role, department="Phòng Tư pháp")
    day = my_day.of(specialist)
    assert codes(day.arrived) == {mine.id}
    assert (day.counter, day.deeds) == (None, [])
    assert codes(day.due) == set()
    assert codes(my_day.of(other).arrived) == set()
    moment.shift(10 * DAY)
    day = my_day.of(specialist)
    assert codes(day.due) == {mine.id}
    assert day.due.rows[0].urgency == "qua"
    assert codes(day.arrived) == set()


def test_lists_are_short_and_counts_are_whole(monkeypatch):
    monkeypatch.setattr(my_day, "SHOWN", 1)
    for _ in range(3):
        make.submitted("KS-01", "Cẩm Bình")
    part = my_day.of(make.officer("Cẩm Bình")).arrived
    assert (len(part.rows), part.count) == (1, 3)


@pytest.mark.parametrize("who", [make.citizen, make.leader, make.administrator])
def test_others_have_no_such_day(who):
    with pytest.raises(NotAllowed):
        my_day.of(who())
