"""Deadlines at scale: `python -m bench.deadlines` on the database that DATABASE_URL names.

Wanted: a million deadlines counted in 10 s; 100,000 running ones counted anew after a changed holiday in 2 s; a sweep
that reads only what is due. Make the running ones with
`flask simulate --dossiers 130000 --from … --to …`, a few days until yesterday. Nothing is kept: every change is rolled
back. Other programs on the machine lengthen the time on the clock, so processor seconds stand beside it.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select, text

from app import create_app
from app.domain import clock
from app.domain import clocks as counting
from app.domain.roles import SYSTEM
from app.domain.working_time import Limit, TimeUnit
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import DossierClock
from app.models.organisation import CalendarDay, DayKind
from app.services import calendars, deadlines
from app.services.transaction import transaction
from bench.measure import spent, yardstick

MILLION = 1_000_000
KINDS = {
    "8 working hours": timedelta(hours=8),
    "15 working days": Limit(15, TimeUnit.WORKING_DAY),
    "30 calendar days": Limit(30, TimeUnit.CALENDAR_DAY),
}


class Undone(Exception):
    """Rolls a measured change back."""


@contextmanager
def measured(what: str) -> Iterator[None]:
    with spent(db.session.connection()) as seconds:
        yield
    print(f"{what:56} {seconds}")


def count_a_million() -> None:
    calendar, choose = calendars.calendar_for(None), Random(2016)
    first = datetime(2016, 7, 1, tzinfo=UTC)
    starts = [first + timedelta(seconds=choose.randrange(10 * 365 * 86_400)) for _ in range(MILLION)]
    for name, allowance in KINDS.items():
        counting.due(calendar, starts[0], allowance)
        with measured(f"1,000,000 deadlines of {name}"):
            for start in starts:
                counting.due(calendar, start, allowance)


def change_a_holiday() -> None:
    query = select(func.count()).where(DossierClock.stopped_at.is_(None), DossierClock.paused_at.is_(None))
    running = db.session.scalar(query)
    print(f"{running:,} deadlines run; {db.session.scalar(select(func.count(Dossier.id))):,} dossiers")
    last = clock.to_local(db.session.scalar(select(func.max(DossierClock.due_at)))).date()
    near = clock.to_local(db.session.scalar(select(func.max(DossierClock.started_at)))).date()
    for words, day in (("far off: none moves", last + clock.days(3)), ("soon", _working_day(near))):
        for dry_run in (True, False):
            _with_day_off(words, day, dry_run=dry_run)


def _working_day(day: date) -> date:
    return next(calendars.calendar_for(None).working_days_from(day + clock.days(1)))


def _with_day_off(words: str, day: date, *, dry_run: bool) -> None:
    moved: list[Any] = []
    with suppress(Undone), transaction() as session:
        session.add(CalendarDay(day=day, kind=DayKind.OFF, name="Bão", source="bench"))
        calendars.renew_version()
        with measured(f"a day off {words}; {'preview' if dry_run else 'moved and journalled'}"):
            moved = deadlines.move_running(SYSTEM, None, dry_run=dry_run)
        undo()
    print(f"    {len(moved):,} moved")


def undo() -> None:
    raise Undone


def explain_the_sweep() -> None:
    if db.engine.dialect.name != "postgresql":
        return
    db.session.execute(text("ANALYZE dossier_clock"))
    due = db.session.scalar(select(func.min(DossierClock.next_sweep_at)))
    query = select(DossierClock.id).where(DossierClock.next_sweep_at <= due, DossierClock.id > 0)
    statement = query.order_by(DossierClock.id).limit(deadlines.BATCH).compile(
        db.engine, compile_kwargs={"literal_binds": True}
    )  # fmt: skip
    print("the question of the sweep:")
    for line in db.session.scalars(text(f"EXPLAIN (ANALYZE, BUFFERS) {statement}")):
        print(f"    {line}")


def main() -> None:
    parts: dict[str, Callable[[], None]] = {
        "count": count_a_million, "holiday": change_a_holiday, "sweep": explain_the_sweep,
    }  # fmt: skip
    with create_app().app_context():
        for name in sys.argv[1:] or parts:
            parts[name]()
            db.session.rollback()
        yardstick()


if __name__ == "__main__":
    main()
