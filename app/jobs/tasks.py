"""The recurring jobs and their timetable. A run may be lost or doubled: each finds its work in the tables."""

from collections.abc import Callable, Mapping

from flask import Flask
from huey import Huey, crontab

from app.jobs import sender
from app.services import deadlines, dossiers, exports, jobs, settings

Stop = Callable[[], bool]
"""Asked between two pieces of work: whether the worker was told to stop."""


def send_mail(stop: Stop) -> str:
    """Send every letter that is due."""
    return sender.send_all(stop)


def sweep_deadlines(_stop: Stop) -> str:
    """Watch the clocks of all dossiers."""
    return _in_words(deadlines.sweep())


def discard_old_drafts(_stop: Stop) -> str:
    """Discard drafts that nobody touched for the days of the setting."""
    return f"{dossiers.discard_expired_drafts(settings.get('draft_days'))} discarded"


def make_exports(_stop: Stop) -> str:
    """Make the files whose task was lost."""
    return f"{exports.make_waiting()} made"


def tidy_exports(_stop: Stop) -> str:
    """Remove files that were kept long enough."""
    return f"{exports.tidy()} removed"


TASKS: Mapping[str, tuple[Callable[[Stop], str], str]] = {
    "send_mail": (send_mail, "*"),
    "sweep_deadlines": (sweep_deadlines, "*"),
    "make_exports": (make_exports, "*"),
    "tidy_exports": (tidy_exports, "25"),
    "discard_old_drafts": (discard_old_drafts, "15"),
}
"""Job -> what it does, and at which minutes it is looked at; services.jobs says how often it really runs."""


def register(app: Flask, queue: Huey, stop: Stop) -> None:
    """Put the jobs on the queue's timetable."""
    for name, (work, minute) in TASKS.items():
        queue.periodic_task(crontab(minute=minute), name=name, expires=60)(_task(app, name, work, stop))
    with app.app_context():
        exports.task()


def _task(app: Flask, name: str, work: Callable[[Stop], str], stop: Stop) -> Callable[[], None]:
    def task() -> None:
        with app.app_context():
            jobs.run(name, sender.worker_name(), lambda: work(stop))

    task.__name__ = name
    return task


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{key} {number}" for key, number in sorted(counts.items())) or "nothing to do"
