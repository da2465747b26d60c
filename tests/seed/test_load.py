"""The seeded city is the announced one, and loading again never undoes an administrator's work."""

from datetime import date, time

import pytest
from sqlalchemy import func, select

from app.domain.fees import FeeKind
from app.domain.passwords import check
from app.domain.roles import SYSTEM, Role
from app.extensions import db
from app.models.base import Base
from app.models.catalogue import FeeItem, Field, Procedure, RequiredDocument, Rollout, ViolationAuthority
from app.models.handling import Journal
from app.models.organisation import (
    AdministrativeUnit,
    Agency,
    CalendarDay,
    CalendarYear,
    DayKind,
    Department,
    Level,
    Profile,
    WorkSessionRow,
)
from app.models.outbox import NewsItem, Question
from app.services import catalogue, organisation
from seed import files, load
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def count(model: type, *where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def sizes() -> dict[str, int]:
    """Rows of every table."""
    return {
        name: db.session.scalar(select(func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
    }


@pytest.fixture
def new_lines(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[files.Line]]:
    """Lines that a later version of the files adds, by file."""
    more: dict[str, list[files.Line]] = {}
    old = files.read
    monkeypatch.setattr(load, "read", lambda name: [*old(name), *more.get(name, [])])
    return more


# --- what is there


def test_the_catalogue_has_the_announced_numbers() -> None:
    assert count(Procedure, Procedure.level == Level.CITY) == 66
    assert count(Procedure, Procedure.level == Level.WARD) == 16
    assert count(RequiredDocument) == 260
    assert count(Field) == 21


def test_no_procedure_passes_for_compared_with_the_official_list() -> None:
    assert count(Procedure, Procedure.confirmed) == 0


def test_the_city_has_sixteen_units_open_ended() -> None:
    assert count(AdministrativeUnit, AdministrativeUnit.parent_code == "195") == 16
    assert count(AdministrativeUnit, AdministrativeUnit.valid_to.is_not(None)) == 0
    assert count(Agency) == 17
    assert len({a.identifier for a in db.session.scalars(select(Agency))}) == 17
    assert factories.agency().identifier == "000.00.15.H49"


def test_three_wards_are_pilots_and_thirteen_follow() -> None:
    ward = Rollout.level == Level.WARD
    assert count(Rollout, ward, Rollout.opens_on == date(2016, 7, 1)) == 3
    assert count(Rollout, ward, Rollout.opens_on == date(2016, 9, 1)) == 13
    assert count(Rollout, Rollout.level == Level.CITY, Rollout.opens_on == date(2016, 7, 1)) == 1


def test_every_procedure_has_a_department_a_counter_and_an_authority_at_every_agency_of_its_level() -> None:
    for procedure in catalogue.search(""):
        for agency in organisation.agencies_for(procedure):
            assert organisation.department_for(procedure, agency) is not None
            assert organisation.authority_for(agency.id, procedure.field_id) is not None
            assert organisation.places_of(agency.id)


def test_documents_keep_the_order_of_the_file() -> None:
    names = [document.name for document in catalogue.by_code("HKD-01").documents]

    assert names[0] == "Giấy đề nghị đăng ký hộ kinh doanh"
    assert [d.ordinal for d in catalogue.by_code("HKD-01").documents] == [1, 2, 3, 4, 5]
    assert [d.required for d in catalogue.by_code("HKD-01").documents] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("code", "fee"),
    [
        ("HKD-01", (FeeKind.FEE, "Lệ phí", 100_000)),
        ("CT-04", (FeeKind.FEE, "Lệ phí", None)),
        ("CT-01", (FeeKind.CHARGE, "Phí thẩm định và lệ phí cấp giấy phép", 600_000)),
        ("NN-03", (FeeKind.CHARGE, "Phí thẩm định", None)),
    ],
)
def test_fees_are_of_the_kind_that_the_note_says(code: str, fee: tuple) -> None:
    found = [(f.kind, f.name, f.amount) for f in catalogue.by_code(code).fees]

    assert found == [fee]


def test_procedures_free_of_charge_have_no_fee() -> None:
    assert catalogue.by_code("KS-01").fees == []
    assert count(FeeItem) == 50


def test_all_work_eight_hours_from_monday_to_friday() -> None:
    rows = db.session.scalars(select(WorkSessionRow)).all()

    assert {(r.agency_id, r.opens, r.closes) for r in rows} == {
        (None, time(7, 30), time(11, 30)),
        (None, time(13), time(17)),
    }
    assert sorted(r.weekday for r in rows) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_days_off_are_known_from_2016_to_2027_and_2027_is_not_confirmed() -> None:
    assert count(CalendarDay) == 141
    assert count(CalendarDay, CalendarDay.kind == DayKind.WORKING) == 6
    years = {row.year: row.confirmed for row in db.session.scalars(select(CalendarYear))}
    assert years == dict.fromkeys(range(2016, 2027), True) | {2027: False}


def test_every_role_has_demo_accounts_where_it_serves() -> None:
    def number(role: Role, *where: object) -> int:
        return count(Profile, Profile.role == role, Profile.is_demo, *where)

    city = factories.agency().id
    assert number(Role.ADMINISTRATOR) == 1
    assert number(Role.CITIZEN, Profile.email_confirmed_at.is_not(None)) == 2
    assert number(Role.RECEIVING_OFFICER) == 17
    assert number(Role.LEADER, Profile.agency_id == city) == 2
    assert number(Role.LEADER) == 18
    served = set(
        db.session.scalars(select(Profile.department_id).where(Profile.role == Role.DEPARTMENT_OFFICER))
    )
    assert served == set(db.session.scalars(select(Department.id)))
    assert number(Role.DEPARTMENT_OFFICER) == 11 + 32


def test_the_accounts_are_those_of_the_file() -> None:
    lines = {line["username"]: line for line in files.read("demo_accounts")}
    profiles = db.session.scalars(select(Profile)).all()

    assert {p.user.username for p in profiles} == lines.keys()
    for profile in profiles:
        line = lines[profile.user.username]
        assert (profile.user.email, profile.role) == (line["email"], line["role"])
        assert (profile.agency.unit.code if profile.agency else "") == line["agency"]
        assert (profile.department.name if profile.department else "") == line["department"]


def test_demo_passwords_keep_the_rules_for_passwords() -> None:
    for line in files.read("demo_accounts"):
        check(line["password"], (line["username"], line["email"]))


def test_the_announcement_stands_in_the_news_and_questions_are_answered() -> None:
    assert count(NewsItem, NewsItem.published_at.is_not(None)) == 4
    assert count(Question) == 4
    assert count(Question, Question.published) == 3
    assert count(ViolationAuthority, ViolationAuthority.email.not_like("%@cam-pha.example")) == 0


# --- loading again


def test_a_second_load_adds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = sizes()

    load.run(demo=True, dossiers=False)

    assert sizes() == before
    assert capsys.readouterr().out == "seed: nothing to add\n"


def test_a_load_without_memory_finds_everything_there_already() -> None:
    before = sizes()
    files.remember({})

    load.run(demo=True, dossiers=False)

    assert sizes() == before


def test_what_an_administrator_changed_renamed_or_removed_stays_so() -> None:
    actor = factories.administrator()
    procedure = catalogue.by_code("HKD-01")
    catalogue.procedures.edit(actor, procedure.id, {"processing_time": 5, "confirmed": True})
    catalogue.documents.edit(actor, procedure.documents[0].id, {"name": "Đơn đăng ký"})
    catalogue.documents.remove(actor, procedure.documents[4].id)
    catalogue.fees.edit(actor, procedure.fees[0].id, {"amount": 80_000})
    place = organisation.places_of(factories.agency().id)[0]
    organisation.places.edit(actor, place.id, {"name": "Trung tâm mới"})
    before = sizes()

    load.run(demo=True, dossiers=False)

    db.session.expire_all()
    procedure = catalogue.by_code("HKD-01")
    assert (procedure.processing_time, procedure.confirmed) == (5, True)
    assert procedure.documents[0].name == "Đơn đăng ký"
    assert (len(procedure.documents), procedure.fees[0].amount) == (4, 80_000)
    assert [p.name for p in organisation.places_of(factories.agency().id)] == ["Trung tâm mới"]
    assert sizes() == before


def test_new_lines_of_a_later_version_are_added(new_lines: dict[str, list[files.Line]]) -> None:
    line = files.read("documents")[0]
    new_lines["documents"] = [line | {"name": "Ảnh mặt tiền", "ordinal": "6"}]
    before = count(RequiredDocument)

    load.run(demo=False, dossiers=False)

    assert count(RequiredDocument) == before + 1
    assert catalogue.by_code("HKD-01").documents[-1].name == "Ảnh mặt tiền"


def test_new_lines_for_what_an_administrator_renamed_are_left_out(
    new_lines: dict[str, list[files.Line]],
) -> None:
    procedure = catalogue.by_code("HKD-01")
    catalogue.procedures.edit(factories.administrator(), procedure.id, {"code": "HKD-1A"})
    new_lines["documents"] = [files.read("documents")[0] | {"name": "Ảnh mặt tiền"}]
    before = count(RequiredDocument)

    load.run(demo=False, dossiers=False)

    assert count(RequiredDocument) == before


def test_hours_of_one_unit_can_stand_in_the_file(new_lines: dict[str, list[files.Line]]) -> None:
    saturday = {"agency": "06796", "weekday": "5", "opens": "08:00", "closes": "11:00"}
    new_lines["sessions"] = [saturday | {"valid_from": "2026-12-01", "valid_to": ""}]

    load.run(demo=False, dossiers=False)

    row = db.session.scalars(select(WorkSessionRow).where(WorkSessionRow.weekday == 5)).one()
    assert (row.agency_id, row.valid_from) == (factories.agency("Cẩm Bình").id, date(2026, 12, 1))


def test_the_system_is_written_down_as_the_author() -> None:
    row = db.session.scalars(select(Journal).where(Journal.key == "procedure_added").limit(1)).one()

    assert (row.actor_id, row.actor_role) == (None, SYSTEM.role)
