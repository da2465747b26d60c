"""Data into PDF, by Typst. The data goes in as JSON and is text whatever it looks like; see decision 0012.

Only the fonts inside the wheel are used, so that a paper looks the same on every machine. The same data gives the
same bytes.
"""

import base64
import io
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import segno
import typst
from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "papers"
A4 = (595, 842)
"""Points."""


def pdf(template: str, content: Mapping[str, Any], at: datetime) -> bytes:
    """The paper as PDF; ``at`` is noted in it as the time of its making. TypstError when it cannot be set."""
    page = FOLDER / f"{template}.typ"
    inputs = {"data": json.dumps(content, ensure_ascii=False)}
    compiler = typst.Compiler(page, root=FOLDER, font_paths=_fonts(), sys_inputs=inputs)
    made: bytes = compiler.compile(format="pdf", timestamp=int(at.timestamp()))  # type: ignore[assignment]
    return made


def qr(link: str) -> str:
    """A link as a QR code, in SVG."""
    file = io.BytesIO()
    segno.make(link, error="m").save(file, kind="svg", border=0, dark="#1f1d1a", xmldecl=False)
    return file.getvalue().decode()


def picture(jpeg: bytes) -> str:
    """A JPEG inside an SVG, since Typst takes pictures as text only that way."""
    with Image.open(io.BytesIO(jpeg)) as image:
        width, height = image.size
    data = base64.b64encode(jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:image/jpeg;base64,{data}"/></svg>'
    )


def pages_of(data: bytes) -> int:
    """How many pages a PDF of ours has."""
    import pikepdf  # noqa: PLC0415 - slow to load; few ask

    with pikepdf.open(io.BytesIO(data)) as made:
        return len(made.pages)


def join(parts: Iterable[bytes], title: str, file: BinaryIO) -> None:
    """Write one PDF with the pages of all parts; the parts are asked for one after another."""
    import pikepdf  # noqa: PLC0415

    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as made:
                whole.pages.extend(made.pages)
        whole.docinfo["/Title"] = title
        whole.save(file)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
