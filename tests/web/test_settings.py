"""Settings: one small form each, bounds said and kept, every change in the journal."""

import pytest

from app.models.outbox import Setting
from app.services import settings
from tests.web.administering import OTHERS, keys, picture, post

ROOT = "/quan-tri/tham-so"


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_sees_or_changes_the_settings(app, login, username):
    browser, before = login(username), picture(Setting)
    assert browser.get(ROOT).status_code == 403
    for key in settings.DEFINITIONS:
        assert post(browser, f"{ROOT}/{key}", value="20").status_code == 403
    assert picture(Setting) == before


def test_a_visitor_is_sent_to_the_log_in_page(app, client):
    assert client.get(ROOT).location.startswith("/dang-nhap")


def test_every_setting_has_a_form_with_its_bounds(app, login):
    page = login("quantri").get(ROOT).text
    for key, definition in settings.DEFINITIONS.items():
        assert f'action="{ROOT}/{key}"' in page
        assert definition.label in page
    assert "Từ 60 đến 4.800." in page


def test_a_new_value_is_in_force_at_once_and_stands_in_the_history(app, login):
    browser = login("quantri")
    answer = post(browser, f"{ROOT}/hotline", value="0203.3.862.999")
    assert (answer.status_code, answer.location) == (302, f"{ROOT}#hotline")
    assert "0203.3.862.999" in app.test_client().get("/").text
    assert "đổi từ 033.3.502.900 thành 0203.3.862.999" in browser.get(ROOT).text
    assert keys()[-1] == "setting_changed"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("intake_minutes", "59", "Nhập số từ 60 đến 4800."),
        ("intake_minutes", "4801", "Nhập số từ 60 đến 4800."),
        ("intake_minutes", "nhiều", "Nhập số từ 60 đến 4800."),
        ("intake_minutes", "", "Nhập số từ 60 đến 4800."),
        ("hotline", "  ", "Nhập giá trị cho tham số."),
        ("code_format", "{agency}-{date}", "Mẫu mã hồ sơ phải có"),
        ("code_format", "{agency.__class__}{date}{serial}", "Mẫu mã hồ sơ phải có"),
        ("code_format", "{agency}-{date:%y}-{serial:{agency.real}}", "Mẫu mã hồ sơ phải có"),
        ("code_format", "{agency!r}-{date:%y}-{serial}", "Mẫu mã hồ sơ phải có"),
        ("hotline", "9" * 201, "Rút gọn"),
    ],
)
def test_a_value_out_of_bounds_is_refused_at_its_field_with_what_was_typed(app, login, key, value, said):
    browser, before = login("quantri"), picture(Setting)
    answer = post(browser, f"{ROOT}/{key}", value=value)
    assert answer.status_code == 422
    assert f'id="loi-{key}"' in answer.text
    assert said in answer.text
    assert f'value="{value}"' in answer.text
    assert picture(Setting) == before


@pytest.mark.parametrize("key", ["calendar_version", "secret_key", "nothing"])
def test_a_setting_that_is_not_offered_does_not_exist(app, login, key):
    browser, before = login("quantri"), picture(Setting)
    assert post(browser, f"{ROOT}/{key}", value="1").status_code == 404
    assert picture(Setting) == before


def test_without_the_token_or_by_get_nothing_is_written(app, login):
    browser, before = login("quantri"), picture(Setting)
    assert browser.post(f"{ROOT}/hotline", data={"value": "1"}).status_code == 400
    assert browser.get(f"{ROOT}/hotline?value=1").status_code == 405
    assert picture(Setting) == before


def test_another_format_of_codes_is_taken(app, login):
    post(login("quantri"), f"{ROOT}/code_format", value="{agency}/{date:%Y%m%d}/{serial:05d}")
    assert settings.get("code_format") == "{agency}/{date:%Y%m%d}/{serial:05d}"
