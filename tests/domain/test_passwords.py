"""What a password must be, and how names and addresses of accounts are written."""

import unicodedata

import pytest

from app.domain import passwords
from app.domain.errors import Refused
from app.domain.people import clean_email, clean_username, split_name


def refusal(rule, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        rule(*args, **kwargs)
    return caught.value


@pytest.mark.parametrize(
    "password",
    [
        "trà đá vỉa hè",
        "Than-Đá mùa thu 7",
        "8391047265",
        "x9#kT!m2Qw",
        "con mèo xanh",
        "p" * 5 + "aq" * 3 + "zxcv",
    ],
)
def test_a_long_unusual_password_is_good(password):
    passwords.check(password, ("hang@example.com", "0912345678"))


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("", "password_too_short"),
        ("chín ký tự"[:9], "password_too_short"),
        ("dài" * 50, "password_too_long"),
        ("trà đá vỉa hè\0", "password_unprintable"),
        ("hangnguyen và mèo", "password_contains_name"),
        ("NGUYỄN thị HẰNG 1", "password_contains_name"),
        ("0912.345.678", "password_contains_name"),
        ("matkhau123", "password_too_common"),
        ("Mật khẩu 2016", "password_too_common"),
        ("P@ssword!!2024".replace("@", "a"), "password_too_common"),
        ("aaaaaaaaaaaa", "password_too_common"),
        ("abc1abc1abc1", "password_too_common"),
        ("abcdeabcdeab", "password_too_common"),
        ("1234567890", "password_too_common"),
        ("0987654321", "password_too_common"),
        ("qwertyuiop", "password_too_common"),
        ("poiuytrewq", "password_too_common"),
    ],
)
def test_an_easy_password_is_refused_with_the_rule_it_breaks(password, key):
    names = ("hangnguyen@example.com", "0912345678", "", "Nguyễn Thị Hằng")
    error = refusal(passwords.check, password, names, field="new")
    assert (error.key, error.field) == (key, "new")


def test_ten_signs_are_enough_and_128_are_allowed():
    passwords.check("mưa rào 9h")
    passwords.check("mưa rào và nắng hạn " * 3 + "q" * 68)
    assert refusal(passwords.check, "mưa rào 9").params == {"shortest": 10}


def test_a_name_too_short_to_mean_anything_forbids_nothing():
    passwords.check("bàn ăn trên lầu", ("an@example.com",))


def test_both_ways_of_writing_a_vietnamese_letter_are_one_password():
    split = unicodedata.normalize("NFD", "trà đá vỉa hè")
    assert split != "trà đá vỉa hè"
    assert passwords.normalised(split) == passwords.normalised("trà đá vỉa hè")


@pytest.mark.parametrize(
    ("full_name", "parts"),
    [
        ("Nguyễn Thị Minh Hằng", ("Nguyễn Thị Minh", "Hằng")),
        ("  Lò   Y  ", ("Lò", "Y")),
        ("Trần O’Brien-Lê", ("Trần", "O’Brien-Lê")),
        (unicodedata.normalize("NFD", "Đỗ Quyết"), ("Đỗ", "Quyết")),
    ],
)
def test_the_given_name_is_the_last_word(full_name, parts):
    assert split_name(full_name) == parts


@pytest.mark.parametrize(
    "full_name",
    ["", "Hằng", "Nguyễn 2", "Vào www.example.com ngay", "http://a.b c", "A <b>", "Nguyễn\x00 An"],
)
def test_a_name_is_letters_only_so_that_it_cannot_carry_a_link_into_a_mail(full_name):
    error = refusal(split_name, full_name)
    assert (error.key, error.field) == ("full_name_incomplete", "full_name")


def test_a_name_fits_its_columns():
    assert refusal(split_name, "A" * 65 + " An").key == "text_too_long"
    assert refusal(split_name, "An " + "A" * 65).key == "text_too_long"
    assert split_name("A" * 64 + " " + "B" * 64) == ("A" * 64, "B" * 64)


def test_one_mailbox_is_written_one_way():
    assert clean_email(" Hang.Nguyen@Example.COM ") == "hang.nguyen@example.com"


@pytest.mark.parametrize(
    "text", ["", "hang", "hang@", "hằng@example.com", "a@b\nBcc: c@example.com", "a b@example.com"]
)
def test_what_is_no_mail_address_is_refused(text):
    error = refusal(clean_email, text, "new_email")
    assert (error.key, error.field) == ("email_malformed", "new_email")


def test_a_staff_name_is_never_a_mail_address():
    assert clean_username(" TN.CamBinh-1 ") == "tn.cambinh-1"
    for text in ("a@example.com", "ab", "1abc", "a b c", "lê.hằng", "a" * 41):
        assert refusal(clean_username, text).key == "username_malformed"
