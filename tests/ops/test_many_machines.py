"""Two web machines and three workers on one PostgreSQL and one Redis: nothing lost, nothing done twice."""

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise

import pytest
import sqlalchemy as sa
from redis import Redis
from redis.exceptions import RedisError

from app.extensions import db, queue
from app.jobs import tasks
from app.models.handling import DossierClock, Journal
from app.models.outbox import JobRun, MailState, OutboxMessage
from app.services import jobs
from tests import factories as make
from tests.jobs.post_office import open_post_office
from tests.mails import empty, write
from tests.ops.fleet import fleet

pytestmark = pytest.mark.postgres

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Due for processes that live by the real clock and not by the test's."""
LETTERS = 60
WATCH = (
    "CREATE TABLE job_begun (name text, worker text, at timestamptz DEFAULT clock_timestamp())",
    """CREATE FUNCTION note_begin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO job_begun (name, worker) VALUES (NEW.name, NEW.worker); RETURN NULL; END $$""",
    """CREATE TRIGGER note_begin AFTER UPDATE ON job_run FOR EACH ROW
    WHEN (NEW.running AND NEW.started_at IS DISTINCT FROM OLD.started_at) EXECUTE FUNCTION note_begin()""",
)
"""The database itself notes each time that a worker begins a job."""


@pytest.fixture
def redis_url():
    """A Redis that nobody else uses: one of the numbered databases."""
    server = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379")
    url = f"{server.rstrip('/')}/{os.getpid() % 15 + 1}"
    redis = Redis.from_url(url, socket_connect_timeout=3)
    try:
        redis.ping()
    except RedisError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"Redis does not answer at {server}: {error}")
    _forget(redis)
    yield url
    _forget(redis)
    redis.close()


def _forget(redis):
    if keys := list(redis.scan_iter("huey.*mot_cua*")):
        redis.delete(*keys)


@pytest.fixture
def office(app, city, monkeypatch):
    """A mail server for all workers; letters are queued, not held."""
    if not city.on_postgres:
        pytest.skip("several machines share a PostgreSQL; this run is on SQLite")
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    empty()
    office, controller = open_post_office()
    office.port = controller.port
    yield office
    controller.stop()


@pytest.fixture
def machines(app, office, redis_url, tmp_path):
    shared = {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "STORAGE_URL": app.config["STORAGE_URL"],
        "SECRET_KEY": "one key for all machines, 32 signs",
        "REDIS_URL": redis_url,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(office.port),
        "BASE_URL": "http://localhost",
    }
    with fleet(tmp_path, **shared) as made:
        yield made


@pytest.fixture
def waiting(app, redis_url, monkeypatch):
    """The queue as a fourth machine sees it, to put tasks into."""
    monkeypatch.setitem(app.config, "REDIS_URL", redis_url)
    monkeypatch.setitem(app.extensions, "queue", None)
    app.extensions.pop("queue")
    found = queue()
    tasks.register(app, found, lambda: False)
    return found


def enqueue(waiting, name):
    task = next(task for task in waiting._registry.periodic_tasks if task.name == name).__class__()
    task.expires = None  # by the clock of the test it would be over before the workers see it
    waiting.enqueue(task)


def sql(*statements):
    """Run as the operator would, each committed."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return [connection.execute(sa.text(statement)) for statement in statements]


@pytest.fixture
def begun(app, office):
    """What the database noted: every beginning of every job, in order."""
    sql(*WATCH)

    def noted():
        return sql("SELECT name, worker, at FROM job_begun ORDER BY at")[0].all()

    yield noted
    sql("DROP TRIGGER note_begin ON job_run", "DROP FUNCTION note_begin", "DROP TABLE job_begun")


def make_due(letter_ids):
    db.session.execute(
        sa.update(OutboxMessage).where(OutboxMessage.id.in_(letter_ids)).values(next_attempt_at=LONG_AGO)
    )
    db.session.commit()


def let_pass(column):
    """As if the moments in a column lay long in the past."""
    db.session.execute(sa.update(column.class_).values({column: LONG_AGO}))
    db.session.commit()


def states():
    db.session.rollback()
    return set(db.session.scalars(sa.select(OutboxMessage.state)))


def rows(query):
    db.session.rollback()
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def deliveries(office):
    return Counter(mail["Message-ID"] for mail in office.accepted)


def pid_of(worker_name):
    return int(worker_name.rsplit("-", 2)[1])


def kill(machines, worker_name):
    """kill -9: no handler runs, nothing is given back."""
    victim = next(process for process in machines.workers if process.pid == pid_of(worker_name))
    victim.send_signal(signal.SIGKILL)
    assert victim.wait(30) == -signal.SIGKILL


def test_two_web_machines_and_three_workers_lose_nothing_and_do_nothing_twice(
    machines, office, waiting, begun
):
    dossiers = [make.submitted() for _ in range(4)]
    for dossier in dossiers:
        make.look_at_all(dossier)
    make_due([write(f"{number}@example.com") for number in range(LETTERS)])
    make_due(rows(sa.select(OutboxMessage.id)))
    who = {"username": make.username(make.officer()), "password": make.DEMO_PASSWORD, "provider": "db"}
    for _ in range(3):
        machines.start_worker()
    for _ in range(2):
        machines.start_web()
    machines.wait_until(lambda: machines.is_open(0) and machines.is_open(1))

    status, tokens = machines.post(0, "/security/login", **who)
    assert status == 200, tokens

    def receive(web, dossier_id):
        once = {"idempotency_key": f"receive-{dossier_id}"}
        return machines.post(
            web, f"/dossiers/{dossier_id}/transitions/receive", tokens["access_token"], **once
        )

    with ThreadPoolExecutor(8) as presses:
        answers = list(
            presses.map(lambda press: receive(*press), [(w, d.id) for d in dossiers for w in (0, 1, 0)])
        )
    assert {status for status, _ in answers} <= {200, 409}, answers
    received = rows(sa.select(Journal.dossier_id).where(Journal.key == "receive"))
    assert sorted(received) == sorted(d.id for d in dossiers)

    for _ in range(12):
        enqueue(waiting, "sweep_deadlines")
        enqueue(waiting, "send_mail")
    machines.wait_until(lambda: states() == {MailState.SENT} and not waiting.pending_count())
    letters = rows(sa.select(OutboxMessage))
    assert len(letters) >= LETTERS + 2 * len(dossiers)
    assert {letter.attempts for letter in letters} == {1}
    assert deliveries(office) == dict.fromkeys((letter.message_id for letter in letters), 1)
    assert len({letter.claimed_by for letter in letters}) > 1, "one worker did all the work"

    assert {name for name, _, _ in begun()} >= {"send_mail", "sweep_deadlines"}  # the drafts have their hour
    for name, job in jobs.JOBS.items():
        moments = [at for job_name, _, at in begun() if job_name == name]
        assert all(later - earlier >= job.pause for earlier, later in pairwise(moments)), (name, moments)


def test_a_worker_killed_in_the_middle_of_a_letter_or_of_a_sweep_loses_and_doubles_nothing(
    machines, office, waiting
):
    for _ in range(3):
        machines.start_worker()
    a_letter_of_a_killed_worker_is_sent_by_another(machines, office)
    a_sweep_of_a_killed_worker_is_done_by_another(machines, office, waiting)


def a_letter_of_a_killed_worker_is_sent_by_another(machines, office):
    office.asleep = True
    make_due([letter := write()])
    machines.wait_until(lambda: office.asked["hang@example.com"])
    (killed,) = rows(sa.select(OutboxMessage.claimed_by))
    kill(machines, killed)
    office.asleep = False
    assert states() == {MailState.SENDING}
    assert not office.accepted
    let_pass(OutboxMessage.claimed_at)
    machines.wait_until(lambda: states() == {MailState.SENT})
    (sent,) = rows(sa.select(OutboxMessage))
    assert sent.id == letter
    assert pid_of(sent.claimed_by) != pid_of(killed)
    assert deliveries(office) == {sent.message_id: 1}


def a_sweep_of_a_killed_worker_is_done_by_another(machines, office, waiting):
    (before,) = rows(sa.select(OutboxMessage))
    dossier, run = overdue_dossier(), sa.select(JobRun).where(JobRun.name == "sweep_deadlines")
    said = sa.select(Journal).where(Journal.dossier_id == dossier.id, Journal.key == "deadline_overdue")
    with db.engine.connect() as gate:
        gate.execute(sa.text("LOCK TABLE journal IN SHARE MODE"))  # a sweep stops where it writes its journal
        let_pass(JobRun.started_at)
        enqueue(waiting, "sweep_deadlines")
        machines.wait_until(lambda: db.session.scalar(STUCK))
        killed = rows(run)[0].worker
        kill(machines, killed)
    machines.wait_until(lambda: not db.session.scalar(STUCK))
    assert not rows(said)
    assert rows(run)[0].running

    let_pass(JobRun.started_at)
    enqueue(waiting, "sweep_deadlines")
    machines.wait_until(lambda: rows(run)[0].worker != killed and not rows(run)[0].running)
    assert rows(run)[0].result == "deadline_overdue 1"
    assert len(rows(said)) == 1
    machines.wait_until(lambda: states() == {MailState.SENT})
    letters = rows(sa.select(OutboxMessage).where(OutboxMessage.dossier_id == dossier.id))
    assert len(letters) >= 2, "the officer and the leader are told"
    assert deliveries(office) == dict.fromkeys([letter.message_id for letter in (before, *letters)], 1)


STUCK = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'journal'::regclass")


def overdue_dossier():
    """A dossier whose time is up by the real clock too; the mails of its making are taken away."""
    kept = rows(sa.select(OutboxMessage.id))
    dossier = make.submitted()
    db.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.id.not_in(kept)))
    past = dict.fromkeys(("half_at", "three_quarters_at", "due_at", "next_sweep_at"), LONG_AGO)
    db.session.execute(sa.update(DossierClock).where(DossierClock.dossier_id == dossier.id).values(**past))
    db.session.commit()
    return dossier
