"""Every page of an accepted file can be shown: upright, on white, as large as asked."""

import io

import pytest
from PIL import Image

from app.domain.errors import NotFound, Refused
from app.domain.scans import inspect, render_page
from tests.domain import papers
from tests.domain.papers import GOOD


def shown(data: bytes, page: int = 0, **options: int) -> Image.Image:
    picture = Image.open(io.BytesIO(render_page(data, inspect(data).media_type, page, **options)))
    assert picture.format == "JPEG"
    return picture.convert("RGB")


def is_red(dot: object) -> bool:
    red, green, blue = dot  # type: ignore[misc]
    return red > 180 and green < 90 and blue < 90


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, (5, 5)), (3, (54, 34)), (6, (34, 5)), (8, (5, 54)), (5, (5, 5))]
)
def test_a_turned_picture_stands_upright(form: str, orientation: int, corner: tuple[int, int]) -> None:
    data = papers.turned(form, orientation)
    picture = shown(data)
    facts = inspect(data)
    assert picture.size == (facts.width, facts.height) == ((40, 60) if orientation > 4 else (60, 40))
    assert is_red(picture.getpixel(corner))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_turned_heic_stands_upright(orientation: int) -> None:
    data = papers.turned("HEIF", orientation)
    facts = inspect(data)
    assert shown(data).size == (facts.width, facts.height)


@pytest.mark.parametrize("kind", GOOD)
def test_a_page_that_is_not_there(kind: str) -> None:
    for page in (-1, 2):
        with pytest.raises(NotFound) as caught:
            render_page(GOOD[kind], inspect(GOOD[kind]).media_type, page)
        assert (caught.value.key, dict(caught.value.params)) == ("page_missing", {"page": page + 1})


def test_each_page_is_its_own() -> None:
    assert [shown(GOOD["tiff"], page).size for page in (0, 1)] == [(60, 40), (30, 30)]


@pytest.mark.parametrize(("asked", "given"), [(200, 200), (0, 1), (10**9, 4096)])
def test_a_pdf_fills_the_side_asked_for(asked: int, given: int) -> None:
    picture = shown(papers.painted(), max_side=asked)
    assert picture.size == (given, max(1, given // 2))
    assert is_red(picture.getpixel((given // 5, 0))) or given == 1


def test_a_picture_is_made_smaller_never_larger() -> None:
    assert shown(GOOD["jpeg"], max_side=30).size == (30, 20)
    assert shown(GOOD["jpeg"], max_side=4000).size == (60, 40)


def test_a_filled_form_shows_what_was_filled_in() -> None:
    assert is_red(shown(papers.filled_in()).getpixel((100, 400)))


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "RGBA"), ("TIFF", "YCbCr")]
)
def test_other_kinds_of_colour(form: str, mode: str) -> None:
    picture = shown(papers.image(form, papers.red_corner(mode=mode)))
    assert mode == "L" or is_red(picture.getpixel((8, 8)))
    assert min(picture.getpixel((55, 35))) > 240  # type: ignore[arg-type, type-var]


@pytest.mark.parametrize("mode", ["LAB", "PA"])
def test_rare_kinds_of_colour(mode: str) -> None:
    assert shown(papers.image("TIFF", Image.new(mode, (20, 20)))).size == (20, 20)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_is_white_like_paper(mode: str) -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0)).convert(mode)
    options = {"transparency": clear.getpixel((0, 0))} if mode == "P" else {}
    assert shown(papers.image("PNG", clear, **options)).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("form", "mode", "half"),
    [
        ("PNG", "I;16", 32896),
        ("TIFF", "I;16", 32896),
        ("TIFF", "I;16B", 32896),
        ("TIFF", "F", 0.5),
        ("PNG", "1", 0),
    ],
)
def test_more_or_fewer_bits_a_dot(form: str, mode: str, half: float) -> None:
    image = Image.new(mode, (20, 20), half)
    image.paste(1 if mode in ("F", "1") else 65535, (10, 0, 20, 20))
    picture = shown(papers.image(form, image))
    dark, light = picture.getpixel((3, 9)), picture.getpixel((16, 9))
    assert abs(dark[0] - (0 if mode == "1" else 128)) < 6  # type: ignore[index]
    assert light[0] > 249  # type: ignore[index]


def test_only_what_inspect_accepts() -> None:
    with pytest.raises(Refused) as caught:
        render_page(papers.image("GIF"), "image/gif", 0)
    assert (caught.value.key, caught.value.params["found"]) == ("file_type_not_accepted", "image/gif")


@pytest.mark.parametrize(
    ("data", "media_type", "key"),
    [
        (b"nonsense", "image/png", "file_broken"),
        (b"nonsense", "application/pdf", "file_broken"),
        (papers.png_header(50_000, 50_000), "image/png", "too_many_pixels"),
        (papers.png_header(9_460, 9_460), "image/png", "too_many_pixels"),
    ],
)
def test_a_damaged_store_gives_a_refusal(data: bytes, media_type: str, key: str) -> None:
    with pytest.raises(Refused) as caught:
        render_page(data, media_type, 0)
    assert caught.value.key == key
