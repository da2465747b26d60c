"""Dates as the city writes them."""

from datetime import date

LAST_PADDED_MONTH = 2


def written(day: date) -> str:
    """24/11/2026, 01/02/2026, but 01/7/2026: months 3 to 9 carry no zero (LOOK.md 5)."""
    month = f"{day.month:02d}" if day.month <= LAST_PADDED_MONTH else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"
