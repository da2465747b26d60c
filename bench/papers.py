"""How long a page of a paper takes, and a year of the register: `python -m bench.papers`.

No database for the papers; for the register give a number of dossiers: `python -m bench.papers 10000` sets that
many rows, as the register does, without the query. Wanted: 40 ms a page. Milliseconds are those of the processor:
what else the machine does meanwhile is no part of them.
"""

import resource
import statistics
import sys
import time

import pypdfium2

from app.services import registers, typesetting
from tests import papers

TIMES = 20


def milliseconds(content: dict) -> tuple[float, float, int]:
    """Median and worst of a page, and the number of pages."""
    pages = len(pypdfium2.PdfDocument(papers.pdf(content)))
    took = []
    for number in range(TIMES):
        changed = content | {"number": f"{number}/X"}  # Typst remembers what it set before
        begun = time.process_time()
        papers.pdf(changed)
        took.append((time.process_time() - begun) * 1000 / pages)
    return statistics.median(took), max(took), pages


def register(rows: int) -> None:
    sample = papers.samples()["register-2025"]
    begun, pages = time.process_time(), 0
    for first in range(0, rows, registers.ROWS_OF_A_PART):
        part = [
            [str(n), *sample["rows"][0][1:]]
            for n in range(first, min(rows, first + registers.ROWS_OF_A_PART))
        ]
        content = sample | {"rows": part, "first_page": pages + 1}
        pages += len(pypdfium2.PdfDocument(typesetting.pdf("register", content, papers.AT)))
    seconds = time.process_time() - begun
    print(
        f"register of {rows:,} rows: {pages} pages in {seconds:.1f} s, {seconds * 1000 / pages:.1f} ms a page"
    )


def main() -> None:
    begun = time.process_time()
    papers.pdf(papers.receipt())
    print(f"the first paper of a process: {(time.process_time() - begun) * 1000:.0f} ms")
    for name, content in papers.samples().items():
        median, worst, pages = milliseconds(content)
        print(f"{name:16} {pages:2} pages, {median:5.1f} ms a page (worst of {TIMES}: {worst:.1f})")
    if len(sys.argv) > 1:
        register(int(sys.argv[1]))
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
