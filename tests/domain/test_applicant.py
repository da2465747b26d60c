"""Telephone numbers and identity numbers as people type them."""

import pytest

from app.domain.applicant import clean_personal_id, clean_phone
from app.domain.errors import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912345678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("(0203) 3862-233", "02033862233"),
    ],
)
def test_a_telephone_number_is_kept_as_digits(typed, kept):
    assert clean_phone(typed, "phone") == kept


@pytest.mark.parametrize("typed", ["", "912345678", "09123", "0912345678901", "0912abc678"])
def test_what_is_not_a_telephone_number_is_refused_at_its_field(typed):
    with pytest.raises(Refused, match="phone_malformed") as refusal:
        clean_phone(typed, "phone")
    assert refusal.value.field == "phone"


@pytest.mark.parametrize(
    ("typed", "kept"), [("", ""), ("101 234 567", "101234567"), ("022201001234", "022201001234")]
)
def test_an_identity_number_has_nine_or_twelve_digits_or_is_left_out(typed, kept):
    assert clean_personal_id(typed, "personal_id") == kept


@pytest.mark.parametrize("typed", ["123", "1234567890", "12345678X"])
def test_another_identity_number_is_refused(typed):
    with pytest.raises(Refused, match="personal_id_malformed"):
        clean_personal_id(typed, "personal_id")
