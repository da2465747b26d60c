"""The papers of a one-stop shop: their kinds, the steps they are issued with, and their copy for the mail."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from unicodedata import normalize

from app.domain.language import say
from app.domain.privacy import BLOTTED, blotted, hidden


class Form(StrEnum):
    """A kind of paper; the value is also the name of its template."""

    RECEIPT = "receipt"
    SUPPLEMENT = "supplement"
    REFUSAL = "refusal"
    APOLOGY = "apology"
    STOP_NOTICE = "stop_notice"
    CONTROL_SLIP = "control_slip"
    REGISTER = "register"
    FEE_RECEIPT = "fee_receipt"
    MISMATCH_RECORD = "mismatch_record"

    @property
    def label(self) -> str:
        """What it is called on screen, whatever its layout."""
        return say(FORM_LABELS[self])


FORM_LABELS = {
    Form.RECEIPT: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    Form.SUPPLEMENT: "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    Form.REFUSAL: "Phiếu từ chối tiếp nhận giải quyết hồ sơ",
    Form.APOLOGY: "Phiếu xin lỗi",
    Form.STOP_NOTICE: "Thông báo dừng giải quyết hồ sơ",
    Form.CONTROL_SLIP: "Phiếu kiểm soát quá trình giải quyết hồ sơ",
    Form.REGISTER: "Sổ theo dõi hồ sơ",
    Form.FEE_RECEIPT: "Phiếu thu phí, lệ phí",
    Form.MISMATCH_RECORD: "Biên bản đối chiếu bản gốc không khớp",
}

ISSUED_BY: Mapping[str, Form] = {
    "receive": Form.RECEIPT,
    "request_supplement": Form.SUPPLEMENT,
    "request_information": Form.SUPPLEMENT,
    "refuse": Form.REFUSAL,
    "withdraw": Form.STOP_NOTICE,  # Circular 03/2025/TT-VPCP art. 7: the answer to a request to stop
    "stop": Form.STOP_NOTICE,
    "stop_unanswered": Form.STOP_NOTICE,
    "announce_result": Form.CONTROL_SLIP,
    "void_on_mismatch": Form.MISMATCH_RECORD,
}
"""Transition -> the paper that is issued with it, where the layout knows one."""

MAILED = frozenset({Form.RECEIPT, Form.SUPPLEMENT, Form.REFUSAL, Form.APOLOGY, Form.STOP_NOTICE})
"""Forms 01 to 05: attached to the mail of their step, with personal numbers covered."""

FOR_CITIZEN = MAILED | {Form.FEE_RECEIPT, Form.MISMATCH_RECORD}
"""What the citizen may open; the control slip is the office's own."""


def frozen(value: Any) -> Any:
    """Plain data that prints: letters composed, signs that no paper shows left out, lines kept."""
    if isinstance(value, str):
        return normalize("NFC", "".join(map(_sign, value.replace("\r\n", "\n"))))
    if isinstance(value, Mapping):
        return {key: frozen(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [frozen(part) for part in value]
    return value


def _sign(sign: str) -> str:
    if sign.isprintable() or sign == "\n":
        return sign
    return " " if sign.isspace() else ""


NUMBERS = ("personal_id", "phone")
"""Keys of a person's numbers in the data of a paper."""


def covered(content: Mapping[str, Any]) -> dict[str, Any]:
    """The copy for the mail: numbers of persons to their last digits, addresses not at all (DOMAIN.md 7).

    A number that somebody typed into a reason is blotted out as well.
    """
    people = [part for part in content.values() if isinstance(part, Mapping)]
    numbers = [str(person[key]) for person in people for key in NUMBERS if person.get(key)]
    return {**{key: _cover(key, value, numbers) for key, value in content.items()}, "covered": True}


def _cover(key: str, value: Any, numbers: list[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _cover(name, part, numbers) for name, part in value.items()}
    if isinstance(value, list):
        return [_cover(key, part, numbers) for part in value]
    if not isinstance(value, str) or not value or key in KEPT:
        return value
    if key in NUMBERS:
        return hidden(value)
    return BLOTTED if key == "address" else blotted(value, numbers)


KEPT = frozenset({"link", "code"})
"""Values that a number can only be part of by chance, and that are useless when blotted."""
