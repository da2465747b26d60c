"""Accounts on the administrator's pages: made without a password, moved, switched off; nobody else may."""

import re

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.domain.roles import Role
from app.extensions import db
from app.models.organisation import Agency, Department, Profile
from app.models.outbox import OutboxMessage
from tests import factories, people
from tests.web.administering import OTHERS, edit, keys, post

ROOT = "/quan-tri/tai-khoan"
CITIZENS = "/quan-tri/tai-khoan-nguoi-dan"
ACTIONS = ("deactivate", "activate", "end_sessions")


def profile(username):
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Profile).join(Profile.user).where(User.username == username)).one()


def department(name, agency):
    return db.session.scalar(
        sa.select(Department.id).where(Department.name == name, Department.agency_id == agency)
    )


def new(**changes):
    given = {
        "username": "can.bo.moi",
        "full_name": "Trần Văn Quyết",
        "email": "moi@example.vn",
        "phone": "",
        "role": "receiving_officer",
        "agency": factories.agency().id,
        "department": "",
    }
    return given | changes


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_sees_or_changes_accounts(app, login, username):
    key, citizen = profile("tiepnhan").id, profile("congdan2").id
    browser, before = login(username), people.picture()
    for path in (
        ROOT,
        f"{ROOT}/{key}",
        f"{ROOT}/{key}/sua",
        f"{ROOT}/them",
        CITIZENS,
        f"{CITIZENS}/{citizen}",
    ):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "motcua.example" not in answer.text
    assert post(browser, f"{ROOT}/them", **new()).status_code == 403
    assert post(browser, f"{ROOT}/{key}/sua", **new()).status_code == 403
    for name in ACTIONS:
        assert post(browser, f"{ROOT}/{key}/thao-tac/{name}", confirmed="1").status_code == 403
        assert post(browser, f"{CITIZENS}/{citizen}/thao-tac/{name}", confirmed="1").status_code == 403
    assert people.picture() == before


def test_a_visitor_is_sent_to_the_log_in_page(app, client):
    for path in (ROOT, CITIZENS, f"{ROOT}/1"):
        answer = client.get(path)
        assert answer.location.startswith("/dang-nhap")
        assert "motcua.example" not in answer.text


def test_without_the_token_nothing_is_written(app, login):
    browser, key, before = login("quantri"), profile("tiepnhan").id, None
    before = people.picture()
    assert browser.post(f"{ROOT}/them", data=new()).status_code == 400
    for name in ACTIONS:
        assert browser.post(f"{ROOT}/{key}/thao-tac/{name}", data={"confirmed": "1"}).status_code == 400
    assert people.picture() == before


def test_an_action_by_get_does_nothing(app, login):
    browser, key, before = login("quantri"), profile("tiepnhan").id, None
    before = people.picture()
    for name in ACTIONS:
        assert browser.get(f"{ROOT}/{key}/thao-tac/{name}?confirmed=1").status_code == 405
    assert people.picture() == before


def test_a_new_officer_chooses_the_password_by_a_link_in_a_mail(app, login):
    browser = login("quantri")
    answer = post(browser, f"{ROOT}/them", **new())
    assert (answer.status_code, answer.location) == (302, ROOT)
    row = profile("can.bo.moi")
    assert (row.role, row.agency_id, str(row)) == (
        Role.RECEIVING_OFFICER,
        factories.agency().id,
        "Trần Văn Quyết",
    )
    mail = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.address == "moi@example.vn")).one()
    assert re.search(r"http://localhost/\S+", mail.body)
    assert mail.template == "account_invitation"
    page = browser.get(f"{ROOT}/{row.id}").text
    assert row.user.password is None or row.user.password not in page
    assert 'type="password"' not in browser.get(f"{ROOT}/them").text
    assert keys()[-1] == "account_created"


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"username": "tiepnhan"}, "username", "đã có tài khoản"),
        ({"username": "Có dấu"}, "username", "chữ cái không dấu"),
        ({"email": "tiepnhan@motcua.example"}, "username", "đã có tài khoản"),
        ({"email": "khong phai thu"}, "email", "thư điện tử đầy đủ"),
        ({"full_name": "Quyết"}, "full_name", "Nhập đủ họ và tên"),
        ({"full_name": ""}, "full_name", "Nhập họ và tên."),
        ({"phone": "12"}, "phone", "số điện thoại"),
        ({"role": "department_officer"}, "department", "phòng chuyên môn thuộc cơ quan"),
        ({"role": "citizen"}, "role", None),
        ({"role": "system"}, "role", None),
        ({"role": ""}, "role", None),
        ({"agency": "999999"}, "agency", None),
        ({"department": "999999", "role": "department_officer"}, "department", None),
    ],
)
def test_an_account_that_cannot_be_is_refused_at_its_field_and_no_mail_is_written(
    app, login, changes, field, said
):
    browser, before = login("quantri"), people.picture()
    answer = post(browser, f"{ROOT}/them", **new(**changes))
    assert answer.status_code == 422
    assert f'id="{field}-loi"' in answer.text
    assert ('value="moi@example.vn"' in answer.text) is ("email" not in changes)
    if said:
        assert said in answer.text
    assert people.picture() == before


def test_a_department_of_another_agency_is_refused(app, login):
    browser, ward = login("quantri"), factories.agency("Cẩm Bình").id
    other = department("Phòng Kinh tế", factories.agency().id)
    before = people.picture()
    answer = post(browser, f"{ROOT}/them", **new(role="department_officer", agency=ward, department=other))
    assert answer.status_code == 422
    assert 'id="department-loi"' in answer.text
    assert people.picture() == before


def test_moving_an_officer_ends_the_sessions_and_changes_the_power(app, login):
    officer, browser, row = login("tiepnhan"), login("quantri"), profile("tiepnhan")
    assert officer.get("/hop-thu").status_code == 200
    data = {"full_name": "Nguyễn Văn Mới", "email": row.user.email, "phone": "", "department": "",
            "role": "leader", "agency": factories.agency("Cẩm Bình").id}  # fmt: skip
    assert edit(browser, f"{ROOT}/{row.id}/sua", **data).status_code == 302
    moved = profile("tiepnhan")
    assert (moved.role, moved.agency.name, str(moved)) == (
        Role.LEADER, db.session.get_one(Agency, factories.agency("Cẩm Bình").id).name, "Nguyễn Văn Mới"
    )  # fmt: skip
    assert [role.name for role in moved.user.roles] == ["leader"]
    assert officer.get("/hop-thu").status_code in {302, 403}
    assert "sửa" in browser.get(f"{ROOT}/{row.id}").text


def test_an_address_of_another_account_is_refused_at_the_address(app, login):
    browser, row, before = login("quantri"), profile("tiepnhan"), None
    before = people.picture()
    data = {"full_name": str(row), "email": "taichinh@motcua.example", "phone": "", "department": "",
            "role": "receiving_officer", "agency": row.agency_id}  # fmt: skip
    answer = edit(browser, f"{ROOT}/{row.id}/sua", **data)
    assert answer.status_code == 422
    assert 'id="email-loi"' in answer.text
    assert people.picture() == before


def test_switching_off_asks_first_and_logs_out_at_once(app, login):
    officer, browser, row = login("tiepnhan"), login("quantri"), profile("tiepnhan")
    path = f"{ROOT}/{row.id}/thao-tac/deactivate"
    asked = post(browser, path)
    assert "bị đăng xuất ngay ở mọi nơi" in asked.text
    assert profile("tiepnhan").user.active is True
    assert post(browser, path, confirmed="1").location == f"{ROOT}/{row.id}"
    assert profile("tiepnhan").user.active is False
    assert officer.get("/hop-thu").status_code == 302
    page = browser.get(f"{ROOT}/{row.id}").text
    assert "Cho hoạt động lại" in page
    assert f"{row.id}/thao-tac/deactivate" not in page
    post(browser, f"{ROOT}/{row.id}/thao-tac/activate")
    assert profile("tiepnhan").user.active is True
    assert officer.get("/hop-thu").status_code == 302


def test_ending_the_sessions_logs_out_and_leaves_the_account(app, login):
    officer, browser, row = login("tiepnhan"), login("quantri"), profile("tiepnhan")
    post(browser, f"{ROOT}/{row.id}/thao-tac/end_sessions", confirmed="1")
    assert officer.get("/hop-thu").status_code == 302
    assert profile("tiepnhan").user.active is True
    assert login("tiepnhan").get("/hop-thu").status_code == 200


def test_an_administrator_can_neither_switch_off_nor_demote_the_own_account(app, login):
    browser, row = login("quantri"), profile("quantri")
    before = people.picture()
    post(browser, f"{ROOT}/{row.id}/thao-tac/deactivate", confirmed="1")
    assert "Nhờ quản trị viên khác" in browser.get(f"{ROOT}/{row.id}").text
    data = {"full_name": str(row), "email": row.user.email, "phone": "", "department": "",
            "role": "leader", "agency": row.agency_id}  # fmt: skip
    assert edit(browser, f"{ROOT}/{row.id}/sua", **data).status_code == 403
    assert people.picture() == before


@pytest.mark.parametrize("name", ["deactivate", "sửa", "promote"])
def test_many_accounts_cannot_be_chosen_at_once_and_strange_actions_do_not_exist(app, login, name):
    browser, row = login("quantri"), profile("tiepnhan")
    before = people.picture()
    assert (
        post(browser, f"{ROOT}/thao-tac", action=name, rowid=[str(row.id)], confirmed="1").status_code == 404
    )
    if name != "deactivate":
        assert post(browser, f"{ROOT}/{row.id}/thao-tac/{name}").status_code == 404
    assert people.picture() == before


def test_accounts_of_citizens_are_not_among_those_of_staff_and_cannot_be_edited(app, login):
    browser, row = login("quantri"), profile("congdan1")
    before = people.picture()
    for path in (f"{ROOT}/{row.id}", f"{ROOT}/{row.id}/sua", f"{CITIZENS}/{row.id}/sua", f"{CITIZENS}/them"):
        assert browser.get(path).status_code in {404, 405}
    assert post(browser, f"{ROOT}/{row.id}/sua", **new()).status_code == 404
    assert post(browser, f"{ROOT}/{row.id}/thao-tac/deactivate", confirmed="1").status_code == 404
    assert browser.get(f"{CITIZENS}/{profile('tiepnhan').id}").status_code == 404
    assert people.picture() == before


def test_personal_numbers_of_citizens_are_not_shown(app, login):
    row = profile("congdan1")
    row.personal_id, row.phone, row.address = "022185009999", "0911222333", "Ngõ bí mật"
    db.session.commit()
    browser = login("quantri")
    for path in (CITIZENS, f"{CITIZENS}/{row.id}"):
        page = browser.get(path).text
        assert "congdan1" in page
        for secret in ("022185009999", "0911222333", "Ngõ bí mật", row.user.password):
            assert secret not in page


def test_accounts_are_found_by_name_and_nothing_else(app, login):
    browser = login("quantri")
    page = browser.get(f"{ROOT}?tim=tiepnhan.cambinh").text
    assert "1–1 trong 1 mục" in page
    for text in ("%", "_", "pbkdf2", "scrypt", "ThanCamPha"):
        assert "Không có mục nào khớp" in browser.get(f"{ROOT}", query_string={"tim": text}).text
    assert "congdan1" not in browser.get(f"{ROOT}?tim=congdan1").text.replace('value="congdan1"', "")
    assert browser.get(f"{ROOT}?loc-role=administrator").text.count("Quản trị viên</td>") == 1


@pytest.mark.parametrize("column", ["user.password", "personal_id", "user.email", "session_epoch", "phone"])
def test_a_column_that_is_not_offered_does_not_sort(app, login, column):
    browser = login("quantri")
    assert browser.get(f"{ROOT}?xep={column}").status_code == 400
    assert browser.get(f"{CITIZENS}?xep={column}").status_code == 400


def test_a_column_that_is_not_offered_does_not_search(app, login):
    browser = login("quantri")
    for name in ("personal_id", "user.password", "phone", "session_epoch"):
        assert "trong 79 mục" in browser.get(ROOT, query_string={f"loc-{name}": "zzz"}).text
