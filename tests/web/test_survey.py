"""The survey in a browser without log-in and without JavaScript."""

import pytest

from app.domain.survey import Question
from app.extensions import db
from app.models.outbox import OutboxMessage
from app.models.survey import SurveyAnswer
from tests import factories as make
from tests.services.test_survey import counted, token_of
from tests.web.browsing import enter

ALL = {question.value: "4" for question in Question}


@pytest.fixture
def page(app):
    return f"/khao-sat/{token_of(make.returned())}"


def press(browser, page, /, **data):
    return browser.post(page, data={"csrf_token": make.csrf_token(browser.get("/tra-cuu").text), **data})


def test_the_link_asks_without_log_in_and_the_answer_is_thanked_for(client, page):
    asked = client.get(page)
    assert asked.status_code == 200
    assert asked.text.count('type="radio"') == 25
    assert "Nguyễn Thị Minh Hằng" not in asked.text
    answer = press(client, page, **ALL, remark="Cán bộ tận tình.\0")
    assert (answer.status_code, answer.location) == (302, page)
    thanks = client.get(page).text
    assert "Đã ghi nhận ý kiến" in thanks
    assert 'type="radio"' not in thanks
    assert db.session.scalar(db.select(SurveyAnswer.remark)) == "Cán bộ tận tình."
    assert db.session.scalar(db.select(SurveyAnswer.paperwork)) == 4


def test_a_second_press_changes_nothing_and_sees_the_same_thanks(client, page):
    first, second = press(client, page, **ALL), press(client, page, **{**ALL, "time": "1"})
    assert (first.status_code, second.status_code) == (302, 200)
    assert "Đã ghi nhận ý kiến" in second.text
    assert counted() == [1, 1]
    assert db.session.scalar(db.select(SurveyAnswer.time)) == 4


def test_two_presses_at_the_same_moment_are_one_answer(client, page, monkeypatch):
    press(client, page, **ALL)
    seen = "app.web.survey.survey.invitation"
    asked = type("Asked", (), {"answered": False, "procedure": "", "agency": ""})
    monkeypatch.setattr(seen, lambda _token: asked)  # what the second press saw before the first was stored
    assert press(client, page, **{**ALL, "time": "1"}).status_code == 302
    assert counted() == [1, 1]


@pytest.mark.parametrize("value", ["", "0", "6", "-1", "x", "4.0", "99999999999999999999"])
def test_a_question_left_out_is_named_and_the_rest_is_kept(client, page, value):
    answer = press(client, page, **{**ALL, "attitude": value}, remark="Chờ hơi lâu")
    assert answer.status_code == 422
    assert "Chọn một mức cho mục “Thái độ phục vụ của cán bộ”." in answer.text
    assert answer.text.count(" checked ") == 4
    assert "Chờ hơi lâu" in answer.text
    assert "<title>Lỗi:" in answer.text
    assert counted() == [0, 0]


def test_too_long_a_remark_is_refused_and_kept(client, page):
    answer = press(client, page, **ALL, remark="a" * 2001)
    assert answer.status_code == 422
    assert "Rút gọn nội dung còn nhiều nhất 2000 ký tự." in answer.text
    assert "a" * 2001 in answer.text
    assert counted() == [0, 0]


def test_a_forged_link_and_a_late_one_say_what_to_do(client, page, moment):
    assert client.get(page[:-2]).status_code == 404
    moment.shift(31 * 86400)
    late = client.get(page)
    assert late.status_code == 422
    assert "Thời gian góp ý cho hồ sơ này đã hết." in late.text
    assert press(client, page, **ALL).status_code == 422
    assert counted() == [0, 0]


def test_the_form_needs_its_token(client, page):
    assert client.post(page, data=ALL).status_code == 400
    assert counted() == [0, 0]


def test_the_console_does_not_show_the_link_to_an_administrator(app, login, page, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_SERVER", "mail.example")
    mail = db.session.scalar(
        db.select(OutboxMessage.id).where(OutboxMessage.template == "returned_and_survey")
    )
    shown = enter(login, make.administrator()).get(f"/console/hop-thu-di/details/?id={mail}")
    assert "liên kết riêng của người nhận" in shown.text
    assert page not in shown.text
