"""Requests that no honest machine sends: each is refused in words, and changes nothing."""

import json

import pytest

from app.extensions import db
from app.models.dossier import Dossier
from tests import factories as make
from tests.web.desks import everything

BEYOND = 2**63
"""No key of our tables is so large; no column takes it."""


@pytest.mark.parametrize("path", ["/dossiers/{}", "/procedures/{}", "/attachments/{}/content"])
def test_a_key_beyond_every_column_is_not_found(machine, path):
    assert machine(make.officer()).get(path.format(BEYOND)).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        f"/attachments/?dossier_id={BEYOND}",
        "/attachments/?dossier_id=-1",
        "/attachments/?dossier_id=１",
        "/dossiers/?submitted_from=0001-01-01T00:00:00%2B23:59",
        "/dossiers/?submitted_before=9999-12-31T23:59:59-23:59",
        "/dossiers/?code=a%00b",
        "/procedures/?q=a%00b",
    ],
)
def test_a_filter_that_no_database_understands_is_refused(machine, query):
    answer = machine(make.officer()).get(query)
    assert answer.status_code == 422
    assert answer.json["error"] == "parameter_not_understood"


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"reason": "a\0b"}, "json_malformed"),
        ({"reason": "a\ud800b"}, "json_malformed"),
        ({"reason": "a", "idempotency_key": "\0"}, "json_malformed"),
        ({"reason": "a", "idempotency_key": "\udfff"}, "json_malformed"),
        ({"reason": "a" * 5001}, "text_too_long"),
        ({"reason": "a", "idempotency_key": "k" * 81}, "json_malformed"),
    ],
)
def test_texts_that_cannot_be_stored_are_refused_before_the_step(machine, wish, error):
    dossier, caller = make.submitted(), machine(make.officer())
    before = everything()
    answer = caller.post(
        f"/dossiers/{dossier.id}/transitions/refuse",
        data=json.dumps(wish),
        content_type="application/json",
    )
    assert (answer.status_code, answer.json["error"]) == (422, error)
    assert everything() == before


def test_a_step_of_a_dossier_beyond_every_key_is_not_found(machine):
    answer = machine(make.officer()).post(f"/dossiers/{BEYOND}/transitions/receive", json={})
    assert answer.status_code == 404
    assert db.session.scalar(db.select(db.func.count(Dossier.id))) == 0


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize("field", ["username", "password"])
def test_the_log_in_of_machines_refuses_what_is_no_text(client, name, field):
    sent = {"username": "tiepnhan", "password": "x", "provider": "db"} | {field: name}
    answer = client.post("/api/v1/security/login", data=json.dumps(sent), content_type="application/json")
    assert answer.status_code in {400, 401}


def test_a_role_without_the_permission_is_told_so_in_words(machine):
    dossier = make.submitted()
    before = everything()
    caller = machine(make.administrator())
    answers = [caller.get("/dossiers/"), caller.post(f"/dossiers/{dossier.id}/transitions/receive", json={})]
    assert [(a.status_code, a.json["error"]) for a in answers] == [(403, "role_may_not")] * 2
    assert everything() == before
