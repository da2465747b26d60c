"""Units, agencies, departments, counters, authorities."""

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.roles import SYSTEM
from app.extensions import db
from app.models.catalogue import Field
from app.models.handling import Journal
from app.models.organisation import AdministrativeUnit, Level
from app.services import catalogue, organisation
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)


def unit(name: str, valid_from: date | None = None) -> AdministrativeUnit:
    same = (AdministrativeUnit.name == name, AdministrativeUnit.valid_from == valid_from)
    return db.session.scalars(
        select(AdministrativeUnit).where(*same, AdministrativeUnit.kind != "thành phố")
    ).one()


def add(code: str, name: str, valid_from: date | None = FIRST, **more: object) -> AdministrativeUnit:
    values = {"code": code, "name": name, "kind": "phường", "parent_code": "22", "valid_from": valid_from}
    return organisation.units.create(factories.administrator(), values | more)


def end(name: str, last_day: date, *successors: AdministrativeUnit) -> AdministrativeUnit:
    return organisation.end_unit(
        factories.administrator(), unit(name).id, last_day, [s.id for s in successors]
    )


def test_agencies_are_listed_the_city_first_then_by_name() -> None:
    found = organisation.agencies()

    assert len(found) == 17
    assert [agency.name for agency in found[:2]] == ["UBND thành phố Cẩm Phả", "UBND phường Cẩm Bình"]
    assert len(organisation.agencies(Level.WARD)) == 16


def test_an_agency_is_found_by_key_and_by_the_code_of_its_unit() -> None:
    agency = factories.agency("Cẩm Bình")

    assert organisation.agency(agency.id) is agency
    assert organisation.agency_of_code("06796") is agency


def test_unknown_agencies_are_not_found() -> None:
    for call in (lambda: organisation.agency(999_999), lambda: organisation.agency_of_code("99999")):
        with pytest.raises(NotFound) as caught:
            call()
        assert caught.value.key == "no_such_agency"


def test_the_agencies_for_a_procedure_are_those_of_its_level() -> None:
    assert len(organisation.agencies_for(catalogue.by_code("KS-01"))) == 16
    assert organisation.agencies_for(catalogue.by_code("HKD-01")) == [factories.agency()]


def test_each_agency_has_its_own_department_of_the_name() -> None:
    procedure = catalogue.by_code("KS-01")

    found = organisation.department_for(procedure, factories.agency("Cửa Ông"))

    assert found is not None
    assert (found.name, found.agency.unit.name) == ("Công chức Tư pháp - Hộ tịch", "Cửa Ông")
    assert organisation.department_for(procedure, factories.agency()) is None


def test_a_department_switched_off_gets_no_dossiers() -> None:
    procedure, agency = catalogue.by_code("KS-01"), factories.agency("Cửa Ông")
    found = organisation.department_for(procedure, agency)
    assert found in organisation.departments_of(agency.id)

    organisation.departments.edit(SYSTEM, found.id, {"active": False})

    assert organisation.department_for(procedure, agency) is None
    assert [d.name for d in organisation.departments_of(agency.id)] == ["Công chức Văn hóa - Xã hội"]


def test_counters_switched_off_are_not_offered() -> None:
    agency = factories.agency()
    place = organisation.places.create(SYSTEM, {"agency_id": agency.id, "name": "Quầy số 2"})
    assert [p.name for p in organisation.places_of(agency.id)] == [
        "Trung tâm Hành chính công thành phố Cẩm Phả",
        "Quầy số 2",
    ]

    organisation.places.edit(SYSTEM, place.id, {"active": False})

    assert len(organisation.places_of(agency.id)) == 1


def test_the_authority_of_the_field_comes_before_the_general_one() -> None:
    agency = factories.agency()
    land = db.session.scalars(select(Field).where(Field.name == "Đất đai")).one()
    other = db.session.scalars(select(Field).where(Field.name == "Thư viện")).one()

    assert organisation.authority_for(agency.id, land.id).name == "Thanh tra ngành Tài nguyên và Môi trường"
    assert organisation.authority_for(agency.id, other.id).name == "Thanh tra thành phố Cẩm Phả"


def test_without_any_authority_there_is_none() -> None:
    agency = factories.agency()
    field = db.session.scalars(select(Field).where(Field.name == "Thư viện")).one()
    organisation.authorities.remove(SYSTEM, organisation.authority_for(agency.id, field.id).id)

    assert organisation.authority_for(agency.id, field.id) is None


@pytest.mark.parametrize("address", ["thanh-tra", "@cam-pha.example", "thanh-tra@"])
def test_an_authority_needs_a_mail_address(address: str) -> None:
    agency = factories.agency()
    field = db.session.scalars(select(Field).where(Field.name == "Thư viện")).one()
    values = {"agency_id": agency.id, "field_id": field.id, "name": "Thanh tra", "email": address}

    with pytest.raises(Refused) as caught:
        organisation.authorities.create(SYSTEM, values)

    assert (caught.value.key, caught.value.field) == ("email_malformed", "email")
    assert organisation.authority_for(agency.id, field.id).field_id is None


def test_units_are_listed_by_day_and_parent() -> None:
    assert len(organisation.units_on(FIRST, "195")) == 16
    assert len(organisation.units_on(FIRST)) == 17


def test_a_code_comes_back_for_another_unit_once_the_first_has_ended() -> None:
    end("Cẩm Thịnh", LAST)

    new = add("06781", "Cửa Ông")

    assert new.id != unit("Cẩm Thịnh").id
    assert [u.name for u in organisation.units_on(LAST) if u.code == "06781"] == ["Cẩm Thịnh"]
    assert [u.name for u in organisation.units_on(FIRST) if u.code == "06781"] == ["Cửa Ông"]


def test_one_code_never_means_two_units_at_one_time() -> None:
    with pytest.raises(Refused) as caught:
        add("06781", "Cửa Ông")

    assert (caught.value.key, caught.value.field) == ("unit_code_taken", "code")
    assert len(organisation.units_on(FIRST)) == 17


def test_a_unit_keeps_its_code_when_it_is_edited() -> None:
    row = organisation.units.edit(
        SYSTEM, unit("Cẩm Thịnh").id, {"code": "06781", "valid_from": date(1981, 1, 1)}
    )

    assert row.valid_from == date(1981, 1, 1)


def test_an_ended_unit_is_followed_by_its_successors_even_through_several_steps() -> None:
    end("Cộng Hòa", date(2024, 10, 31))
    between = add("06799", "Hải Hòa", date(2024, 11, 1), valid_to=LAST)
    organisation.end_unit(SYSTEM, unit("Cộng Hòa").id, date(2024, 10, 31), [between.id])
    south, north = add("06886", "Hải Lạng"), add("06799", "Hải Hòa")
    organisation.end_unit(SYSTEM, between.id, LAST, [south.id, north.id])
    old = unit("Cộng Hòa")

    assert organisation.follow(old, date(2024, 10, 31)) == [old]
    assert organisation.follow(old, date(2024, 11, 1)) == [between]
    assert organisation.follow(old, FIRST) == [north, south]


def test_units_merged_into_one_are_followed_once() -> None:
    new = add("06900", "Cẩm Phả")
    middle_a, middle_b = add("06901", "A", None), add("06902", "B", None)
    for middle in (middle_a, middle_b):
        organisation.end_unit(SYSTEM, middle.id, LAST, [new.id])
    end("Cẩm Đông", LAST, middle_a, middle_b)

    assert organisation.follow(unit("Cẩm Đông"), FIRST) == [new]


def test_a_unit_without_successors_is_followed_by_nobody() -> None:
    end("Cẩm Đông", LAST)

    assert organisation.follow(unit("Cẩm Đông"), FIRST) == []


def test_ending_a_unit_is_journalled() -> None:
    new = add("06900", "Cẩm Phả")

    end("Cẩm Đông", LAST, new)

    row = db.session.scalars(select(Journal).order_by(Journal.id.desc()).limit(1)).one()
    assert (row.key, row.details["new"]) == ("unit_ended", {"valid_to": "2025-06-30", "successors": [new.id]})


def test_a_unit_is_not_ended_before_it_began_by_itself_or_with_a_gap() -> None:
    late = add("06900", "Cẩm Phả", date(2025, 7, 2))
    for call, key in (
        (lambda: organisation.end_unit(SYSTEM, late.id, LAST, []), "validity_ends_before_it_begins"),
        (lambda: end("Cẩm Đông", LAST, unit("Cẩm Đông")), "unit_succeeds_itself"),
        (lambda: end("Cẩm Đông", LAST, late), "successor_begins_later"),
    ):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.key == key
    assert unit("Cẩm Đông").valid_to is None
    assert late.valid_to is None


def test_an_officer_ends_no_unit() -> None:
    with pytest.raises(NotAllowed):
        organisation.end_unit(factories.officer("Cẩm Đông"), unit("Cẩm Đông").id, LAST, [])

    assert unit("Cẩm Đông").valid_to is None


def test_the_agency_of_a_code_is_that_of_the_day() -> None:
    end("Cẩm Thịnh", LAST)
    new = add("06781", "Cửa Ông")
    values = {
        "identifier": "000.00.60.H49",
        "name": "UBND phường Cửa Ông mới",
        "level": "ward",
        "unit_id": new.id,
    }
    agency = organisation.agency_editor.create(SYSTEM, values)

    assert organisation.agency_of_code("06781") is agency
    assert organisation.agency_of_code("06781", LAST) is factories.agency("Cẩm Thịnh")
    assert factories.agency("Cẩm Thịnh") not in organisation.agencies()
    assert factories.agency("Cẩm Thịnh") in organisation.agencies(on=LAST)
