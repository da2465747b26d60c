"""How dates, times, sums and masked names are written on the pages (LOOK.md §5)."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import Flask
from flask_babel import format_date, get_locale, gettext

from app.domain import clock, privacy
from app.domain.sheets import Column
from app.domain.working_time import amount_to_the_minute

ENGLISH_WEEKDAY = "EEEE"
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
LAST_MONTH_WITH_ZERO = 2
SHOWN_OF_MAIL = 2


def ngay(value: date | datetime | None) -> str:
    """24/11/2026, 01/7/2026: days 1-9 and months 1-2 carry a zero, months 3-9 do not. "" for None."""
    if value is None:
        return ""
    day = clock.to_local(value).date() if isinstance(value, datetime) else value
    month = f"{day.month:02d}" if day.month <= LAST_MONTH_WITH_ZERO else str(day.month)
    return f"{day.day:02d}/{month}/{day.year:04d}"


def gio(value: datetime | None) -> str:
    """09:20 on the city's clock; "" for None."""
    return "" if value is None else clock.to_local(value).strftime("%H:%M")


def luc(value: datetime | None) -> str:
    """09:20, 23/11/2026 on the city's clock; "" for None."""
    return "" if value is None else f"{gio(value)}, {ngay(value)}"


def thu(value: date | datetime | None) -> str:
    """The weekday: thứ Ba, Chủ nhật (Tuesday in English); "" for None."""
    if value is None:
        return ""
    day = clock.to_local(value).date() if isinstance(value, datetime) else value
    locale = get_locale()
    if locale is not None and locale.language != "vi":
        return str(format_date(day, ENGLISH_WEEKDAY))
    return WEEKDAYS[day.weekday()]


def hoa(value: str) -> str:
    """The same words with a capital in front, for the start of a line."""
    return value[:1].upper() + value[1:]


def dau_thuong(value: str) -> str:
    """The same words with a small letter in front, for use inside a sentence."""
    return value[:1].lower() + value[1:]


def cau_gio(value: datetime | None) -> str:
    """09:20 thứ Ba, 24/11/2026: the form a promise takes; "" for None."""
    return "" if value is None else f"{gio(value)} {thu(value)}, {ngay(value)}"


def da_qua(value: datetime) -> bool:
    """Whether the moment is behind us: what was promised until then is late."""
    return value < clock.now()


def so(value: float | None) -> str:
    """1.284 and 97,8: a point between thousands, a comma before decimals; "" for None."""
    if value is None:
        return ""
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def dong(value: float | None) -> str:
    """100.000 đồng; "" for None."""
    return "" if value is None else str(gettext("%(sum)s đồng", sum=so(round(value))))


def khoang(minutes: float | None) -> str:
    """Working time in words: 42 phút, 4 giờ 45 phút, 1 ngày 2 giờ (a day is 8 hours); "" for None."""
    return "" if minutes is None else amount_to_the_minute(max(round(minutes), 0))


def co(value: object) -> str:
    """Có or Không, for stored yes/no."""
    return str(gettext("Có") if value else gettext("Không"))


def che_ten(value: str | None) -> str:
    """Nguyễn Thị Minh Hằng becomes Nguyễn T. M. H.: enough for the owner to know it, not for a stranger."""
    family, *others = (value or "").split() or [""]
    return " ".join([family, *(f"{name[0].upper()}." for name in others)])


def che_email(value: str | None) -> str:
    """hang.nguyen@example.vn becomes ha•••@example.vn."""
    name, at, host = (value or "").partition("@")
    return f"{name[: min(SHOWN_OF_MAIL, len(name) - 1)]}•••@{host}" if at else ""


def che_so(value: str | None) -> str:
    """0912345678 becomes •••••••678: telephone and identity numbers."""
    return privacy.hidden(value)


def o(value: Any) -> Any:
    """A cell of a generated page: dates, times, yes/no, enums and nothing in their written form."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return co(value)
    if isinstance(value, datetime):
        return luc(value)
    if isinstance(value, date):
        return ngay(value)
    if isinstance(value, (list, tuple)):
        return "; ".join(str(o(part)) for part in value) or "–"
    return getattr(value, "label", value)


def loi(messages: Any) -> str:
    """The first sentence of a field's errors, which may be nested when the field is a list of fields."""
    while isinstance(messages, (list, tuple, dict)):
        found = list(messages.values()) if isinstance(messages, dict) else list(messages)
        messages = next((message for message in found if message), "")
    return str(messages)


def groupby_run(columns: Iterable[Column]) -> list[tuple[str, list[Column]]]:
    """Neighbouring columns under one heading, in order."""
    return [(over, list(some)) for over, some in groupby(columns, key=lambda column: column.over)]


FILTERS = (
    groupby_run,
    ngay,
    gio,
    luc,
    thu,
    hoa,
    dau_thuong,
    cau_gio,
    da_qua,
    khoang,
    so,
    dong,
    co,
    loi,
    che_ten,
    che_email,
    che_so,
    o,
)


def init_app(app: Flask) -> None:
    """Make every format a Jinja filter of the same name."""
    app.jinja_env.filters.update({function.__name__: function for function in FILTERS})
