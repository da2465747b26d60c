"""POST /api/v1/dossiers/<id>/transitions/<key>: the same steps, the true reasons."""

import pytest

from app.domain.states import State
from app.extensions import db
from app.models.handling import Journal
from tests import factories as make


def steps(dossier):
    return (
        db.session.query(Journal)
        .filter(Journal.dossier_id == dossier.id, Journal.to_state.is_not(None))
        .count()
    )


def test_a_step_over_rest_does_what_the_button_does(machine):
    dossier = make.complete_draft()
    answer = machine(make.citizen()).post(f"/dossiers/{dossier.id}/transitions/submit", json={})
    assert answer.status_code == 200
    assert answer.json["result"]["state"] == "submitted"
    assert make.reload(dossier).state is State.SUBMITTED


@pytest.mark.parametrize(
    ("key", "body", "status", "error"),
    [
        ("approve", {}, 403, "role_may_not"),
        ("forward", {}, 409, "wrong_state"),
        ("receive", {}, 422, "documents_not_looked_at"),
        ("refuse", {}, 422, "reason_required"),
        ("refuse", {"reason": " \u200b\u2060"}, 422, "reason_required"),
        ("refuse", {"reason": "Không thuộc thẩm quyền", "version": 1}, 409, "stale_version"),
        ("fly", {}, 404, "no_such_transition"),
        ("refuse", {"reason": 5}, 422, "json_malformed"),
        ("refuse", {"version": True}, 422, "json_malformed"),
        ("refuse", {"state": "returned"}, 422, "json_malformed"),
        ("refuse", ["reason"], 422, "json_malformed"),
        ("refuse", {"idempotency_key": "x" * 81}, 422, "json_malformed"),
    ],
)
def test_a_refusal_tells_the_true_reason_and_changes_nothing(machine, key, body, status, error):
    dossier = make.submitted()
    before = steps(dossier)
    answer = machine(make.officer()).post(f"/dossiers/{dossier.id}/transitions/{key}", json=body)
    assert (answer.status_code, answer.json["error"]) == (status, error)
    assert answer.json["message"]
    assert make.reload(dossier).state is State.SUBMITTED
    assert steps(dossier) == before


def test_the_same_press_twice_is_one_step(machine):
    dossier = make.submitted()
    caller, wish = machine(make.officer()), {"reason": "Sai thẩm quyền", "idempotency_key": "a-1"}
    answers = [caller.post(f"/dossiers/{dossier.id}/transitions/refuse", json=wish) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert steps(dossier) == 2


@pytest.mark.parametrize("who", ["citizen", "other_ward", "administrator"])
def test_a_stranger_gets_nothing_and_changes_nothing(machine, who):
    dossier = make.submitted()
    stranger = {
        "citizen": make.citizen(1), "other_ward": make.officer("Cẩm Bình"), "administrator": make.administrator(),
    }[who]  # fmt: skip
    answer = machine(stranger).post(f"/dossiers/{dossier.id}/transitions/refuse", json={"reason": "thử"})
    assert answer.status_code in {403, 404}
    assert make.reload(dossier).state is State.SUBMITTED


def test_a_cookie_alone_changes_nothing(login):
    dossier = make.submitted()
    browser = login(make.username(make.officer()))
    answer = browser.post(f"/api/v1/dossiers/{dossier.id}/transitions/refuse", json={"reason": "thử"})
    assert answer.status_code == 401
    assert make.reload(dossier).state is State.SUBMITTED


def test_the_token_counts_even_beside_a_cookie_of_somebody_else(app, machine, login):
    dossier = make.submitted()
    caller = machine(make.citizen(1))
    caller.client = login(make.username(make.officer()))
    answer = caller.post(f"/dossiers/{dossier.id}/transitions/refuse", json={"reason": "thử"})
    assert answer.status_code in {403, 404}
    assert make.reload(dossier).state is State.SUBMITTED


def test_text_that_is_not_json_is_refused_with_words(machine):
    dossier = make.submitted()
    answer = machine(make.officer()).post(f"/dossiers/{dossier.id}/transitions/refuse", data="{kaputt")
    assert answer.status_code == 422
    assert "JSON" in answer.json["message"]


def test_a_wish_sent_as_a_form_is_refused_not_overheard(machine):
    """What curl sends unless it is told the content type: the version in it must not be lost."""
    dossier = make.submitted()
    answer = machine(make.officer()).post(
        f"/dossiers/{dossier.id}/transitions/refuse",
        data='{"reason": "Sai thẩm quyền", "version": 1}'.encode(),
        content_type="application/x-www-form-urlencoded",
    )
    assert (answer.status_code, answer.json["error"]) == (422, "json_malformed")
    assert make.reload(dossier).state is State.SUBMITTED
