"""The pages of accounts, attacked as strangers would: nothing changes, and dead sessions stay dead."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import g
from flask_jwt_extended import create_refresh_token, decode_token
from sqlalchemy import select

import config as configuration
from app import create_app
from app.domain.roles import SYSTEM, Role
from app.extensions import db
from app.models.organisation import Profile
from app.services import accounts, roles, settings
from app.web.accounts import HOMES, local_path
from app.web.security import open_session
from tests import people
from tests.people import EMAIL, OTHER, PASSWORD, by, citizen, mails, registration, staff, stored

pytestmark = pytest.mark.usefixtures("app")

COOKIE = "mot_cua"
TYPED = {
    "full_name": "Nguyễn Thị Minh Hằng",
    "email": EMAIL,
    "phone": "0912345678",
    "personal_id": "",
    "address": "Khu 5",
    "password": PASSWORD,
    "password_again": PASSWORD,
    "consent": "y",
}


def csrf(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)


def send(browser, path, **fields):
    """Fill in the form of a page and press its button."""
    return browser.post(path, data={"csrf_token": csrf(browser.get(path)), **fields})


def enter(browser, username=EMAIL, password=PASSWORD, path="/dang-nhap"):
    return send(browser, path, username=username, password=password)


def inside(browser):
    """Whether the browser is logged in."""
    answer = browser.get("/tai-khoan")
    assert answer.status_code in (200, 302)
    return answer.status_code == 200


def cookie(browser):
    return browser.get_cookie(COOKIE).value


def with_cookie(app, value):
    """Another browser that holds a stolen cookie."""
    thief = app.test_client()
    thief.set_cookie(COOKIE, value)
    return thief


def shown(answer):
    """The page without what differs in every request."""
    text = re.sub(r'value="[^"]{60,}"', "", answer.text)
    return answer.status_code, re.sub(r"[\w.]+@example\.com", "ADDRESS", text)


def title(answer):
    return re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL).group(1).strip()


def tokens(browser, username=EMAIL, password=PASSWORD, **more):
    data = {"username": username, "password": password, "provider": "db", **more}
    return browser.post("/api/v1/security/login", json=data)


def with_token(browser, token):
    """How the refresh door answers a refresh token: it is the door that is always there."""
    return browser.post("/api/v1/security/refresh", headers={"Authorization": f"Bearer {token}"})


@contextmanager
def statements():
    """The SQL of a block."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def browser(client):
    """A browser logged in as a confirmed citizen."""
    citizen()
    assert enter(client).status_code == 302
    return client


class TestLogIn:
    @pytest.mark.parametrize("role", HOMES)
    def test_each_role_begins_where_its_work_is_and_is_not_asked_twice(self, client, role):
        name = citizen().user.username if role is Role.CITIZEN else staff(role, "nguoi.thu").user.username
        assert enter(client, name).location == HOMES[role]
        assert client.get("/dang-nhap").location == HOMES[role]

    def test_a_wrong_password_keeps_the_name_and_never_the_password(self, client):
        citizen()
        answer = enter(client, password="sai mật khẩu rồi")
        assert answer.status_code == 422
        assert title(answer).startswith("Lỗi: Đăng nhập")
        assert f'value="{EMAIL}"' in answer.text
        assert "sai mật khẩu rồi" not in answer.text
        assert 'role="alert"' in answer.text
        assert not inside(client)

    def test_empty_fields_are_named_at_the_field_and_on_top(self, client):
        answer = enter(client, "", "")
        assert answer.status_code == 422
        assert 'href="#username"' in answer.text
        assert 'id="username-loi"' in answer.text
        assert 'id="password-loi"' in answer.text

    def test_unknown_name_and_wrong_password_cannot_be_told_apart(self, app):
        citizen()
        known = enter(app.test_client(), EMAIL, "wrong")
        unknown = enter(app.test_client(), "nobody@example.com", "wrong")
        assert shown(known) == shown(unknown)

    def test_without_the_forms_token_nobody_is_logged_in(self, client):
        citizen()
        before = people.picture()
        assert client.post("/dang-nhap", data={"username": EMAIL, "password": PASSWORD}).status_code == 400
        assert not inside(client)
        assert people.picture() == before

    def test_an_unconfirmed_citizen_gets_in_and_is_told_what_to_do(self, client):
        citizen(confirmed=False)
        assert enter(client).status_code == 302
        assert "/gui-lai-xac-nhan" in client.get("/tai-khoan").text

    def test_switched_off_staff_stay_outside_and_their_open_session_ends(self, app, client):
        made = staff(username="nghi.thu")
        enter(client, "nghi.thu")
        assert inside(client)
        accounts.deactivate(SYSTEM, made.user_id)
        assert not inside(client)
        again = app.test_client()
        answer = enter(again, "nghi.thu")
        assert answer.status_code == 403
        assert "ngừng hoạt động" in answer.text
        assert not inside(again)

    def test_a_user_made_by_fabs_own_command_without_a_profile_stays_outside(self, app, client):
        manager = app.appbuilder.sm
        manager.add_role("fab_admin")
        made = manager.add_user(
            "root", "R", "T", "root@example.com", manager.find_role("fab_admin"), PASSWORD
        )
        assert made
        assert enter(client, "root").status_code == 422
        with client.session_transaction() as session:
            session["_user_id"] = f"{made.id}.1"
        assert not inside(client)

    def test_the_lock_is_shared_by_all_workers(self, app, client):
        citizen()
        twin_settings = configuration.Testing()
        twin_settings.DATA_DIR = app.config["DATA_DIR"]
        twin_settings.SQLALCHEMY_DATABASE_URI = app.config["SQLALCHEMY_DATABASE_URI"]
        twin = create_app(twin_settings)
        twin.test_client_class = app.test_client_class
        for worker in (client, twin.test_client()):
            for _ in range(4):
                assert enter(worker, password="wrong").status_code == 422
        before = people.picture()
        for worker in (client, twin.test_client()):
            answer = enter(worker)
            assert answer.status_code == 429
            assert "15 phút" in answer.text
            assert tokens(worker).status_code == 429
            assert not inside(worker)
        assert people.picture() == before
        with twin.app_context():
            db.engine.dispose()

    @pytest.mark.parametrize(
        ("target", "lands"),
        [
            ("/ho-so/7?tab=2", "/ho-so/7?tab=2"),
            ("http://localhost/ho-so/7", "/ho-so/7"),
            ("https://evil.example/ho-so", "/ho-so-cua-toi"),
            ("//evil.example/", "/ho-so-cua-toi"),
            ("/\\evil.example/", "/ho-so-cua-toi"),
            ("/\t/evil.example/", "/ho-so-cua-toi"),
            ("http://localhost//evil.example/", "/ho-so-cua-toi"),
            ("http://localhost@evil.example/", "/ho-so-cua-toi"),
            ("javascript:alert(1)", "/ho-so-cua-toi"),
            ("javascript://localhost/%0aalert(1)", "/ho-so-cua-toi"),
            ("http://[bad", "/ho-so-cua-toi"),
            ("ho-so", "/ho-so-cua-toi"),
            ("", "/ho-so-cua-toi"),
        ],
    )
    def test_after_log_in_nobody_is_led_away_from_this_site(self, app, client, target, lands):
        citizen()
        page = client.get("/dang-nhap", query_string={"next": target})
        data = {"csrf_token": csrf(page), "username": EMAIL, "password": PASSWORD}
        assert client.post("/dang-nhap", query_string={"next": target}, data=data).location == lands
        with app.test_request_context("/"):
            assert (local_path(target) or "/ho-so-cua-toi") == lands

    def test_pages_for_accounts_send_strangers_to_log_in_and_back(self, client):
        citizen()
        wall = client.get("/tai-khoan")
        assert wall.location == "/dang-nhap?next=/tai-khoan"
        assert enter(client, path=wall.location).location == "/tai-khoan"


class TestSession:
    def test_a_planted_cookie_is_worth_nothing_after_its_victim_logs_in(self, app, client):
        citizen()
        attacker = app.test_client()
        page = attacker.get("/dang-nhap")
        planted, known_token = cookie(attacker), csrf(page)
        client.set_cookie(COOKIE, planted)
        client.get("/lang/en")
        client.post("/dang-nhap", data={"csrf_token": known_token, "username": EMAIL, "password": PASSWORD})
        assert inside(client)
        assert cookie(client) != planted
        assert not inside(with_cookie(app, planted))
        before = people.picture()
        assert client.post("/dang-xuat", data={"csrf_token": known_token}).status_code == 400
        assert people.picture() == before
        with client.session_transaction() as session:
            assert session["locale"] == "en"  # the language is all that survives

    def test_a_copied_cookie_dies_with_the_log_out(self, app, browser):
        stolen = cookie(browser)
        assert inside(with_cookie(app, stolen))
        answer = browser.post("/dang-xuat", data={"csrf_token": csrf(browser.get("/tai-khoan"))})
        assert answer.location == "/"
        assert not inside(browser)
        assert not inside(with_cookie(app, stolen))

    def test_a_log_out_ends_the_other_devices_too(self, app, browser):
        phone = app.test_client()
        enter(phone)
        browser.post("/dang-xuat", data={"csrf_token": csrf(browser.get("/tai-khoan"))})
        assert not inside(phone)

    def test_a_new_password_keeps_this_browser_and_ends_all_others(self, app, browser):
        stolen = cookie(browser)
        phone = app.test_client()
        enter(phone)
        typed = {"old_password": PASSWORD, "password": OTHER, "password_again": OTHER}
        assert send(browser, "/doi-mat-khau", **typed).location == "/tai-khoan"
        assert inside(browser)
        assert not inside(phone)
        assert not inside(with_cookie(app, stolen))

    def test_a_cookie_without_epoch_or_of_another_account_is_refused(self, browser):
        other = staff(Role.ADMINISTRATOR, "qt.thu")
        for forged in (
            f"{other.user_id}",
            f"{other.user_id}.",
            f"{other.user_id}.99",
            ".1",
            "x.y",
            "1.-1",
            "².",
        ):
            with browser.session_transaction() as session:
                session["_user_id"] = forged
            assert not inside(browser)

    def test_log_out_by_a_link_or_from_a_foreign_page_does_nothing(self, browser):
        before = people.picture()
        assert browser.get("/dang-xuat").status_code == 405
        assert browser.post("/dang-xuat").status_code == 400
        assert inside(browser)
        assert people.picture() == before

    def test_a_stranger_may_press_log_out(self, client):
        answer = client.post("/dang-xuat", data={"csrf_token": csrf(client.get("/dang-nhap"))})
        assert answer.location == "/"

    def test_the_cookie_is_unreadable_for_scripts_and_foreign_sites(self, client):
        citizen()
        header = enter(client).headers["Set-Cookie"]
        assert "HttpOnly" in header
        assert "SameSite=Lax" in header


class TestTokens:
    def test_staff_and_confirmed_citizens_get_tokens_that_carry_the_epoch(self, app, client):
        profile = citizen()
        answer = tokens(client, refresh=True)
        assert answer.status_code == 200
        with app.test_request_context("/"):
            decoded = decode_token(answer.json["access_token"])
        assert (decoded["sub"], decoded["epoch"]) == (str(profile.user_id), profile.session_epoch)
        renewed = with_token(client, answer.json["refresh_token"])
        assert renewed.status_code == 200
        with app.test_request_context("/"):
            assert decode_token(renewed.json["access_token"])["epoch"] == profile.session_epoch
        assert "refresh_token" not in tokens(client).json

    def test_a_log_out_on_the_page_ends_the_tokens(self, client):
        profile = citizen()
        token = tokens(client, refresh=True).json["refresh_token"]
        accounts.log_out(by(profile))
        answer = with_token(client, token)
        assert (answer.status_code, answer.json["error"]) == (401, "session_over")

    def test_a_new_password_ends_the_tokens(self, client):
        profile = citizen()
        token = tokens(client, refresh=True).json["refresh_token"]
        accounts.change_password(by(profile), PASSWORD, OTHER)
        assert with_token(client, token).status_code == 401

    def test_a_token_without_epoch_or_of_a_switched_off_account_is_refused(self, app, client):
        made = staff(username="tn.thu")
        token = tokens(client, "tn.thu", refresh=True).json["refresh_token"]
        with app.app_context(), app.test_request_context("/"):
            g.session_epoch = ""
            bare = create_refresh_token(identity=str(made.user_id))
            g.session_epoch = str(made.session_epoch)
            own = create_refresh_token(identity=str(made.user_id))
        assert [with_token(client, one).status_code for one in (token, own, bare)] == [200, 200, 401]
        accounts.deactivate(SYSTEM, made.user_id)
        assert [with_token(client, one).status_code for one in (token, own)] == [401, 401]

    @pytest.mark.parametrize(
        ("username", "password", "status", "key"),
        [
            (EMAIL, "wrong", 401, "login_wrong"),
            ("nobody", PASSWORD, 401, "login_wrong"),
            (EMAIL, PASSWORD, 403, "email_not_confirmed"),
            ("nghi.thu", PASSWORD, 403, "account_inactive"),
        ],
    )
    def test_who_may_not_have_tokens_gets_none(self, client, username, password, status, key):
        citizen(confirmed=False)
        accounts.deactivate(SYSTEM, staff(username="nghi.thu").user_id)
        before = people.picture()
        answer = tokens(client, username, password)
        assert (answer.status_code, answer.json["error"]) == (status, key)
        assert answer.json["message"]
        assert "access_token" not in answer.json
        assert people.picture() == before

    def test_tokens_are_locked_after_the_same_wrong_tries_as_the_page(self, client):
        citizen()
        for _ in range(settings.get("login_tries")):
            assert tokens(client, password="wrong").status_code == 401
        assert tokens(client).status_code == 429
        assert enter(client).status_code == 429

    @pytest.mark.parametrize(
        "body", [{}, {"username": EMAIL}, [], {"username": "", "password": "x"}, "x", None]
    )
    def test_a_request_that_makes_no_sense_is_answered_400(self, client, body):
        assert client.post("/api/v1/security/login", json=body).status_code == 400
        assert client.post("/api/v1/security/login", data="username=x").status_code == 400

    def test_a_session_cookie_is_no_token(self, browser):
        assert browser.post("/api/v1/security/refresh").status_code == 401

    def test_a_token_is_no_session(self, app, client):
        citizen()
        token = tokens(client).json["access_token"]
        answer = app.test_client().get("/tai-khoan", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 302


class TestRegistration:
    def test_whoever_registers_is_told_to_open_the_mail_and_is_not_logged_in(self, client):
        answer = send(client, "/dang-ky", **TYPED)
        assert answer.status_code == 200
        assert EMAIL in answer.text
        assert stored(EMAIL).role is Role.CITIZEN
        assert not inside(client)

    def test_no_field_of_the_request_makes_anybody_staff(self, client):
        agency, department = people.office()
        extra = {
            "role": "administrator",
            "roles": "administrator",
            "profile-role": "administrator",
            "agency_id": str(agency.id),
            "department_id": str(department.id),
            "active": "1",
            "email_confirmed_at": "2026-01-01",
            "session_epoch": "7",
            "is_demo": "1",
            "username": "administrator",
            "user_id": "1",
        }
        assert send(client, "/dang-ky", **TYPED, **extra).status_code == 200
        made = stored(EMAIL)
        assert (made.role, made.agency_id, made.department_id) == (Role.CITIZEN, None, None)
        assert (made.email_confirmed_at, made.session_epoch, made.is_demo) == (None, 1, False)
        assert (made.user.username, [row.name for row in made.user.roles]) == (EMAIL, ["citizen"])

    def test_nor_does_a_field_of_the_profile_page(self, browser):
        typed = {k: TYPED[k] for k in ("full_name", "phone", "personal_id", "address")}
        extra = {"role": "administrator", "email": "x@example.com", "session_epoch": "7", "active": "0"}
        assert send(browser, "/tai-khoan", **typed, **extra).status_code == 302
        made = stored(EMAIL)
        assert (made.role, made.user.email, made.session_epoch, made.user.active) == (
            Role.CITIZEN,
            EMAIL,
            1,
            True,
        )

    def test_a_known_address_and_a_new_one_get_the_same_page(self, app):
        citizen()
        known = send(app.test_client(), "/dang-ky", **TYPED)
        new = send(app.test_client(), "/dang-ky", **TYPED | {"email": "moi.thu@example.com"})
        assert shown(known) == shown(new)

    def test_bad_input_is_kept_and_mended_at_its_field_but_passwords_are_not_kept(self, client):
        bad = {"phone": "12", "password": "x9 khác x9", "password_again": "không giống", "consent": ""}
        answer = send(client, "/dang-ky", **TYPED | bad)
        assert answer.status_code == 422
        assert title(answer).startswith("Lỗi: Đăng ký tài khoản")
        for kept in ("Nguyễn Thị Minh Hằng", EMAIL, "Khu 5", 'value="12"'):
            assert kept in answer.text
        assert "x9 khác x9" not in answer.text
        assert "không giống" not in answer.text
        for name in ("phone", "password_again", "consent"):
            assert f'href="#{name}"' in answer.text
            assert f'id="{name}-loi"' in answer.text
        assert stored(EMAIL) is None

    def test_the_rule_of_the_service_is_shown_at_its_field(self, client):
        weak = "hang.test 2026 ok"
        answer = send(client, "/dang-ky", **TYPED | {"password": weak, "password_again": weak})
        assert answer.status_code == 422
        assert 'id="password-loi"' in answer.text
        assert stored(EMAIL) is None

    def test_without_the_forms_token_nobody_is_registered(self, client):
        before = people.picture()
        assert client.post("/dang-ky", data=TYPED).status_code == 400
        assert people.picture() == before

    def test_too_many_registrations_of_one_visitor_are_refused(self, client):
        for number in range(20):
            accounts.register(registration(email=f"nguoi{number}.thu@example.com"), ip="127.0.0.1")
        before = people.picture()
        answer = send(client, "/dang-ky", **TYPED)
        assert answer.status_code == 429
        assert "phút" in answer.text
        assert people.picture() == before


class TestMailedLinks:
    def test_opening_the_link_changes_nothing_and_the_button_confirms(self, client):
        citizen(confirmed=False)
        path = people.link()
        before = people.picture()
        assert "Nguyễn Thị Minh Hằng" in client.get(path).text
        assert people.picture() == before
        assert client.post(path).status_code == 400
        assert people.picture() == before
        assert send(client, path).location == "/dang-nhap"
        assert stored(EMAIL).email_confirmed_at is not None

    def test_used_expired_and_forged_links_each_get_a_clear_sentence(self, client, moment):
        citizen(confirmed=False)
        path = people.link()
        forged = client.get(path[:-1])
        assert (forged.status_code, "cả đường dẫn" in forged.text) == (404, True)
        send(client, path)
        used = client.get(path)
        assert (used.status_code, "đã được dùng" in used.text) == (409, True)
        moment.shift(timedelta(hours=49))
        expired = client.get(path)
        assert (expired.status_code, "hết hạn" in expired.text) == (422, True)
        for page in (forged, used, expired):
            assert "/gui-lai-xac-nhan" in page.text

    def test_a_forgotten_password_is_replaced_by_mail_and_ends_old_sessions(self, app, browser):
        stranger = app.test_client()
        send(stranger, "/quen-mat-khau", email=EMAIL)
        path = people.link("account_reset")
        assert path.startswith("/dat-lai-mat-khau/")
        differs = send(stranger, path, password=OTHER, password_again="khác hẳn rồi")
        assert differs.status_code == 422
        assert inside(browser)
        assert send(stranger, path, password=OTHER, password_again=OTHER).location == "/dang-nhap"
        assert not inside(browser)
        assert enter(stranger, password=OTHER).status_code == 302
        assert stranger.get(path).status_code == 409
        assert app.test_client().get(path).status_code == 409

    def test_a_link_used_up_while_its_page_was_open_is_refused_on_the_page(self, client):
        citizen()
        accounts.request_reset(EMAIL, ip="198.51.100.1")
        path = people.link("account_reset")
        page = client.get(path)
        accounts.reset_password(people.token("account_reset"), OTHER, ip="198.51.100.1")
        before = people.picture()
        data = {"csrf_token": csrf(page), "password": "kẻ gian đặt lại", "password_again": "kẻ gian đặt lại"}
        assert client.post(path, data=data).status_code == 409
        assert people.picture() == before

    @pytest.mark.parametrize("path", ["/quen-mat-khau", "/gui-lai-xac-nhan"])
    def test_asking_for_mail_never_tells_whether_an_address_has_an_account(self, app, path):
        citizen(confirmed=path == "/quen-mat-khau")
        known = send(app.test_client(), path, email=EMAIL)
        unknown = send(app.test_client(), path, email="nobody@example.com")
        assert shown(known) == shown(unknown)
        assert known.status_code == 200
        assert mails()[-1].address == EMAIL

    def test_new_staff_choose_their_first_password_by_the_mailed_link(self, client):
        accounts.create_staff(SYSTEM, people.staff_account(username="moi.thu"))
        path = people.link("account_invitation")
        assert send(client, path, password=OTHER, password_again=OTHER).location == "/dang-nhap"
        assert enter(client, "moi.thu", OTHER).location == "/hop-thu"

    def test_links_lead_to_the_configured_address_whatever_host_the_request_names(self, client):
        citizen()
        token = csrf(client.get("/quen-mat-khau"))
        client.post(
            "/quen-mat-khau",
            data={"csrf_token": token, "email": EMAIL},
            headers={"X-Forwarded-Host": "evil.example"},
        )
        assert "http://localhost/dat-lai-mat-khau/" in mails("account_reset")[-1].body
        assert "evil" not in mails("account_reset")[-1].body


class TestOwnAccount:
    def test_a_citizen_sees_and_saves_their_own_profile(self, browser):
        page = browser.get("/tai-khoan")
        assert 'value="Nguyễn Thị Minh Hằng"' in page.text
        typed = {"full_name": "Đỗ Văn Nam", "phone": "0936111222", "personal_id": "", "address": ""}
        assert send(browser, "/tai-khoan", **typed).location == "/tai-khoan"
        assert str(stored(EMAIL)) == "Đỗ Văn Nam"
        answer = send(browser, "/tai-khoan", **typed | {"phone": "1"})
        assert (answer.status_code, stored(EMAIL).phone) == (422, "0936111222")
        assert title(answer).startswith("Lỗi: Tài khoản")

    def test_staff_see_where_they_serve_and_cannot_rename_themselves(self, client):
        made = staff(Role.DEPARTMENT_OFFICER, "cv.thu")
        enter(client, "cv.thu")
        page = client.get("/tai-khoan")
        assert "Tư pháp - Hộ tịch" in page.text
        assert 'name="full_name" type="text"' not in page.text
        answer = send(client, "/tai-khoan", full_name="Giám Đốc", phone="0936111222")
        assert answer.status_code == 403
        assert str(stored("cv.thu")) == str(made) == "Trần Văn Quyết"

    def test_another_mail_address_is_asked_for_with_the_password_and_holds_after_the_link(self, browser):
        assert (
            send(browser, "/tai-khoan/thu-dien-tu", email="moi@example.com", password="wrong").status_code
            == 422
        )
        answer = send(browser, "/tai-khoan/thu-dien-tu", email="moi@example.com", password=PASSWORD)
        assert answer.status_code == 200
        assert stored(EMAIL)
        assert send(browser, people.link("account_email_confirm")).status_code == 302
        assert stored("moi@example.com")

    def test_somebody_elses_address_gets_the_same_page(self, browser):
        staff(username="tn.thu")
        free = send(browser, "/tai-khoan/thu-dien-tu", email="moi@example.com", password=PASSWORD)
        taken = send(browser, "/tai-khoan/thu-dien-tu", email="tn.thu@example.com", password=PASSWORD)
        assert shown(free) == shown(taken)

    @pytest.mark.parametrize("path", ["/tai-khoan", "/tai-khoan/thu-dien-tu", "/doi-mat-khau"])
    def test_strangers_and_forms_of_foreign_sites_get_nowhere(self, app, browser, path):
        before = people.picture()
        stranger = app.test_client()
        assert stranger.get(path).status_code == 302
        token = csrf(stranger.get("/dang-nhap"))
        assert stranger.post(path, data={"csrf_token": token, "full_name": "Kẻ Lạ"}).status_code == 302
        assert browser.post(path, data={"full_name": "Kẻ Lạ", "phone": "0936111222"}).status_code == 400
        assert people.picture() == before

    def test_the_summary_lists_the_errors_in_the_order_of_the_page(self, app, browser):
        for visitor, path in ((browser, "/doi-mat-khau"), (app.test_client(), "/dang-ky")):
            page = send(visitor, path).text
            summary, form = page.split('<form method="post" novalidate>')
            at = [
                form.index(f'id="{field}"')
                for field in re.findall(r'<a href="#([^"]+)">[^<]+</a></li>', summary)
            ]
            assert at == sorted(at), path
            assert len(at) > 2

    def test_the_resend_page_knows_the_address_of_who_is_logged_in(self, browser):
        assert f'value="{EMAIL}"' in browser.get("/gui-lai-xac-nhan").text

    def test_pages_of_a_person_are_not_kept_by_the_browser(self, browser):
        assert browser.get("/tai-khoan").headers["Cache-Control"] == "no-store"


class TestFramework:
    def test_of_fabs_security_pages_and_apis_only_the_log_in_of_machines_is_there(self, app):
        forbidden = re.compile(
            r"^/(users?|roles|groups|permissions|viewmenus|permissionviews|resetmypassword|resetpassword|login"
            r"|logout|register|registeruser|userinfoedit\w*|userstatschart\w*|oauth|saml)(/|$)"
        )
        rules = {rule.rule for rule in app.url_map.iter_rules()}
        assert [rule for rule in rules if forbidden.match(rule)] == []
        assert {rule for rule in rules if rule.startswith("/api/v1/security")} == {
            "/api/v1/security/login",
            "/api/v1/security/refresh",
        }

    @pytest.mark.parametrize(
        "path",
        [
            "/users/list/", "/users/userinfo/", "/roles/list/", "/groups/list/",
            "/permissions/list/",
            "/resetpassword/form", "/resetmypassword/form", "/userinfoeditview/form",
            "/registeruserdbview/form",
            "/login/", "/logout/", "/register/form", "/api/v1/security/users/", "/api/v1/security/roles/",
            "/api/v1/security/permissions/", "/api/v1/security/api_keys/",
        ],
    )  # fmt: skip
    def test_the_addresses_of_stock_fab_lead_nowhere_even_for_an_administrator(self, client, path):
        staff(Role.ADMINISTRATOR, "qt.thu")
        enter(client, "qt.thu")
        before = people.picture()
        assert client.get(path).status_code == 404
        token = csrf(client.get("/tai-khoan"))
        assert client.post(path, data={"csrf_token": token}).status_code == 404
        assert people.picture() == before

    def test_fab_and_flask_login_send_people_to_our_log_in_page(self, app):
        with app.test_request_context("/"):
            assert app.appbuilder.get_url_for_login == "/dang-nhap"
            assert app.appbuilder.get_url_for_logout == "/dang-xuat"
        assert app.login_manager.login_view == "AccountView.login"

    def test_a_request_asks_for_the_account_once(self, browser):
        for path in ("/tai-khoan", "/doi-mat-khau", "/gui-lai-xac-nhan"):
            with statements() as seen:
                assert browser.get(path).status_code == 200
            assert sum("FROM profile" in statement for statement in seen) == 1, path
            assert len(seen) <= 4, seen

    def test_all_permissions_of_a_request_cost_one_query(self, app):
        roles.sync()
        profile = staff(Role.LEADER, "ld.thu")
        manager = app.appbuilder.sm
        wanted = sorted(roles.wanted(Role.LEADER))
        with app.app_context(), app.test_request_context("/"):
            open_session(db.session.get(Profile, profile.id))
            g.user = manager.load_user(f"{profile.user_id}.{profile.session_epoch}")
            with statements() as seen:
                assert all(manager.has_access(*grant) for grant in wanted)
                assert not manager.has_access("receive", roles.DOSSIERS)
                assert not manager.has_access("can_list", "UserDBModelView")
                assert manager.get_user_menu_access(["Dossiers"]) == set()
            assert sum("ab_permission_view" in statement for statement in seen) == 1

    def test_visitors_have_the_permissions_of_the_public_role_only(self, app):
        roles.sync()
        manager = app.appbuilder.sm
        with app.app_context(), app.test_request_context("/"):
            g.user = None
            with statements() as seen:
                assert not manager.has_access("submit", roles.DOSSIERS)
                assert not manager.is_item_public("can_get", "MenuApi")
                assert manager.get_user_menu_access(["Dossiers"]) == set()
            assert len(seen) == 1

    def test_fabs_own_commands_about_passwords_keep_our_rules(self, app):
        profile = citizen()
        epoch = profile.session_epoch
        app.appbuilder.sm.reset_password(profile.user_id, OTHER)
        assert stored(EMAIL).session_epoch == epoch + 1

    def test_static_files_ask_nobody_who_they_are(self, browser):
        with statements() as seen, browser.get("/static/look.css") as answer:
            assert answer.status_code == 200
        assert seen == []

    def test_the_limiter_of_fab_is_off(self, app):
        assert app.appbuilder.sm.limiter.enabled is False

    def test_every_link_of_a_mail_has_its_page(self, app):
        rules = {rule.rule for rule in app.url_map.iter_rules()}
        assert {f"/{purpose.value}/<token>" for purpose in accounts.Purpose} <= rules

    def test_profiles_of_all_roles_have_a_home(self):
        assert set(HOMES) == set(Role) - {Role.SYSTEM}
        assert db.session.scalars(select(Profile.role).where(Profile.role == Role.SYSTEM)).all() == []
