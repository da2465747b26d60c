"""Procedures, what they ask for and what they cost."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.roles import SYSTEM
from app.extensions import db
from app.models.catalogue import Field, RequiredDocument
from app.models.handling import Journal
from app.models.organisation import Level
from app.services import catalogue
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def codes(text: str, **options: object) -> list[str]:
    return [procedure.code for procedure in catalogue.search(text, **options)]


def test_a_procedure_is_found_by_code_and_by_key() -> None:
    procedure = catalogue.by_code("KS-01")

    assert procedure.name == "Đăng ký khai sinh"
    assert catalogue.by_id(procedure.id) is procedure


def test_an_unknown_procedure_is_not_found() -> None:
    for call in (lambda: catalogue.by_code("XX-99"), lambda: catalogue.by_id(999_999)):
        with pytest.raises(NotFound) as caught:
            call()
        assert caught.value.key == "no_such_procedure"


@pytest.mark.parametrize("text", ["khai sinh", "KHAI SINH", "đăng ký khai sính", "khia sinh", "khaisinh"])
def test_searching_forgives_accents_case_and_a_slip(text: str) -> None:
    assert "KS-01" in codes(text)[:4]


def test_of_equal_answers_the_plainest_name_comes_first() -> None:
    assert codes("khai sinh")[0] == "KS-01"
    assert codes("ket hon")[0] == "KH-01"
    assert codes("khai tử")[0] == "KT-01"


def test_searching_finds_by_code_and_by_field() -> None:
    assert codes("xd-07") == ["XD-07"]
    assert set(codes("thi đua khen thưởng")) == {"NV-01"}


def test_searching_can_be_narrowed_to_a_level_a_field_and_a_number() -> None:
    field = db.session.scalars(select(Field).where(Field.name == "Bảo trợ xã hội")).one()

    assert len(codes("", level=Level.WARD)) == 16
    assert set(codes("", field_id=field.id, level=Level.WARD)) == {"BT-01", "NKT-01"}
    assert len(codes("đăng ký", limit=5)) == 5


def test_without_words_all_are_listed_by_level_field_and_name() -> None:
    listed = catalogue.search("")

    assert len(listed) == 82
    assert [p.level for p in listed] == [Level.CITY] * 66 + [Level.WARD] * 16
    assert listed[0].field.name == "An toàn thực phẩm"


def test_searching_takes_two_queries_whatever_the_number_found() -> None:
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        names = [procedure.field.name for procedure in catalogue.search("")]
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)

    assert len(names) == 82
    assert len([s for s in statements if s.startswith("SELECT")]) == 2


def test_procedures_count_as_announced() -> None:
    assert catalogue.counts() == {Level.CITY: 66, Level.WARD: 16}


def test_fields_are_counted_per_level() -> None:
    everywhere = {row.field.name: row.procedures for row in catalogue.field_counts()}
    ward = {row.field.name: row.procedures for row in catalogue.field_counts(Level.WARD)}

    assert sum(everywhere.values()) == 82
    assert everywhere["Hộ tịch"] == 19
    assert ward == {"Bảo trợ xã hội": 2, "Giảm nghèo": 1, "Hộ tịch": 12, "Văn hóa": 1}
    assert [row.field.name for row in catalogue.field_counts()][:2] == ["An toàn thực phẩm", "Bảo trợ xã hội"]


def test_what_is_out_of_force_is_neither_found_nor_counted_on_that_day() -> None:
    procedure = catalogue.by_code("KS-01")
    catalogue.procedures.edit(
        SYSTEM, procedure.id, {"valid_from": date(2016, 7, 1), "valid_to": date(2020, 12, 31)}
    )

    assert "KS-01" not in codes("khai sinh")
    assert "KS-01" in codes("khai sinh", on=date(2020, 12, 31))
    assert "KS-01" not in codes("khai sinh", on=date(2016, 6, 30))
    assert catalogue.counts()[Level.WARD] == 15
    assert catalogue.counts(date(2016, 7, 1))[Level.WARD] == 16


def test_documents_and_fees_in_force_depend_on_the_day() -> None:
    procedure = catalogue.by_code("HKD-01")
    document, fee = procedure.documents[0], procedure.fees[0]
    catalogue.documents.edit(SYSTEM, document.id, {"valid_to": date(2020, 12, 31)})
    catalogue.fees.edit(SYSTEM, fee.id, {"valid_from": date(2027, 1, 1)})

    assert document not in catalogue.documents_of(procedure)
    assert document in catalogue.documents_of(procedure, date(2020, 12, 31))
    assert catalogue.fees_of(procedure) == []
    assert catalogue.fees_of(procedure, date(2027, 1, 1)) == [fee]


def test_a_renamed_procedure_is_found_by_its_new_name_only() -> None:
    procedure = catalogue.by_code("VH-01")
    catalogue.procedures.edit(SYSTEM, procedure.id, {"name": "Cấp giấy phép vũ trường"})

    assert codes("vu truong") == ["VH-01"]
    assert codes("karaoke") == []


def test_a_renamed_field_is_found_by_its_new_name() -> None:
    field = db.session.scalars(select(Field).where(Field.name == "Thư viện")).one()
    catalogue.fields.edit(SYSTEM, field.id, {"name": "Sách báo"})

    assert codes("sach bao") == ["VH-02"]


def test_a_new_document_comes_last() -> None:
    procedure = catalogue.by_code("HKD-01")
    values = {"procedure_id": procedure.id, "name": "Ảnh mặt tiền", "kind": "copy", "required": False}

    document = catalogue.documents.create(factories.administrator(), values)

    assert (document.ordinal, document.quantity) == (6, 1)


def test_the_first_document_of_a_procedure_is_number_one() -> None:
    procedure = catalogue.by_code("MT-03")
    for document in list(procedure.documents):
        catalogue.documents.remove(SYSTEM, document.id)
    values = {"procedure_id": procedure.id, "name": "Tờ khai", "kind": "form", "quantity": 2}

    assert catalogue.documents.create(SYSTEM, values).ordinal == 1


@pytest.mark.parametrize("quantity", [0, 21])
def test_a_quantity_out_of_bounds_is_refused(quantity: int) -> None:
    document = catalogue.by_code("HKD-01").documents[0]

    with pytest.raises(Refused) as caught:
        catalogue.documents.edit(SYSTEM, document.id, {"quantity": quantity})

    assert (caught.value.key, caught.value.field) == ("number_out_of_bounds", "quantity")
    assert catalogue.documents.get(document.id).quantity == 1


@pytest.mark.parametrize("amount", [-1, 1_000_000_001])
def test_an_amount_out_of_bounds_is_refused(amount: int) -> None:
    fee = catalogue.by_code("HKD-01").fees[0]

    with pytest.raises(Refused) as caught:
        catalogue.fees.edit(SYSTEM, fee.id, {"amount": amount})

    assert (caught.value.key, caught.value.field) == ("number_out_of_bounds", "amount")
    assert catalogue.fees.get(fee.id).amount == 100_000


def test_an_empty_amount_is_left_to_the_officer() -> None:
    fee = catalogue.by_code("HKD-01").fees[0]

    assert catalogue.fees.edit(SYSTEM, fee.id, {"amount": None}).amount is None


def test_documents_are_put_in_a_new_order_and_ended_ones_follow() -> None:
    procedure = catalogue.by_code("HKD-01")
    ids = [document.id for document in procedure.documents]
    catalogue.documents.edit(SYSTEM, ids[0], {"valid_to": date(2020, 12, 31)})
    order = [ids[4], ids[1], ids[2], ids[3]]

    catalogue.reorder_documents(factories.administrator(), procedure.id, order)

    assert [document.id for document in procedure.documents] == [*order, ids[0]]
    assert [document.ordinal for document in procedure.documents] == [1, 2, 3, 4, 5]
    last = db.session.scalars(select(Journal).order_by(Journal.id.desc()).limit(1)).one()
    assert (last.key, last.details["new"]) == ("documents_reordered", order)


def test_an_order_of_other_documents_is_refused() -> None:
    procedure = catalogue.by_code("HKD-01")
    ids = [document.id for document in procedure.documents]

    with pytest.raises(Conflict) as caught:
        catalogue.reorder_documents(SYSTEM, procedure.id, ids[:-1])

    assert caught.value.key == "stale_version"
    assert [document.id for document in catalogue.by_code("HKD-01").documents] == ids


def test_an_officer_does_not_reorder() -> None:
    procedure = catalogue.by_code("HKD-01")
    ids = [document.id for document in procedure.documents]

    with pytest.raises(NotAllowed):
        catalogue.reorder_documents(factories.officer(), procedure.id, ids[::-1])

    assert [document.id for document in catalogue.by_code("HKD-01").documents] == ids


def test_a_removed_document_that_nobody_used_is_gone() -> None:
    document = catalogue.by_code("HKD-01").documents[4]

    catalogue.documents.remove(SYSTEM, document.id)

    assert db.session.scalar(select(RequiredDocument).where(RequiredDocument.id == document.id)) is None
