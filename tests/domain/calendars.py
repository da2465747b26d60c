"""Calendars that tests name: session tables and the rows of the city's holiday list that the tests need."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from app.domain.clock import LOCAL
from app.domain.working_time import Calendar, WorkSession

Hours = tuple[str, str]
Sessions = tuple[WorkSession, ...]


def week(*hours: Hours, days: Iterable[int] = range(5), since: str = "", until: str = "") -> Sessions:
    """The same hours on several weekdays (Monday to Friday unless told)."""
    valid_from, valid_to = (date.fromisoformat(day) if day else None for day in (since, until))
    return tuple(
        WorkSession(day, time.fromisoformat(opens), time.fromisoformat(closes), valid_from, valid_to)
        for day in days
        for opens, closes in hours
    )


MORNING: Hours = ("07:30", "11:30")
OFFICE_75 = week(MORNING, ("13:30", "17:00"))
"""The 7.5 hour day of DOMAIN.md 3.3's examples."""
OFFICE_8 = week(MORNING, ("13:00", "17:00"))
"""The 8 hour day that the software starts with."""
SATURDAY_COUNTER = OFFICE_8 + week(MORNING, days=[5])
"""A ward that keeps its counter open on Saturday mornings."""
SEASONS = week(MORNING, ("13:00", "17:00"), until="2026-04-15") + week(
    ("07:00", "11:30"), ("13:30", "17:00"), since="2026-04-16"
)
"""Winter hours up to Wednesday 15/4/2026, summer hours with another lunch break after it."""

OFF = {
    date.fromisoformat(day): name
    for day, name in {
        "2016-01-01": "Tết Dương lịch",
        "2016-02-08": "Tết Nguyên Đán",
        "2016-02-09": "Mùng hai Tết Nguyên Đán",
        "2016-02-10": "Mùng ba Tết Nguyên Đán",
        "2016-02-11": "Mùng bốn Tết Nguyên Đán",
        "2016-02-12": "Mùng năm Tết Nguyên Đán",
        "2016-04-18": "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)",
        "2016-05-02": "Ngày Chiến thắng (nghỉ bù)",
        "2016-05-03": "Ngày Quốc tế Lao động (nghỉ bù)",
        "2016-09-02": "Quốc khánh",
        "2017-01-02": "Tết Dương lịch (nghỉ bù)",
        "2017-01-26": "29 Tết",
        "2017-01-27": "Giao thừa Tết Nguyên Đán",
        "2017-01-30": "Mùng ba Tết Nguyên Đán",
        "2017-01-31": "Mùng bốn Tết Nguyên Đán",
        "2017-02-01": "Mùng năm Tết Nguyên Đán",
        "2017-04-06": "Ngày Giỗ Tổ Hùng Vương",
        "2017-05-01": "Ngày Quốc tế Lao động",
        "2017-05-02": "Ngày Chiến thắng (nghỉ bù)",
        "2017-09-04": "Quốc khánh (nghỉ bù)",
        "2026-01-01": "Tết Dương lịch",
        "2026-01-02": "Ngày nghỉ (thay cho ngày 10/01/2026)",
        "2026-02-16": "Giao thừa Tết Nguyên Đán",
        "2026-02-17": "Tết Nguyên Đán",
        "2026-02-18": "Mùng hai Tết Nguyên Đán",
        "2026-02-19": "Mùng ba Tết Nguyên Đán",
        "2026-02-20": "Mùng bốn Tết Nguyên Đán",
        "2026-04-27": "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)",
        "2026-04-30": "Ngày Chiến thắng",
        "2026-05-01": "Ngày Quốc tế Lao động",
        "2026-08-31": "Ngày nghỉ (thay cho ngày 22/08/2026)",
        "2026-09-01": "Quốc khánh",
        "2026-09-02": "Quốc khánh",
        "2026-11-24": "Ngày Văn hóa Việt Nam",
        "2027-01-01": "Tết Dương lịch",
    }.items()
}
MAKE_UP = {date(2026, 1, 10): "thay cho ngày 02/01/2026", date(2026, 8, 22): "thay cho ngày 31/08/2026"}
CONFIRMED = frozenset({2016, 2017, 2026})


def calendar(
    sessions: Sessions = OFFICE_8,
    off: Mapping[date, str] = OFF,
    extra: Mapping[date, str] = MAKE_UP,
    confirmed: frozenset[int] = CONFIRMED,
) -> Calendar:
    """A calendar of the city; the 8 hour day unless told."""
    return Calendar(sessions, off, extra, confirmed)


def at(text: str) -> datetime:
    """A moment on the city's clock: "2016-08-19 16:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)
