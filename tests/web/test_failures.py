"""What people and machines are told when the store of files fails, and when a token does not do."""

import errno
from unittest.mock import Mock

import pytest
from fsspec.implementations.local import LocalFileSystem

from app.extensions import db
from app.models.dossier import Attachment
from tests import factories
from tests.web.browsing import enter, file, post, stored

NOWHERE = "/api/v1/procedures/"


@pytest.fixture
def full_disk(monkeypatch):
    monkeypatch.setattr(
        LocalFileSystem, "open", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device"))
    )


@pytest.fixture
def no_store(monkeypatch):
    monkeypatch.setattr(LocalFileSystem, "cat_file", Mock(side_effect=ConnectionError("no route")))


def first_file(dossier):
    return dossier.documents[0].attachments[0]


def test_a_citizen_whose_scan_cannot_be_stored_reads_that_nothing_is_lost(app, login, full_disk):
    draft = factories.draft(by=factories.citizen())
    browser = enter(login, factories.citizen())
    before = stored(draft)
    path = f"/ho-so/{draft.id}/soan/giay-to/{draft.documents[0].id}"
    answer = post(browser, path, files=[file("moi.jpg")], act="save")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "120"
    assert "giấy tờ đã lưu trước đó vẫn còn" in answer.text
    assert "No space left" not in answer.text
    assert stored(draft) == before


def test_an_officer_and_a_machine_are_told_that_the_store_does_not_answer(app, login, machine, no_store):
    dossier = factories.submitted()
    key = first_file(dossier).id
    answer = machine(factories.officer()).get(f"/attachments/{key}/content")
    assert (answer.status_code, answer.json["error"]) == (503, "http_503")
    page = enter(login, factories.citizen()).get(f"/ho-so/tep/{key}")
    assert page.status_code == 503
    assert "no route" not in page.text


def test_a_damaged_file_is_not_shown_and_is_reported(app, login, monkeypatch):
    dossier = factories.submitted()
    key = first_file(dossier).id
    monkeypatch.setattr(LocalFileSystem, "cat_file", lambda *_a, **_k: b"something else")
    page = enter(login, factories.citizen()).get(f"/ho-so/tep/{key}")
    assert page.status_code == 500
    assert "không còn nguyên vẹn" in page.text
    assert db.session.get(Attachment, key) is not None


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (None, "token_missing"),
        ("Bearer x", "token_unreadable"),
        ("Bearer a.b.c", "token_unreadable"),
        ("Basic cXVhbnRyaTp4", "token_missing"),
    ],
)
def test_a_machine_without_a_good_token_is_told_what_to_send(client, header, key):
    answer = client.get(NOWHERE, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert set(answer.json) == {"error", "message", "field"}
    assert answer.json["error"] == key
    assert "/api/v1/security/login" in answer.json["message"]


def test_a_token_that_is_too_old_says_so(app, machine, moment):
    caller = machine(factories.officer())
    moment.shift(60 * 60 * 24)
    answer = caller.get("/procedures/")
    assert (answer.status_code, answer.json["error"]) == (401, "token_expired")


def test_a_machine_is_answered_in_the_language_it_asks_for_and_gets_no_cookie(client):
    said = {
        language: client.get(NOWHERE, headers={"Accept-Language": language})
        for language in ("en-GB,en;q=0.9", "vi", "fr", "")
    }
    english, *others = said.values()
    assert english.json["message"].startswith("Send the access token")
    assert all(answer.json["message"].startswith("Gửi mã truy cập") for answer in others)
    assert all("Set-Cookie" not in answer.headers for answer in said.values())


def test_a_log_in_that_is_not_complete_names_what_is_missing(client):
    answer = client.post("/api/v1/security/login", json={"username": "tiepnhan", "provider": "db"})
    assert (answer.status_code, answer.json["error"], answer.json["field"]) == (
        400,
        "login_incomplete",
        "password",
    )
