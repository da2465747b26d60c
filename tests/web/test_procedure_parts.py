"""Documents and fees on the page of their procedure: opened, added, changed, removed and moved there."""

import pytest

from app.extensions import db
from app.models.catalogue import FeeItem, Procedure, RequiredDocument
from tests import factories
from tests.web.administering import OTHERS, hidden, picture, post, stored, token

ROOT = "/quan-tri/thu-tuc"
TABLES = (Procedure, RequiredDocument, FeeItem)


def procedure(code=factories.HOUSEHOLD_BUSINESS):
    return stored(Procedure, code=code)


def document(**changes):
    return {"name": "Sổ hộ khẩu", "kind": "copy", "quantity": "2", "required": "y", **changes}


def test_a_document_is_added_on_the_page_and_its_form_asks_for_no_procedure(app, login):
    browser, key = login("quantri"), procedure().id
    page = browser.get(f"{ROOT}/{key}?them=giay-to").text
    assert 'name="quantity"' in page
    assert 'name="procedure"' not in page
    answer = post(browser, f"{ROOT}/{key}/phan?them=giay-to", **document())
    assert (answer.status_code, answer.location) == (302, f"{ROOT}/{key}#giay-to")
    assert procedure().documents[-1].name == "Sổ hộ khẩu"
    assert "Đã thêm." in browser.get(f"{ROOT}/{key}").text


def test_a_refused_form_stays_open_on_the_page_with_everything_typed(app, login):
    browser, row, before = login("quantri"), procedure(), picture(*TABLES)
    target = f"?sua=giay-to:{row.documents[0].id}"
    mark = hidden(browser.get(f"{ROOT}/{row.id}{target}").text, "dau_van")
    said = document(name="", note="Ghi chú gõ rồi")
    answer = post(browser, f"{ROOT}/{row.id}/phan{target}", dau_van=mark, **said)
    assert answer.status_code == 422
    assert 'id="name-loi"' in answer.text
    assert "Ghi chú gõ rồi</textarea>" in answer.text
    assert "<title>Lỗi: " in answer.text
    assert picture(*TABLES) == before


def test_a_document_is_changed_unless_somebody_else_was_faster(app, login):
    browser, row = login("quantri"), procedure()
    first = row.documents[0]
    path, target = f"{ROOT}/{row.id}", f"?sua=giay-to:{first.id}"
    mark = hidden(browser.get(path + target).text, "dau_van")
    assert post(browser, f"{path}/phan{target}", dau_van=mark, **document()).status_code == 302
    assert stored(RequiredDocument, id=first.id).quantity == 2
    before = picture(*TABLES)
    answer = post(browser, f"{path}/phan{target}", dau_van=mark, **document(name="Tên cũ"))
    assert answer.status_code == 409
    assert picture(*TABLES) == before


def test_a_fee_is_removed_after_its_question(app, login):
    browser, row = login("quantri"), procedure()
    fee = row.fees[0]
    page = browser.get(f"{ROOT}/{row.id}?xoa=phi:{fee.id}").text
    assert "Mục đã có hồ sơ dùng thì không xóa" in page
    assert stored(FeeItem, id=fee.id) is not None
    answer = post(browser, f"{ROOT}/{row.id}/phan?xoa=phi:{fee.id}")
    assert (answer.status_code, answer.location) == (302, f"{ROOT}/{row.id}#phi")
    assert stored(FeeItem, id=fee.id) is None


@pytest.mark.parametrize(
    "open_part", ["sua=giay-to:x", "sua=giay-to:999999", "sua=linh-vuc:1", "xoa=phi:", "them=x"]
)
def test_what_cannot_be_opened_is_not_found(app, login, open_part):
    browser, key = login("quantri"), procedure().id
    assert browser.get(f"{ROOT}/{key}?{open_part}").status_code == 404
    assert post(browser, f"{ROOT}/{key}/phan?{open_part}").status_code == 404
    assert post(browser, f"{ROOT}/{key}/phan").status_code == 404


def test_a_part_of_another_procedure_can_be_neither_opened_nor_changed_here(app, login):
    browser, key, before = login("quantri"), procedure().id, picture(*TABLES)
    other = db.session.query(Procedure).filter(Procedure.id != key).first().documents[0].id
    for way in ("sua", "xoa"):
        assert browser.get(f"{ROOT}/{key}?{way}=giay-to:{other}").status_code == 404
        assert post(browser, f"{ROOT}/{key}/phan?{way}=giay-to:{other}", **document()).status_code == 404
    assert picture(*TABLES) == before


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_changes_a_part(app, login, username):
    browser, row, before = login(username), procedure(), picture(*TABLES)
    for target in ("them=giay-to", f"sua=giay-to:{row.documents[0].id}", f"xoa=phi:{row.fees[0].id}"):
        assert post(browser, f"{ROOT}/{row.id}/phan?{target}", **document()).status_code == 403
    assert picture(*TABLES) == before


def test_a_script_stores_a_dragged_order_without_leaving_the_page(app, login):
    browser, row = login("quantri"), procedure()
    turned = [d.id for d in reversed(row.documents)]
    data = {"csrf_token": token(browser), "giay-to": turned}
    path, accept = f"{ROOT}/{row.id}/thu-tu", {"Accept": "application/json"}
    assert browser.post(path, data=data, headers=accept).status_code == 204
    assert [d.id for d in procedure().documents] == turned
    data["giay-to"] = turned[:-1]  # somebody added one meanwhile
    assert browser.post(path, data=data, headers=accept).status_code == 409
    assert [d.id for d in procedure().documents] == turned


def test_the_page_says_from_when_and_where_the_procedure_is_taken(app, login):
    page = login("quantri").get(f"{ROOT}/{stored(Procedure, code='KS-01').id}").text
    assert "01/7/2016" in page
    assert "UBND phường Cẩm Bình" in page
