"""What bench/figures.py asks: a report of one month and the figures of a dashboard."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from app.domain import clock
from app.domain.periods import Period
from app.services import figures
from app.services.figure_list import FIGURES
from app.services.figures import By
from app.services.scopes import Scope

II06A = (
    "total",
    "received",
    "carried_over",
    "done",
    "done_early",
    "done_on_time",
    "done_late",
    "open",
    "open_in_time",
    "open_overdue",
)
DASHBOARD = (
    *II06A,
    "running_overdue",
    "paused",
    "sent",
    "intake_within",
    "intake_late",
    "intake_waiting",
    "intake_overdue",
)


def asked(month: timedelta) -> Iterator[tuple[str, Callable[[], object]]]:
    today = clock.today()
    city = figures.db.session.execute(
        figures.db.text("SELECT id FROM agency WHERE level = 'city'")
    ).scalar_one()
    last_month = Period(today - month, today, clock.now())
    long_ago = Period(today - 30 * month, today - 29 * month, clock.now())
    year = Period(today - timedelta(days=365), today, clock.now())
    for whose, scope in (("city's agency", Scope(agency_id=city)), ("every unit", Scope())):
        for when, period in (("this month", last_month), ("a month long ago", long_ago), ("a year", year)):
            for by in (By.UNIT, By.DEPARTMENT, By.FIELD):
                yield (
                    f"II.06a by {by.name.lower()}, {when}, {whose}",
                    lambda s=scope, p=period, b=by: figures.counts(s, p, II06A, b),
                )
            yield (
                f"all {len(FIGURES)} figures, {when}, {whose}",
                lambda s=scope, p=period: figures.total(s, p, FIGURES),
            )
            yield (
                f"percentiles of intake, {when}, {whose}",
                lambda s=scope, p=period: figures.percentiles(s, p, "sent"),
            )
        yield (
            f"dashboard today, {whose}",
            lambda s=scope: figures.total(s, Period(today, today, clock.now()), DASHBOARD),
        )
        yield (
            f"trend of a year by day, {whose}",
            lambda s=scope: figures.by_day(s, year, ("received", "done", "done_late", "intake_late")),
        )
        yield (
            f"p50, p90 of 90 days by procedure, {whose}",
            lambda s=scope: figures.percentiles(
                s, Period(today - 3 * month, today, clock.now()), "results", By.PROCEDURE
            ),
        )
