"""Opens a stranger's PDF in a process of its own; started by app/domain/scans.py, not imported by the server.

Why apart: a PDF of 2 KB can keep PDFium busy for hours and fill the memory (a form that draws ten forms that
draw ten forms ..., or a page of zeros packed a million times), its calls cannot be interrupted, and PDFium
may not be used from two threads. A process can be given seconds and bytes, and be killed.

Protocol: the PDF on standard input; arguments ``look MAX_PAGES`` or ``draw PAGE SIDE``; the answer on
standard output is one line of JSON, for ``draw`` followed by the pixels, three bytes each. A refusal is an
answer too (``{"refused": key, "params": {...}}``); a process without one ran out of its seconds or bytes.
This file imports nothing of the application, so that the process starts in a tenth of a second.
"""

import io
import json
import math
import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pypdfium2

CPU_SECONDS = 10
MEMORY_BYTES = 2**30
DECODED_BYTES = 256 * 2**20  # of one packed stream, for qpdf
PROOF_SIDE = 200  # pixels; page 1 is drawn this small, to see that it can be drawn at all

MEDIA = frozenset(["/RichMedia", "/RichMediaExecute", "/Rendition", "/3D", "/Movie", "/Sound"])
ACTIONS = MEDIA | {"/JavaScript", "/Launch", "/GoToE", "/GoToR", "/ImportData", "/SubmitForm"}
KEYS = ("/JS", "/EF", "/XFA")  # a script, an embedded file, a form that only Adobe's own reader shows


class PdfRefused(Exception):
    """This PDF is not accepted; the reason key and its facts, in the words of app/domain/scans.py."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


def answer(arguments: list[str], data: bytes) -> bytes:
    """The whole answer to ``look MAX_PAGES`` or ``draw PAGE SIDE`` about the PDF in ``data``."""
    command, *numbers = arguments
    try:
        if command == "draw":
            return draw(data, *map(int, numbers))
        return _line({"sizes": look(data, *map(int, numbers))})
    except PdfRefused as refusal:
        return _line({"refused": refusal.key, "params": refusal.params})
    except ImportError:  # a server without its parts must not call every PDF broken
        raise
    except MemoryError:
        return _line({"refused": "file_too_complex", "params": {}})
    except Exception as error:  # qpdf and PDFium meet damage with a dozen kinds of error; each means the same
        sys.stderr.write(f"{error}\n")
        return _line({"refused": "file_broken", "params": {}})


def look(data: bytes, max_pages: int) -> list[tuple[float, float]]:
    """Width and height in points (1/72 inch) of each page, as it is shown.

    Refuses what needs a password, is damaged, has too many pages or active content, or is another document to
    another reader.
    """
    pages = _pages_by_qpdf(data, max_pages)
    pdf = pypdfium2.PdfDocument(data)
    if len(pdf) != pages:  # two readers, two documents: nobody could say which of them was handed in
        raise PdfRefused("file_broken")
    sizes = [pdf[number].get_size() for number in range(pages)]  # opening a page reads its drawing commands
    if not all(map(math.isfinite, chain.from_iterable(sizes))):
        raise PdfRefused("file_broken")
    _drawn(pdf, 0, PROOF_SIDE)
    return sizes


def draw(data: bytes, page: int, side: int) -> bytes:
    """The page (from 0) as pixels, its longer side ``side`` long; with form fields, signatures and notes."""
    pdf = pypdfium2.PdfDocument(data)
    if page >= len(pdf):
        raise PdfRefused("page_missing", page=page + 1)
    bitmap = _drawn(pdf, page, side)
    facts = {"width": bitmap.width, "height": bitmap.height, "stride": bitmap.stride}
    return _line(facts) + bytes(bitmap.buffer)


def _drawn(pdf: Any, page: int, side: int) -> Any:
    pdf.init_forms()  # without it the values typed into form fields are missing from the picture
    leaf = pdf[page]
    longer = max(leaf.get_size())
    # A hair less than asked, because PDFium rounds both sides up.
    return leaf.render(scale=math.nextafter(side / longer, 0), rev_byteorder=True)


def _pages_by_qpdf(data: bytes, max_pages: int) -> int:
    import pikepdf  # noqa: PLC0415 - drawing a page does without it and should start quickly

    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=DECODED_BYTES, run_length_max_memory=DECODED_BYTES, png_max_memory=DECODED_BYTES
    )
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise PdfRefused("pdf_encrypted") from None
    except pikepdf.PdfError as error:
        # Locked by a certificate or by a method that no free reader knows.
        raise PdfRefused("pdf_encrypted" if "encryption" in str(error) else "file_broken") from error
    with pdf:
        pages = len(pdf.pages)
        if pages > max_pages:
            raise PdfRefused("too_many_pages", limit=max_pages)
        if not pages:
            raise PdfRefused("file_broken")
        for found in active_content(pdf):
            raise PdfRefused("pdf_active_content", found=found)
    return pages


def active_content(pdf: Any) -> Iterator[str]:
    """What in this pikepdf document acts by itself or hides another file: "JavaScript", "EF", ….

    Every object of the file is looked at, not only the places where the standard puts actions, because
    readers are more tolerant than the standard.
    """
    from pikepdf import Array, Dictionary, Object, Stream  # noqa: PLC0415 - as above

    for whole in pdf.objects:
        waiting = [whole]
        while waiting:
            item = waiting.pop()
            inside: list[Any] = []
            if isinstance(item, Dictionary | Stream):
                yield from _active_entries(item)
                inside = [item[key] for key in item.keys()]  # noqa: SIM118 - a stream iterates otherwise
            elif isinstance(item, Array):
                inside = list(item)
            # Indirect ones come in their own turn; following them here would run in circles.
            waiting += [one for one in inside if isinstance(one, Object) and not one.is_indirect]


def _active_entries(entries: Any) -> Iterator[str]:
    yield from (key.strip("/") for key in KEYS if key in entries)
    for key, known in (("/S", ACTIONS), ("/Subtype", MEDIA)):
        name = str(entries.get(key, ""))
        if name in known:
            yield name.strip("/")


def _line(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts).encode() + b"\n"


def limit_resources() -> None:
    """Gives this process CPU_SECONDS and MEMORY_BYTES; Windows has none, only the parent's clock."""
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would leave a citizen's papers lying about


def main() -> None:
    """Answers the question in the arguments about the PDF on standard input."""
    data = sys.stdin.buffer.read()
    limit_resources()
    sys.stdout.buffer.write(answer(sys.argv[1:], data))


if __name__ == "__main__":
    main()
