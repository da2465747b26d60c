"""The papers as they look and read: every form, odd texts, pictures; nothing of the data is ever source."""

import io
import re
import unicodedata

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from app.domain.papers import Form
from app.services import typesetting
from tests import papers

pytestmark = [pytest.mark.domain, pytest.mark.no_database]

SAMPLES = papers.samples()
MOST_OFF = 0.0001
"""Share of dots that may be further off than two greys: nearly none, since nothing is random."""


@pytest.mark.parametrize("name", SAMPLES)
def test_each_page_looks_like_its_picture(name):
    drawn = list(papers.pages(papers.pdf(SAMPLES[name])))
    kept = [papers.PICTURES / f"{name}-{number}.png" for number in range(1, len(drawn) + 1)]
    assert len(list(papers.PICTURES.glob(f"{name}-*.png"))) == len(drawn)
    for page, picture in zip(drawn, kept, strict=True):
        assert off(page, Image.open(picture).convert("L")) <= MOST_OFF, picture.name


def off(page: Image.Image, picture: Image.Image) -> float:
    assert page.size == picture.size
    distance = ImageChops.difference(page, picture).point(lambda grey: 255 if grey > 2 * papers.STEP else 0)
    return ImageStat.Stat(distance).mean[0] / 255


def test_one_other_word_does_not_look_the_same():
    three, five = (next(papers.pages(papers.pdf(papers.receipt(time=t)))) for t in ("3 ngày", "năm ngày"))
    assert off(three, five) > MOST_OFF


def test_every_form_has_a_sample():
    assert {content["form"] for content in SAMPLES.values()} == {form.value for form in Form}


def test_the_person_authorised_signs_for_handing_in():
    who = SAMPLES["receipt-2025"]["representative"]["name"]
    said = papers.words(papers.pdf(SAMPLES["receipt-2025"]))
    assert said.count(who) == 2  # in the list, and under the signature
    assert said.count(papers.PERSON["name"]) == 1
    assert papers.words(papers.pdf(SAMPLES["receipt-2018"])).count(papers.PERSON["name"]) == 2


def test_the_control_slip_of_a_usual_dossier_is_one_page():
    row = SAMPLES["slip-2025"]["rows"][0] | {"given_by": "Đinh Thị Thanh Yến"}
    taken = row | {"giver": "Bộ phận tiếp nhận và trả kết quả", "taker": "Phòng Tài chính - Kế hoạch"}
    signed = row | {"giver": "Lãnh đạo UBND thành phố Cẩm Phả", "taker": "Bộ phận tiếp nhận và trả kết quả"}
    slip = SAMPLES["slip-2025"] | {"rows": [row, taken, taken, signed, taken]}
    assert len(list(papers.pages(papers.pdf(slip)))) == 1


def test_what_looks_like_source_is_printed_as_text():
    said = papers.words(papers.pdf(SAMPLES["receipt-odd"]))
    for part in (
        "#panic()",
        "*đậm*",
        "_nghiêng_",
        "$x^2$",
        "@nhãn",
        "<nhãn>",
        "`mã`",
        '#import "/etc/passwd"',
    ):
        assert part in said


def test_sixty_papers_long_names_and_parted_letters_all_arrive():
    data = papers.pdf(SAMPLES["receipt-odd"])
    said = papers.words(data)
    assert [n for n in range(1, 59) if f"Giấy tờ thứ {n} chứng" not in said] == []
    assert (
        said.count("STT Tên giấy tờ") == len(pypdfium2.PdfDocument(data)) == 3
    )  # the head of the table on each page
    assert "Nguyễn Thị Ngọc Ánh" in said
    assert unicodedata.is_normalized("NFC", said)
    assert said.count("xuất nhập khẩu") == 12  # twice the name, once the document, four times each
    assert re.sub(r"[\s\u200b]", "", said).count("A" * 300) == 1


def test_vietnamese_can_be_read_out_of_the_paper():
    said = papers.words(papers.pdf(SAMPLES["receipt-2025"]))
    for sentence in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Tiếp nhận hồ sơ của Ông (Bà)/Tổ chức: Nguyễn Thị Minh Hằng",
        "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 27 tháng 11 năm 2026",
        "Vào Sổ theo dõi hồ sơ, Quyển số: 2026, Số thứ tự: 15",
        "Mẫu số 01 (Thông tư số 03/2025/TT-VPCP)",
    ):
        assert sentence in said


def test_the_same_data_gives_the_same_bytes_with_title_tags_and_own_fonts_only():
    data = papers.pdf(SAMPLES["refusal-2025"])
    assert data == papers.pdf(SAMPLES["refusal-2025"])
    document = pikepdf.open(io.BytesIO(data))
    assert str(document.docinfo["/Title"]) == "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ"
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "vi"
    fonts = {str(f.BaseFont) for page in document.pages for f in page.Resources.Font.values()}
    assert fonts
    assert all("LibertinusSerif" in font for font in fonts)


def test_the_qr_leads_to_the_page_of_the_dossier():
    assert "Quét mã để xem hồ sơ 000.00.15.H49-261123-0001" in papers.words(
        papers.pdf(SAMPLES["receipt-2025"])
    )
    first, second = (
        typesetting.qr(link) for link in ("http://localhost/tra-cuu/a", "http://localhost/tra-cuu/b")
    )
    assert first != second
    assert first.startswith("<svg")
