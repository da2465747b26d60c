"""Dates as the city writes them."""

from datetime import date, datetime

from app.domain.clock import to_local

LAST_PADDED_MONTH = 2


def written(day: date) -> str:
    """24/11/2026, 01/02/2026, but 01/7/2026: months 3 to 9 carry no zero (LOOK.md 5)."""
    return f"{day.day:02d}/{_month(day)}/{day.year}"


def day_in_full(day: date) -> str:
    """The day as official papers write it: ngày 01 tháng 7 năm 2026 (Decree 30/2020/NĐ-CP)."""
    return f"ngày {day.day:02d} tháng {_month(day)} năm {day.year}"


def moment_in_full(moment: datetime) -> str:
    """The moment on the city's clock: 09 giờ 20 phút, ngày 23 tháng 11 năm 2026."""
    local = to_local(moment)
    return f"{local:%H} giờ {local:%M} phút, {day_in_full(local)}"


def moment_written(moment: datetime) -> str:
    """09:20, 23/11/2026 on the city's clock."""
    local = to_local(moment)
    return f"{local:%H:%M}, {written(local)}"


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month <= LAST_PADDED_MONTH else str(day.month)
