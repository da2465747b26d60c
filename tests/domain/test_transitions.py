"""The table against the copy typed by hand, and check() in its order."""

import csv
from pathlib import Path

import pytest

from app.domain import transitions
from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.guards import GUARDS, Facts
from app.domain.roles import Role
from app.domain.states import State
from app.domain.transitions import Transition

EXPECTED = list(
    csv.DictReader(
        Path(__file__).with_name("expected_transitions.csv").read_text(encoding="utf-8").splitlines()
    )
)


def cells(t: Transition) -> dict[str, str]:
    return {
        "key": t.key,
        "from": "|".join(t.sources),
        "to": t.target,
        "role": t.role,
        "guards": "|".join(t.guards),
        "clocks": "|".join(f"{c.kind}:{c.action}" for c in t.clocks),
        "mail": "|".join(f"{m.receiver}:{m.template}" for m in t.mail),
        "reason_required": "yes" if t.needs_reason else "no",
        "label_vi": t.label,
    }


def test_the_table_has_the_twenty_rows_typed_by_hand():
    assert len(EXPECTED) == 20
    assert [cells(t) for t in transitions.ALL] == EXPECTED


def test_every_guard_of_the_table_exists_and_every_guard_is_used():
    used = {name for t in transitions.ALL for name in t.guards}
    assert used == GUARDS.keys()


def test_the_states_that_nothing_leaves_are_the_closed_ones():
    assert set(transitions.CLOSED) == {
        State.DISCARDED, State.REFUSED, State.CLOSED_UNANSWERED, State.RETURNED, State.VOIDED, State.WITHDRAWN,
        State.STOPPED,
    }  # fmt: skip


def test_nothing_leads_from_void_to_returned():
    assert not any(State.VOIDED in t.sources for t in transitions.ALL)


def test_an_unknown_key_is_not_found():
    with pytest.raises(NotFound, match="no_such_transition"):
        transitions.find("make_coffee")


def test_another_role_is_refused_before_anything_else_is_looked_at():
    with pytest.raises(NotAllowed, match="role_may_not"):
        transitions.check(
            transitions.find("receive"), role=Role.CITIZEN, state=State.DRAFT, facts=Facts(), reason=""
        )


@pytest.mark.parametrize("state", [s for s in State if s is not State.SUBMITTED])
def test_receive_is_a_conflict_in_every_other_state(state):
    with pytest.raises(Conflict, match="wrong_state") as refusal:
        transitions.check(
            transitions.find("receive"), role=Role.RECEIVING_OFFICER, state=state, facts=Facts(), reason=""
        )
    assert refusal.value.params["state"] == state.label


def test_a_guard_is_asked_before_the_reason():
    with pytest.raises(Refused, match="no_items_listed"):
        transitions.check(
            transitions.find("request_supplement"),
            role=Role.RECEIVING_OFFICER,
            state=State.SUBMITTED,
            facts=Facts(),
            reason="",
        )


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_a_reason_of_blanks_is_no_reason(blank):
    with pytest.raises(Refused, match="reason_required"):
        transitions.check(
            transitions.find("refuse"),
            role=Role.RECEIVING_OFFICER,
            state=State.SUBMITTED,
            facts=Facts(),
            reason=blank,
        )


def test_blockers_name_everything_at_once_in_the_order_of_the_guards():
    keys = [
        r.key for r in transitions.blockers(transitions.find("submit"), Facts(missing_documents=("Tờ khai",)))
    ]
    assert keys == ["documents_missing", "email_not_verified", "truth_not_declared"]


def test_a_citizen_is_offered_send_and_discard_for_a_draft_and_nothing_of_the_officers():
    assert [t.key for t in transitions.offered(State.DRAFT, Role.CITIZEN)] == ["submit", "discard"]
    assert transitions.offered(State.DRAFT, Role.RECEIVING_OFFICER) == ()


def test_an_administrator_has_no_transition():
    assert transitions.of_role(Role.ADMINISTRATOR) == ()
