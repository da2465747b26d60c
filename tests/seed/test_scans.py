"""The demonstration's scans are accepted like any citizen's, small, and always the same."""

import io
from collections.abc import Iterator
from typing import get_args

import pytest
from PIL import Image

from app.domain.scans import inspect, render_page
from seed import scans
from seed.scans import Kind, draw

TITLE = "ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP XÂY DỰNG"
LINES = ["Họ và tên: Nguyễn Thị Hồng Hạnh", "Nơi thường trú: phường Cẩm Phả, tỉnh Quảng Ninh"]
KINDS: tuple[Kind, ...] = get_args(Kind)
EXTENSIONS = {"pdf": "pdf", "jpeg": "jpg", "png": "png", "heic": "heic", "tiff": "tif"}


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without any font."""
    monkeypatch.setattr(scans, "SERIFS", (("no-such.ttf", "no-such.ttf"),))
    scans._files.cache_clear()
    scans._font.cache_clear()
    yield
    scans._files.cache_clear()
    scans._font.cache_clear()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [1, 2])
def test_accepted_and_small(kind: Kind, seed: int) -> None:
    data = draw(TITLE, LINES, kind, seed)
    found = inspect(data)
    assert found.extension == EXTENSIONS[kind]
    assert found.pages == (2 if seed == 1 and kind in ("pdf", "tiff") else 1)
    assert 4_000 < len(data) < 80_000


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_for_the_same_arguments(kind: Kind) -> None:
    assert draw(TITLE, LINES, kind, 7) == draw(TITLE, LINES, kind, 7)
    assert draw(TITLE, LINES, kind, 7) != draw(TITLE, LINES, kind, 8)


@pytest.mark.parametrize("kind", ["pdf", "tiff"])
def test_long_papers_go_on_overleaf(kind: Kind) -> None:
    assert inspect(draw(TITLE, LINES * 20, kind, 2)).pages >= 3


def test_a_photograph_shows_the_first_page_only() -> None:
    assert inspect(draw(TITLE, LINES * 12, "jpeg", 2)).pages == 1


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png", "heic"])
def test_the_stamp_is_red(kind: Kind) -> None:
    data = draw(TITLE, LINES, kind, 2)
    page = Image.open(io.BytesIO(render_page(data, inspect(data).media_type, 0, max_side=800))).convert("RGB")
    dots = page.tobytes()
    red = sum(
        r > 140 and g < 110 and b < 110 for r, g, b in zip(dots[::3], dots[1::3], dots[2::3], strict=True)
    )
    assert red > 300


def test_no_lines_at_all() -> None:
    assert inspect(draw("", [], "png", 2)).pages == 1


@pytest.mark.usefixtures("no_fonts")
def test_without_a_vietnamese_font_the_accents_go() -> None:
    assert scans._writable("ĐẶNG Thị Hường – sinh năm …") == "DANG Thi Huong - sinh nam ..."
    assert inspect(draw(TITLE, LINES, "pdf", 1)).pages == 2


def test_with_one_they_stay() -> None:
    if scans._files():
        assert scans._writable("Đặng Thị Hường") == "Đặng Thị Hường"


def test_a_font_without_vietnamese_letters_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = scans.ImageFont.load_default(20)
    monkeypatch.setattr(scans.ImageFont, "truetype", lambda *_: plain)
    assert not scans._writes_vietnamese("any.ttf")
