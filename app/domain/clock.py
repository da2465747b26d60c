"""The one place that reads the time. Stored and passed on in UTC, shown in Asia/Ho_Chi_Minh."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC; inside ``pretending`` the moment pretended."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretending(moment: datetime) -> Iterator[None]:
    """Let it be that moment in this thread: for demonstration data that has a past. Never for a service."""
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


def today() -> date:
    """Today's date in the city."""
    return now().astimezone(LOCAL).date()


def to_local(moment: datetime) -> datetime:
    """The same moment on the city's clock."""
    return moment.astimezone(LOCAL)


def days(number: int) -> timedelta:
    """That many times 24 hours."""
    return timedelta(days=number)
