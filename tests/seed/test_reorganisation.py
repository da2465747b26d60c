"""The second set of data: units end, codes come back, successors take over."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models.base import Base
from app.models.catalogue import Procedure
from app.models.organisation import AdministrativeUnit, Agency, Level
from app.services import catalogue, organisation, rollout
from seed import load
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

BEFORE, BETWEEN, AFTER = date(2024, 10, 31), date(2024, 12, 1), date(2025, 7, 1)


def of_2016(name: str) -> AdministrativeUnit:
    return db.session.scalars(
        select(AdministrativeUnit).where(
            AdministrativeUnit.name == name,
            AdministrativeUnit.valid_from.is_(None),
            AdministrativeUnit.parent_code == "195",
        )
    ).one()


def sizes() -> dict[str, int]:
    return {
        n: db.session.scalar(select(func.count()).select_from(t)) for n, t in Base.metadata.tables.items()
    }


@pytest.fixture(autouse=True)
def reorganised(app: object) -> None:
    load.reorganise()


def test_sixteen_units_become_fifteen_and_then_six() -> None:
    assert len(organisation.units_on(BEFORE, "195")) == 16
    assert len(organisation.units_on(BETWEEN, "195")) == 15
    assert [u.name for u in organisation.units_on(AFTER)] == [
        "Mông Dương",
        "Quang Hanh",
        "Cửa Ông",
        "Cẩm Phả",
        "Hải Hòa",
        "Hải Lạng",
    ]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [("06781", "Cẩm Thịnh", "Cửa Ông"), ("06793", "Cẩm Trung", "Cẩm Phả"), ("06799", "Cộng Hòa", "Hải Hòa")],
)
def test_reused_codes_mean_another_unit_on_another_day(code: str, old: str, new: str) -> None:
    def named(day: date) -> list[str]:
        return [u.name for u in organisation.units_on(day) if u.code == code]

    assert named(BEFORE) == [old]
    assert named(AFTER) == [new]


@pytest.mark.parametrize(
    ("old", "successors"),
    [
        ("Cẩm Bình", ["Cẩm Phả"]),
        ("Cẩm Thạch", ["Quang Hanh"]),
        ("Cửa Ông", ["Cửa Ông"]),
        ("Dương Huy", ["Mông Dương"]),
        ("Cộng Hòa", ["Hải Hòa", "Hải Lạng"]),
        ("Cẩm Hải", ["Hải Hòa", "Hải Lạng"]),
    ],
)
def test_the_work_of_an_old_unit_goes_on_in_its_successors(old: str, successors: list[str]) -> None:
    assert [unit.name for unit in organisation.follow(of_2016(old), AFTER)] == successors


def test_ward_procedures_go_to_the_new_agencies_from_the_first_day_on() -> None:
    procedure = catalogue.by_code("KS-01")

    assert len(rollout.where_open(procedure, date(2025, 6, 30))) == 15
    assert [a.name for a in rollout.where_open(procedure, AFTER)] == [
        "UBND phường Cẩm Phả",
        "UBND phường Cửa Ông",
        "UBND phường Mông Dương",
        "UBND phường Quang Hanh",
        "UBND xã Hải Hòa",
        "UBND xã Hải Lạng",
    ]


def test_an_old_ward_is_closed_and_names_no_day() -> None:
    found = rollout.availability(catalogue.by_code("KS-01"), factories.agency("Cẩm Bình"), AFTER)

    assert (found.open, found.opens_on, len(found.where)) == (False, None, 6)


def test_the_city_takes_nothing_any_more() -> None:
    procedure = catalogue.by_code("HKD-01")

    assert len(rollout.where_open(procedure, date(2025, 6, 30))) == 1
    assert rollout.where_open(procedure, AFTER) == []
    assert rollout.stages(Level.CITY) == []


def test_every_new_agency_can_do_the_work() -> None:
    for procedure in db.session.scalars(select(Procedure).where(Procedure.level == Level.WARD)):
        for agency in rollout.where_open(procedure, AFTER):
            assert organisation.department_for(procedure, agency) is not None
            assert organisation.authority_for(agency.id, procedure.field_id) is not None
            assert organisation.places_of(agency.id)


def test_an_old_agency_keeps_its_dossiers_and_gives_its_name_away() -> None:
    old = db.session.scalars(select(Agency).where(Agency.unit_id == of_2016("Cửa Ông").id)).one()

    assert old.name == "UBND phường Cửa Ông (đến 30/6/2025)"
    assert old.identifier == "000.22.15.H49"


def test_reorganising_twice_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = sizes()

    load.reorganise()

    assert sizes() == before
    assert "loaded already" in capsys.readouterr().out


def test_the_city_of_2016_loads_again_without_a_trace() -> None:
    before = sizes()

    load.run(demo=True, dossiers=False)

    assert sizes() == before
