"""What people type is stored in one form, and an empty line is no text whatever it is made of."""

import pytest

from app.domain.texts import tidy


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Sai thẩm quyền\n", "Sai thẩm quyền"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("dòng một\ndòng hai", "dòng một\ndòng hai"),
        ("một\0hai", "mộthai"),
        ("\u200bcó chữ", "\u200bcó chữ"),
        ("", ""),
        (" \u00a0\u3000\n", ""),
        ("\u200b\u200d\ufeff", ""),
        (" \u200b\u2060 ", ""),
        ("\0", ""),
    ],
)
def test_one_form_of_every_text(typed: str, stored: str) -> None:
    assert tidy(typed) == stored
