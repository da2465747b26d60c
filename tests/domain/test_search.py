"""What people type finds what they mean."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search import fold, one_slip_apart, rank

BIRTH, MARRIAGE, KARAOKE = "Đăng ký khai sinh", "Đăng ký kết hôn", "Cấp giấy phép kinh doanh karaoke"
HOUSEHOLD, COOPERATIVE = "Đăng ký thành lập hộ kinh doanh", "Đăng ký thành lập hợp tác xã"
ITEMS = [(name, fold(name)) for name in (BIRTH, MARRIAGE, KARAOKE, HOUSEHOLD, COOPERATIVE)]


def found(query: str) -> list[str]:
    return rank(query, ITEMS)


def test_folding_takes_accents_case_and_punctuation_away() -> None:
    assert fold("  Đăng  ký KẾT-HÔN (có yếu tố nước ngoài)") == "dang ky ket hon co yeu to nuoc ngoai"


def test_letters_written_as_one_sign_or_as_two_fold_alike() -> None:
    assert fold(unicodedata.normalize("NFD", BIRTH)) == fold(unicodedata.normalize("NFC", BIRTH))


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("khai sinh", BIRTH),
        ("KHAI SINH", BIRTH),
        ("khai sính", BIRTH),
        ("khia sinh", BIRTH),
        ("khaisinh", BIRTH),
        ("kai sinh", BIRTH),
        ("tôi muốn làm khai sinh", BIRTH),
        ("xin kết hôn", MARRIAGE),
        ("ket hon nuoc ngoai", MARRIAGE),
        ("karaok", KARAOKE),
        ("caraoke", KARAOKE),
        ("ho kinh doanh ca the", HOUSEHOLD),
        ("hợp tác xã", COOPERATIVE),
    ],
)
def test_the_meant_procedure_comes_first(query: str, first: str) -> None:
    assert found(query)[0] == first


def test_what_answers_much_less_than_the_best_is_left_out() -> None:
    assert found("khai sinh") == [BIRTH]


def test_equal_answers_keep_their_order() -> None:
    assert found("thành lập") == [HOUSEHOLD, COOPERATIVE]


def test_words_that_nothing_answers_find_nothing() -> None:
    assert found("zzzz") == []


def test_no_words_are_answered_by_everything() -> None:
    assert found(" ?! ") == [name for name, _ in ITEMS]


def test_a_query_of_fillers_only_is_taken_as_it_stands() -> None:
    assert rank("thủ tục", [("a", "thu tuc hanh chinh"), ("b", "khai sinh")]) == ["a"]


def test_nothing_is_found_among_nothing() -> None:
    assert rank("khai sinh", []) == []


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("khai", "khia", True),
        ("khai", "kha", True),
        ("kha", "khai", True),
        ("khai", "khaj", True),
        ("khai", "khai", True),
        ("khai", "khaiii", False),
        ("khai", "kia", False),
        ("khai", "hkia", False),
        ("sinh", "kinh", True),
    ],
)
def test_one_slip_is_a_letter_missing_added_wrong_or_two_swapped(one: str, other: str, apart: bool) -> None:
    assert one_slip_apart(one, other) is apart
    assert one_slip_apart(other, one) is apart


def test_two_letters_are_never_taken_for_a_slip() -> None:
    assert rank("xy", [("a", "xa"), ("b", "ky")]) == []
