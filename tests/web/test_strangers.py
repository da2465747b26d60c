"""Who sees a dossier: nobody else, by any address, form, action or file."""

import pytest

from app.domain import transitions
from app.domain.roles import Role
from app.domain.states import State
from app.models.handling import ItemKind
from app.services import supplements
from tests import factories as f
from tests.web.browsing import enter, post, token
from tests.web.desks import REASON, addresses, at, everything, forms, is_hidden, strangers


@pytest.mark.parametrize(
    "state", [State.SUBMITTED, State.IN_APPRAISAL, State.AWAITING_APPROVAL, State.RESULT_READY]
)
def test_a_stranger_sees_nothing_and_changes_nothing_by_any_address_or_form(login, state):
    made = f.WALKS[state]()
    if state is State.SUBMITTED:
        supplements.add_item(f.officer(), made.id, ItemKind.QUESTION, "x")
    browsers = strangers(login, made)
    pages, posts = addresses(made), forms(made)
    before = everything()
    for name, browser in browsers.items():
        for path in pages:
            answer = browser.get(path)
            assert answer.status_code in {403, 404}, (name, path)
            assert is_hidden(made, answer.text), (name, path)
    for name, browser in browsers.items():
        mark = token(browser)
        for path, data in forms(made):
            answer = browser.post(path, data={"csrf_token": mark, **data})
            assert answer.status_code in {403, 404}, (name, path, answer.status_code)
            assert is_hidden(made, answer.text), (name, path)
    assert len(posts) > 30
    assert everything() == before


def test_a_visitor_is_sent_to_log_in_and_changes_nothing(client):
    made = f.result_ready()
    before = everything()
    for path in addresses(made):
        assert client.get(path).location.startswith("/dang-nhap"), path
    for path, data in forms(made):
        answer = post(client, path, **data)
        refused = answer.status_code == 302 and answer.location == "/dang-nhap"
        assert refused or (answer.status_code == 404 and data.get("action") == "receive"), path
    assert everything() == before


def test_a_department_officer_sees_a_dossier_only_once_it_was_forwarded(login):
    made = f.received()
    specialist = enter(login, f.specialist(made))
    assert specialist.get(at(made)).status_code == 404
    f.press(f.officer(), made, "forward")
    assert specialist.get(at(made)).status_code == 200


def test_a_draft_is_the_citizens_alone(login):
    made = f.complete_draft()
    scan = made.documents[0].current_attachments[0].id
    officer = enter(login, f.officer())
    for path in (at(made), f"/can-bo/tep/{scan}", f"/can-bo/danh-sach/{made.id}"):
        assert officer.get(path).status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", str(2**63), "9" * 40, "-1", "abc"])
def test_an_address_without_a_dossier_is_not_found(login, number):
    officer = enter(login, f.officer())
    assert officer.get(f"/can-bo/ho-so/{number}").status_code == 404
    assert officer.get(f"/can-bo/tep/{number}").status_code == 404
    assert officer.get(f"/can-bo/danh-sach/{number}").status_code == 404


def test_steps_of_another_role_are_refused_to_everybody_who_may_see_the_dossier(login):
    made = f.in_appraisal()
    people = {
        Role.RECEIVING_OFFICER: enter(login, f.officer()),
        Role.DEPARTMENT_OFFICER: enter(login, f.specialist(made)),
        Role.LEADER: enter(login, f.leader()),
    }
    before = everything()
    for role, browser in people.items():
        mark = token(browser)
        for transition in transitions.ALL:
            if transition.role is not role:
                data = {"csrf_token": mark, "version": made.version, "reason": REASON, "confirmed": "1"}
                answer = browser.post(at(made, f"/thao-tac/{transition.key}"), data=data)
                assert answer.status_code == 403, (role, transition.key)
    assert everything() == before
