"""What a person typed into one of our own forms, read as what it should be, or refused with its field."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from flask import request

from app.domain.errors import Refused
from app.domain.texts import tidy

LONGEST_TEXT = 5000
"""Signs in a reason, opinion, note or message."""
LONGEST_NUMBER = 60
"""Signs in the number of an official paper or receipt."""
LARGEST_KEY = 2**63 - 1
LARGEST_SUM = 2**31 - 1
THOUSANDS = re.compile(r"\d{1,3}([. ]\d{3})+|\d+")
DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")

Member = TypeVar("Member", bound=StrEnum)


def text(name: str, limit: int = LONGEST_TEXT) -> str:
    """The text without surrounding blanks; Refused when it is longer than the column behind it."""
    found = tidy(request.form.get(name, ""))
    if len(found) > limit:
        raise Refused("text_too_long", field=name, longest=limit)
    return found


def key(value: str | None) -> int | None:
    """The key of a row, or None when it is no number that a key can be."""
    if value is None or not value.isascii() or not value.isdecimal() or len(value) > len(str(LARGEST_KEY)):
        return None
    found = int(value)
    return found if found <= LARGEST_KEY else None


def money(name: str) -> int:
    """Đồng, written 100000, 100.000 or "100 000 đồng"; Refused("amount_not_a_sum")."""
    found = request.form.get(name, "").replace("\xa0", " ").strip().lower()
    found = found.removesuffix("đồng").removesuffix("đ").strip()
    if not found.isascii() or not THOUSANDS.fullmatch(found):
        raise Refused("amount_not_a_sum", field=name)
    amount = int(found.replace(".", "").replace(" ", ""))
    if amount > LARGEST_SUM:
        raise Refused("amount_not_a_sum", field=name)
    return amount


def day(name: str) -> date:
    """A date as the browser sends it or as people write it; Refused("day_malformed")."""
    return read_day(request.form.get(name, ""), name)


def read_day(words: str, name: str) -> date:
    """The same, of any words; ``name`` is the field to mend."""
    found = words.strip()
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(found, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Refused("day_malformed", field=name)


def choice(enum: type[Member], name: str, refusal: str) -> Member:
    """One member of the enum; Refused with the key given when none was chosen."""
    try:
        return enum(request.form.get(name, ""))
    except ValueError:
        raise Refused(refusal, field=name) from None


def file(name: str) -> bytes | None:
    """The bytes of an uploaded file; None when none was chosen."""
    found = request.files.get(name)
    return bytes(found.read()) if found is not None and found.filename else None


def files(name: str) -> list[bytes]:
    """The bytes of every uploaded file of a field; an empty file input sends one without a name."""
    return [bytes(found.read()) for found in request.files.getlist(name) if found.filename]
