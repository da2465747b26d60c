"""An uploaded file is what its bytes say, opens for everybody, and harms nobody."""

import hashlib
import threading
import warnings

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from app.domain.errors import NotFound
from app.domain.scans import ScanLimits, inspect, render_page
from tests.domain import papers
from tests.domain.papers import GOOD, refusal


class TestAccepted:
    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("pdf", ("application/pdf", "pdf", 2, 200, 100)),
            ("jpeg", ("image/jpeg", "jpg", 1, 60, 40)),
            ("png", ("image/png", "png", 1, 60, 40)),
            ("heic", ("image/heic", "heic", 1, 60, 40)),
            ("tiff", ("image/tiff", "tif", 2, 60, 40)),
        ],
    )
    def test_facts_come_from_the_bytes(self, kind: str, expected: tuple[str, str, int, int, int]) -> None:
        data = GOOD[kind]
        found = inspect(data)
        assert (found.media_type, found.extension, found.pages, found.width, found.height) == expected
        assert (found.size, found.sha256) == (len(data), hashlib.sha256(data).hexdigest())

    def test_every_frame_of_a_heic_is_a_page(self) -> None:
        more = [papers.red_corner() for _ in range(2)]
        assert inspect(papers.image("HEIF", save_all=True, append_images=more)).pages == 3

    @pytest.mark.parametrize("brand", [b"heix", b"mif1", b"hevc"])
    def test_heic_under_another_brand(self, brand: bytes) -> None:
        assert inspect(GOOD["heic"].replace(b"ftypheic", b"ftyp" + brand, 1)).extension == "heic"

    def test_an_animated_png_is_one_page(self) -> None:
        data = papers.image("PNG", save_all=True, append_images=[papers.red_corner().rotate(180)])
        assert b"acTL" in data
        assert (inspect(data).media_type, inspect(data).pages) == ("image/png", 1)
        with pytest.raises(NotFound):
            render_page(data, "image/png", 1)

    def test_the_preview_in_a_telephone_jpeg_is_no_page(self) -> None:
        data = papers.image("MPO", save_all=True, append_images=[papers.red_corner((20, 20))])
        assert (inspect(data).media_type, inspect(data).pages) == ("image/jpeg", 1)

    def test_a_pdf_that_only_forbids_printing(self) -> None:
        data = papers.locked(user="", owner="bí mật")
        assert inspect(data).pages == 1
        assert render_page(data, "application/pdf", 0)

    def test_a_pdf_after_a_few_bytes_of_a_mail_gateway(self) -> None:
        assert inspect(b"\r\n--boundary\r\n" + papers.hand_made(3)).pages == 3

    @pytest.mark.parametrize("link", [Name.URI, Name.GoTo, Name.Named])
    def test_harmless_actions_in_a_pdf(self, link: Name) -> None:
        assert inspect(papers.opening_with(Dictionary(S=link))).pages == 1

    def test_many_threads_at_once(self) -> None:
        found: list[int] = []
        threads = [
            threading.Thread(target=lambda: found.append(inspect(GOOD["pdf"]).pages)) for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [2] * 6


class TestRefused:
    def test_nothing_at_all(self) -> None:
        assert refusal(b"") == ("file_empty", {})

    def test_more_bytes_than_allowed(self) -> None:
        data = GOOD["png"]
        assert inspect(data, ScanLimits(max_bytes=len(data)))
        assert refusal(data, ScanLimits(max_bytes=len(data) - 1)) == ("file_too_large", {"limit_mb": 1})
        assert refusal(bytes(20 * 2**20 + 1)) == ("file_too_large", {"limit_mb": 20})

    @pytest.mark.parametrize(
        ("data", "found"),
        [
            (b"<!DOCTYPE html><html><script>alert(1)</script>", "html"),
            (b"<html>" + papers.hand_made(), "html"),
            (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "svg"),
            (b'<?xml version="1.0"?><data/>', "xml"),
            ("Kính gửi Ủy ban nhân dân phường".encode(), "text"),
            (b"\x00\x00\x00\x00 text with zeros", "unknown"),
            (b"\xfe\x80\x80 no text at all", "unknown"),
            (b"\x7fELF\x02\x01\x01" + bytes(60), "elf"),
            (b"MZ\x90\x00" + bytes(60), "exe"),
            (papers.zipped(), "zip"),
            (papers.zipped(["[Content_Types].xml", "_rels/.rels", "word/document.xml"]), "docx"),
            (papers.image("GIF"), "gif"),
            (papers.image("WEBP"), "webp"),
            (papers.image("BMP"), "bmp"),
            (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf" + bytes(40), "avif"),
            (b" " * 1100 + papers.hand_made(), "text"),
            (papers.image("GIF") + papers.hand_made(), "gif"),
            (papers.image("JPEG")[:20] + papers.hand_made(), "unknown"),
            (b"%PDF but not really", "unknown"),
        ],
    )
    def test_by_content_whatever_the_name(self, data: bytes, found: str) -> None:
        assert refusal(data) == ("file_type_not_accepted", {"found": found})

    @pytest.mark.parametrize("kind", GOOD)
    def test_half_a_file(self, kind: str) -> None:
        data = GOOD[kind]
        assert refusal(data[: len(data) // 2]) == ("file_broken", {})

    def test_a_telephone_photograph_cut_off_while_sending(self) -> None:
        noise = Image.effect_noise((400, 300), 90).convert("RGB")
        data = papers.image("JPEG", noise, quality=90)
        assert refusal(data[: len(data) * 9 // 10]) == ("file_broken", {})

    def test_locked_pdf(self) -> None:
        assert refusal(papers.locked(user="1", owner="2")) == ("pdf_encrypted", {})

    def test_pdf_locked_by_a_certificate(self) -> None:
        lock = b"/Encrypt<</Filter/Adobe.PubSec/V 4/Length 128>>/ID[<00><00>]"
        assert refusal(papers.hand_made(trailer=lock)) == ("pdf_encrypted", {})

    @pytest.mark.parametrize("pages", [201, 10_000])
    def test_too_many_pages_in_a_pdf(self, pages: int) -> None:
        assert refusal(papers.hand_made(pages)) == ("too_many_pages", {"limit": 200})

    @pytest.mark.parametrize("kind", ["tiff", "heic"])
    def test_too_many_pages_in_a_picture(self, kind: str) -> None:
        form = {"tiff": "TIFF", "heic": "HEIF"}[kind]
        data = papers.image(form, save_all=True, append_images=[papers.red_corner()] * 3)
        assert inspect(data, ScanLimits(max_pages=4)).pages == 4
        assert refusal(data, ScanLimits(max_pages=3)) == ("too_many_pages", {"limit": 3})

    @pytest.mark.parametrize(
        "side", [8000, 9400, 50_000]
    )  # above our limit, Pillow's warning, Pillow's error
    def test_a_png_that_claims_to_be_huge(self, side: int) -> None:
        assert refusal(papers.png_header(side, side)) == ("too_many_pixels", {"limit_megapixels": 60})

    def test_a_huge_png_where_pillow_only_warns(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert refusal(papers.png_header(9500, 9500))[0] == "too_many_pixels"

    def test_configuration_cannot_lift_pillows_own_limit(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = refusal(papers.png_header(10_000, 9000), ScanLimits(max_pixels=10**12))
        assert found == ("too_many_pixels", {"limit_megapixels": 89})

    def test_a_tiff_whose_second_page_is_huge(self) -> None:
        data = papers.tiff([papers.red_corner(), Image.new("1", (400, 400))])
        assert refusal(data, ScanLimits(max_pixels=159_999)) == ("too_many_pixels", {"limit_megapixels": 1})

    def test_many_large_pages_together(self) -> None:
        data = papers.tiff([Image.new("1", (1000, 1000))] * 3, compression="group4")
        assert inspect(data, ScanLimits(max_total_pixels=3_000_000))
        limits = ScanLimits(max_total_pixels=2_999_999)
        assert refusal(data, limits) == ("too_many_pixels", {"limit_megapixels": 2})

    def test_a_jpeg_of_endless_passes(self) -> None:
        assert refusal(GOOD["jpeg"] + b"\xff\xda" * 61) == ("file_too_complex", {})

    def test_a_pdf_page_as_large_as_a_town(self) -> None:
        data = papers.hand_made().replace(b"[0 0 100 100]", b"[0 0 1000000 1000000]")
        assert refusal(data) == ("too_many_pixels", {"limit_megapixels": 60})

    @pytest.mark.parametrize(
        "data", [papers.forms_in_forms(12), papers.flate_bomb(2000)], ids=["forms", "flate"]
    )
    def test_a_small_pdf_that_would_take_hours(self, data: bytes) -> None:
        assert len(data) < 12_000
        assert refusal(data) == ("file_too_complex", {})

    def test_a_pdf_that_two_readers_count_differently(self) -> None:
        assert refusal(papers.hand_made(5, count=7)) == ("file_broken", {})

    @pytest.mark.parametrize("data", [papers.hand_made(0), b"%PDF-1.7\n" + bytes(100)])
    def test_a_pdf_without_pages(self, data: bytes) -> None:
        assert refusal(data) == ("file_broken", {})


class TestActivePdf:
    @pytest.mark.parametrize(
        ("action", "found"),
        [
            (papers.script(), "JS"),
            (Dictionary(S=Name.JavaScript), "JavaScript"),
            (Dictionary(S=Name.Launch, F="calc.exe"), "Launch"),
            (Dictionary(S=Name.SubmitForm, F="https://example.com"), "SubmitForm"),
            (Dictionary(S=Name.GoToR, F="//attacker/share/x.pdf"), "GoToR"),
        ],
    )
    def test_acting_when_opened(self, action: Dictionary, found: str) -> None:
        assert refusal(papers.opening_with(action)) == ("pdf_active_content", {"found": found})

    def test_script_at_the_end_of_a_chain_in_a_field(self) -> None:
        pdf = papers.blank()
        chain = Dictionary(S=Name.GoTo, Next=Array([Dictionary(S=Name.Named, Next=papers.script())]))
        pdf.pages[0].AA = Dictionary(O=chain)
        data = papers.saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        assert b"JavaScript" not in data
        assert refusal(data)[0] == "pdf_active_content"

    def test_script_under_a_disguised_name(self) -> None:
        data = papers.hand_made(catalogue=b"/OpenAction<</S/J#61vaScript>>")
        assert refusal(data) == ("pdf_active_content", {"found": "JavaScript"})

    def test_script_behind_an_owner_password(self) -> None:
        pdf = papers.blank()
        pdf.Root.OpenAction = papers.script()
        data = papers.saved_without_id(pdf, encryption=pikepdf.Encryption(user="", owner="x"))
        assert refusal(data)[0] == "pdf_active_content"

    def test_a_file_inside(self) -> None:
        assert refusal(papers.attached()) == ("pdf_active_content", {"found": "EF"})

    def test_a_form_for_adobe_only(self) -> None:
        pdf = papers.blank()
        pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=Array())
        assert refusal(papers.saved(pdf)) == ("pdf_active_content", {"found": "XFA"})

    def test_a_film_on_the_page(self) -> None:
        pdf = papers.blank()
        pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia)])
        assert refusal(papers.saved(pdf)) == ("pdf_active_content", {"found": "RichMedia"})
