"""Units, agencies, departments, counters and authorities on the administrator's pages."""

from datetime import date

import pytest

from app.domain.errors import Refused
from app.models.catalogue import ViolationAuthority
from app.models.organisation import AdministrativeUnit, Agency, Department, ReceptionPlace
from tests import factories
from tests.web.administering import OTHERS, edit, keys, picture, post, stored

ROOT = "/quan-tri"
TABLES = (AdministrativeUnit, Agency, Department, ReceptionPlace, ViolationAuthority)
PATHS = ("don-vi", "co-quan", "phong", "noi-tra", "co-quan-chuc-nang")


def unit(name):
    return stored(AdministrativeUnit, name=name)


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_sees_or_changes_the_organisation(app, login, username):
    key = unit("Cẩm Bình").id
    browser, before = login(username), picture(*TABLES)
    for path in PATHS:
        for end in ("", "/1", "/1/sua", "/1/xoa", "/them"):
            assert browser.get(f"{ROOT}/{path}{end}").status_code == 403
        for end in ("/1/sua", "/1/xoa", "/them"):
            data = {"name": "Chiếm", "agency": "1"}
            assert post(browser, f"{ROOT}/{path}{end}", **data).status_code == 403
    assert browser.get(f"{ROOT}/don-vi/{key}/ket-thuc").status_code == 403
    assert post(browser, f"{ROOT}/don-vi/{key}/ket-thuc", valid_to="2026-12-31").status_code == 403
    assert picture(*TABLES) == before


def test_a_visitor_is_sent_to_the_log_in_page(app, client):
    for path in PATHS:
        answer = client.get(f"{ROOT}/{path}")
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/dang-nhap")


def test_without_the_token_nothing_is_written(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    for path in (*(f"{path}/1/xoa" for path in PATHS), "don-vi/1/ket-thuc", "phong/them"):
        assert browser.post(f"{ROOT}/{path}", data={"name": "x"}).status_code == 400
    assert picture(*TABLES) == before


@pytest.mark.parametrize("path", PATHS)
def test_columns_that_are_not_offered_neither_sort_nor_search(app, login, path):
    browser = login("quantri")
    plain = browser.get(f"{ROOT}/{path}").text.count("<tr>")
    assert browser.get(f"{ROOT}/{path}?xep=agency.email").status_code == 400
    assert browser.get(f"{ROOT}/{path}?loc-agency_id=999&loc-unit=999").text.count("<tr>") == plain


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_row_is_not_found(app, login, path):
    browser = login("quantri")
    for end in ("", "/sua", "/xoa"):
        assert browser.get(f"{ROOT}/{path}/999999{end}").status_code == 404


# -- units


def test_a_unit_is_ended_and_its_successor_stands_on_both_pages(app, login):
    browser, old, new = login("quantri"), unit("Cộng Hòa"), unit("Cẩm Hải")
    boxes = browser.get(f"{ROOT}/don-vi/{old.id}/ket-thuc").text
    assert f'name="successors" type="checkbox" value="{new.id}"' in boxes
    answer = post(browser, f"{ROOT}/don-vi/{old.id}/ket-thuc", valid_to="2026-12-31", successors=[new.id])
    assert answer.status_code == 302
    row = unit("Cộng Hòa")
    assert (row.valid_to, [u.id for u in row.successors]) == (date(2026, 12, 31), [new.id])
    assert "Xã Cẩm Hải" in browser.get(f"{ROOT}/don-vi/{old.id}").text
    assert "Thay cho" in browser.get(f"{ROOT}/don-vi/{new.id}").text
    assert "đặt hết hiệu lực" in browser.get(f"{ROOT}/don-vi/{old.id}").text
    assert keys()[-1] == "unit_ended"


@pytest.mark.parametrize(
    ("successors", "said"),
    [("itself", "khác với chính đơn vị này"), ("999999", None), ("abc", None)],
)
def test_a_successor_that_cannot_be_is_refused_with_what_was_typed(app, login, successors, said):
    browser, row, before = login("quantri"), unit("Cộng Hòa"), picture(*TABLES)
    chosen = row.id if successors == "itself" else successors
    answer = post(browser, f"{ROOT}/don-vi/{row.id}/ket-thuc", valid_to="2026-12-31", successors=[chosen])
    assert answer.status_code == 422
    assert 'id="successors-loi"' in answer.text
    assert 'value="2026-12-31"' in answer.text
    if said:
        assert said in answer.text
    assert picture(*TABLES) == before


def test_a_code_in_use_at_the_same_time_is_refused(app, login):
    browser, row, before = login("quantri"), unit("Cẩm Bình"), picture(*TABLES)
    answer = post(browser, f"{ROOT}/don-vi/them", name="Mới", kind="phường", code=row.code, parent_code="195")
    assert answer.status_code == 422
    assert "đang thuộc Phường Cẩm Bình" in answer.text
    assert picture(*TABLES) == before


# -- agencies and what belongs to them


def test_an_agency_shows_what_belongs_to_it(app, login):
    agency = factories.agency("Cẩm Bình")
    page = login("quantri").get(f"{ROOT}/co-quan/{agency.id}").text
    for words in ("Công chức Tư pháp - Hộ tịch", "Nơi trả kết quả", "Cơ quan chức năng", "01/7/2016"):
        assert words in page
    assert "Phòng Kinh tế" not in page


def test_an_agency_that_is_switched_off_takes_no_dossiers(app, login):
    browser, row = login("quantri"), factories.agency("Cẩm Bình")
    data = {"name": row.name, "identifier": row.identifier, "level": "ward", "unit": row.unit_id}
    assert edit(browser, f"{ROOT}/co-quan/{row.id}/sua", **data).status_code == 302
    assert stored(Agency, id=row.id).active is False
    with pytest.raises(Refused):
        factories.submitted(factories.BIRTH, "Cẩm Bình")


def test_an_identifier_of_another_agency_is_refused_at_its_field(app, login):
    browser, row, before = login("quantri"), factories.agency("Cẩm Bình"), picture(*TABLES)
    data = {
        "name": row.name,
        "identifier": factories.agency().identifier,
        "level": "ward",
        "unit": row.unit_id,
    }
    answer = edit(browser, f"{ROOT}/co-quan/{row.id}/sua", **data)
    assert answer.status_code == 422
    assert 'id="identifier-loi"' in answer.text
    assert "Mã định danh này đã thuộc cơ quan khác" in answer.text
    assert picture(*TABLES) == before


def test_an_agency_in_use_is_not_deleted(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    assert post(browser, f"{ROOT}/co-quan/{factories.agency().id}/xoa").status_code == 409
    assert picture(*TABLES) == before


def test_a_department_a_counter_and_an_authority_are_added(app, login):
    browser, agency = login("quantri"), factories.agency("Cẩm Bình").id
    post(browser, f"{ROOT}/phong/them", agency=agency, name="Phòng thử", active="y")
    assert stored(Department, name="Phòng thử").agency_id == agency
    post(
        browser, f"{ROOT}/noi-tra/them", agency=agency, name="Quầy thử", address="Tổ 1", phone="", active="y"
    )
    assert stored(ReceptionPlace, name="Quầy thử").active is True
    data = {"agency": factories.agency("Mông Dương").id, "name": "Công an phường", "email": "ca@example.vn"}
    post(browser, f"{ROOT}/co-quan-chuc-nang/them", field=1, **data)
    assert stored(ViolationAuthority, name="Công an phường", email="ca@example.vn").field_id == 1


@pytest.mark.parametrize(("path", "field"), [("phong", "name"), ("noi-tra", "name")])
def test_a_name_twice_in_an_agency_is_refused(app, login, path, field):
    browser, before = login("quantri"), picture(*TABLES)
    model = Department if path == "phong" else ReceptionPlace
    row = stored(model, id=1)
    answer = post(browser, f"{ROOT}/{path}/them", agency=row.agency_id, name=row.name, active="y")
    assert answer.status_code == 422
    assert f'id="{field}-loi"' in answer.text
    assert picture(*TABLES) == before


def test_an_authority_needs_an_address_that_mail_reaches(app, login):
    browser, row = login("quantri"), stored(ViolationAuthority, id=1)
    before = picture(*TABLES)
    answer = edit(
        browser, f"{ROOT}/co-quan-chuc-nang/{row.id}/sua", agency=row.agency_id, field=row.field_id or "",
        name=row.name, email="không phải thư",
    )  # fmt: skip
    assert answer.status_code == 422
    assert 'id="email-loi"' in answer.text
    assert picture(*TABLES) == before
