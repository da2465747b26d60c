"""Values of the service that an administrator may change, with their defaults and bounds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from string import Formatter
from typing import Any

from sqlalchemy import select

from app.domain import clock
from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.language import say
from app.domain.roles import Actor, Role
from app.extensions import db
from app.models.outbox import Setting
from app.services import journal
from app.services.transaction import transaction, unique_or


@dataclass(frozen=True)
class Definition:
    """One setting: what it means in Vietnamese, its default, and (for numbers) its bounds."""

    name: str
    default: Any
    low: int = 0
    high: int = 0

    @property
    def label(self) -> str:
        """The words before its value."""
        return say(self.name)


WIDE = re.compile(r"\d{3}")
LONGEST_CODE = 60
"""Characters that Dossier.code holds."""

DEFINITIONS: dict[str, Definition] = {
    "intake_minutes": Definition("Thời hạn tiếp nhận (phút làm việc)", 480, 60, 4800),
    "supplement_days": Definition("Thời hạn bổ sung hồ sơ (ngày làm việc)", 15, 1, 120),
    "information_requests_limit": Definition("Số lần yêu cầu bổ sung khi thẩm định", 1, 0, 5),
    "pickup_days": Definition("Nhắc nhận kết quả sau (ngày làm việc)", 10, 1, 120),
    "document_files": Definition("Số tệp nhiều nhất của một giấy tờ", 50, 1, 500),
    "dossier_megabytes": Definition("Dung lượng nhiều nhất của một hồ sơ (MB)", 300, 10, 5000),
    "draft_days": Definition("Giữ bản nháp (ngày)", 30, 1, 365),
    "export_days": Definition("Giữ bản xuất báo cáo (ngày)", 7, 1, 90),
    "code_format": Definition("Mẫu mã hồ sơ", "{agency}-{date:%y%m%d}-{serial:04d}"),
    "lookup_tries": Definition("Số lần tra cứu sai trước khi khóa", 5, 3, 50),
    "lookup_lock_minutes": Definition("Khóa tra cứu trong (phút)", 30, 1, 1440),
    "login_tries": Definition("Số lần đăng nhập sai trước khi khóa", 8, 3, 50),
    "login_lock_minutes": Definition("Khóa đăng nhập trong (phút)", 15, 1, 1440),
    "target_intake": Definition("Chỉ tiêu tiếp nhận trong hạn (phần trăm)", 98, 50, 100),
    "target_not_late": Definition("Chỉ tiêu giải quyết không trễ hạn (phần trăm)", 96, 50, 100),
    "survey_days": Definition("Nhận ý kiến góp ý sau khi trả kết quả trong (ngày)", 30, 1, 365),
    "survey_group": Definition("Số ý kiến ít nhất để hiện số liệu hài lòng", 5, 3, 100),
    "hotline": Definition("Đường dây nóng", "033.3.502.900"),
}


def get(key: str) -> Any:
    """The value in force; KeyError for a setting that does not exist."""
    definition = DEFINITIONS[key]
    value = db.session.scalar(select(Setting.value).where(Setting.key == key))
    return definition.default if value is None else value


def change(actor: Actor, key: str, text: str) -> None:
    """Store a new value, typed as its default is. Refused when it is out of bounds or malformed."""
    if actor.role is not Role.ADMINISTRATOR:
        raise NotAllowed("role_may_not")
    if key not in DEFINITIONS:
        raise NotFound("no_such_setting")
    value = _parse(key, text.strip())
    with transaction() as session:
        row = session.scalar(select(Setting).where(Setting.key == key))
        old = row.value if row else DEFINITIONS[key].default
        row = row or Setting(key=key)
        row.value, row.updated_at = value, clock.now()
        with unique_or(Conflict("stale_version")):
            session.add(row)
        journal.write(actor, "setting_changed", setting=key, old=old, new=value)


def _parse(key: str, text: str) -> Any:
    definition = DEFINITIONS[key]
    if isinstance(definition.default, int):
        if not text.isdecimal() or not definition.low <= int(text) <= definition.high:
            raise Refused("setting_out_of_bounds", field="value", low=definition.low, high=definition.high)
        return int(text)
    if key == "code_format":
        _refuse_bad_format(text)
    if not text:
        raise Refused("setting_empty", field="value")
    return text


def _refuse_bad_format(text: str) -> None:
    try:
        named = {
            _plain(name, spec, conversion)
            for _text, name, spec, conversion in Formatter().parse(text)
            if name
        }
        samples = [text.format(agency=a, date=d, serial=n).upper() for a, d, n in _receipts()]
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise Refused("code_format_malformed", field="value") from error
    told_apart = len(set(samples)) == len(samples) and max(map(len, samples)) <= LONGEST_CODE
    if named != {"agency", "date", "serial"} or not told_apart:
        raise Refused("code_format_malformed", field="value")


def _receipts() -> Iterator[tuple[str, date, int]]:
    """Agency, day and serial of receipts whose codes must differ: serials begin anew every day."""
    today = clock.today()
    yield from (("000.00.00.A00", today + timedelta(days=n), 1) for n in range(800))
    yield from (("000.00.00.A00", today, 2), ("000.00.00.B00", today, 1))


def _plain(name: str, spec: str | None, conversion: str | None) -> str:
    """The name of a field without attributes: ``{date.__class__}`` would print the program's insides.

    Nor with a width of three digits, which no code has room for: trying it out could take all memory.
    """
    if not name.isalpha() or conversion or "{" in (spec or "") or WIDE.search(spec or ""):
        raise ValueError(name)
    return name
