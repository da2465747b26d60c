"""The console: administrators only, to read; a failed mail can be sent again."""

import pytest
from sqlalchemy import select

from app.domain.roles import Role
from app.extensions import config, db
from app.models.handling import Journal
from app.models.outbox import MailState, OutboxMessage
from tests import factories as make

PAGES = ["", "hop-thu-di/", "nhat-ky/", "viec-dinh-ky/", "gio-lam-viec/", "ngay-nghi/", "tep/", "tham-so/"]


def administrator(login):
    return login(make.username(make.administrator()))


@pytest.mark.parametrize("page", PAGES)
def test_anonymous_visitors_are_sent_to_the_log_in(client, page):
    answer = client.get(f"/console/{page}")
    assert answer.status_code == 302
    assert answer.location.startswith("/dang-nhap")


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.SYSTEM, Role.ADMINISTRATOR}])
def test_other_roles_are_refused_everywhere(login, role):
    browser = login(make.username(make.person(role)))
    letter = _letter(MailState.FAILED)
    for page in [*PAGES, f"hop-thu-di/details/?id={letter.id}"]:
        answer = browser.get(f"/console/{page}")
        assert answer.status_code == 403, page
        assert letter.subject not in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_every_table_opens_for_an_administrator(login, page):
    make.voided()
    answer = administrator(login).get(f"/console/{page}")
    assert answer.status_code == 200
    assert "<h1>" in answer.text


@pytest.mark.parametrize("page", PAGES[1:])
@pytest.mark.parametrize("verb", ["new/", "edit/?id=1", "delete/", "action/", "ajax/update/", "export/csv/"])
def test_nothing_can_be_written_or_exported(login, page, verb):
    browser = administrator(login)
    rows = db.session.scalar(select(db.func.count()).select_from(Journal))
    for method in (browser.get, browser.post):
        assert method(f"/console/{page}{verb}", data={"id": "1"}).status_code in {302, 400, 404, 405}
    assert db.session.scalar(select(db.func.count()).select_from(Journal)) == rows


def _letter(state):
    dossier = make.submitted()
    letter = db.session.scalars(select(OutboxMessage).where(OutboxMessage.dossier_id == dossier.id)).first()
    letter.state = state
    db.session.commit()
    return letter


def test_a_mail_is_shown_with_its_text_and_sent_again(login, app, monkeypatch):
    letter = _letter(MailState.FAILED)
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    browser = administrator(login)
    page = browser.get(f"/console/hop-thu-di/details/?id={letter.id}").text
    assert letter.subject in page
    answer = browser.post(
        f"/console/hop-thu-di/gui-lai/{letter.id}",
        data={"csrf_token": make.csrf_token(page)},
        follow_redirects=True,
    )
    assert "hàng chờ gửi" in answer.text
    db.session.expire_all()
    assert letter.state is MailState.QUEUED
    assert (
        db.session.scalars(select(Journal).where(Journal.key == "mail_retried")).one().actor_role
        == "administrator"
    )


def test_sending_again_without_a_token_or_by_get_changes_nothing(login):
    letter = _letter(MailState.FAILED)
    browser = administrator(login)
    assert browser.get(f"/console/hop-thu-di/gui-lai/{letter.id}").status_code == 405
    assert browser.post(f"/console/hop-thu-di/gui-lai/{letter.id}").status_code == 400
    db.session.expire_all()
    assert letter.state is MailState.FAILED


def test_sending_again_without_a_mail_server_says_why(login):
    letter = _letter(MailState.HELD)
    assert config("MAIL_SERVER") == ""
    browser = administrator(login)
    token = make.csrf_token(browser.get(f"/console/hop-thu-di/details/?id={letter.id}").text)
    answer = browser.post(
        f"/console/hop-thu-di/gui-lai/{letter.id}", data={"csrf_token": token}, follow_redirects=True
    )
    assert "máy chủ thư" in answer.text
    db.session.expire_all()
    assert letter.state is MailState.HELD


def test_the_state_filter_narrows_and_odd_arguments_are_harmless(login):
    letter = _letter(MailState.FAILED)
    browser = administrator(login)
    assert letter.subject in browser.get("/console/hop-thu-di/?state=failed").text
    assert letter.subject not in browser.get("/console/hop-thu-di/?state=sent").text
    for odd in ("?page=abc", "?page=99999", "?sort=5&desc=1", "?state=x", "?search=password", "?flt0_0=x"):
        assert browser.get(f"/console/hop-thu-di/{odd}").status_code == 200, odd
