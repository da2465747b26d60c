"""The days off that the law itself gives. Only a beginning: the government moves days by announcement."""

from datetime import date

import holidays


def lawful_days(year: int) -> tuple[dict[date, str], tuple[date, ...]]:
    """Days off with their Vietnamese names, weekends included, and make-up days, as far as they are known.

    The source misses some swaps (2026-01-02 with 2026-01-10), so the year has to be compared and confirmed.
    """
    law = holidays.country_holidays("VN", years=year, language="vi")
    off = {day: name for day, name in sorted(law.items()) if day.year == year}
    return off, tuple(sorted(day for day in law.weekend_workdays if day.year == year))
