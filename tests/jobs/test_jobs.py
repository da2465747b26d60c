import threading
from datetime import timedelta

import pytest
from huey import MemoryHuey, RedisHuey, SqliteHuey
from sqlalchemy import select

from app.domain import clock
from app.extensions import db, queue
from app.jobs import tasks
from app.jobs import worker as workers
from app.jobs.worker import Pump
from app.models.outbox import JobRun
from app.services import jobs
from tests.mails import write


def run_of(name):
    db.session.expire_all()
    return db.session.scalars(select(JobRun).where(JobRun.name == name)).one()


def test_a_job_leaves_when_it_ran_and_what_it_did(app):
    begun = clock.now()
    assert jobs.run("send_mail", "w1", lambda: "3 sent")
    run = run_of("send_mail")
    assert (run.running, run.result, run.error, run.worker) == (False, "3 sent", "", "w1")
    assert begun <= run.started_at <= run.finished_at


def test_a_failed_job_leaves_its_error_and_keeps_the_last_result(app, moment):
    jobs.run("send_mail", "w1", lambda: "3 sent")
    moment.shift(timedelta(minutes=1))
    with pytest.raises(ZeroDivisionError):
        jobs.run("send_mail", "w1", lambda: 1 / 0)
    run = run_of("send_mail")
    assert (run.running, run.result, run.error) == (False, "3 sent", "ZeroDivisionError: division by zero")
    assert run.failed_at is not None
    moment.shift(timedelta(minutes=1))
    assert jobs.run("send_mail", "w1", lambda: "ok")
    assert run_of("send_mail").error == ""


def test_a_job_just_done_by_one_worker_is_not_done_again_by_another(app, moment):
    done = []
    assert jobs.run("sweep_deadlines", "w1", lambda: done.append(1) or "")
    assert not jobs.run("sweep_deadlines", "w2", lambda: done.append(2) or "")
    moment.shift(jobs.JOBS["sweep_deadlines"].pause)
    assert jobs.run("sweep_deadlines", "w2", lambda: done.append(3) or "")
    assert done == [1, 3]


def test_a_job_is_not_run_beside_itself(app, moment):
    def nested():
        moment.shift(timedelta(minutes=5))
        assert not jobs.run("sweep_deadlines", "w2", lambda: "twin")
        return "first"

    assert jobs.run("sweep_deadlines", "w1", nested)
    assert run_of("sweep_deadlines").result == "first"


def test_a_job_whose_worker_was_killed_is_taken_over(app, moment):
    jobs._begin("sweep_deadlines", "killed")
    moment.shift(jobs.ABANDONED - timedelta(seconds=5))
    assert not jobs.run("sweep_deadlines", "w2", lambda: "too early")
    moment.shift(timedelta(seconds=10))
    assert jobs.run("sweep_deadlines", "w2", lambda: "taken over")
    assert run_of("sweep_deadlines").worker == "w2"


def test_of_workers_that_begin_together_one_runs_the_job(app):
    barrier, ran = threading.Barrier(4), []

    def work(number):
        with app.app_context():
            barrier.wait(10)
            if jobs.run("sweep_deadlines", f"w{number}", lambda: str(number)):
                ran.append(number)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(ran) == 1
    assert run_of("sweep_deadlines").result == str(ran[0])


def test_the_console_sees_every_job_whether_it_ran_or_not(app):
    jobs.run("send_mail", "w1", lambda: "3 sent")
    overview = jobs.overview()
    assert {name: run and run.result for name, _, run in overview.runs} == {
        "send_mail": "3 sent",
        "sweep_deadlines": None,
        "make_exports": None,
        "tidy_exports": None,
        "discard_old_drafts": None,
    }
    assert (overview.pending, overview.scheduled) == (0, 0)


def test_the_timetable_holds_every_job_and_each_of_them_runs(app):
    assert tasks.TASKS.keys() == jobs.JOBS.keys()
    timetable = MemoryHuey("test")
    tasks.register(app, timetable, lambda: False)
    periodic = timetable._registry.periodic_tasks
    assert {task.name for task in periodic} == set(jobs.JOBS)
    for task in periodic:
        timetable.execute(task)
    for name in jobs.JOBS:
        run = run_of(name)
        assert (run.running, run.error) == (False, "")
        assert run.result


def test_the_queue_is_a_file_by_default_and_redis_when_configured(app, monkeypatch):
    app.extensions.pop("queue", None)
    assert isinstance(queue(), SqliteHuey)
    assert (app.config["DATA_DIR"] / "queue.db").exists()
    assert queue() is queue()
    monkeypatch.setitem(app.config, "REDIS_URL", "redis://127.0.0.1:1/0")
    app.extensions.pop("queue")
    assert isinstance(queue(), RedisHuey)
    app.extensions.pop("queue")


def test_an_operator_can_do_one_round_by_hand(app, server):
    write()
    run = app.test_cli_runner().invoke
    assert run(args=["send-mail"]).stdout == "1 sent\n"
    assert run(args=["send-mail"]).stdout == "nothing to do\n"
    assert run(args=["sweep"]).stdout == "nothing to do\n"


def test_the_pump_sends_what_is_due_and_asks_nothing_of_a_missing_server(app, server, monkeypatch):
    pump = Pump(app, threading.Event())
    pump.pump()
    write()
    monkeypatch.setitem(app.config, "MAIL_SERVER", "")
    pump.pump()
    assert server.connections == 0
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    pump.pump()
    assert len(server.accepted) == 1


def test_an_error_does_not_end_the_pump(app, monkeypatch):
    told_to_stop, asked = threading.Event(), []

    def stumble(_pump):
        asked.append(1)
        if len(asked) == 3:
            told_to_stop.set()
        raise ConnectionError("the database is away")

    monkeypatch.setattr(workers, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(Pump, "pump", stumble)
    Pump(app, told_to_stop).run()
    assert len(asked) == 3
