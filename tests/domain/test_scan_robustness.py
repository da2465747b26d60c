"""Bytes of any kind end in facts or in a refusal, soon; file names come out fit for use."""

import io
import json
import math
import runpy
import sys
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import pdf_pages, scans
from app.domain.errors import Refused
from app.domain.scans import ScanLimits, inspect, render_page, safe_name
from tests.domain import papers
from tests.domain.papers import GOOD, refusal

SOON = timedelta(seconds=20)
HEADERS = [
    b"",
    b"%PDF-1.7\n",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"II*\0",
    b"MM\0*",
    b"\0\0\0\x18ftypheic",
]
PICTURES = [
    *(data for kind, data in GOOD.items() if kind != "pdf"),
    papers.turned("JPEG", 6),
    papers.image("JPEG", progressive=True),
    papers.tiff([papers.red_corner()], compression="tiff_lzw"),
    papers.tiff([papers.red_corner(mode="1")] * 2, compression="group4"),
    papers.image("PNG", papers.red_corner(mode="P")),
]
PDFS = [
    papers.pdf(3),
    papers.painted(),
    papers.filled_in(),
    papers.locked(user="", owner="x"),
    papers.hand_made(2),
]


@st.composite
def damaged(draw: st.DrawFn, files: list[bytes]) -> bytes:
    """A good file with some bytes changed, a piece cut out, or the end missing."""
    data = bytearray(draw(st.sampled_from(files)))
    places = st.integers(0, len(data) - 1)
    for place, value in draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=12)):
        data[place] = value
    if draw(st.booleans()):
        start = draw(places)
        del data[start : start + draw(st.integers(1, 200))]
    return bytes(data)


def facts_or_refusal(data: bytes) -> None:
    """Inspect, and show each page of what was accepted; any other error than a refusal fails the test."""
    try:
        found = inspect(data, ScanLimits(max_pages=5, max_pixels=10_000_000))
    except Refused:
        return
    for page in range(found.pages):
        assert render_page(data, found.media_type, page, max_side=50)


@settings(max_examples=400, deadline=SOON)
@given(st.sampled_from(HEADERS[:1] + HEADERS[2:]), st.binary(max_size=400))
def test_random_bytes(header: bytes, rest: bytes) -> None:
    facts_or_refusal(header + rest)


@settings(max_examples=400, deadline=SOON)
@given(damaged(PICTURES))
def test_damaged_pictures(data: bytes) -> None:
    facts_or_refusal(data)


@settings(max_examples=25, deadline=SOON)
@given(damaged(PDFS) | st.binary(max_size=400).map(lambda rest: b"%PDF-1.7\n" + rest))
def test_damaged_pdfs(data: bytes) -> None:
    facts_or_refusal(data)


class TestPdfProcess:
    def replaced(self, monkeypatch: pytest.MonkeyPatch, path: Path, source: str | None) -> None:
        script = path / "pdf_pages.py"
        if source is not None:
            script.write_text(source)
        monkeypatch.setattr(scans, "_PDF_PROCESS", script)

    @pytest.mark.parametrize("source", [None, "import no_such_part"])
    def test_a_server_without_its_parts_blames_itself(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str | None
    ) -> None:
        self.replaced(monkeypatch, tmp_path, source)
        with pytest.raises(RuntimeError, match="PDF process failed"):
            inspect(GOOD["pdf"])

    def test_a_crash_is_a_refusal(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        self.replaced(monkeypatch, tmp_path, "import os; os.abort()")
        assert refusal(GOOD["pdf"]) == ("file_too_complex", {})

    def test_waiting_for_ever_is_a_refusal(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        self.replaced(monkeypatch, tmp_path, "import time; time.sleep(60)")
        monkeypatch.setattr(scans, "_PDF_SECONDS", 0.2)
        assert refusal(GOOD["pdf"]) == ("file_too_complex", {})


class TestPdfPages:
    """The questions to the process, asked without one."""

    def ask(self, data: bytes, *arguments: str) -> dict[str, Any]:
        line, _, self.rest = pdf_pages.answer(list(arguments), data).partition(b"\n")
        facts: dict[str, Any] = json.loads(line)
        return facts

    def test_sizes_of_the_pages(self) -> None:
        assert self.ask(papers.pdf(2), "look", "9") == {"sizes": [[200, 100]] * 2}

    def test_pixels_of_a_page(self) -> None:
        facts = self.ask(papers.painted(), "draw", "0", "40")
        assert (facts["width"], facts["height"], self.rest[:3]) == (40, 20, b"\xff\0\0")

    @pytest.mark.parametrize(
        ("data", "arguments", "key"),
        [
            (papers.pdf(3), ("look", "2"), "too_many_pages"),
            (papers.hand_made(0), ("look", "2"), "file_broken"),
            (papers.hand_made(2, count=3), ("look", "9"), "file_broken"),
            (papers.locked(user="1", owner="2"), ("look", "2"), "pdf_encrypted"),
            (papers.attached(), ("look", "2"), "pdf_active_content"),
            (papers.hand_made(catalogue=b"/OpenAction<</S/Launch>>"), ("look", "2"), "pdf_active_content"),
            (b"%PDF-1.7", ("look", "2"), "file_broken"),
            (papers.pdf(), ("draw", "1", "40"), "page_missing"),
            (b"%PDF-1.7", ("draw", "0", "40"), "file_broken"),
        ],
    )
    def test_refusals(self, data: bytes, arguments: tuple[str, ...], key: str) -> None:
        assert self.ask(data, *arguments)["refused"] == key

    def test_out_of_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf_pages, "look", Mock(side_effect=MemoryError))
        assert self.ask(b"", "look", "1")["refused"] == "file_too_complex"

    def test_a_missing_part_is_not_the_files_fault(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf_pages, "look", Mock(side_effect=ImportError))
        with pytest.raises(ImportError):
            self.ask(b"", "look", "1")

    def test_a_size_that_is_no_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        page = Mock(get_size=Mock(return_value=(math.inf, 1)))
        reader = MagicMock(__len__=Mock(return_value=1), __getitem__=Mock(return_value=page))
        monkeypatch.setattr(pdf_pages.pypdfium2, "PdfDocument", Mock(return_value=reader))
        assert self.ask(papers.pdf(), "look", "1")["refused"] == "file_broken"

    def test_from_standard_input_to_standard_output(self, monkeypatch: pytest.MonkeyPatch) -> None:
        limits, out = Mock(), io.BytesIO()
        monkeypatch.setattr("resource.setrlimit", limits)  # this process has to live on
        monkeypatch.setattr("sys.argv", ["pdf_pages.py", "look", "5"])
        monkeypatch.setattr("sys.stdin", Mock(buffer=io.BytesIO(papers.pdf())))
        monkeypatch.setattr("sys.stdout", Mock(buffer=out))
        runpy.run_path(pdf_pages.__file__, run_name="__main__")
        assert out.getvalue() == b'{"sizes": [[200.0, 100.0]]}\n'
        assert {call.args[1][0] for call in limits.call_args_list} == {10, 2**30, 0}

    def test_where_there_are_no_limits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "resource", None)
        pdf_pages.limit_resources()


class TestSafeName:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Đơn đề nghị.pdf", "Đơn đề nghị.pdf"),
            (unicodedata.normalize("NFD", "Giấy phép số 5.PDF"), "Giấy phép số 5.PDF"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\Lan\ảnh 1.jpg", "ảnh 1.jpg"),
            ("hoá đơn\u202egpj.exe", "hoá đơngpj.exe"),
            ("a\u200bb\ufeff\x00\x1f\x7f.pdf", "ab.pdf"),
            ("hai\r\n dòng\u2028 .pdf", "hai dòng.pdf"),
            ('a<b>:c|?*".pdf', "a_b__c____.pdf"),
            ("a. pdf", "a.pdf"),
            ("không đuôi", "không đuôi"),
            ("mẫu số 3.đơn xin cấp lại", "mẫu số 3.đơn xin cấp lại"),
            (".htaccess", "htaccess"),
            ("lone \ud800 half.pdf", "lone half.pdf"),
            ("ắ" * 200 + ".pdf", "ắ" * 146 + ".pdf"),
            ("ắ" * 200, "ắ" * 150),
            ("x" * 145 + " .pdf", "x" * 145 + ".pdf"),
        ],
    )
    def test_examples(self, name: str, expected: str) -> None:
        assert safe_name(name) == expected

    @pytest.mark.parametrize("name", ["", "/", "..", " . ", "\u202e", "a/", "\n"])
    def test_never_empty(self, name: str) -> None:
        assert safe_name(name) == "tệp"

    @given(st.text(max_size=400) | st.text(alphabet="aắ. /\\\u202e\x00\u0301", max_size=400))
    def test_laws(self, name: str) -> None:
        safe = safe_name(name)
        assert 0 < len(safe) <= 150
        assert not set(safe) & set('/\\<>:"|?*')
        assert not any(unicodedata.category(letter)[0] in "CZ" and letter != " " for letter in safe)
        assert unicodedata.is_normalized("NFC", safe)
        assert safe == safe.strip(" ")
        assert safe_name(safe) == safe
