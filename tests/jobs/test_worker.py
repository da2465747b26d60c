import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.extensions import db
from app.jobs import sender
from app.models.outbox import MailState, OutboxMessage
from app.services import outbox
from tests.jobs.post_office import open_post_office
from tests.mails import row, write

ROOT = Path(__file__).resolve().parent.parent.parent
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Due for a worker process, which lives by the real clock and not by the test's."""


@contextmanager
def worker(app, folder, office_port, **environment):
    """`flask worker` as a process of its own, on the test's database."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    own = {
        "FLASK_APP": str(ROOT / "run.py"),
        "APP_ENV": "development",
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(office_port),
        "MAIL_TIMEOUT": "60",
        "BASE_URL": "http://localhost",
        "REDIS_URL": "",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "worker"],
        cwd=ROOT,
        env={**os.environ, **own, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)
        process.stderr.close()


def due_letter():
    letter = write()
    db.session.execute(
        update(OutboxMessage).where(OutboxMessage.id == letter).values(next_attempt_at=LONG_AGO)
    )
    db.session.commit()
    return letter


def wait_until(condition, seconds=60):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "waited too long"
        time.sleep(0.1)  # noqa: TID251 - another process works meanwhile


@pytest.fixture
def office(app, monkeypatch):
    """A mail server for the worker process; letters are queued, not held."""
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    office, controller = open_post_office()
    yield office, controller.port
    controller.stop()


def test_a_worker_sends_within_seconds_and_stops_when_told(app, office, tmp_path):
    post, port = office
    with worker(app, tmp_path, port) as process:
        first = due_letter()
        wait_until(lambda: row(first).state is MailState.SENT)
        second, begun = due_letter(), time.monotonic()
        wait_until(lambda: row(second).state is MailState.SENT)
        assert time.monotonic() - begun < 10
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert len(post.accepted) == 2


def test_letters_of_a_worker_killed_between_claim_and_record_are_sent_by_the_next(
    app, office, tmp_path, moment, monkeypatch
):
    post, port = office
    post.asleep = True
    letter = due_letter()
    with worker(app, tmp_path, port) as process:
        wait_until(lambda: row(letter).state is MailState.SENDING and post.asked["hang@example.com"])
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    assert row(letter).state is MailState.SENDING
    post.asleep = False
    moment.move_to(row(letter).claimed_at + timedelta(minutes=9))
    assert outbox.claim("too early") == []
    moment.move_to(row(letter).claimed_at + outbox.CLAIM_EXPIRES + timedelta(seconds=1))
    point = app.extensions["mail"]
    for name, value in (("server", "127.0.0.1"), ("port", port), ("suppress", False)):
        monkeypatch.setattr(point, name, value)
    assert sender.send_all() == "1 sent"
    assert row(letter).state is MailState.SENT
    assert [mail["Message-ID"] for mail in post.accepted] == [row(letter).message_id]


def test_a_stopping_worker_gives_its_letters_back(app, office, tmp_path):
    post, port = office
    post.asleep = True
    letters = [due_letter() for _ in range(3)]
    with worker(app, tmp_path, port, MAIL_TIMEOUT="3") as process:
        wait_until(lambda: post.asked["hang@example.com"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    assert {row(letter).state for letter in letters} == {MailState.QUEUED}
    assert sum(row(letter).attempts for letter in letters) == 1


def test_a_worker_does_not_start_in_production_with_demo_accounts(app, office, tmp_path):
    _, port = office
    settings = {
        "APP_ENV": "production",
        "SECRET_KEY": "x" * 40,
        "TRUSTED_HOSTS": "localhost",
        "BASE_URL": "https://localhost",
    }
    letter = due_letter()
    with worker(app, tmp_path, port, **settings) as process:
        assert process.wait(60) != 0
        assert "demo accounts" in process.stderr.read()
    assert row(letter).state is MailState.QUEUED
