"""Questions on the administrator's pages: seen, published and taken back; never answered nor read by mail address."""

import pytest

from app.models.outbox import Question
from app.services import questions
from tests import factories
from tests.web.administering import OTHERS, edit, keys, picture, post

ROOT = "/quan-tri/hoi-dap"


def asked(*, answered=False):
    made = questions.ask(
        agency_id=factories.agency().id, name="Nguyễn Thị Hằng", email="hang@example.com", body="Mấy ngày có kết quả?",
        visitor="198.51.100.9",
    )  # fmt: skip
    if answered:
        questions.answer(factories.officer(), made.id, "Ba ngày làm việc.", publish=False)
    return made.id


def public(app):
    return app.test_client().get("/hoi-dap").text


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_sees_or_publishes(app, login, username):
    key = asked(answered=True)
    browser, before = login(username), picture(Question)
    for path in ("", f"/{key}", f"/{key}/sua"):
        assert browser.get(ROOT + path).status_code == 403
    assert post(browser, f"{ROOT}/{key}/sua", published="y").status_code == 403
    assert picture(Question) == before


def test_an_answer_is_published_and_taken_back(app, login):
    browser, key = login("quantri"), asked(answered=True)
    edit(browser, f"{ROOT}/{key}/sua", published="y")
    assert "Ba ngày làm việc." in public(app)
    assert edit(browser, f"{ROOT}/{key}/sua").status_code == 302
    assert "Ba ngày làm việc." not in public(app)
    assert keys()[-2:] == ["question_published"] * 2
    edit(browser, f"{ROOT}/{key}/sua")  # nothing changes, nothing is journalled
    assert keys().count("question_published") == 2
    assert "đổi việc công bố" in browser.get(f"{ROOT}/{key}").text


def test_what_nobody_answered_is_not_published(app, login):
    browser, key = login("quantri"), asked()
    before = picture(Question)
    answer = edit(browser, f"{ROOT}/{key}/sua", published="y")
    assert answer.status_code == 422
    assert "chưa được trả lời" in answer.text
    assert picture(Question) == before
    assert "Chưa trả lời" in browser.get(ROOT).text


def test_names_are_masked_and_addresses_stay_with_the_officer(app, login):
    browser, key = login("quantri"), asked()
    for path in (ROOT, f"{ROOT}/{key}"):
        page = browser.get(path).text
        assert "Nguyễn Thị Hằng" not in page
        assert "hang@example.com" not in page
    for path in ("/them", f"/{key}/xoa"):
        assert browser.get(ROOT + path).status_code == 404
