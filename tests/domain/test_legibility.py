"""Advice about photographs that are too small to be read."""

import pytest

from app.domain.legibility import hard_to_read


@pytest.mark.parametrize(
    ("media_type", "width", "height", "hard"),
    [
        ("image/jpeg", 599, 4000, True),
        ("image/jpeg", 4000, 599, True),
        ("image/jpeg", 600, 600, False),
        ("image/png", 60, 80, True),
        ("application/pdf", 595, 842, False),
    ],
)
def test_a_picture_narrower_than_a_page_of_72_dots_is_hard_to_read_and_a_pdf_never(
    media_type, width, height, hard
):
    assert hard_to_read(media_type, width, height) is hard
