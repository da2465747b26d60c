"""How dates, sums and masked names are written (LOOK.md §5)."""

from datetime import UTC, date, datetime

import pytest

from app.models.organisation import Level
from app.web import formats

MORNING = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
"""09:20 in the city."""


@pytest.fixture(autouse=True)
def request_of_a_citizen(bare_app):
    with bare_app.test_request_context("/"):
        yield


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 24), "24/11/2026"),
        (date(2026, 7, 1), "01/7/2026"),
        (date(2026, 2, 9), "09/02/2026"),
        (date(2026, 1, 31), "31/01/2026"),
        (date(2026, 3, 10), "10/3/2026"),
        (date(2026, 12, 5), "05/12/2026"),
        (MORNING, "24/11/2026"),
        (datetime(2026, 11, 23, 17, 30, tzinfo=UTC), "24/11/2026"),
        (None, ""),
    ],
)
def test_days_and_early_months_carry_a_zero_and_the_city_s_day_counts(day, written):
    assert formats.ngay(day) == written


def test_times_are_those_of_the_city():
    assert formats.gio(MORNING) == "09:20"
    assert formats.luc(MORNING) == "09:20, 24/11/2026"
    assert formats.cau_gio(MORNING) == "09:20 thứ Ba, 24/11/2026"
    assert formats.thu(date(2026, 11, 29)) == "Chủ nhật"
    assert formats.hoa(formats.thu(MORNING)) == "Thứ Ba"
    assert (formats.gio(None), formats.luc(None), formats.cau_gio(None), formats.thu(None)) == (
        "",
        "",
        "",
        "",
    )


def test_weekdays_are_english_on_english_pages(bare_app):
    with bare_app.test_request_context("/?_l_=en"):
        assert formats.thu(MORNING) == "Tuesday"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (42, "42 phút"),
        (60, "1 giờ"),
        (285, "4 giờ 45 phút"),
        (480, "8 giờ"),
        (600, "1 ngày 2 giờ"),
        (653, "1 ngày 2 giờ 53 phút"),
        (960, "2 ngày"),
        (1445, "3 ngày 5 phút"),
        (0.2, "dưới 1 phút"),
        (None, ""),
    ],
)
def test_working_time_is_said_in_days_of_eight_hours(minutes, words):
    assert formats.khoang(minutes) == words


def test_numbers_and_sums_are_written_the_vietnamese_way():
    assert formats.so(1284) == "1.284"
    assert formats.so(97.8) == "97,8"
    assert formats.so(1234567.5) == "1.234.567,5"
    assert formats.dong(100000) == "100.000 đồng"
    assert formats.dong(0) == "0 đồng"
    assert (formats.so(None), formats.dong(None)) == ("", "")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Nguyễn Thị Minh Hằng", "Nguyễn T. M. H."),
        ("Trần  An", "Trần A."),
        ("Hoa", "Hoa"),
        ("", ""),
        (None, ""),
        ("Lê đức anh", "Lê Đ. A."),
    ],
)
def test_a_name_is_masked_but_for_the_family(name, masked):
    assert formats.che_ten(name) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("hang.nguyen@example.vn", "ha•••@example.vn"),
        ("ab@example.vn", "a•••@example.vn"),
        ("a@example.vn", "•••@example.vn"),
        ("no address", ""),
        (None, ""),
    ],
)
def test_an_address_is_masked_but_for_two_signs(address, masked):
    assert formats.che_email(address) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("0912345678", "•••••••678"), ("1234", "••34"), ("12", "•2"), ("1", "•"), (None, "")],
)
def test_a_number_is_masked_and_never_shown_whole(number, masked):
    assert formats.che_so(number) == masked


def test_a_cell_is_written_by_its_kind():
    assert formats.o(True) == "Có"
    assert formats.o(False) == "Không"
    assert formats.o(None) == "–"
    assert formats.o("") == "–"
    assert formats.o(MORNING) == "09:20, 24/11/2026"
    assert formats.o(date(2026, 7, 1)) == "01/7/2026"
    assert formats.o(Level.WARD) == "Cấp phường, xã"
    assert formats.o(0) == 0
    assert formats.o([True, "x"]) == "Có; x"
    assert formats.o([]) == "–"


def test_the_error_of_a_field_is_its_first_sentence_however_nested():
    assert formats.loi(["a", "b"]) == "a"
    assert formats.loi({"x": ["a"]}) == "a"
    assert formats.loi([{}, {"y": ["b"]}]) == "b"
    assert formats.loi("c") == "c"
    assert formats.loi([]) == ""


def test_every_format_is_a_filter_of_the_same_name(bare_app):
    for function in formats.FILTERS:
        assert bare_app.jinja_env.filters[function.__name__] is function
