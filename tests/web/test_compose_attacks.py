"""Other people's drafts: nobody finds or changes anything."""

from datetime import date

import pytest

from app.models.dossier import Dossier
from app.services import catalogue
from tests import factories
from tests.web.browsing import APPLICANT, enter, file, picture_of, post


@pytest.fixture
def browser(login):
    return enter(login, factories.citizen())


@pytest.fixture
def stranger(login):
    return enter(login, factories.citizen(1))


def pages_of(made: Dossier) -> list[str]:
    document = made.documents[0].id
    return [
        "soan",
        "soan/noi-nhan",
        "soan/nguoi-nop",
        f"soan/giay-to/{document}",
        "kiem-tra",
        "loi-hua",
        "huy-nhap",
    ]


POSTS = ("soan/noi-nhan", "soan/nguoi-nop", "gui", "huy-nhap")


def attack(browser, made: Dossier) -> None:
    """Read and write everything of somebody else's draft."""
    before = picture_of(made.id)
    scan = made.documents[0].attachments[0].id
    for page in [*pages_of(made), "da-gui", ""]:
        answer = browser.get(f"/ho-so/{made.id}/{page}".rstrip("/"))
        assert answer.status_code == 404, page
        assert made.applicant_name not in answer.text
    posts = [*POSTS, f"soan/giay-to/{made.documents[0].id}", "tin-nhan", "rut", "bo-sung"]
    for page in posts:
        data = APPLICANT | {"place_id": made.agency.places[0].id, "truth": "y", "body": "x", "reason": "x"}
        answer = post(
            browser, f"/ho-so/{made.id}/{page}", **data, files=[file("evil.jpg")], act=f"remove:{scan}"
        )
        assert answer.status_code == 404, page
    assert browser.get(f"/ho-so/tep/{scan}").status_code == 404
    assert picture_of(made.id) == before


def test_another_citizen_finds_nothing_and_changes_nothing(stranger):
    attack(stranger, factories.complete_draft(by=factories.citizen()))


@pytest.mark.parametrize("who", [factories.officer, factories.leader, factories.administrator])
def test_staff_find_nothing_and_change_nothing_in_a_draft(login, who):
    attack(enter(login, who()), factories.complete_draft(by=factories.citizen()))


def test_a_visitor_is_sent_to_log_in_and_changes_nothing(client):
    made = factories.complete_draft(by=factories.citizen())
    before = picture_of(made.id)
    for page in pages_of(made):
        assert (
            client.get(f"/ho-so/{made.id}/{page}").headers["Location"].startswith("/dang-nhap?next=/ho-so/")
        )
    for page in POSTS:
        assert post(client, f"/ho-so/{made.id}/{page}").headers["Location"] == "/dang-nhap"
    assert client.get(f"/ho-so/tep/{made.documents[0].attachments[0].id}").status_code == 302
    assert picture_of(made.id) == before


def test_a_document_of_another_dossier_cannot_be_reached_through_ones_own(stranger):
    theirs = factories.complete_draft(by=factories.citizen())
    own = factories.draft(by=factories.citizen(1))
    before = picture_of(theirs.id)
    page = f"/ho-so/{own.id}/soan/giay-to/{theirs.documents[0].id}"
    assert stranger.get(page).status_code == 404
    assert post(stranger, page, files=[file("x.jpg")], act="save").status_code == 404
    scan = theirs.documents[0].attachments[0].id
    for act in (f"remove:{scan}", f"up:{scan}"):
        assert (
            post(stranger, f"/ho-so/{own.id}/soan/giay-to/{own.documents[0].id}", act=act).status_code == 404
        )
    assert picture_of(theirs.id) == before


def test_a_scan_of_another_document_cannot_be_moved_through_this_one(browser):
    made = factories.complete_draft(by=factories.citizen())
    first, second = made.documents[:2]
    before = picture_of(made.id)
    answer = post(
        browser, f"/ho-so/{made.id}/soan/giay-to/{first.id}", act=f"remove:{second.attachments[0].id}"
    )
    assert answer.status_code == 404
    assert picture_of(made.id) == before


def test_every_post_needs_the_token(browser):
    made = factories.complete_draft(by=factories.citizen())
    before = picture_of(made.id)
    for page in (*POSTS, f"soan/giay-to/{made.documents[0].id}", "tin-nhan", "rut", "bo-sung"):
        assert browser.post(f"/ho-so/{made.id}/{page}", data=APPLICANT | {"truth": "y"}).status_code == 400, (
            page
        )
    assert picture_of(made.id) == before


def test_an_unknown_key_is_not_found_however_large(browser):
    for number in (0, 99999, 2**63 - 1, 2**63, 10**30):
        for page in ("soan", "kiem-tra", "da-gui", "huy-nhap", "bo-sung", "rut", "ket-qua"):
            assert browser.get(f"/ho-so/{number}/{page}").status_code == 404
        assert browser.get(f"/ho-so/tep/{number}").status_code == 404


def test_reading_pages_changes_nothing(browser):
    made = factories.complete_draft(by=factories.citizen())
    before = picture_of(made.id)
    for page in pages_of(made):
        assert browser.get(f"/ho-so/{made.id}/{page}").status_code == 200, page
    assert picture_of(made.id) == before


def test_composing_pages_carry_no_inline_script_or_style(browser):
    made = factories.complete_draft(by=factories.citizen())
    for page in pages_of(made):
        text = browser.get(f"/ho-so/{made.id}/{page}").text
        assert " style=" not in text
        assert "<script>" not in text


def test_a_document_no_longer_asked_for_but_scanned_stays_reachable(browser):
    made = factories.complete_draft(by=factories.citizen())
    document = made.documents[0]
    ended = {"valid_to": date(2026, 11, 22)}
    catalogue.documents.edit(factories.administrator(), document.required_document_id, ended)
    page = browser.get(f"/ho-so/{made.id}/soan").text
    assert document.name in page
    assert browser.get(f"/ho-so/{made.id}/soan/giay-to/{document.id}").status_code == 200
