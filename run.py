"""The application for gunicorn and flask (`FLASK_APP=run.py`); `python run.py` serves it on one machine.

`python run.py` brings the database up to date, seeds it, starts gunicorn and the worker as processes of their
own, and watches them: a worker that dies is started again, Ctrl-C stops everything.
"""

import csv
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import click

import config as configuration
from app import create_app

ROOT = Path(__file__).resolve().parent
FLASK = (sys.executable, "-m", "flask", "--app", str(ROOT / "run.py"))
DOORLESS = frozenset({"working-time", "transitions"})
"""Commands of `flask` that need no page: without the doors they begin in half the time."""
PATIENCE_SECONDS = 40
"""How long a process may finish what it has in hand; longer than gunicorn and the worker allow themselves."""
START_SECONDS = 120
LIVES = 5
"""A worker that dies so often within a minute is not started again: something is wrong for good."""
MINUTE = 60.0


class Broken(Exception):
    """The service cannot run; the message is for the operator."""


class Service:
    """Web and worker, and the order to stop."""

    def __init__(self, settings: configuration.Config) -> None:
        """``settings`` are those of this environment."""
        self.settings = settings
        self.told_to_stop = threading.Event()
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self._deaths: list[float] = []

    def run(self, *, demo: bool) -> None:
        """Prepare, start, watch, stop. Raises Broken when something does not start or does not stay up."""
        refuse_busy_port(self.settings)
        prepare(demo=demo)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            self.web = start(sys.executable, "-m", "gunicorn", "--chdir", str(ROOT), "run:app")
            self.worker = start(*FLASK, "worker")
            self._wait_for_answer()
            if not self.told_to_stop.is_set():
                click.echo(welcome(self.settings, demo=demo))
            while not self.told_to_stop.wait(0.5):
                self._look_after()
        finally:
            end(self.web, self.worker)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop.set()

    def _wait_for_answer(self) -> None:
        ends = time.monotonic() + START_SECONDS
        while not self.told_to_stop.wait(0.2):
            self._look_after()
            if answers(self.settings):
                return
            if time.monotonic() > ends:
                raise Broken(f"The web server did not answer within {START_SECONDS} seconds.")

    def _look_after(self) -> None:
        if self.web is not None and self.web.poll() is not None:
            raise Broken(f"The web server ended (status {self.web.returncode}); its messages are above.")
        if self.worker is not None and self.worker.poll() is not None:
            self._replace_worker(self.worker.returncode)

    def _replace_worker(self, status: int) -> None:
        now = time.monotonic()
        self._deaths = [then for then in self._deaths if now - then < MINUTE] + [now]
        if len(self._deaths) >= LIVES:
            raise Broken(f"The worker ended {LIVES} times within a minute (status {status}); see above.")
        click.echo(f"The worker ended (status {status}) and is started again.", err=True)
        self.worker = start(*FLASK, "worker")


def start(*command: str) -> subprocess.Popen[bytes]:
    """Start a process that the terminal's Ctrl-C does not reach: only we end it, in our order."""
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 - our own commands


def end(*processes: subprocess.Popen[bytes] | None) -> None:
    """Ask all to finish, wait, and kill what does not."""
    running = [process for process in processes if process is not None and process.poll() is None]
    for process in running:
        process.terminate()
    ends = time.monotonic() + PATIENCE_SECONDS
    for process in running:
        try:
            process.wait(max(ends - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def prepare(*, demo: bool) -> None:
    """Bring the database up to date and seed it, in a process of its own. Raises Broken when that fails."""
    status = subprocess.run([*FLASK, "set-up", "--demo" if demo else "--no-demo"], cwd=ROOT, check=False)  # noqa: S603
    if status.returncode:
        raise Broken("The database could not be set up; the messages are above.")


def refuse_busy_port(settings: configuration.Config) -> None:
    """Raise Broken when another program has the port: gunicorn would only try again and again."""
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            raise Broken(
                f"Port {settings.PORT} on {settings.HOST} cannot be used: {error.strerror}.\n"
                f"Stop the program that has it, or choose another: PORT={settings.PORT + 1} make run"
            ) from error


def answers(settings: configuration.Config) -> bool:
    """Whether the web server gives an HTTP answer, whatever it says."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104 - compared
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=10)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def welcome(settings: configuration.Config, *, demo: bool) -> str:
    """What the operator wants to know: address, data, mail, accounts."""
    server = settings.MAIL_SERVER
    mail = f"sent through {server}" if server else "held in the outbox (MAIL_SERVER is not set)"
    lines = [
        "",
        f"Một cửa is open:  {settings.BASE_URL}",
        f"Data:             {settings.DATA_DIR.resolve()}",
        f"Database:         {_database(settings)}",
        f"Mail:             {mail}",
    ]
    if demo:
        lines += ["", "Demo accounts, one of each role (all of them: seed/demo_accounts.csv):", *_accounts()]
    return "\n".join([*lines, "", "Stop with Ctrl-C.", ""])


def _database(settings: configuration.Config) -> str:
    scheme, _, rest = settings.SQLALCHEMY_DATABASE_URI.partition("://")
    return rest.removeprefix("/") if scheme == "sqlite" else f"{scheme} {rest.rpartition('@')[2]}"


def _accounts() -> list[str]:
    with (ROOT / "seed" / "demo_accounts.csv").open(encoding="utf-8", newline="") as file:
        of_role = {row["role"]: row for row in reversed(list(csv.DictReader(file)))}
    return [f"  {row['role']:20} {row['username']:14} {row['password']}" for row in of_role.values()]


@click.command()
@click.option("--demo/--no-demo", default=None, help="With or without demo accounts and dossiers.")
def main(demo: bool | None) -> None:
    """Run the whole service on this machine."""
    try:
        settings = configuration.from_environment()
        settings.refuse_if_unsafe()
        Service(settings).run(demo=settings.DEMO_ACCOUNTS_ALLOWED if demo is None else demo)
    except (Broken, RuntimeError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
else:
    app = create_app(doors=DOORLESS.isdisjoint(sys.argv))
