"""Scanned papers: what an uploaded file really is, by its bytes alone, and pictures of its pages.

The declared name and type are never believed. A file is accepted when its content says PDF, JPEG, PNG, HEIC
or TIFF and it could be opened and decoded within the limits; everything else is refused with its own reason.
"""

import codecs
import hashlib
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import filetype
import pillow_heif
from PIL import ExifTags, Image, ImageOps

from app.domain.errors import DomainError, NotFound, Refused

# Thumbnails inside a HEIC are ignored: they may show something else than the picture itself.
pillow_heif.register_heif_opener(thumbnails=False)

PDF = "application/pdf"
EXTENSIONS = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png", "image/heic": "heic", "image/tiff": "tif"}
RENDERED_TYPE = "image/jpeg"  # of what render_page() returns

_PILLOW_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIF", "image/tiff": "TIFF"}
_MANY_PAGES = ("image/tiff", "image/heic")  # in a JPEG or PNG a second picture is a preview or an animation
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_MARKUP = {b"<svg": "svg", b"<html": "html", b"<!doctype html": "html", b"<script": "html", b"<?xml": "xml"}
_HEADER_WITHIN = 1024  # bytes; Adobe's readers look this far for "%PDF-"
_MAX_SCANS = 60  # passes in one JPEG; cameras write about ten, an attacker two hundred thousand
_MOST_PIXELS = 2**30 // 12  # Pillow's own MAX_IMAGE_PIXELS, beyond which it speaks of a bomb
_MAX_SIDE = 4096  # pixels
_LONGEST_NAME, _LONGEST_EXTENSION = 150, 10  # characters
_WIDE_MODES = ("I", "F")  # 16 and 32 bits a dot
_SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations that swap width and height
_PDF_PROCESS = Path(__file__).with_name("pdf_pages.py")
_PDF_SECONDS = 15  # by the wall clock; the process itself has 10 seconds of computing


@dataclass(frozen=True)
class ScanLimits:
    """The most that one uploaded file may have. A file without any byte is always refused."""

    max_bytes: int = 20 * 2**20
    max_pages: int = 200
    max_pixels: int = 60_000_000  # of one picture, or square points (1/72 inch) of one PDF page
    max_total_pixels: int = 600_000_000  # of all pictures in one TIFF or HEIC: at worst ten seconds


@dataclass(frozen=True)
class ScanFacts:
    """What a file is. Width and height are those of page 1 as shown: pixels, for a PDF points (1/72 inch)."""

    media_type: str
    extension: str
    pages: int
    width: int
    height: int
    size: int
    sha256: str


def inspect(data: bytes, limits: ScanLimits = ScanLimits()) -> ScanFacts:
    """The facts about an uploaded file, after really opening it.

    Raises Refused: file_empty, file_too_large (limit_mb), file_type_not_accepted (found), file_broken,
    file_too_complex, too_many_pages (limit), too_many_pixels (limit_megapixels), pdf_encrypted,
    pdf_active_content (found).

    A PDF with scripts, actions that start programs or send data, embedded files or an XFA form is refused: an
    officer opens it with whatever reader is installed, and a paper that changes itself or carries a second
    file inside is no evidence of what was handed in. Printing to PDF removes all of it. A PDF that only
    forbids printing or editing (owner password) opens for everyone and is accepted.
    """
    if not data:
        raise Refused("file_empty")
    if len(data) > limits.max_bytes:
        raise Refused("file_too_large", limit_mb=max(1, limits.max_bytes // 2**20))
    media_type = _sniff(data)
    if media_type == PDF:
        pages, (width, height) = _look_into_pdf(data, limits)
    else:
        pages, (width, height) = _look_into_image(data, media_type, limits)
    digest = hashlib.sha256(data).hexdigest()
    return ScanFacts(media_type, EXTENSIONS[media_type], pages, width, height, len(data), digest)


def render_page(data: bytes, media_type: str, page: int, *, max_side: int = 1600) -> bytes:
    """A JPEG of one page (from 0) of a file that inspect() has accepted, upright, on white.

    ``max_side`` is the longer side in pixels, 1 to 4096; a PDF fills it, a smaller picture keeps its size.
    Raises NotFound page_missing (page, from 1); Refused file_type_not_accepted (found), file_broken,
    file_too_complex, too_many_pixels (limit_megapixels).
    """
    if media_type not in EXTENSIONS:
        raise Refused("file_type_not_accepted", found=media_type)
    if page < 0:
        raise NotFound("page_missing", page=page + 1)
    side = min(max(max_side, 1), _MAX_SIDE)
    look = _pdf_picture if media_type == PDF else _picture
    out = io.BytesIO()
    look(data, media_type, page, side).save(out, "JPEG", quality=85)
    return out.getvalue()


def safe_name(name: str) -> str:
    """A file name fit for a column, a list and a download header: one line, no folders, 150 characters.

    Vietnamese letters stay (composed, NFC); folders, control characters and the invisible ones that turn
    "gpj.exe" into "exe.jpg" go. Never empty.
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(c for c in re.sub(r"\s", " ", last) if unicodedata.category(c)[0] != "C")
    plain = re.sub(r'[<>:"|?*]', "_", unicodedata.normalize("NFC", seen))
    stem, dot, extension = " ".join(plain.split()).strip(". ").rpartition(".")
    if not dot or len(extension) > _LONGEST_EXTENSION:
        stem, dot, extension = stem + dot + extension, "", ""
    ending = dot + extension.strip()
    return (stem[: _LONGEST_NAME - len(ending)].strip(". ") or "tệp") + ending


def _sniff(data: bytes) -> str:
    """The media type by content. A file that is two things at once is refused: it could be either."""
    kind = filetype.guess(data)
    mime = "image/png" if kind and kind.mime == "image/apng" else kind.mime if kind else None
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS and mime != "image/avif":
        mime = "image/heic"
    header = data.find(b"%PDF-", 0, _HEADER_WITHIN + 5)
    if mime is None and header > 0 and b"<" not in data[:header]:
        mime = PDF  # some scanners and mail gateways put a few bytes in front
    if mime not in EXTENSIONS:
        raise Refused("file_type_not_accepted", found=kind.extension if kind else _text_kind(data))
    if (mime == PDF) == (header < 0):
        raise Refused("file_type_not_accepted", found="unknown")
    return mime


def _text_kind(data: bytes) -> str:
    head = data[:_HEADER_WITHIN].lower()
    for mark, kind in _MARKUP.items():
        if mark in head:
            return kind
    try:
        return "unknown" if "\0" in codecs.getincrementaldecoder("utf-8")().decode(head) else "text"
    except UnicodeDecodeError:
        return "unknown"


@contextmanager
def _damage_refused(limits: ScanLimits) -> Iterator[None]:
    """Turns whatever a decoder throws at a stranger's bytes into a refusal; there are a dozen kinds."""
    try:
        yield
    except DomainError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many(limits.max_pixels) from None
    except Exception as error:
        raise Refused("file_broken") from error


def _too_many(pixels: int) -> Refused:
    return Refused("too_many_pixels", limit_megapixels=max(1, pixels // 10**6))


def _look_into_image(data: bytes, media_type: str, limits: ScanLimits) -> tuple[int, tuple[int, int]]:
    with _damage_refused(limits), _opened(data, media_type) as image:
        sizes = _frame_sizes(image, media_type, limits)
        for number in range(len(sizes)):
            _decode(image, media_type, number)
    return len(sizes), sizes[0]


def _opened(data: bytes, media_type: str) -> Image.Image:
    if media_type == "image/jpeg" and data.count(b"\xff\xda") > _MAX_SCANS:
        raise Refused("file_too_complex")
    return Image.open(io.BytesIO(data), formats=[_PILLOW_FORMATS[media_type]])


def _frame_sizes(image: Image.Image, media_type: str, limits: ScanLimits) -> list[tuple[int, int]]:
    """The sizes of all pages by their headers, upright, before a single pixel is decoded."""
    sizes: list[tuple[int, int]] = []
    while _seek(image, media_type, len(sizes)):
        if len(sizes) == limits.max_pages:
            raise Refused("too_many_pages", limit=limits.max_pages)
        _check_pixels(image, limits)
        sizes.append(_upright_size(image, media_type))
        if sum(width * height for width, height in sizes) > limits.max_total_pixels:
            raise _too_many(limits.max_total_pixels)
    return sizes


def _seek(image: Image.Image, media_type: str, page: int) -> bool:
    """Turns to the page (from 0), if there is one; never counts them first, for a TIFF may have millions."""
    if media_type not in _MANY_PAGES:
        return page == 0
    try:
        image.seek(page)
    except EOFError:
        return False
    return True


def _check_pixels(image: Image.Image, limits: ScanLimits) -> None:
    allowed = min(limits.max_pixels, _MOST_PIXELS)
    if image.width * image.height > allowed:
        raise _too_many(allowed)


def _upright_size(image: Image.Image, media_type: str) -> tuple[int, int]:
    # Pillow swaps the sides of a TIFF itself, libheif those of a HEIC.
    turned = media_type not in _MANY_PAGES and image.getexif().get(ExifTags.Base.Orientation) in _SIDEWAYS
    return (image.height, image.width) if turned else image.size


def _decode(image: Image.Image, media_type: str, page: int) -> None:
    _seek(image, media_type, page)
    image.load()
    _on_white(_resizable(image.crop((0, 0, 1, 1))))  # one dot, to see that its kind of colour can be shown


def _picture(data: bytes, media_type: str, page: int, side: int) -> Image.Image:
    limits = ScanLimits(max_pixels=_MOST_PIXELS)  # whatever the limits were when it came in
    with _damage_refused(limits), _opened(data, media_type) as image:
        if not _seek(image, media_type, page):
            raise NotFound("page_missing", page=page + 1)
        _check_pixels(image, limits)
        image.draft("RGB", (side, side))  # lets a JPEG skip most of the work
        upright = _resizable(ImageOps.exif_transpose(image))
        upright.thumbnail((side, side))
        return _on_white(upright)


def _resizable(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller smoothly; 16 and 32 bits a dot become 8."""
    if image.mode.startswith(_WIDE_MODES):
        return _in_8_bits(image)
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _in_8_bits(image: Image.Image) -> Image.Image:
    dots = image if image.mode == "F" else image.convert("I").convert("F")
    _, brightest = cast("tuple[float, float]", dots.getextrema())
    top = 65535 if image.mode.startswith("I;16") else max(1, brightest)
    return dots.point(lambda value: value * (255 / top) + 0).convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("RGB")


def _look_into_pdf(data: bytes, limits: ScanLimits) -> tuple[int, tuple[int, int]]:
    facts, _ = _ask_pdf_process(data, "look", limits.max_pages)
    sizes = [(max(1, round(width)), max(1, round(height))) for width, height in facts["sizes"]]
    if any(width * height > limits.max_pixels for width, height in sizes):
        raise _too_many(limits.max_pixels)
    return len(sizes), sizes[0]


def _pdf_picture(data: bytes, _media_type: str, page: int, side: int) -> Image.Image:
    facts, pixels = _ask_pdf_process(data, "draw", page, side)
    return Image.frombytes("RGB", (facts["width"], facts["height"]), pixels, "raw", "RGB", facts["stride"])


def _ask_pdf_process(data: bytes, command: str, *numbers: int) -> tuple[dict[str, Any], bytes]:
    """The answer of app/domain/pdf_pages.py, run apart from the server; see there for why and how."""
    call = [sys.executable, "-P", str(_PDF_PROCESS), command, *map(str, numbers)]
    try:
        done = subprocess.run(call, input=data, capture_output=True, timeout=_PDF_SECONDS)  # noqa: S603, PLW1510
    except subprocess.TimeoutExpired:
        raise Refused("file_too_complex") from None
    if done.returncode in (1, 2):  # Python could not run it: our fault, not the citizen's
        raise RuntimeError(f"PDF process failed: {done.stderr.decode(errors='replace')}")
    if done.returncode:  # killed by one of its limits
        raise Refused("file_too_complex")
    line, _, rest = done.stdout.partition(b"\n")
    facts: dict[str, Any] = json.loads(line)
    if facts.get("refused") == "page_missing":
        raise NotFound("page_missing", **facts["params"])
    if "refused" in facts:
        raise Refused(facts["refused"], **facts["params"])
    return facts, rest
