"""What the jobs write for programs, said for people."""

import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.domain.calendar import WEEKDAYS
from app.domain.language import say
from app.domain.roles import Role
from app.services.jobs import JOBS

RESULTS: dict[str, Any] = {
    "released": _("thư được xếp gửi lại"),
    "put off": _("thư hoãn gửi"),
    "sent": _("thư đã gửi"),
    "refused": _("thư không gửi được"),
    "held": _("thư đang giữ"),
    "discarded": _("bản nháp đã hủy"),
    "set": _("giấy đã lập bản in"),
    "drafted": _("phiếu xin lỗi đã soạn"),
    "made": _("tệp báo cáo đã tạo"),
    "removed": _("tệp báo cáo đã xóa"),
    "deadline_half": _("hồ sơ quá nửa thời hạn"),
    "deadline_three_quarters": _("hồ sơ qua ba phần tư thời hạn"),
    "deadline_overdue": _("hồ sơ quá hạn"),
    "pickup_reminded": _("lần nhắc nhận kết quả"),
    "close_unanswered": _("hồ sơ đóng do không bổ sung"),
    "stop_unanswered": _("hồ sơ dừng do không bổ sung"),
}
ROLES = {str(role.value): role for role in Role}
NUMBER = re.compile(r"\b\d+\b")


def job(name: str) -> str:
    """The label of a job; its name when nobody knows it any more."""
    return JOBS[name].label if name in JOBS else name


def result(text: str) -> str:
    """``3 sent, deadline_half 2`` as people say it; parts that are not known stay as they are."""
    if text == "nothing to do":
        return str(gettext("Không có việc"))
    return "; ".join(map(_part, text.split(", "))) if text else text


def role(name: str) -> str:
    """The label of a role; what is no role stays as it is."""
    return ROLES[name].label if name in ROLES else name


def person(user: Any) -> str:
    """A user's name as it is written in Vietnamese: family name first."""
    return f"{user.last_name} {user.first_name}".strip()


def weekday(number: int) -> str:
    """Thứ Hai … Chủ nhật."""
    return say(WEEKDAYS[number])


def _part(text: str) -> str:
    found = NUMBER.search(text)
    what = NUMBER.sub("", text).strip()
    return f"{RESULTS[what]}: {found.group()}" if found and what in RESULTS else text
