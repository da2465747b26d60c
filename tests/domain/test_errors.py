"""Refusals carry a reason key, the field to mend and the facts of their sentence."""

import pytest

from app.actor import STATUS, as_json, status_of
from app.domain import errors
from app.domain.errors import Conflict, DomainError, NotAllowed, NotFound, Refused, TooManyAttempts

pytestmark = pytest.mark.no_database


def test_a_refusal_says_its_key_and_its_facts():
    assert str(Refused("fee_not_paid", left=100_000)) == "fee_not_paid {'left': 100000}"
    assert str(NotFound("no_such_dossier")) == "no_such_dossier"


def test_the_field_is_no_fact_of_the_sentence():
    refusal = Refused("message_too_long", field="body", limit=5000)
    assert (refusal.field, dict(refusal.params)) == ("body", {"limit": 5000})


@pytest.mark.parametrize(
    ("kind", "status"),
    [(NotAllowed, 403), (NotFound, 404), (Conflict, 409), (Refused, 422), (TooManyAttempts, 429)],
)
def test_each_kind_has_its_http_status(kind, status):
    assert status_of(kind("no_such_dossier")) == status


def test_no_kind_is_without_a_status():
    kinds = {k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, DomainError)}
    assert STATUS.keys() == kinds - {DomainError}


def test_machines_get_key_sentence_and_field():
    assert as_json(Refused("fee_not_paid", field="amount", left=100_000)) == {
        "error": "fee_not_paid",
        "message": "Còn 100.000 đồng chưa thu hoặc chưa ghi miễn.",
        "field": "amount",
    }
