"""The papers of a one-stop shop: which forms the law knows when, what they are called and how they are numbered.

Sources: Decision 09/2015/QĐ-TTg; Decree 61/2018/NĐ-CP with Circular 01/2018/TT-VPCP; Decree 118/2025/NĐ-CP with
Circular 03/2025/TT-VPCP. A dossier keeps the layout in force on the day it was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
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


@dataclass(frozen=True)
class Sheet:
    """One form of a layout: its heading, its number among the forms, and the letters in its serial."""

    title: str
    mark: str = ""
    letters: str = ""


@dataclass(frozen=True)
class Office:
    """The one-stop unit of a level, as the papers of a layout name it."""

    name: str
    letters: str


@dataclass(frozen=True)
class Layout:
    """The forms in force from a day on, until the next layout begins."""

    key: str
    valid_from: date
    basis: str
    offices: Mapping[str, Office]
    sheets: Mapping[Form, Sheet] = field(default_factory=dict)


RECEIPT = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"
SUPPLEMENT = "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ"
REFUSAL = "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ"
CONTROL_SLIP = "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ"
REGISTER = "SỔ THEO DÕI HỒ SƠ"
WARD = Office("BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ", "BPTNTKQ")
CENTRE = Office("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "TTPVHCC")
OWN = {
    Form.FEE_RECEIPT: Sheet("PHIẾU THU PHÍ, LỆ PHÍ"),
    Form.MISMATCH_RECORD: Sheet("BIÊN BẢN ĐỐI CHIẾU BẢN GỐC KHÔNG KHỚP", letters="BB-{office}"),
}
"""Papers of this service that no list of forms knows."""

LAYOUTS = (
    Layout(
        "2016",
        date(2015, 5, 15),
        "Quyết định số 09/2015/QĐ-TTg",
        {"city": Office("TRUNG TÂM HÀNH CHÍNH CÔNG", "TTHCC"), "ward": WARD},
        OWN
        | {
            Form.RECEIPT: Sheet(RECEIPT, letters="{office}"),
            Form.SUPPLEMENT: Sheet("PHIẾU HƯỚNG DẪN HOÀN THIỆN HỒ SƠ", letters="PHD-{office}"),
            # The Decision wants the apology in writing and has no form for it.
            Form.APOLOGY: Sheet("VĂN BẢN XIN LỖI", letters="XL-{office}"),
            Form.CONTROL_SLIP: Sheet(CONTROL_SLIP, letters="PKS-{office}"),
            Form.REGISTER: Sheet(REGISTER, letters="STD-{office}"),
        },
    ),
    Layout(
        "2018",
        date(2018, 6, 21),
        "Thông tư số 01/2018/TT-VPCP",
        {"city": CENTRE, "ward": WARD},
        OWN
        | {
            Form.RECEIPT: Sheet(RECEIPT, "01", "{office}"),
            Form.SUPPLEMENT: Sheet(SUPPLEMENT, "02", "PBS-{office}"),
            Form.REFUSAL: Sheet(REFUSAL, "03", "PTC-{office}"),
            Form.APOLOGY: Sheet("PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "04", "PXL"),
            Form.CONTROL_SLIP: Sheet(CONTROL_SLIP, "05", "PKS-{office}"),
            Form.REGISTER: Sheet(REGISTER, "06", "STD-{office}"),
        },
    ),
    Layout(
        "2025",
        date(2025, 7, 1),
        "Thông tư số 03/2025/TT-VPCP",
        {"city": CENTRE, "ward": CENTRE},
        OWN
        | {
            Form.RECEIPT: Sheet(RECEIPT, "01", "{office}"),
            Form.SUPPLEMENT: Sheet(SUPPLEMENT, "02", "PBS-{office}"),
            Form.REFUSAL: Sheet(REFUSAL, "03", "PTC-{office}"),
            Form.APOLOGY: Sheet("PHIẾU XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT", "04", "PXL"),
            Form.STOP_NOTICE: Sheet("THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "05", "TBD-{office}"),
            Form.CONTROL_SLIP: Sheet(CONTROL_SLIP, "06", "PKS-{office}"),
            Form.REGISTER: Sheet(REGISTER, "07", "STD-{office}"),
        },
    ),
)
"""In the order of their days."""


def layout_on(day: date) -> Layout:
    """The layout in force on a day; the oldest one for days before it."""
    return next((layout for layout in reversed(LAYOUTS) if layout.valid_from <= day), LAYOUTS[0])


def numbered(layout: Layout, form: Form, level: str, serial: int) -> str:
    """The number on the paper: 15/PBS-TTPVHCC."""
    letters = layout.sheets[form].letters.format(office=layout.offices[level].letters)
    return f"{serial:02d}/{letters}"


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
