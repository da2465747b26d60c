"""Procedures, documents, fees and fields on the administrator's pages; and everybody else kept out."""

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models.catalogue import FeeItem, Field, Procedure, RequiredDocument
from app.services import catalogue
from tests import factories
from tests.web.administering import OTHERS, edit, keys, picture, post, stored

ROOT = "/quan-tri"
TABLES = (Procedure, RequiredDocument, FeeItem, Field)


def procedure(code=factories.HOUSEHOLD_BUSINESS):
    return stored(Procedure, code=code)


def values(**changes):
    field = db.session.scalar(sa.select(Field.id).where(Field.name.contains("Hộ tịch")))
    given = {
        "code": "TEST-01",
        "name": "Thủ tục thử",
        "level": "ward",
        "field": field,
        "department_name": "Công chức Tư pháp - Hộ tịch",
        "processing_time": "3",
        "time_unit": "working_day",
        "on_supplement": "pause",
    }
    return given | changes


# -- everybody else


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_sees_or_changes_the_catalogue(app, login, username):
    key = procedure().id
    document, fee = procedure().documents[0].id, procedure().fees[0].id
    browser, before = login(username), picture(*TABLES)
    for path in ("/", "/thu-tuc", f"/thu-tuc/{key}", f"/thu-tuc/{key}/sua", f"/thu-tuc/{key}/xoa",
                 "/thu-tuc/them",
                 "/giay-to", f"/giay-to/{document}/sua", "/phi", f"/phi/{fee}/sua", "/linh-vuc"):  # fmt: skip
        answer = browser.get(ROOT + path)
        assert answer.status_code == 403, path
        assert procedure().name not in answer.text
    for path in (f"/thu-tuc/{key}/xoa", f"/giay-to/{document}/xoa", f"/phi/{fee}/xoa", "/linh-vuc/1/xoa"):
        assert post(browser, ROOT + path).status_code == 403
    for path, data in (
        ("/thu-tuc/them", values()),
        (f"/thu-tuc/{key}/thu-tu", {"giay-to": [document], "chuyen": f"xuong:{document}"}),
        ("/linh-vuc/them", {"name": "Lĩnh vực lạ"}),
    ):
        assert post(browser, ROOT + path, **data).status_code == 403
    assert picture(*TABLES) == before


def test_a_visitor_is_sent_to_the_log_in_page(app, client):
    for path in ("/", "/thu-tuc", f"/thu-tuc/{procedure().id}", "/giay-to", "/phi", "/linh-vuc"):
        answer = client.get(ROOT + path)
        assert answer.status_code == 302
        assert answer.location.startswith("/dang-nhap")
        assert procedure().name not in answer.text


# -- the administrator


def test_the_menu_page_counts_and_says_what_was_not_compared(app, login):
    page = login("quantri").get("/quan-tri/").text
    assert "82 thủ tục chưa đối chiếu" in page
    for path in (
        "thu-tuc",
        "don-vi",
        "trien-khai",
        "lich-lam-viec",
        "ngay-nghi",
        "tai-khoan",
        "tin-tuc",
        "tham-so",
    ):
        assert f'href="/quan-tri/{path}"' in page


def test_the_list_is_searched_and_sorted(app, login):
    browser = login("quantri")
    page = browser.get(f"{ROOT}/thu-tuc?loc-name=thành lập hộ kinh doanh").text
    assert "HKD-01" in page
    assert "KS-01" not in page
    assert "3 ngày làm việc" in page
    assert "1–16 trong 16 mục" in browser.get(f"{ROOT}/thu-tuc?loc-level=ward").text
    first = browser.get(f"{ROOT}/thu-tuc?xep=code&chieu=desc").text
    assert first.index("XD-") < first.index("TN-") if "TN-" in first else "XD-" in first


def test_whoever_leaves_a_searched_list_comes_back_to_it(app, login):
    browser, row = login("quantri"), stored(Field, id=procedure().field_id)
    page = browser.get(f"{ROOT}/linh-vuc?loc-name={row.name[:6]}&xep=name&chieu=desc").text
    edit_link = unescape(re.search(rf'href="({ROOT}/linh-vuc/{row.id}/sua[^"]*)"', page).group(1))
    answer = edit(browser, edit_link, name=row.name)
    back = parse_qs(urlsplit(answer.location).query)
    assert back == {"loc-name": [row.name[:6]], "xep": ["name"], "chieu": ["desc"]}
    for strange in ("next=//evil.example", "x" * 5000, "loc-name=%00", "_scheme=http"):
        answer = edit(browser, f"{ROOT}/linh-vuc/{row.id}/sua?tu={quote(strange)}", name=row.name)
        assert answer.location.startswith(f"{ROOT}/linh-vuc")
        assert "evil" not in answer.location


def test_a_phone_can_sort_by_what_the_headings_offer(app, login):
    page = login("quantri").get(f"{ROOT}/thu-tuc?xep=name&chieu=desc&loc-level=ward").text
    form = page.partition('class="mc-xep-theo"')[2].partition("</form>")[0]
    assert '<option value="name" selected>Tên thủ tục</option>' in form
    assert '<option value="desc" selected>' in form
    assert 'name="loc-level" value="ward"' in form


@pytest.mark.parametrize("column", ["search_text", "field.procedures", "documents", "id;drop", "field.id"])
def test_a_column_that_is_not_offered_does_not_sort(app, login, column):
    assert login("quantri").get(f"{ROOT}/thu-tuc?xep={column}").status_code == 400


def test_a_column_that_is_not_offered_does_not_search(app, login):
    browser = login("quantri")
    for hidden in ("search_text", "provenance", "department_name"):
        assert "1–25 trong 82 mục" in browser.get(f"{ROOT}/thu-tuc?loc-{hidden}=khong co dau").text


def test_a_new_procedure_is_found_by_citizens_at_once(app, login):
    browser = login("quantri")
    answer = post(browser, f"{ROOT}/thu-tuc/them", **values())
    assert (answer.status_code, answer.location) == (302, f"{ROOT}/thu-tuc")
    row = procedure("TEST-01")
    assert (row.name, row.processing_time, row.confirmed) == ("Thủ tục thử", 3, False)
    assert "Thủ tục thử" in app.test_client().get("/thu-tuc?q=thu tuc thu").text
    assert keys()[-1] == "procedure_added"


@pytest.mark.parametrize(
    ("changes", "said", "field"),
    [
        ({"code": "HKD-01"}, "Mã thủ tục này đã có", "code"),
        ({"processing_time": "0"}, "từ 1 trở lên", "processing_time"),
        ({"processing_time": "20000"}, "nhiều nhất 10000", "processing_time"),
        ({"department_name": "Phòng Kinh tế"}, "Chưa cơ quan nào ở cấp này có phòng đó", "department_name"),
        ({"valid_from": "2026-12-01", "valid_to": "2026-11-01"}, "Ngày hết hiệu lực phải bằng", "valid_to"),
        ({"name": " "}, "Nhập tên thủ tục.", "name"),
        ({"field": "999999"}, None, "field"),
        ({"department_name": "Phòng bịa"}, None, "department_name"),
    ],
)
def test_a_procedure_that_breaks_a_rule_is_refused_at_its_field_with_everything_typed(
    app, login, changes, said, field
):
    browser, before = login("quantri"), picture(*TABLES)
    answer = post(browser, f"{ROOT}/thu-tuc/them", **values(legal_basis="Luật gõ rồi", **changes))
    assert answer.status_code == 422
    assert f'id="{field}-loi"' in answer.text
    if said:
        assert said in answer.text
    assert "Luật gõ rồi</textarea>" in answer.text
    assert "<title>Lỗi: Thêm thủ tục" in answer.text
    assert picture(*TABLES) == before


def test_an_edit_is_stored_and_stands_in_the_history(app, login):
    browser, row = login("quantri"), procedure()
    path = f"{ROOT}/thu-tuc/{row.id}"
    data = values(
        code=row.code, name="Đăng ký thành lập hộ kinh doanh cá thể", level="city", field=row.field_id,
        department_name=row.department_name, confirmed="y",
    )  # fmt: skip
    assert edit(browser, f"{path}/sua", **data).status_code == 302
    assert procedure().name == "Đăng ký thành lập hộ kinh doanh cá thể"
    assert procedure().confirmed is True
    assert "sửa “Tên thủ tục”" in browser.get(path).text


def test_without_the_token_nothing_is_written(app, login):
    browser, before, key = login("quantri"), picture(*TABLES), procedure().id
    for path in (
        "thu-tuc/them",
        f"thu-tuc/{key}/sua",
        f"thu-tuc/{key}/xoa",
        f"thu-tuc/{key}/thu-tu",
        "linh-vuc/them",
    ):
        assert browser.post(f"{ROOT}/{path}", data=values()).status_code == 400
    assert picture(*TABLES) == before


def test_a_get_deletes_and_moves_nothing(app, login):
    browser, before, key = login("quantri"), picture(*TABLES), procedure().id
    assert "Xóa “HKD-01" in browser.get(f"{ROOT}/thu-tuc/{key}/xoa").text
    assert browser.get(f"{ROOT}/thu-tuc/{key}/thu-tu").status_code == 405
    assert picture(*TABLES) == before


@pytest.mark.parametrize("key", ["999999", "9223372036854775808"])
def test_an_unknown_row_is_not_found(app, login, key):
    browser = login("quantri")
    for path in ("thu-tuc", "giay-to", "phi", "linh-vuc"):
        for end in ("", "/sua", "/xoa"):
            assert browser.get(f"{ROOT}/{path}/{key}{end}").status_code == 404


# -- documents and fees of a procedure


def test_a_document_is_added_from_the_page_of_the_procedure_and_comes_last(app, login):
    browser, key = login("quantri"), procedure().id
    form = browser.get(f"{ROOT}/giay-to/them?thu-tuc={key}").text
    assert f'<option selected value="{key}">' in form
    answer = post(
        browser,
        f"{ROOT}/giay-to/them?thu-tuc={key}",
        procedure=key,
        name="Ảnh thẻ",
        kind="original",
        quantity="2",
    )
    assert (answer.status_code, answer.location) == (302, f"{ROOT}/thu-tuc/{key}")
    last = catalogue.documents_of(procedure())[-1]
    assert (last.name, last.quantity, last.required) == ("Ảnh thẻ", 2, False)
    assert "Ảnh thẻ" in browser.get(f"{ROOT}/thu-tuc/{key}").text


@pytest.mark.parametrize("quantity", ["0", "21", "", "hai"])
def test_a_number_of_copies_out_of_bounds_is_refused(app, login, quantity):
    browser, before, key = login("quantri"), picture(*TABLES), procedure().id
    data = {"procedure": key, "name": "Ảnh thẻ", "kind": "original", "quantity": quantity}
    answer = post(browser, f"{ROOT}/giay-to/them", **data)
    assert answer.status_code == 422
    assert 'id="quantity-loi"' in answer.text
    assert 'value="Ảnh thẻ"' in answer.text
    assert picture(*TABLES) == before


def test_a_document_moves_down_and_up(app, login):
    browser, key = login("quantri"), procedure().id
    ids = [document.id for document in catalogue.documents_of(procedure())]
    swapped = [ids[1], ids[0], *ids[2:]]
    data = {"giay-to": ids, "chuyen": f"xuong:{ids[0]}"}
    assert post(browser, f"{ROOT}/thu-tuc/{key}/thu-tu", **data).status_code == 302
    assert [document.id for document in catalogue.documents_of(procedure())] == swapped
    data = {"giay-to": swapped, "chuyen": f"len:{ids[0]}"}
    post(browser, f"{ROOT}/thu-tuc/{key}/thu-tu", **data)
    assert [document.id for document in catalogue.documents_of(procedure())] == ids


def test_documents_of_another_procedure_cannot_be_moved_in(app, login):
    browser, key, before = login("quantri"), procedure().id, picture(*TABLES)
    own = [document.id for document in catalogue.documents_of(procedure())]
    foreign = stored(Procedure, code=factories.BIRTH).documents[0].id
    for ids in ([*own[1:], foreign], own[1:], [*own, foreign], ["abc"], []):
        answer = post(browser, f"{ROOT}/thu-tuc/{key}/thu-tu", **{"giay-to": ids, "chuyen": f"len:{foreign}"})
        assert answer.status_code == 409
    assert picture(*TABLES) == before


def test_a_document_in_use_is_ended_and_an_unused_one_deleted(app, login):
    factories.submitted()
    browser, row = login("quantri"), procedure()
    document = row.documents[0]
    path = f"{ROOT}/giay-to/{document.id}/xoa"
    assert "đã có hồ sơ dùng thì không xóa" in browser.get(path).text
    answer = post(browser, path)
    assert (answer.status_code, answer.location) == (302, f"{ROOT}/thu-tuc/{row.id}")
    assert stored(RequiredDocument, id=document.id).valid_to == date(2026, 11, 22)
    page = browser.get(f"{ROOT}/thu-tuc/{row.id}").text
    assert "đã đặt hết hiệu lực" in page
    assert "1 giấy tờ không áp dụng hôm nay" in page
    made = catalogue.documents.create(
        factories.administrator(), {"procedure_id": row.id, "name": "Nhập nhầm", "kind": "copy"}
    )
    post(browser, f"{ROOT}/giay-to/{made.id}/xoa")
    assert stored(RequiredDocument, name="Nhập nhầm") is None


def test_a_fee_without_amount_is_left_to_the_officer(app, login):
    browser, key = login("quantri"), procedure().id
    data = {"procedure": key, "name": "Phí thử nghiệm", "kind": "charge", "amount": "", "timing": "at_return"}
    assert post(browser, f"{ROOT}/phi/them?thu-tuc={key}", **data).location == f"{ROOT}/thu-tuc/{key}"
    assert stored(FeeItem, name="Phí thử nghiệm").amount is None
    assert "tùy hồ sơ" in browser.get(f"{ROOT}/thu-tuc/{key}").text


@pytest.mark.parametrize("amount", ["-1", "2000000000", "mười"])
def test_an_amount_that_is_no_sum_is_refused(app, login, amount):
    browser, fee, before = login("quantri"), procedure().fees[0], picture(*TABLES)
    data = {"name": fee.name, "kind": fee.kind.value, "amount": amount, "timing": fee.timing.value}
    answer = edit(browser, f"{ROOT}/phi/{fee.id}/sua", **data)
    assert answer.status_code == 422
    assert 'id="amount-loi"' in answer.text
    assert picture(*TABLES) == before


def test_the_end_of_a_fee_is_entered_and_it_is_no_longer_due_after_it(app, login):
    browser, fee = login("quantri"), procedure().fees[0]
    data = {"name": fee.name, "kind": fee.kind.value, "amount": "90000", "timing": fee.timing.value}
    assert edit(browser, f"{ROOT}/phi/{fee.id}/sua", **data, valid_to="2026-12-31").status_code == 302
    assert stored(FeeItem, id=fee.id).amount == 90000
    assert catalogue.fees_of(procedure(), date(2027, 1, 1)) == []


def test_a_field_is_renamed_only_to_a_free_name_and_deleted_only_when_unused(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    used, other = db.session.scalars(sa.select(Field).join(Field.procedures).distinct().limit(2)).all()
    answer = edit(browser, f"{ROOT}/linh-vuc/{used.id}/sua", name=other.name)
    assert answer.status_code == 422
    assert "Tên này đã có" in answer.text
    answer = post(browser, f"{ROOT}/linh-vuc/{used.id}/xoa")
    assert answer.status_code == 409
    assert "đang được sử dụng" in answer.text
    assert picture(*TABLES) == before
    edit(browser, f"{ROOT}/linh-vuc/{used.id}/sua", name="Tên mới của lĩnh vực")
    assert stored(Field, id=used.id).name == "Tên mới của lĩnh vực"


def test_what_an_administrator_typed_is_never_markup(app, login):
    browser, key = login("quantri"), procedure().id
    script = "<script>alert(1)</script>"
    data = {"procedure": key, "name": script, "kind": "copy", "quantity": "1", "note": script}
    post(browser, f"{ROOT}/giay-to/them", **data)
    found = stored(RequiredDocument, name=script).id
    for path in (f"thu-tuc/{key}", f"giay-to/{found}", f"giay-to/{found}/sua", f"giay-to/{found}/xoa"):
        assert script not in browser.get(f"{ROOT}/{path}").text
