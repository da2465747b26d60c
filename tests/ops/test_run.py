import http.client
import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import config as configuration
from tests.jobs.post_office import free_port

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.no_database


@pytest.fixture
def environment(tmp_path):
    """A machine on which nothing is configured."""
    ours = re.compile(
        r"MAIL_|FLASK_|APP_ENV|DATABASE_URL|REDIS_URL|STORAGE_URL|BASE_URL|TEST_|PYTEST_|COVERAGE"
    )
    bare = {name: value for name, value in os.environ.items() if not ours.match(name)}
    return bare | {"DATA_DIR": str(tmp_path / "data"), "PORT": str(free_port()), "WEB_WORKERS": "1"}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run.py as a module."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    spec = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def start(environment, log):
    return subprocess.Popen([sys.executable, "run.py"], cwd=ROOT, env=environment, stdout=log, stderr=log)


def wait_until(condition, process, log, seconds=150):
    ends = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < ends, f"{children(process)}\n{log.read_text(encoding='utf-8')}"
        time.sleep(0.2)  # noqa: TID251 - other processes work meanwhile


def children(process):
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process.pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return {args: int(pid) for pid, args in (line.split(maxsplit=1) for line in listed.stdout.splitlines())}


def worker_of(process):
    return next((pid for args, pid in children(process).items() if args.endswith(" worker")), None)


def test_the_service_starts_from_nothing_survives_a_killed_worker_and_stops_with_ctrl_c(
    environment, tmp_path
):
    log = tmp_path / "log"
    with log.open("w") as out:
        process = start(environment, out)
    try:
        wait_until(lambda: "Stop with Ctrl-C" in log.read_text(encoding="utf-8"), process, log)
        told = log.read_text(encoding="utf-8")
        assert f"http://127.0.0.1:{environment['PORT']}" in told
        assert environment["DATA_DIR"] in told
        assert "held in the outbox" in told
        for role in ("citizen", "receiving_officer", "department_officer", "leader", "administrator"):
            assert f"  {role} " in told
        web = http.client.HTTPConnection("127.0.0.1", int(environment["PORT"]), timeout=30)
        web.request("GET", "/")
        assert web.getresponse().status < 500
        web.close()
        wait_until(lambda: worker_of(process), process, log)
        killed = worker_of(process)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: worker_of(process) not in {None, killed}, process, log)
        left = children(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait(30)
    for pid in left.values():
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with socket.create_server(("127.0.0.1", int(environment["PORT"]))):
        pass


def test_a_busy_port_is_named_before_anything_is_done(environment):
    with socket.create_server(("127.0.0.1", int(environment["PORT"]))):
        done = subprocess.run(
            [sys.executable, "run.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert f"Port {environment['PORT']} on 127.0.0.1 cannot be used" in done.stderr
    assert not Path(environment["DATA_DIR"]).exists()


def test_production_does_not_start_with_the_default_secret(environment):
    done = subprocess.run(
        [sys.executable, "run.py"],
        cwd=ROOT,
        env=environment | {"APP_ENV": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_that_keeps_dying_ends_the_service(run, monkeypatch):
    started = []
    monkeypatch.setattr(run, "start", lambda *command: started.append(command))
    service = run.Service(configuration.Testing())
    for _ in range(run.LIVES - 1):
        service._replace_worker(1)
    with pytest.raises(run.Broken, match="within a minute"):
        service._replace_worker(1)
    assert len(started) == run.LIVES - 1


def test_a_worker_that_dies_now_and_then_is_always_replaced(run, monkeypatch):
    now = iter(range(0, 10_000, 30))
    monkeypatch.setattr(run, "start", lambda *_: None)
    monkeypatch.setattr(run.time, "monotonic", lambda: next(now))
    service = run.Service(configuration.Testing())
    for _ in range(run.LIVES * 4):
        service._replace_worker(1)


def test_a_web_server_that_ends_is_told_with_its_status(run):
    service = run.Service(configuration.Testing())
    service.web = run.start(sys.executable, "-c", "raise SystemExit(3)")
    service.web.wait(30)
    with pytest.raises(run.Broken, match="status 3"):
        service._look_after()


def test_a_database_that_cannot_be_set_up_stops_the_start(run, monkeypatch):
    monkeypatch.setattr(run, "FLASK", (sys.executable, "-c", "raise SystemExit(1)"))
    with pytest.raises(run.Broken, match="set up"):
        run.prepare(demo=True)


def test_a_process_that_does_not_listen_is_killed_in_the_end(run, monkeypatch):
    monkeypatch.setattr(run, "PATIENCE_SECONDS", 1)
    deaf = "import signal as s, time; s.signal(s.SIGTERM, s.SIG_IGN); print(1, flush=True); time.sleep(90)"
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session=True)
    with process.stdout as out:
        assert out.readline() == b"1\n"
    run.end(process, None)
    assert process.returncode == -signal.SIGKILL


def test_the_welcome_shows_no_password_of_the_database(run):
    settings = configuration.Testing()
    settings.SQLALCHEMY_DATABASE_URI = "postgresql+psycopg://mot_cua:s3cret@db.example/mot_cua"
    settings.MAIL_SERVER = "mail.example"
    told = run.welcome(settings, demo=False)
    assert "s3cret" not in told
    assert "db.example/mot_cua" in told
    assert "sent through mail.example" in told
    assert "Demo accounts" not in told
