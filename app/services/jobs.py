"""Recurring jobs: one worker at a time runs each, and the console can see when and how the last run ended."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update

from app.domain import clock
from app.domain.errors import Conflict
from app.domain.language import say
from app.extensions import db, queue
from app.models.outbox import JobRun
from app.services.transaction import transaction, unique_or

ABANDONED = timedelta(minutes=15)
"""A run that began longer ago belongs to a dead worker; every job bears a second run beside the first."""
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Job:
    """A recurring job: its Vietnamese name, and the time that must pass before it begins again."""

    name: str
    pause: timedelta

    @property
    def label(self) -> str:
        """The words in the table."""
        return say(self.name)


JOBS: Mapping[str, Job] = {
    "send_mail": Job("Gửi thư trong hộp thư đi", timedelta(seconds=30)),
    "sweep_deadlines": Job("Rà soát thời hạn hồ sơ", timedelta(seconds=30)),
    "make_exports": Job("Tạo tệp báo cáo còn chờ", timedelta(seconds=30)),
    "tidy_exports": Job("Dọn bản xuất báo cáo cũ", timedelta(hours=20)),
    "discard_old_drafts": Job("Hủy bản nháp quá hạn lưu giữ", timedelta(hours=20)),
}


@dataclass(frozen=True)
class Overview:
    """What the console shows: the last run of each job, and how many tasks wait in the queue."""

    runs: tuple[tuple[str, Job, JobRun | None], ...]
    pending: int
    scheduled: int


def run(name: str, worker: str, work: Callable[[], str]) -> bool:
    """Run a job unless another worker is at it or has just done it; whether it ran.

    What ``work`` returns is kept as the result. An error is recorded and raised again.
    """
    if not _begin(name, worker):
        return False
    try:
        result = work()
    except Exception as error:
        db.session.rollback()
        _end(name, worker, error=f"{type(error).__name__}: {error}"[:LONGEST_TEXT], failed_at=clock.now())
        raise
    _end(name, worker, error="", result=result[:LONGEST_TEXT])
    return True


def overview() -> Overview:
    """Answer what the console asks about jobs."""
    rows = {row.name: row for row in db.session.scalars(select(JobRun))}
    waiting = queue()
    return Overview(
        runs=tuple((name, job, rows.get(name)) for name, job in JOBS.items()),
        pending=waiting.pending_count(),
        scheduled=waiting.scheduled_count(),
    )


def _begin(name: str, worker: str) -> bool:
    now, job = clock.now(), JOBS[name]
    free = or_(JobRun.running.is_(False), JobRun.started_at < now - ABANDONED)
    rested = or_(JobRun.started_at.is_(None), JobRun.started_at <= now - job.pause)
    with transaction() as session:
        _make_row(name)
        statement = update(JobRun).where(and_(JobRun.name == name, free, rested))
        taken = session.execute(
            statement.values(running=True, started_at=now, finished_at=None, worker=worker)
            .returning(JobRun.id)
            .execution_options(synchronize_session=False)
        ).first()
    return taken is not None


def _make_row(name: str) -> None:
    if db.session.scalar(select(JobRun.id).where(JobRun.name == name)) is not None:
        return
    with suppress(Conflict), unique_or(Conflict("job_begun_elsewhere")):
        db.session.add(JobRun(name=name, running=False))


def _end(name: str, worker: str, **values: str | datetime) -> None:
    statement = update(JobRun).where(JobRun.name == name, JobRun.worker == worker)
    with transaction() as session:
        session.execute(statement.values(running=False, finished_at=clock.now(), **values))
