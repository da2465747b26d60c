"""A choice among many rows: found by words, for those who may see the list, with scripts and without."""

from datetime import date

import pytest

from app.models.catalogue import FeeItem, Procedure, RequiredDocument
from app.services import catalogue
from tests import factories
from tests.web.administering import OTHERS, picture, post, stored

PATH = "/quan-tri/giay-to"


def procedure(code=factories.HOUSEHOLD_BUSINESS):
    return stored(Procedure, code=code)


def document(**changes):
    return {"name": "Ảnh thẻ", "kind": "copy", "quantity": "1", **changes}


def test_the_box_is_answered_with_a_few_rows_that_fit_accents_and_slips_forgiven(app, login):
    browser = login("quantri")
    found = browser.get(f"{PATH}/tra/procedure?q=thanh lap ho kinh doah").json
    assert found[0] == {"key": str(procedure().id), "words": str(procedure())}
    assert len(browser.get(f"{PATH}/tra/procedure").json) == 20
    assert browser.get(f"{PATH}/tra/procedure?q={'x' * 5000}").json == []
    assert browser.get("/quan-tri/phi/tra/procedure?q=HKD-01").json[0]["key"] == str(procedure().id)


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_is_answered(app, login, username):
    assert login(username).get(f"{PATH}/tra/procedure?q=kinh doanh").status_code == 403


def test_only_declared_relations_are_answered(app, login, client):
    browser = login("quantri")
    for path in (
        f"{PATH}/tra/kind",
        f"{PATH}/tra/name",
        "/quan-tri/tai-khoan/tra/user",
        "/quan-tri/phong/tra/agency",
    ):
        assert browser.get(path).status_code == 404
    assert app.test_client().get(f"{PATH}/tra/procedure").status_code == 302


def test_no_page_holds_the_whole_table(app, login):
    browser = login("quantri")
    for path in (PATH, f"{PATH}/them"):
        assert browser.get(path).text.count("<option value=") < 40


def test_without_scripts_the_button_looks_and_saves_nothing(app, login):
    browser, before = login("quantri"), picture(RequiredDocument)
    data = document(**{"procedure-tim": "thanh lap ho kinh doanh", "_tim": "procedure"})
    page = post(browser, f"{PATH}/them", **data)
    assert page.status_code == 200
    assert f'<option value="{procedure().id}">HKD-01' in page.text
    assert 'value="Ảnh thẻ"' in page.text
    assert picture(RequiredDocument) == before


def test_looking_while_editing_saves_nothing_either(app, login):
    browser, fee, before = login("quantri"), procedure().fees[0], picture(FeeItem)
    assert post(browser, f"/quan-tri/phi/{fee.id}/sua", name="Khác", _tim="procedure").status_code == 200
    assert picture(FeeItem) == before


def test_what_was_found_is_saved_and_what_nobody_offered_is_refused(app, login):
    browser, before = login("quantri"), picture(RequiredDocument)
    for wrong in ("999999", "x", "-1", ""):
        answer = post(browser, f"{PATH}/them", **document(procedure=wrong))
        assert answer.status_code == 422, wrong
        assert 'id="procedure-loi"' in answer.text
    assert picture(RequiredDocument) == before
    assert post(browser, f"{PATH}/them", **document(procedure=procedure().id)).status_code == 302
    assert stored(RequiredDocument, name="Ảnh thẻ").procedure_id == procedure().id


def test_the_filter_keeps_its_choice_on_reload(app, login):
    browser, row = login("quantri"), procedure()
    page = browser.get(f"{PATH}?loc-procedure={row.id}").text
    assert f"1–{len(row.documents)} trong {len(row.documents)} mục" in page
    assert f'<option selected value="{row.id}">' in page
    assert browser.get(f"{PATH}?loc-procedure=999999").status_code == 200


def test_a_procedure_out_of_force_can_still_be_looked_up(app):
    catalogue.procedures.edit(factories.administrator(), procedure().id, {"valid_to": date(2020, 1, 1)})
    assert procedure() in catalogue.lookup("HKD-01", 5)
    assert procedure() not in catalogue.search("HKD-01")
