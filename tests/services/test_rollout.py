"""From when which agency takes which procedures (announcement, point 1)."""

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.errors import NotAllowed, Refused
from app.domain.roles import SYSTEM
from app.extensions import db
from app.models.catalogue import Rollout
from app.models.organisation import Level
from app.services import catalogue, organisation, rollout
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

EVE, START = date(2016, 6, 30), date(2016, 7, 1)
EVE_OF_ALL, ALL = date(2016, 8, 31), date(2016, 9, 1)
PILOTS = ("Cẩm Bình", "Cẩm Trung", "Cẩm Thạch")


@pytest.mark.parametrize(
    ("code", "unit", "on", "is_open"),
    [
        ("HKD-01", "", EVE, False),
        ("HKD-01", "", START, True),
        *(("KS-01", ward, EVE, False) for ward in PILOTS),
        *(("KS-01", ward, START, True) for ward in PILOTS),
        *(("KS-01", ward, EVE_OF_ALL, True) for ward in PILOTS),
        *(("KS-01", ward, ALL, True) for ward in PILOTS),
        ("KS-01", "Cửa Ông", EVE, False),
        ("KS-01", "Cửa Ông", START, False),
        ("KS-01", "Cửa Ông", EVE_OF_ALL, False),
        ("KS-01", "Cửa Ông", ALL, True),
        ("KS-01", "", ALL, False),
        ("HKD-01", "Cẩm Bình", ALL, False),
    ],
)
def test_procedures_open_as_announced(code: str, unit: str, on: date, is_open: bool) -> None:
    found = rollout.availability(catalogue.by_code(code), factories.agency(unit), on)

    assert found.open is is_open


@pytest.mark.parametrize(("on", "number"), [(EVE, 0), (START, 3), (EVE_OF_ALL, 3), (ALL, 16)])
def test_ward_procedures_are_open_in_so_many_wards(on: date, number: int) -> None:
    assert len(rollout.where_open(catalogue.by_code("KS-01"), on)) == number


def test_a_closed_ward_says_from_when_and_where_it_is_possible_now() -> None:
    found = rollout.availability(catalogue.by_code("KS-01"), factories.agency("Cửa Ông"), EVE_OF_ALL)

    assert found.opens_on == ALL
    assert [agency.unit.name for agency in found.where] == ["Cẩm Bình", "Cẩm Thạch", "Cẩm Trung"]
    assert found.words == (
        "UBND phường Cửa Ông nhận từ ngày 01/9/2016. "
        "Hiện có thể gửi tới: UBND phường Cẩm Bình; UBND phường Cẩm Thạch; UBND phường Cẩm Trung."
    )


def test_many_other_places_are_counted_and_not_named() -> None:
    found = rollout.availability(catalogue.by_code("KS-01"), factories.agency(), ALL)

    assert len(found.where) == 16
    assert found.words == "Hiện có 16 nơi khác nhận, xem trong danh sách ở trang của thủ tục."


def test_before_the_first_day_nobody_takes_it() -> None:
    found = rollout.availability(catalogue.by_code("HKD-01"), factories.agency(), EVE)

    assert found.words == "UBND thành phố Cẩm Phả nhận từ ngày 01/7/2016. Hiện chưa có nơi nào nhận."


def test_an_agency_of_another_level_has_no_day() -> None:
    found = rollout.availability(catalogue.by_code("HKD-01"), factories.agency("Cẩm Bình"), ALL)

    assert found.opens_on is None
    assert found.words == "Hiện có thể gửi tới: UBND thành phố Cẩm Phả."


def test_a_changed_date_is_in_force_at_once_in_both_directions() -> None:
    agency, procedure = factories.agency("Cửa Ông"), catalogue.by_code("KS-01")
    today = date(2026, 11, 23)

    rollout.opens(factories.administrator(), agency.id, Level.WARD, date(2026, 12, 1))
    assert not rollout.availability(procedure, agency, today).open
    assert len(rollout.where_open(procedure, today)) == 15

    rollout.opens(factories.administrator(), agency.id, Level.WARD, today)
    assert rollout.availability(procedure, agency, today).open


def test_an_agency_without_a_date_gets_one() -> None:
    agency = factories.agency("Cửa Ông")
    row = db.session.scalars(select(Rollout).where(Rollout.agency_id == agency.id)).one()
    rollout.rollouts.remove(SYSTEM, row.id)
    assert not rollout.availability(catalogue.by_code("KS-01"), agency, ALL).open

    rollout.opens(SYSTEM, agency.id, Level.WARD, ALL)

    assert rollout.availability(catalogue.by_code("KS-01"), agency, ALL).open


def test_a_date_for_another_level_is_refused() -> None:
    agency = factories.agency("Cửa Ông")

    with pytest.raises(Refused) as caught:
        rollout.opens(SYSTEM, agency.id, Level.CITY, ALL)

    assert caught.value.key == "agency_of_other_level"
    assert len(db.session.scalars(select(Rollout).where(Rollout.agency_id == agency.id)).all()) == 1


def test_an_officer_does_not_change_the_roll_out() -> None:
    agency = factories.agency("Cửa Ông")

    with pytest.raises(NotAllowed):
        rollout.opens(factories.officer("Cửa Ông"), agency.id, Level.WARD, date(2030, 1, 1))

    assert rollout.availability(catalogue.by_code("KS-01"), agency, ALL).open


def test_an_agency_switched_off_takes_nothing() -> None:
    agency = factories.agency("Cửa Ông")
    organisation.agency_editor.edit(SYSTEM, agency.id, {"active": False})

    found = rollout.availability(catalogue.by_code("KS-01"), agency, ALL)

    assert (found.open, found.opens_on) == (False, None)


@pytest.mark.parametrize(
    ("validity", "words"),
    [
        ({"valid_from": date(2016, 10, 1)}, "Thủ tục có hiệu lực từ ngày 01/10/2016."),
        ({"valid_to": date(2016, 8, 31)}, "Thủ tục đã hết hiệu lực. Mời ông, bà tìm thủ tục thay thế."),
    ],
)
def test_a_procedure_out_of_force_is_open_nowhere(validity: dict[str, date], words: str) -> None:
    procedure = catalogue.by_code("KS-01")
    catalogue.procedures.edit(SYSTEM, procedure.id, validity)

    found = rollout.availability(procedure, factories.agency("Cẩm Bình"), ALL)

    assert (found.open, found.opens_on, found.where, found.words) == (False, None, (), words)
    assert rollout.where_open(procedure, ALL) == []


def test_the_stages_of_the_roll_out_name_every_ward() -> None:
    first, second = rollout.stages(Level.WARD)

    assert (first[0], [agency.unit.name for agency in first[1]]) == (
        START,
        ["Cẩm Bình", "Cẩm Thạch", "Cẩm Trung"],
    )
    assert (second[0], len(second[1])) == (ALL, 13)
    assert [(day, len(agencies)) for day, agencies in rollout.stages(Level.CITY)] == [(START, 1)]
