"""The one place that reads the time. Stored and passed on in UTC, shown in Asia/Ho_Chi_Minh."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in the city."""
    return now().astimezone(LOCAL).date()


def to_local(moment: datetime) -> datetime:
    """The same moment on the city's clock."""
    return moment.astimezone(LOCAL)


def days(number: int) -> timedelta:
    """That many times 24 hours."""
    return timedelta(days=number)
