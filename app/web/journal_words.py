"""The journal in sentences: what each key says on an officer's page."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from app.domain import fees
from app.domain.originals import Verdict
from app.domain.states import ClockKind
from app.domain.transitions import BY_KEY
from app.models.handling import Journal
from app.models.violation import Measure
from app.web.formats import dong, luc

SENTENCES: dict[str, Any] = {
    "scan_viewed": _("Mở xem “%(document)s”"),
    "department_assigned": _("Chọn %(department)s thẩm định"),
    "opinion_written": _("Ghi ý kiến thẩm định"),
    "result_drafted": _("Soạn dự thảo kết quả"),
    "result_numbered": _("Ghi số kết quả %(number)s"),
    "result_reissued": _("Cấp lại kết quả số %(number)s"),
    "original_compared": _("Đối chiếu “%(document)s”: %(verdict)s"),
    "original_photographed": _("Lưu ảnh bản gốc của “%(document)s” làm bằng chứng"),
    "photograph_viewed": _("Mở xem ảnh bản gốc của “%(document)s”"),
    "fee_set": _("Đặt mức thu %(fee)s: %(new)s"),
    "fee_exempted": _("Miễn %(fee)s"),
    "payment_recorded": _("Thu %(paid)s, biên lai %(receipt)s"),
    "pickup_reminded": _("Nhắc người nộp đến nhận kết quả"),
    "deadline_half": _("Đã qua nửa thời hạn"),
    "deadline_three_quarters": _("Chỉ còn một phần tư thời hạn"),
    "deadline_overdue": _("Đã quá hạn"),
    "deadline_moved": _("%(clock)s chuyển từ %(old)s sang %(new)s do lịch làm việc thay đổi"),
    "violation_forwarded": _("Chuyển vụ việc tới cơ quan chức năng, công văn số %(number)s"),
    "violation_decided": _("Ghi kết luận vụ việc: %(measure)s"),
    "mail_retried": _("Gửi lại thư"),
}
"""Every event of a dossier that is no transition; a transition says its own label."""


def sentence(row: Journal) -> str:
    """What happened, in words."""
    if row.key in BY_KEY:
        return BY_KEY[row.key].label
    if row.key not in SENTENCES:
        return row.key
    details = {name: _readable(row.key, name, value) for name, value in row.details.items()}
    return str(SENTENCES[row.key]) % defaultdict(str, details)


def _readable(key: str, name: str, value: Any) -> Any:
    if name == "paid" or (key == "fee_set" and name in {"old", "new"}):
        return dong(value)
    if name in {"old", "new"} and isinstance(value, str):
        return luc(datetime.fromisoformat(value))
    if name == "fee":
        return fees.title(value)
    labels: dict[str, Any] = {"verdict": Verdict, "measure": Measure, "clock": ClockKind}
    return labels[name](value).label if name in labels else value
