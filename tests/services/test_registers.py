"""The register of a year, as PDF and spreadsheet."""

import io
from datetime import date, datetime
from itertools import chain, repeat

import openpyxl
import pypdfium2
import pytest
from sqlalchemy import insert, select

from app.domain.clock import LOCAL
from app.domain.errors import NotAllowed, NotFound
from app.extensions import db
from app.models.dossier import Dossier
from app.models.exports import FileFormat
from app.models.handling import Journal
from app.services import apologies, registers
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def sheet(who, year) -> list[tuple]:
    file = io.BytesIO()
    registers.take(who, year, FileFormat.XLSX, file)
    book = openpyxl.load_workbook(file, read_only=True)
    return [tuple(cell or "" for cell in row) for row in book.active.iter_rows(values_only=True)]


def pages(who, year) -> list[str]:
    file = io.BytesIO()
    registers.take(who, year, FileFormat.PDF, file)
    document = pypdfium2.PdfDocument(file.getvalue())
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_a_year_lists_what_was_taken_in_with_every_column_of_the_form():
    dossier = make.returned()
    make.submitted()  # not taken in yet
    heading, over, columns, *rows = sheet(make.officer(), 2026)
    assert heading[0] == "Sổ theo dõi hồ sơ 2026, UBND thành phố Cẩm Phả"
    assert over[registers.OVER] == registers.GROUP
    assert columns[registers.OVER] == "Nhận hồ sơ"
    assert list(columns) == [label for label, _ in registers.COLUMNS]
    assert rows == [
        (
            1, dossier.code, "Đăng ký thành lập hộ kinh doanh", "Nguyễn Thị Minh Hằng",
            "Tổ 3, khu 5, phường Cẩm Bình, 0912345678", "Phòng Tài chính - Kế hoạch", "09:20, 23/11/2026",
            "17:00, 27/11/2026", "09:20, 23/11/2026", "Trung tâm Hành chính công thành phố Cẩm Phả", "",
        )
    ]  # fmt: skip


def test_the_printed_year_says_the_same_and_carries_its_number():
    dossier = make.voided()
    (page,) = pages(make.leader(), 2026)
    for part in (
        "2026/STD-TTPVHCC",
        "SỔ THEO DÕI HỒ SƠ",
        "Nguyễn Thị Minh Hằng",
        "Đã hủy kết quả",
        "Trang 1",
    ):
        assert part in page
    assert dossier.code[-11:] in page.replace(" ", "")


def test_a_year_without_dossiers_is_an_empty_book_of_its_own_layout():
    (page,) = pages(make.officer(), 2017)
    assert "TRUNG TÂM HÀNH CHÍNH CÔNG" in page
    assert "2017/STD-TTHCC" in page
    assert len(sheet(make.officer(), 2017)) == 3


def test_a_promised_day_stands_beside_the_legal_one(moment):
    dossier = make.in_appraisal()
    moment.move_to(datetime(2026, 11, 26, 9, 0, tzinfo=LOCAL))
    apologies.draft_due()
    apologies.sign(make.leader(), dossier.id, "Thiếu người", date(2026, 12, 1))
    *_, row = sheet(make.officer(), 2026)
    assert row[7] == "17:00, 27/11/2026; hẹn lại 01/12/2026"
    assert row[8] == ""


def test_what_looks_like_a_formula_stays_text():
    dossier = make.received()
    dossier.applicant_name = '=HYPERLINK("http://evil.example","x")'
    db.session.commit()
    *_, row = sheet(make.officer(), 2026)
    assert row[3] == '=HYPERLINK("http://evil.example","x")'


def test_a_large_year_is_set_in_parts_with_running_page_numbers(monkeypatch):
    monkeypatch.setattr(registers, "ROWS_OF_A_PART", 3)
    copies(make.received(), 6)
    found = pages(make.officer(), 2026)
    assert [page.rsplit(" ", 2)[-2:] for page in found] == [["Trang", "1"], ["Trang", "2"], ["Trang", "3"]]
    assert ["CỘNG HÒA" in page for page in found] == [True, False, False]
    monkeypatch.setattr(registers, "AT_ONCE", 3)
    for file_format, told in ((FileFormat.PDF, [3, 6, 7]), (FileFormat.XLSX, [3, 6])):
        heard = []
        registers.write(make.officer(), 2026, file_format, io.BytesIO(), heard.append)
        assert heard == told


def test_the_years_are_offered_from_the_first_dossier_on(moment):
    make.received()
    moment.move_to(datetime(2028, 1, 3, 9, 0, tzinfo=LOCAL))
    assert [(y.year, y.dossiers) for y in registers.years(make.officer())] == [
        (2028, 0),
        (2027, 0),
        (2026, 1),
    ]
    assert [(y.year, y.dossiers) for y in registers.years(make.leader("Cẩm Bình"))] == [(2028, 0)]


def test_the_book_is_the_agencys_own_and_taking_it_is_journalled():
    make.received()
    assert len(sheet(make.officer("Cẩm Bình"), 2026)) == 3
    taken = db.session.scalars(select(Journal.details).where(Journal.key == "register_opened")).all()
    assert taken == [{"year": 2026, "format": "xlsx", "agency": "UBND phường Cẩm Bình"}]


@pytest.mark.parametrize("year", [1000, 2014, 9999])
def test_an_odd_year_has_no_book(year):
    with pytest.raises(NotFound):
        pages(make.officer(), year)
    assert db.session.scalars(select(Journal.id).where(Journal.key == "register_opened")).all() == []


def test_others_get_none():
    dossier = make.in_appraisal()
    for who in (make.citizen(), make.specialist(dossier), make.administrator()):
        for take in (
            registers.years,
            lambda a: sheet(a, 2026),
            lambda a: pages(a, 2026),
        ):
            with pytest.raises(NotAllowed):
                take(who)


def copies(dossier: Dossier, number: int) -> None:
    """That many more dossiers like this one; rows only, for a long list."""
    like = {c.name: getattr(dossier, c.key) for c in Dossier.__table__.columns if c.name != "id"}
    unlike = (
        {"code": f"{dossier.code}-{n}", "reference": f"N-{n}", "secret": f"s-{n}"}
        for n in chain(range(number))
    )
    db.session.execute(insert(Dossier), [a | b for a, b in zip(repeat(like), unlike)])
    db.session.commit()
