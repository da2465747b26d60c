"""States and clocks: every one has its word, and the national portal its code."""

import pytest

from app.domain import transitions
from app.domain.states import CLOCK_LABELS, STATE_LABELS, ClockKind, State

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize("kind", [State, ClockKind])
def test_every_one_has_a_word_of_its_own(kind):
    words = [member.label for member in kind]
    assert len(set(words)) == len(words)
    assert all(word[0].isupper() and not word.endswith(".") for word in words)


def test_no_state_is_called_what_a_button_says():
    """A language with other words for what is done and for what was done could not tell them apart."""
    assert not {state.label for state in State} & {step.label for step in transitions.ALL}


def test_no_word_is_left_over():
    assert (STATE_LABELS.keys(), CLOCK_LABELS.keys()) == (set(State), set(ClockKind))


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.DRAFT, None),
        (State.DISCARDED, None),
        (State.SUBMITTED, 1),
        (State.RECEIVED, 2),
        (State.REFUSED, 3),
        (State.IN_APPRAISAL, 4),
        (State.AWAITING_APPROVAL, 4),
        (State.SUPPLEMENT_REQUESTED, 5),
        (State.INFORMATION_REQUESTED, 5),
        (State.WITHDRAWN, 7),
        (State.CLOSED_UNANSWERED, 8),
        (State.VOIDED, 8),
        (State.STOPPED, 8),
        (State.DECIDED, 9),
        (State.RESULT_READY, 9),
        (State.RETURNED, 10),
    ],
)
def test_the_national_code_is_that_of_domain_4_3(state, code):
    assert state.national_code == code
