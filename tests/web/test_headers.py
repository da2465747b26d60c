"""Security headers on every answer, no inline script or style anywhere, and failures that say what to do."""

from html.parser import HTMLParser

import pytest
from flask import request

import config as configuration
from app import create_app
from app.domain.errors import Conflict, NotAllowed, NotFound, Refused, TooManyAttempts
from app.extensions import db
from app.web import headers, shell
from tests.web import throwaway
from tests.web.throwaway import ask, browser

PEOPLE = [None, *throwaway.PEOPLE]


class Inline(HTMLParser):
    """Collects everything that the policy would stop."""

    def __init__(self):
        super().__init__()
        self.found, self.in_script = [], False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.found.append(tag)
        for name, value in attrs:
            if (
                name == "style"
                or name.startswith("on")
                or (value or "").strip().lower().startswith("javascript:")
            ):
                self.found.append(f"{tag} {name}")
        for name in ("src", "href"):
            if tag in {"script", "link", "img", "iframe"} and "//" in (given.get(name) or ""):
                self.found.append(f"{tag} from another host: {given[name]}")


@pytest.fixture
def app(bare_app):
    with bare_app.app_context():
        ask(0)
    return bare_app


def addresses(app):
    """Every page that needs no key, generated pages of one row, and failures."""
    plain = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments and not str(rule).startswith("/api/")
    ]
    return sorted(
        {*plain, "/swagger/v1", "/lang/vi", "/khong-co-trang-nay", "/thu/cau-hoi/1", "/static/look.css"}
    )


@pytest.mark.parametrize("who", PEOPLE)
def test_every_answer_carries_the_headers_and_no_page_has_anything_inline(app, who):
    client = browser(app, who)
    for address in [*addresses(app), "/api/v1/_openapi", "/api/v1/khong-co"]:
        answer = client.get(address, buffered=True)
        assert answer.status_code < 500, address
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy, address
        assert "unsafe" not in policy
        assert "object-src 'none'" in policy
        assert "frame-ancestors" in policy
        assert "base-uri 'self'" in policy
        assert "form-action 'self'" in policy
        for name, value in headers.FIXED.items():
            assert answer.headers[name] == value, address
        assert answer.headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}
        if answer.mimetype == "text/html":
            page = Inline()
            page.feed(answer.text)
            assert page.found == [], address


def test_pages_of_logged_in_people_are_not_kept_by_the_browser(app):
    assert browser(app, "an").get("/thu/cau-hoi").headers["Cache-Control"] == "no-store"
    assert browser(app, "an").get("/khong-co").headers["Cache-Control"] == "no-store"
    assert "no-store" not in browser(app).get("/khong-co").headers["Cache-Control"]
    assert "public" in browser(app, "an").get("/static/look.css", buffered=True).headers["Cache-Control"]


def test_hsts_stands_only_on_https(app):
    assert "Strict-Transport-Security" not in browser(app).get("/khong-co").headers
    secure = browser(app).get("/khong-co", base_url="https://localhost").headers
    assert int(secure["Strict-Transport-Security"].split("=")[1].split(";")[0]) >= 31_536_000


def test_the_viewer_may_be_framed_by_our_own_pages_only(app):
    with app.test_request_context("/"):
        headers.allow_own_frame()
        answer = app.process_response(app.make_response("x"))
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


# -- hosts and proxies


def close(app):
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def strict(thrown):
    """A second app on the same database, with trusted hosts and one proxy."""
    settings = configuration.Testing()
    settings.DATA_DIR = thrown.config["DATA_DIR"]
    settings.SQLALCHEMY_DATABASE_URI = thrown.config["SQLALCHEMY_DATABASE_URI"]
    settings.TRUSTED_HOSTS, settings.PROXY_COUNT = ["mot-cua.example.vn"], 1
    app = create_app(settings)
    app.add_url_rule("/ai", "who", lambda: f"{request.remote_addr} {request.scheme}")
    yield app
    close(app)


def test_a_foreign_host_is_refused_without_a_page_built_from_it(strict):
    for host in ("evil.example", "mot-cua.example.vn.evil.example"):
        answer = strict.test_client().get("/khong-co", headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text
    forged = {"Host": "mot-cua.example.vn", "X-Forwarded-Host": "evil.example"}
    assert strict.test_client().get("/khong-co", headers=forged).status_code == 400


def test_the_own_host_is_served_with_all_headers_even_when_refused(strict):
    assert strict.test_client().get("/khong-co", headers={"Host": "mot-cua.example.vn"}).status_code == 404
    refused = strict.test_client().get("/khong-co", headers={"Host": "evil.example"})
    assert "default-src 'self'" in refused.headers["Content-Security-Policy"]


def test_one_proxy_is_believed_and_no_more(strict):
    sent = {"Host": "mot-cua.example.vn", "X-Forwarded-For": "6.6.6.6, 7.7.7.7", "X-Forwarded-Proto": "https"}
    assert strict.test_client().get("/ai", headers=sent).text == "7.7.7.7 https"


def test_without_a_proxy_no_forwarded_header_is_believed(app):
    answer = browser(app).get(
        "/khong-co", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    )
    assert "Strict-Transport-Security" not in answer.headers
    assert "evil" not in answer.text


# -- failures


@pytest.fixture(scope="module")
def failing(thrown):
    """An app whose pages refuse or break on demand."""
    settings = configuration.Testing()
    settings.TESTING = False
    settings.DATA_DIR = thrown.config["DATA_DIR"]
    settings.SQLALCHEMY_DATABASE_URI = thrown.config["SQLALCHEMY_DATABASE_URI"]
    app = create_app(settings)
    refusals = {
        403: NotAllowed("role_may_not"),
        404: NotFound("no_such_setting"),
        409: Conflict("stale_version"),
        422: Refused("setting_empty", field="value"),
        429: TooManyAttempts("stale_version"),
    }

    def fail(status):
        raise refusals.get(status) or RuntimeError("mật khẩu của hệ thống")

    app.add_url_rule("/hong/<int:status>", "hong", fail)
    app.add_url_rule("/api/v1/hong/<int:status>", "api_hong", fail)
    yield app
    close(app)


@pytest.mark.parametrize("status", [403, 404, 409, 422, 429])
def test_a_refusal_is_a_page_with_its_own_words(failing, status):
    answer = browser(failing, "an").get(f"/hong/{status}")
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert {
        403: "không có quyền",
        404: "Không có tham số này.",
        409: "Người khác vừa cập nhật.",
        422: "Nhập giá trị cho tham số.",
        429: "Người khác vừa cập nhật.",
    }[status] in answer.text


@pytest.mark.parametrize("status", [403, 404, 409, 422, 429])
def test_a_machine_gets_a_refusal_as_json(failing, status):
    answer = browser(failing).get(f"/api/v1/hong/{status}")
    assert answer.status_code == status
    assert set(answer.json) == {"error", "message", "field"}


def test_an_anonymous_visitor_who_may_not_is_sent_to_log_in_and_comes_back(failing):
    answer = browser(failing).get("/hong/403?a=b&c=d")
    assert answer.status_code == 302
    assert answer.location == "/dang-nhap?next=/hong/403%3Fa%3Db%26c%3Dd"


def test_a_broken_page_tells_nothing_of_the_inside(failing):
    for address in ("/hong/500", "/api/v1/hong/500"):
        answer = browser(failing, "an").get(address)
        assert answer.status_code == 500
        assert "mật khẩu của hệ thống" not in answer.text
        assert "Traceback" not in answer.text
        assert "Chưa có gì thay đổi" in (answer.text if answer.json is None else answer.json["message"])


def test_a_broken_page_is_shown_even_when_the_database_is_gone(failing, monkeypatch):
    def gone(*args, **kwargs):
        raise RuntimeError("no database")

    monkeypatch.setattr(shell.settings, "get", gone)
    monkeypatch.setattr(shell, "current_actor", gone)
    answer = browser(failing).get("/hong/500")
    assert answer.status_code == 500
    assert "033.3.502.900" in answer.text


def test_a_wrong_method_keeps_the_list_of_allowed_ones(app):
    answer = browser(app).post("/lang/vi")
    assert answer.status_code in {400, 405}
    allowed = browser(app).put("/dang-nhap")
    assert allowed.status_code in {400, 405}


def test_a_form_without_a_token_says_to_load_the_page_again(app):
    answer = browser(app).post("/dang-nhap", data={"username": "a"})
    assert answer.status_code == 400
    assert "Tải lại trang" in answer.text


# -- the shell


def test_the_hotline_stands_on_public_pages_and_can_be_dialled(app):
    page = browser(app).get("/khong-co").text
    assert 'href="tel:0333502900"' in page
    assert page.count("033.3.502.900") >= 3


def test_menus_name_only_pages_that_exist(app):
    known = app.url_map.bind("localhost")
    for who in PEOPLE:
        with app.test_request_context("/quan-tri/thu"):
            found = shell.Shell()
            found.__dict__["actor"] = None
            entries = [
                *shell.PUBLIC_MENU,
                *shell.FOOTER,
                *(e for menu in shell.STAFF_MENU.values() for e in menu),
            ]
            for item in found._items(entries):
                assert known.test(item.path), (who, item.path)


def test_officers_see_their_frame_and_citizens_theirs(app):
    assert '<body class="mc-can-bo">' in browser(app, "an").get("/khong-co").text
    assert '<body class="mc-dan">' in browser(app, "dung").get("/khong-co").text
    assert '<body class="mc-dan">' in browser(app).get("/khong-co").text
    assert "Lê An" in browser(app, "an").get("/khong-co").text


def test_logging_out_is_a_form_with_a_token_and_not_a_link(app):
    page = browser(app, "an").get("/khong-co").text
    assert '<form method="post" action="/dang-xuat"><input type="hidden" name="csrf_token"' in page
    assert 'href="/dang-xuat"' not in page


def test_the_language_changes_and_the_page_stays(app):
    client = browser(app)
    answer = client.get("/lang/en", headers={"Referer": "http://localhost/tin-tuc?trang=2"})
    assert answer.location == "/tin-tuc?trang=2"
    assert '<html lang="en">' in client.get("/khong-co").text


@pytest.mark.parametrize(
    "referrer", ["https://evil.example/x", "http://localhost.evil.example/", "//evil.example", ""]
)
def test_the_language_link_never_leads_to_another_site(app, referrer):
    assert browser(app).get("/lang/en", headers={"Referer": referrer}).location == "/"


def test_an_unknown_language_is_not_found(app):
    assert browser(app).get("/lang/xx").status_code == 404
