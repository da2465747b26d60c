"""Draws the demonstration's scans: invented papers, marked as samples, as phones and scanners give them."""

import io
import math
import random
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from time import gmtime
from typing import Literal

import pillow_heif
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

pillow_heif.register_heif_opener(thumbnails=False)

Kind = Literal["pdf", "jpeg", "png", "heic", "tiff"]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

WIDTH, HEIGHT = 744, 1052  # pixels: A4 at 90 dots an inch, legible and small
MARGIN = 76
ROWS_ON_PAGE = 16  # the rest is for the signature
WATERMARK = "MẪU – DỮ LIỆU MINH HỌA"
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc")
INKED, PALE = 165, 225  # grey from 0 to 255: darker is ink, darker is the sample mark
INK, BLUE, RED = (38, 36, 44), (36, 58, 140), (196, 28, 40)
MARK = (120, 40, 60)
DAY = gmtime(1_735_689_600)  # in every PDF, so that the same paper is the same file
# Official papers are set in Times. No wheel has a font with Vietnamese letters, so the machine's are tried.
SERIFS = (
    ("times.ttf", "timesbd.ttf"),
    ("Times New Roman.ttf", "Times New Roman Bold.ttf"),
    ("NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf"),
    ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
)


def draw(title: str, lines: Sequence[str], kind: Kind, seed: int) -> bytes:
    """Return a small scan of an invented paper: motto, title, lines, stamp, signature and a sample mark.

    ``kind`` also sets the look: a photograph on a desk (jpeg, heic), a flat scan (pdf, png), black and white
    (tiff). An odd ``seed`` or many lines give a PDF and a TIFF a second page; the others show the first only.
    The same arguments give the same bytes on the same machine. Without a font that has Vietnamese letters the
    text loses its accents.
    """
    rng = random.Random(f"{title}/{seed}")  # noqa: S311 - a drawing, not a secret
    sheets = _sheets(lines)
    if len(sheets) == 1 and seed % 2 and kind in ("pdf", "tiff"):
        sheets.append(["(Mặt sau)", "Phần xác nhận của cơ quan có thẩm quyền: không có nội dung."])
    if kind not in ("pdf", "tiff"):
        sheets = sheets[:1]
    papers = [_paper(title if at == 0 else "", sheet, rng) for at, sheet in enumerate(sheets)]
    return _encoded(papers, kind, rng)


def _sheets(lines: Sequence[str]) -> list[list[str]]:
    """The lines, page by page."""
    sheets: list[list[str]] = [[]]
    free = ROWS_ON_PAGE
    for line in lines:
        rows = len(_wrapped(line, _font(19)))
        if rows > free:
            sheets.append([])
            free = ROWS_ON_PAGE
        sheets[-1].append(line)
        free -= rows
    return sheets


def _encoded(papers: list[Image.Image], kind: Kind, rng: random.Random) -> bytes:
    out = io.BytesIO()
    if kind == "jpeg":
        _photographed(papers[0], rng).save(out, "JPEG", quality=58, optimize=True)
    elif kind == "heic":
        _photographed(papers[0], rng).save(out, "HEIF", quality=42)
    elif kind == "png":
        _few_colours(_scanned(papers[0], rng)).save(out, "PNG", optimize=True)
    elif kind == "pdf":
        first, *rest = [_scanned(paper, rng) for paper in papers]
        dates = {"creationDate": DAY, "modDate": DAY}
        first.save(out, "PDF", save_all=True, append_images=rest, resolution=90, quality=42, **dates)
    else:
        first, *rest = [_black_and_white(_scanned(paper, rng)) for paper in papers]
        first.save(out, "TIFF", save_all=True, append_images=rest, compression="group4", dpi=(90, 90))
    return out.getvalue()


def _few_colours(page: Image.Image) -> Image.Image:
    """Each ink in six strengths on the paper; sixteen colours of Pillow's choice leave the stamp grey."""
    paper = page.getpixel((WIDTH // 2, 30))
    steps = [
        round(ink[band] + (paper[band] - ink[band]) * step / 5)  # type: ignore[index]
        for ink in (INK, BLUE, RED, MARK)
        for step in range(6)
        for band in range(3)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(steps)
    return page.quantize(palette=palette, dither=Image.Dither.NONE)


def _black_and_white(page: Image.Image) -> Image.Image:
    """Ink black, the pale sample mark as dots: a plain threshold would lose it."""
    grey = page.convert("L")
    dots = Image.frombytes("L", (2, 2), bytes([0, 255, 255, 255]))
    grid = Image.new("L", grey.size, 255)
    for at in range(0, grey.width, 2):
        grid.paste(dots, (at, 0))
    for at in range(2, grey.height, 2):
        grid.paste(grid.crop((0, 0, grey.width, 2)), (0, at))
    ink = grey.point(lambda value: 255 if value > INKED else 0)
    pale = grey.point(lambda value: 255 if value > PALE else 0)
    return ImageChops.multiply(ink, ImageChops.lighter(pale, grid)).convert("1", dither=Image.Dither.NONE)


def _paper(title: str, lines: Sequence[str], rng: random.Random) -> Image.Image:
    """One clean sheet."""
    tint = rng.randint(244, 253)
    paper = Image.new("RGB", (WIDTH, HEIGHT), (tint, tint, tint - rng.randint(2, 9)))
    _watermark(paper)
    pen = ImageDraw.Draw(paper)
    y = 64
    for size, text in ((19, MOTTO[0]), (19, MOTTO[1]), (23, title)) if title else ():
        font = _font(size, bold=True)
        for row in _wrapped(text, font):
            pen.text(((WIDTH - font.getlength(row)) / 2, y), row, fill=INK, font=font)
            y += round(size * 1.45)
        y += 22 if text != MOTTO[0] else 0
    y = _written(pen, lines, y)
    if title:
        _signed(paper, min(y + 30, HEIGHT - 270), rng)
    return paper


def _written(pen: ImageDraw.ImageDraw, lines: Sequence[str], y: int) -> int:
    font = _font(19)
    for line in lines:
        for row in _wrapped(line, font):
            pen.text((MARGIN, y), row, fill=INK, font=font)
            y += 26
        y += 5
    return y


def _watermark(paper: Image.Image) -> None:
    font = _font(50, bold=True)
    text = _writable(WATERMARK)
    strip = Image.new("L", (round(font.getlength(text)) + 20, 80), 0)
    ImageDraw.Draw(strip).text((10, 8), text, fill=62, font=font)
    turned = strip.rotate(52, expand=True, resample=Image.Resampling.BICUBIC)
    place = ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2)
    paper.paste(MARK, place, turned)


def _signed(paper: Image.Image, y: int, rng: random.Random) -> None:
    """Place, office, a scribble and a stamp that says SAMPLE: nobody shall take it for a real one."""
    pen = ImageDraw.Draw(paper)
    for text, size, drop in (("Ngày … tháng … năm …", 18, 0), ("NGƯỜI KÝ (BẢN MẪU)", 18, 28)):
        font = _font(size, bold=drop > 0)
        pen.text((WIDTH - 210 - font.getlength(_writable(text)) / 2, y + drop), _writable(text), INK, font)
    wave, drift = rng.uniform(0.16, 0.24), rng.uniform(0.04, 0.07)
    points = [
        (WIDTH - 300 + step * 2 + 14 * math.sin(step * wave * 1.3), y + 112 + _swing(step, wave, drift))
        for step in range(90)
    ]
    for start, end in pairwise(points):
        pen.line((start, end), fill=BLUE, width=2)
    stamp = _stamp().rotate(rng.randint(-24, 24), resample=Image.Resampling.BICUBIC)
    paper.paste(RED, (WIDTH - 370 + rng.randint(-14, 14), y + 44), stamp)


def _swing(step: int, wave: float, drift: float) -> float:
    return (30 - step / 4) * math.sin(step * wave) * math.cos(step * drift)


def _stamp() -> Image.Image:
    ink = Image.new("L", (156, 156), 0)
    pen = ImageDraw.Draw(ink)
    pen.ellipse((4, 4, 152, 152), outline=205, width=5)
    pen.ellipse((16, 16, 140, 140), outline=205, width=2)
    for row, (text, size) in enumerate((("BẢN MẪU", 17), ("KHÔNG CÓ", 14), ("GIÁ TRỊ", 14))):
        font = _font(size, bold=True)
        pen.text((78 - font.getlength(_writable(text)) / 2, 42 + row * 24), _writable(text), 205, font)
    return ink


def _scanned(paper: Image.Image, rng: random.Random) -> Image.Image:
    """The sheet a little askew under the lid of a scanner."""
    angle = rng.uniform(-1.1, 1.1)
    return paper.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=(250, 250, 248))


def _photographed(paper: Image.Image, rng: random.Random) -> Image.Image:
    """The sheet on a desk, seen from a little beside, darker towards one side."""
    desk = Image.new(
        "RGB", (WIDTH + 80, HEIGHT + 90), rng.choice([(112, 84, 60), (88, 92, 98), (140, 118, 92)])
    )
    sheet = paper.rotate(
        rng.uniform(-2.2, 2.2),
        expand=True,
        resample=Image.Resampling.BICUBIC,
        fillcolor=desk.getpixel((0, 0)),
    )
    desk.paste(sheet.resize((WIDTH + 10, HEIGHT + 10)), (35, 40))
    lean = [rng.randint(0, 22) for _ in range(8)]
    wide, high = desk.size
    corners = (
        lean[0],
        lean[1],
        lean[2],
        high - lean[3],
        wide - lean[4],
        high - lean[5],
        wide - lean[6],
        lean[7],
    )
    seen = desk.transform(desk.size, Image.Transform.QUAD, corners, resample=Image.Resampling.BICUBIC)
    light = Image.linear_gradient("L").rotate(rng.choice([0, 90, 180, 270])).resize(desk.size)
    shade = light.point(lambda value: round(value * 0.3))
    seen.paste((30, 26, 22), (0, 0), shade)
    return seen.filter(ImageFilter.GaussianBlur(0.45))


def _wrapped(text: str, font: Font) -> list[str]:
    rows: list[str] = []
    for word in _writable(text).split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and font.getlength(longer) <= WIDTH - 2 * MARGIN:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _writable(text: str) -> str:
    """The text composed (NFC), or without accents when no font of this machine has Vietnamese letters."""
    if _files():
        return unicodedata.normalize("NFC", text)
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").replace("–", "-"))
    return plain.replace("…", "...").encode("ascii", "ignore").decode()


@cache
def _font(size: int, *, bold: bool = False) -> Font:
    files = _files()
    return ImageFont.truetype(files[bold], size) if files else ImageFont.load_default(size)


@cache
def _files() -> tuple[str, str] | None:
    """The first pair (regular, bold) that this machine has and that can write Vietnamese."""
    return next((pair for pair in SERIFS if all(map(_writes_vietnamese, pair))), None)


def _writes_vietnamese(file: str) -> bool:
    try:
        font = ImageFont.truetype(file, 20)
    except OSError:
        return False
    missing = bytes(font.getmask("\U0010fffe"))
    return all(bytes(font.getmask(letter)) != missing for letter in "ếỹợđĐẶ")
