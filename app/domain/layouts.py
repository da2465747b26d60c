"""Which forms the law knows when, what they are called on paper and how they are numbered.

Sources: Decision 09/2015/QĐ-TTg; Decree 61/2018/NĐ-CP with Circular 01/2018/TT-VPCP; Decree 118/2025/NĐ-CP with
Circular 03/2025/TT-VPCP. A dossier keeps the layout in force on the day it was sent. Papers are Vietnamese.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.domain.papers import Form


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
