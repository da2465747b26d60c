"""Addresses and forms that only somebody who tries things out would send."""

import pytest

from app.extensions import db
from app.models.outbox import Attempt
from app.services import lookup, settings
from tests import factories as make
from tests.web.browsing import post
from tests.web.desks import everything


@pytest.mark.parametrize("page", ["-1", "abc", str(10**30), "-9223372036854775809"])
def test_the_console_shows_the_nearest_page_for_a_number_that_no_page_has(login, page):
    browser = login(make.username(make.administrator()))
    assert browser.get(f"/console/nhat-ky/?page={page}").status_code == 200


@pytest.mark.parametrize("key", ["abc", "-1", "9" * 25, "1,2", "１"])
def test_the_console_has_no_row_for_a_key_that_is_none(login, key):
    browser = login(make.username(make.administrator()))
    answer = browser.get(f"/console/nhat-ky/details/?id={key}")
    assert (answer.status_code, answer.location) == (302, "/console/nhat-ky/")


def test_a_nul_in_the_log_in_name_is_a_wrong_name(client):
    answer = post(client, "/dang-nhap", username="tiep\0nhan", password="x")
    assert answer.status_code == 422
    assert "_user_id" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.usefixtures("app")
def test_a_try_at_a_telephone_counts_before_it_is_answered(monkeypatch):
    """Many tries sent at one moment: each must find the count of those before it, not of those answered."""
    dossier, seen = make.submitted(), []
    ends_in = lookup._ends_in

    def comparing(phone, digits):
        counted = db.select(Attempt.count).where(Attempt.kind == lookup.KIND_DOSSIER)
        seen.append(db.session.scalar(counted))
        return ends_in(phone, digits)

    monkeypatch.setattr(lookup, "_ends_in", comparing)
    for _ in range(settings.get("lookup_tries")):
        with pytest.raises(lookup.NotFound):
            lookup.by_code(dossier.reference, "0000", "198.51.100.1")
    assert seen == list(range(1, settings.get("lookup_tries") + 1))


@pytest.mark.parametrize("key", ["9" * 25, "9" * 5000, "-1", "１", "0", ""])
def test_an_action_on_a_key_that_no_row_has_is_not_found(login, key):
    dossier = make.received()
    before = everything()
    browser = login(make.username(make.officer()))
    answer = post(browser, "/can-bo/danh-sach/thao-tac", action="forward", rowid=[str(dossier.id), key])
    assert answer.status_code == 404
    assert everything() == before
