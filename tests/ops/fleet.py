"""Several machines: web and worker processes of their own, with nothing in common but database, queue and scans."""

import http.client
import json
import os
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.jobs.post_office import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


class Fleet:
    """The machines; ``environment`` is what they share."""

    def __init__(self, folder, environment):
        self.folder, self.environment = folder, environment
        self.workers, self.webs, self.ports = [], [], []

    def start_worker(self, **own):
        self.workers.append(self._start("worker", sys.executable, "-m", "flask", "worker", **own))

    def start_web(self):
        self.ports.append(port := free_port())
        command = (sys.executable, "-m", "gunicorn", "--chdir", str(ROOT), "run:app")
        self.webs.append(self._start("web", *command, PORT=str(port), WEB_WORKERS="1"))

    def _start(self, name, *command, **own):
        number = len(self.workers) + len(self.webs)
        data = self.folder / f"{name}{number}"
        environment = os.environ | self.environment | {"DATA_DIR": str(data)} | own
        with (self.folder / f"{name}{number}.log").open("w") as log:
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    def post(self, web, path, token=None, **sent):
        """Status and JSON of a POST to one of the web machines."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        status, body = self._ask(web, "POST", f"/api/v1{path}", json.dumps(sent), headers)
        return status, json.loads(body)

    def is_open(self, web):
        with suppress(OSError, http.client.HTTPException):
            return self._ask(web, "HEAD", "/")[0] < 500
        return False

    def _ask(self, web, *request):
        with closing(http.client.HTTPConnection("127.0.0.1", self.ports[web], timeout=60)) as line:
            line.request(*request)
            with line.getresponse() as answer:
                return answer.status, answer.read()

    def logs(self):
        return "\n".join(log.read_text(encoding="utf-8") for log in sorted(self.folder.glob("*.log")))

    def wait_until(self, condition, seconds=90):
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, "waited too long\n" + self.logs()
            time.sleep(0.1)  # noqa: TID251 - other processes work meanwhile

    def stop(self):
        for process in (*self.workers, *self.webs):
            process.kill()
        for process in (*self.workers, *self.webs):
            process.wait(30)


@contextmanager
def fleet(folder, **environment):
    """Machines that are all switched off at the end."""
    made = Fleet(folder, {"FLASK_APP": str(ROOT / "run.py"), "APP_ENV": "development"} | environment)
    try:
        yield made
    finally:
        made.stop()
