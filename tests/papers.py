"""Sample papers of every form and layout, and the pictures that their pages are compared with.

`python -m tests.papers` takes the pictures anew, after a layout was changed on purpose: look at each before it is
kept. PDFium brings its own rasteriser, so a page looks the same on every machine; what another release of it would
draw a little differently at the edges of letters is allowed for in the test.
"""

import io
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from app.domain.layouts import LAYOUTS
from app.domain.papers import Form, covered, frozen
from app.services import registers, typesetting

PICTURES = Path(__file__).with_name("pictures")
AT = datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
SCALE = 0.85
STEP = 17
"""Between two of the fifteen greys that a picture keeps, so that it is small."""
MARKUP = '#panic() *đậm* _nghiêng_ $x^2$ @nhãn <nhãn> `mã` \\ // /* = - + #import "/etc/passwd": * \u202e'
"""What Typst would act on if it were read as source."""
LONG = "Công ty trách nhiệm hữu hạn một thành viên thương mại dịch vụ xuất nhập khẩu " * 4
DUE = "17 giờ 00 phút, ngày 27 tháng 11 năm 2026"
NOW = "09 giờ 20 phút, ngày 23 tháng 11 năm 2026"
PLACE = "Trung tâm Hành chính công thành phố Cẩm Phả, Số 376 đường Trần Phú, phường Cẩm Trung"
PERSON = {
    "name": "Nguyễn Thị Minh Hằng",
    "personal_id": "022185001234",
    "address": "Tổ 3, khu 5, phường Cẩm Bình",
    "phone": "0912345678",
    "email": "hang@example.com",
}


def paper(form: Form, layout: int = 2, **said: Any) -> dict[str, Any]:
    """The content of a paper as the services hand it over."""
    found = LAYOUTS[layout]
    sheet = found.sheets[form]
    common = {
        "form": form.value,
        "layout": found.key,
        "title": sheet.title,
        "mark": sheet.mark,
        "basis": found.basis,
        "authority": "Ủy ban nhân dân thành phố Cẩm Phả",
        "office": found.offices["city"].name,
        "town": "Cẩm Phả",
        "hotline": "033.3.502.900",
        "day": "ngày 23 tháng 11 năm 2026",
        "code": "000.00.15.H49-261123-0001",
        "link": "http://localhost/tra-cuu/Zx3kq0V4mD8sWn5uT1yB7rHcL2pF6gJe",
        "procedure": "Đăng ký thành lập hộ kinh doanh",
        "request": "",
        "applicant": PERSON,
        "representative": None,
        "officer": "Vũ Hữu Tuấn",
        "reason": "",
        "number": f"15/{sheet.letters.format(office=found.offices['city'].letters)}",
        "serial": 15,
        "pictures": [],
    }
    return frozen(common | said | {"qr": typesetting.qr(common["link"])})


def documents(number: int) -> list[dict[str, Any]]:
    return [
        {
            "name": f"Giấy tờ thứ {n} chứng minh điều kiện kinh doanh",
            "kind": "Bản sao chứng thực",
            "quantity": n % 3 + 1,
        }
        for n in range(1, number + 1)
    ]


def receipt(layout: int = 2, **said: Any) -> dict[str, Any]:
    usual = {
        "documents": documents(2),
        "time": "3 ngày làm việc",
        "received": NOW,
        "due": DUE,
        "place": PLACE,
        "fees": [{"name": "Lệ phí", "amount": "100.000 đồng"}],
        "book": "2026",
    }
    return paper(Form.RECEIPT, layout, **(usual | said))


ITEMS = [
    {"document": "Chứng minh nhân dân", "kind": "Ảnh không đọc được", "description": "Chụp lại trang 1"},
    {"document": "", "kind": "Cần giải trình", "description": "Vốn kinh doanh"},
]


def picture() -> dict[str, str]:
    """A scan with something to see: stripes that a wrong size or turn would show."""
    stripes = Image.new("RGB", (300, 420), "white")
    stripes.paste("navy", (0, 0, 300, 60))
    stripes.paste("firebrick", (0, 60, 60, 420))
    file = io.BytesIO()
    stripes.save(file, "JPEG", quality=90)
    return {"caption": "Chứng minh nhân dân, trang 1 trên 1", "svg": typesetting.picture(file.getvalue())}


def samples() -> dict[str, dict[str, Any]]:
    """Name -> content."""
    return {
        "receipt-2016": receipt(0),
        "receipt-2018": receipt(1),
        "receipt-2025": receipt(
            representative={"name": "Trần Văn Quyết", "personal_id": "022085009876", "phone": "0987654321"}
        ),
        "receipt-covered": covered(receipt(request="Gọi tôi số 0912 345 678")),
        "receipt-odd": receipt(
            documents=[*documents(58), {"name": MARKUP, "kind": MARKUP, "quantity": 1},
                       {"name": LONG, "kind": "Bản sao", "quantity": 1}],
            applicant=PERSON | {"name": unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh, " + LONG)},
            request=MARKUP + "\n" + "A" * 300,
        ),
        "supplement-2016": paper(Form.SUPPLEMENT, 0, items=ITEMS, due=DUE, reason="Ảnh bị mờ"),
        "supplement-2018": paper(Form.SUPPLEMENT, 1, items=ITEMS, due=DUE, reason="Ảnh bị mờ"),
        "supplement-2025": paper(Form.SUPPLEMENT, items=ITEMS, due=DUE, reason="Ảnh bị mờ"),
        "refusal-2025": paper(Form.REFUSAL, reason="Không thuộc thẩm quyền.\nMời nộp tại tỉnh."),
        "stop-2025": paper(Form.STOP_NOTICE, reason="Đổi ý", asked=NOW, before="Đang thẩm định", paid="100.000 đồng"),
        "apology-2018": paper(Form.APOLOGY, 1, reason="Phòng thiếu người", received=NOW, due=DUE,
                              promised="ngày 01 tháng 12 năm 2026"),
        "slip-2025": paper(Form.CONTROL_SLIP, department="Phòng Tài chính - Kế hoạch", received=NOW, due=DUE, rows=[
            {"giver": "Nguyễn Thị Minh Hằng", "taker": "Bộ phận tiếp nhận và trả kết quả", "at": "09:20, 23/11/2026",
             "given_by": "", "taken_by": "Vũ Hữu Tuấn", "verdict": "Trước hạn", "note": ""},
            {"giver": "Phòng Tài chính - Kế hoạch", "taker": "Lãnh đạo UBND", "at": "09:20, 30/11/2026",
             "given_by": "Đinh Thị Thanh Yến", "taken_by": "", "verdict": "Quá hạn", "note": "Trình từ chối giải quyết"},
        ]),
        "fee-2025": paper(Form.FEE_RECEIPT, number="BL-0001", serial=None, receipt="BL-0001", place=PLACE, taken=NOW,
                          fees=[{"name": "Lệ phí", "amount": "100.000 đồng"}], amount="100.000 đồng",
                          in_words="một trăm nghìn đồng"),
        "record-2025": paper(Form.MISMATCH_RECORD, at=NOW, place=PLACE, result="12/QĐ-UBND",
                             authority_told="Thanh tra thành phố Cẩm Phả", reason="Bản gốc mang tên người khác",
                             checks=[{"name": "Chứng minh nhân dân", "verdict": "Không khớp", "description": "Tên khác"}],
                             pictures=[picture(), picture()]),
        "register-2025": paper(Form.REGISTER, number="2026/STD-TTPVHCC", year=2026, first_page=1, group=registers.GROUP,
                               columns=[label for label, _ in registers.COLUMNS], rows=[
            ["1", "000.00.15.H49-261123-0001", "Đăng ký thành lập hộ kinh doanh", "Nguyễn Thị Minh Hằng",
             "Tổ 3, khu 5, phường Cẩm Bình, 0912345678", "Phòng Tài chính - Kế hoạch", "09:20, 23/11/2026",
             "17:00, 27/11/2026; hẹn lại 01/12/2026", "09:20, 01/12/2026", PLACE, ""],
        ]),
    }  # fmt: skip


def pdf(content: dict[str, Any]) -> bytes:
    return typesetting.pdf(content["form"], content, AT)


def pages(data: bytes) -> Iterator[Image.Image]:
    """The pages as small pictures of few greys."""
    for page in pypdfium2.PdfDocument(data):
        drawn = page.render(scale=SCALE, grayscale=True).to_pil().convert("L")
        yield drawn.point(lambda grey: grey // STEP * STEP)


def words(data: bytes) -> str:
    """The words of all pages, on one line."""
    document = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    for name, content in samples().items():
        for number, page in enumerate(pages(pdf(content)), start=1):
            page.save(PICTURES / f"{name}-{number}.png", optimize=True)


if __name__ == "__main__":
    main()
