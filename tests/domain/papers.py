"""Real files for the tests of scans: good ones, broken ones, and ones made by an attacker."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

import pikepdf
import pillow_heif
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, ImageDraw

from app.domain.errors import Refused
from app.domain.scans import ScanLimits, inspect

pillow_heif.register_heif_opener(thumbnails=False)

RED, WHITE = (255, 0, 0), (255, 255, 255)


def red_corner(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """White with a red top left quarter."""
    image = Image.new("RGB", size, WHITE)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill=RED)
    return image.convert(mode)


def image(form: str, picture: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (picture or red_corner()).save(out, form, **options)
    return out.getvalue()


def turned(form: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return image(form, exif=exif)


def tiff(pages: Sequence[Image.Image], **options: object) -> bytes:
    return image("TIFF", pages[0], save_all=True, append_images=list(pages[1:]), **options)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is and has 1000 bytes to show for it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(1000)))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def zipped(names: Sequence[str] = ("a.txt",)) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * 2_000_000)
    return out.getvalue()


def blank(pages: int = 1, size: tuple[float, float] = (200, 100)) -> Pdf:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=size)
    return pdf


def saved(pdf: Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, static_id=True, **options)
    return out.getvalue()


def pdf(pages: int = 1, size: tuple[float, float] = (200, 100)) -> bytes:
    return saved(blank(pages, size))


def locked(*, user: str, owner: str) -> bytes:
    return saved_without_id(blank(), encryption=pikepdf.Encryption(user=user, owner=owner))


def saved_without_id(pdf: Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def painted() -> bytes:
    """A page of 200 by 100 points whose left half is red."""
    pdf = blank()
    pdf.pages[0].Contents = Stream(pdf, b"1 0 0 rg 0 0 100 100 re f")
    return saved(pdf)


def filled_in() -> bytes:
    """A page with a form field that somebody has filled in (its appearance is a red square)."""
    pdf = blank()
    look = Stream(pdf, b"1 0 0 rg 0 0 100 100 re f")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 100])
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("ten"),
            V=String("x"),
            F=4,
            Rect=Array([0, 0, 100, 100]),
            AP=Dictionary(N=pdf.make_indirect(look)),
        )
    )
    pdf.pages[0].Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    return saved(pdf)


def opening_with(action: Dictionary) -> bytes:
    pdf = blank()
    pdf.Root.OpenAction = action
    return saved(pdf)


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('Xin chao')"))


def attached() -> bytes:
    pdf = blank()
    pdf.attachments["virus.exe"] = b"MZ"
    return saved(pdf)


def forms_in_forms(depth: int, width: int = 10) -> bytes:
    """A form that draws ten forms that draw ten forms …: 2 KB that take hours."""
    pdf = blank()
    form = Stream(pdf, b"0 0 10 10 re f ")
    for level in range(depth + 1):
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 200])
        outer = Stream(pdf, b"/F Do " * (width if level < depth else 1))
        outer.Resources = Dictionary(XObject=Dictionary(F=pdf.make_indirect(form)))
        form = outer
    pdf.pages[0].Resources = form.Resources
    pdf.pages[0].Contents = Stream(pdf, b"/F Do")
    return saved(pdf)


def flate_bomb(megabytes: int) -> bytes:
    """A page whose drawing commands were packed twice."""
    pack = zlib.compressobj(9)
    once = b"".join(pack.compress(b"q Q " * 2**18) for _ in range(megabytes)) + pack.flush()
    pdf = blank()
    stream = Stream(pdf, b"")
    stream.write(zlib.compress(once, 9), filter=Array([Name.FlateDecode, Name.FlateDecode]))
    pdf.pages[0].Contents = stream
    return saved(pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def raw(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF written by hand; the first object is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    xref = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    end = b"trailer<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        len(out),
    )
    return out + xref + end


def hand_made(kids: int = 1, count: int | None = None, catalogue: bytes = b"", trailer: bytes = b"") -> bytes:
    pages = b" ".join(b"%d 0 R" % (3 + kid) for kid in range(kids))
    tree = b"<</Type/Pages/Count %d/Kids[%s]>>" % (kids if count is None else count, pages)
    leaf = b"<</Type/Page/MediaBox[0 0 100 100]/Parent 2 0 R>>"
    return raw([b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue, tree, *[leaf] * kids], trailer)


GOOD = {
    "pdf": pdf(2),
    "jpeg": image("JPEG"),
    "png": image("PNG"),
    "heic": image("HEIF"),
    "tiff": tiff([red_corner(), red_corner((30, 30))]),
}
"""One file of each kind that is accepted; the pictures measure 60 by 40, with a red top left quarter."""


def refusal(data: bytes, limits: ScanLimits | None = None) -> tuple[str, dict[str, object]]:
    """Key and facts of the refusal of these bytes."""
    with pytest.raises(Refused) as caught:
        inspect(data, limits or ScanLimits())
    return caught.value.key, dict(caught.value.params)
