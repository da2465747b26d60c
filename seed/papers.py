"""A handful of drawn papers that the demo dossiers share; drawn once per run."""

from functools import cache

from app.models.catalogue import PaperKind
from seed.scans import Kind, draw

TITLES: dict[PaperKind, tuple[str, Kind]] = {
    PaperKind.FORM: ("GIẤY ĐỀ NGHỊ", "pdf"),
    PaperKind.ORIGINAL: ("GIẤY CHỨNG NHẬN", "jpeg"),
    PaperKind.COPY: ("CĂN CƯỚC CÔNG DÂN", "heic"),
    PaperKind.CERTIFIED_COPY: ("BẢN SAO CHỨNG THỰC", "png"),
}
LINES = (
    "Kính gửi: Ủy ban nhân dân thành phố Cẩm Phả",
    "Họ và tên: (dữ liệu minh họa)",
    "Nơi thường trú: thành phố Cẩm Phả, tỉnh Quảng Ninh",
    "Nội dung: theo mẫu của thủ tục hành chính",
)


def paper(kind: PaperKind, number: int) -> tuple[str, bytes]:
    """File name and bytes of a paper of that kind; two designs of each, chosen by number."""
    title, form = TITLES[kind]
    return f"{title.capitalize()} {number}.{form}", _drawn(f"{title} ({number})", form, number)


def result() -> bytes:
    """The draft of a decision, two pages."""
    return _drawn("QUYẾT ĐỊNH", "pdf", 0)


def original() -> bytes:
    """A photograph of an original that is not what was sent."""
    return _drawn("CĂN CƯỚC CÔNG DÂN (BẢN GỐC)", "jpeg", 1)


@cache
def _drawn(title: str, form: Kind, number: int) -> bytes:
    return draw(title, LINES, form, number)
