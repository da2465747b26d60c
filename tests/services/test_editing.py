"""Rows of the configuration are changed by administrators only, checked, and journalled."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.domain.errors import Conflict, DomainError, NotAllowed, NotFound, Refused
from app.domain.roles import SYSTEM
from app.extensions import db
from app.models.catalogue import FeeItem, Field, Procedure, RequiredDocument, ViolationAuthority
from app.models.handling import Journal
from app.models.organisation import Agency, Department
from app.services import catalogue, organisation
from app.services.editing import Removal
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def last_journal() -> Journal:
    return db.session.scalars(select(Journal).order_by(Journal.id.desc()).limit(1)).one()


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def refused(kind: type[DomainError], key: str, call: Any, field: str | None = None) -> None:
    """The call is refused with this key and changes nothing."""
    before = [
        count(model) for model in (Procedure, RequiredDocument, FeeItem, Field, Agency, Department, Journal)
    ]
    with pytest.raises(kind) as caught:
        call()
    assert (caught.value.key, caught.value.field) == (key, field)
    assert not db.session.new
    assert not db.session.dirty
    after = [
        count(model) for model in (Procedure, RequiredDocument, FeeItem, Field, Agency, Department, Journal)
    ]
    assert after == before


def new_procedure(**changes: Any) -> dict[str, Any]:
    field = db.session.scalars(select(Field).where(Field.name == "Hộ tịch")).one()
    return {
        "code": "KS-99",
        "name": "Đăng ký khai sinh lưu động",
        "level": "ward",
        "field_id": field.id,
        "department_name": "Công chức Tư pháp - Hộ tịch",
        "processing_time": 2,
        "time_unit": "working_day",
    } | changes


@pytest.mark.parametrize("role", ["citizen", "officer", "leader"])
def test_only_administrators_and_the_system_change_the_configuration(role: str) -> None:
    someone = getattr(factories, role)()
    row = catalogue.by_code("KS-01")

    refused(NotAllowed, "role_may_not", lambda: catalogue.procedures.create(someone, new_procedure()))
    refused(NotAllowed, "role_may_not", lambda: catalogue.procedures.edit(someone, row.id, {"name": "Khác"}))
    refused(NotAllowed, "role_may_not", lambda: catalogue.procedures.remove(someone, row.id))
    assert catalogue.by_code("KS-01").name == "Đăng ký khai sinh"


def test_a_new_row_is_journalled_with_its_values() -> None:
    actor = factories.administrator()

    row = catalogue.procedures.create(actor, new_procedure())

    journal = last_journal()
    assert (journal.key, journal.actor_id) == ("procedure_added", actor.user_id)
    assert journal.details["new"]["name"] == "Đăng ký khai sinh lưu động"
    assert journal.details["new"]["level"] == "ward"
    assert journal.details["row_id"] == row.id
    assert row.confirmed is False


def test_an_edit_is_journalled_with_old_and_new_and_leaves_the_other_columns() -> None:
    row = catalogue.by_code("KS-01")

    catalogue.procedures.edit(
        factories.administrator(), row.id, {"processing_time": 3, "valid_from": date(2026, 1, 1)}
    )

    assert (row.processing_time, row.name) == (3, "Đăng ký khai sinh")
    assert last_journal().details["changes"] == {
        "processing_time": [1, 3],
        "valid_from": [None, "2026-01-01"],
    }


def test_an_edit_that_changes_nothing_is_not_journalled() -> None:
    row = catalogue.by_code("KS-01")
    before = last_journal().id

    catalogue.procedures.edit(factories.administrator(), row.id, {"name": " Đăng ký khai sinh "})

    assert last_journal().id == before


def test_text_is_stored_in_one_form_without_spaces_around() -> None:
    row = catalogue.fields.create(SYSTEM, {"name": "  " + unicodedata.normalize("NFD", "Thủy lợi") + "\n"})

    assert row.name == unicodedata.normalize("NFC", "Thủy lợi")


def test_columns_that_are_not_offered_cannot_be_set() -> None:
    row = catalogue.by_code("KS-01")

    with pytest.raises(ValueError, match="search_text"):
        catalogue.procedures.edit(factories.administrator(), row.id, {"search_text": "karaoke"})

    assert "khai sinh" in row.search_text


@pytest.mark.parametrize(
    ("changes", "key", "field"),
    [
        ({"name": "  "}, "field_required", "name"),
        ({"name": None}, "field_required", "name"),
        ({"name": "x" * 301}, "text_too_long", "name"),
        ({"level": "province"}, "choose_from_list", "level"),
        ({"time_unit": None}, "choose_from_list", "time_unit"),
        ({"field_id": 999_999}, "choose_from_list", "field_id"),
        ({"code": "KS-01"}, "procedure_code_taken", "code"),
        ({"processing_time": 0}, "processing_time_too_short", "processing_time"),
        ({"processing_time": 10_001}, "limit_too_long", "amount"),
        ({"department_name": "Phòng Kinh tế"}, "no_such_department", "department_name"),
        (
            {"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 31)},
            "validity_ends_before_it_begins",
            "valid_to",
        ),
    ],
)
def test_what_does_not_fit_is_refused_when_adding_and_when_editing(
    changes: dict, key: str, field: str
) -> None:
    actor, row = factories.administrator(), catalogue.by_code("KS-02")

    refused(Refused, key, lambda: catalogue.procedures.create(actor, new_procedure(**changes)), field)
    refused(Refused, key, lambda: catalogue.procedures.edit(actor, row.id, changes), field)
    assert catalogue.by_code("KS-02").name == "Đăng ký lại khai sinh"


def test_a_missing_column_is_asked_for() -> None:
    values = new_procedure()
    del values["name"]

    refused(Refused, "field_required", lambda: catalogue.procedures.create(SYSTEM, values), "name")


def test_many_are_added_together_or_not_at_all() -> None:
    many = [{"name": "Thủy lợi"}, {"name": "Hộ tịch"}]

    refused(Refused, "name_taken", lambda: catalogue.fields.create_all(SYSTEM, many), "name")


def test_an_unknown_row_is_not_found() -> None:
    refused(NotFound, "no_such_row", lambda: catalogue.procedures.edit(SYSTEM, 999_999, {"name": "x"}))


def test_an_unused_row_is_removed_and_what_it_was_is_journalled() -> None:
    row = catalogue.procedures.create(SYSTEM, new_procedure())
    catalogue.documents.create(SYSTEM, {"procedure_id": row.id, "name": "Tờ khai", "kind": "form"})

    assert catalogue.procedures.remove(SYSTEM, row.id) is Removal.REMOVED

    assert last_journal().details["old"]["code"] == "KS-99"
    assert db.session.scalar(select(Procedure).where(Procedure.code == "KS-99")) is None
    assert db.session.scalar(select(RequiredDocument).where(RequiredDocument.name == "Tờ khai")) is None


def test_a_procedure_that_dossiers_use_ends_instead_of_being_removed() -> None:
    dossier = factories.draft()

    assert catalogue.procedures.remove(factories.administrator(), dossier.procedure_id) is Removal.ENDED

    assert dossier.procedure.valid_to == date(2026, 11, 22)
    assert last_journal().details["changes"] == {"valid_to": [None, "2026-11-22"]}
    assert dossier.procedure.code not in [p.code for p in catalogue.search("")]


def test_a_row_that_began_today_ends_today_and_an_ended_one_stays_ended() -> None:
    dossier = factories.draft()
    first, second = dossier.documents[0].required_document_id, dossier.documents[1].required_document_id
    catalogue.documents.edit(SYSTEM, first, {"valid_from": date(2026, 11, 23)})
    catalogue.documents.edit(SYSTEM, second, {"valid_to": date(2020, 1, 31)})

    assert catalogue.documents.remove(SYSTEM, first) is Removal.ENDED
    assert catalogue.documents.remove(SYSTEM, second) is Removal.ENDED

    assert catalogue.documents.get(first).valid_to == date(2026, 11, 23)
    assert catalogue.documents.get(second).valid_to == date(2020, 1, 31)


def test_a_row_in_use_that_cannot_end_stays() -> None:
    agency = factories.agency()

    refused(Conflict, "row_in_use", lambda: organisation.agency_editor.remove(SYSTEM, agency.id))
    assert factories.agency().id == agency.id


def test_empty_references_repeat_no_more_than_filled_ones() -> None:
    values = {
        "agency_id": factories.agency().id,
        "field_id": None,
        "name": "Công an thành phố",
        "email": "a@b.example",
    }
    before = count(ViolationAuthority)

    with pytest.raises(Refused) as caught:
        organisation.authorities.create(SYSTEM, values)

    assert caught.value.key == "authority_there_already"
    assert count(ViolationAuthority) == before


def test_a_row_that_somebody_adds_at_the_same_moment_is_a_conflict() -> None:
    @event.listens_for(db.session, "before_flush", once=True)
    def the_other(*_: object) -> None:
        db.session.connection().execute(Field.__table__.insert().values(name="Thủy lợi"))

    with pytest.raises(Conflict) as caught:
        catalogue.fields.create(SYSTEM, {"name": "Thủy lợi"})

    assert caught.value.key == "stale_version"
    assert db.session.scalar(select(Field).where(Field.name == "Thủy lợi")) is None
