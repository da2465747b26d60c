"""Notices: drafts stay with the administrators, published ones stand on the public page."""

from datetime import UTC, datetime

import pytest

from app.models.outbox import NewsItem
from tests.web.administering import OTHERS, edit, keys, picture, post, stored

ROOT = "/quan-tri/tin-tuc"
TEXT = {"title": "Tạm dừng hệ thống", "body": "Từ 22:00 thứ Bảy."}


def public(app):
    return app.test_client().get("/tin-tuc").text


def made(browser, **changes):
    assert post(browser, f"{ROOT}/them", **(TEXT | changes)).status_code == 302
    return stored(NewsItem, title=TEXT["title"])


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_sees_or_changes_the_notices(app, login, username):
    key = made(login("quantri")).id
    browser, before = login(username), picture(NewsItem)
    for path in ("", f"/{key}", f"/{key}/sua", f"/{key}/xoa", "/them"):
        answer = browser.get(ROOT + path)
        assert answer.status_code == 403
        assert TEXT["title"] not in answer.text
    for path in (f"/{key}/sua", f"/{key}/xoa", "/them"):
        assert post(browser, ROOT + path, **TEXT, published="y").status_code == 403
    assert picture(NewsItem) == before


def test_a_visitor_is_sent_to_the_log_in_page_and_drafts_are_not_public(app, login, client):
    key = made(login("quantri")).id
    for path in ("", f"/{key}", f"/{key}/sua"):
        answer = client.get(ROOT + path)
        assert answer.location.startswith("/dang-nhap")
        assert TEXT["title"] not in answer.text
    assert TEXT["title"] not in public(app)
    assert client.get(f"/tin-tuc/{key}").status_code == 404


def test_a_draft_is_published_and_taken_back(app, login):
    browser = login("quantri")
    row = made(browser)
    assert "Bản nháp" in browser.get(f"{ROOT}/{row.id}").text
    edit(browser, f"{ROOT}/{row.id}/sua", **TEXT, published="y", published_at="")
    assert TEXT["title"] in public(app)
    edit(browser, f"{ROOT}/{row.id}/sua", **TEXT, published_at="")
    assert TEXT["title"] not in public(app)
    assert stored(NewsItem, id=row.id).published_at is None
    assert keys()[-3:] == ["news_created", "news_edited", "news_edited"]


def test_a_notice_waits_for_its_moment(app, login, moment):
    browser = login("quantri")
    row = made(browser, published="y", published_at="2026-11-23T10:00")
    assert row.published_at == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert "Chờ đến giờ đăng" in browser.get(ROOT).text
    assert TEXT["title"] not in public(app)
    moment.shift(3600)
    assert TEXT["title"] in public(app)


@pytest.mark.parametrize(("changes", "field"), [({"title": " "}, "title"), ({"body": ""}, "body"),
                                                ({"title": "x" * 201}, "title")])  # fmt: skip
def test_a_notice_without_words_is_refused_with_what_was_typed(app, login, changes, field):
    browser, before = login("quantri"), picture(NewsItem)
    answer = post(browser, f"{ROOT}/them", **(TEXT | changes), published="y")
    assert answer.status_code == 422
    assert f'id="{field}-loi"' in answer.text
    kept = TEXT["body"] if field == "title" else TEXT["title"]
    assert kept in answer.text
    assert picture(NewsItem) == before


def test_deleting_asks_first_needs_the_token_and_a_post(app, login):
    browser = login("quantri")
    key, before = made(browser).id, picture(NewsItem)
    assert "không khôi phục được" in browser.get(f"{ROOT}/{key}/xoa").text
    assert browser.post(f"{ROOT}/{key}/xoa").status_code == 400
    assert picture(NewsItem) == before
    assert post(browser, f"{ROOT}/{key}/xoa").status_code == 302
    assert stored(NewsItem, id=key) is None
    assert keys()[-1] == "news_deleted"
    assert post(browser, f"{ROOT}/{key}/xoa").status_code == 404


def test_columns_that_are_not_offered_neither_sort_nor_search(app, login):
    browser = login("quantri")
    assert browser.get(f"{ROOT}?xep=author_id").status_code == 400
    assert "trong 4 mục" in browser.get(f"{ROOT}?loc-body=khong-co-chu-nay").text
