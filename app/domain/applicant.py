"""Numbers that a Vietnamese applicant declares."""

import re

from app.domain.errors import Refused

PHONE = re.compile(r"0\d{9,10}")
PERSONAL_ID = re.compile(r"\d{9}|\d{12}")


def clean_phone(text: str, field: str) -> str:
    """Digits of a Vietnamese telephone number (10 or 11, from 0; +84 becomes 0); Refused otherwise."""
    digits = re.sub(r"[\s.\-()]", "", text)
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    if not PHONE.fullmatch(digits):
        raise Refused("phone_malformed", field=field)
    return digits


def clean_personal_id(text: str, field: str) -> str:
    """Nine digits (old identity card) or twelve (citizen identity); empty stays empty. Refused otherwise."""
    digits = re.sub(r"[\s.]", "", text)
    if digits and not PERSONAL_ID.fullmatch(digits):
        raise Refused("personal_id_malformed", field=field)
    return digits
