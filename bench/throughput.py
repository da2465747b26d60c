"""Inbox pages a second from gunicorn with two workers, asked by eight browsers at once."""

import http.client
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from urllib.parse import urlencode

from bench import data
from bench.ours import OFFICER, PASSWORD

BROWSERS, SECONDS = 8, 10.0


def pages_per_second(url: str) -> float:
    """Whole pages, status 200, over real sockets; the asking shares the machine's processors."""
    port = _free_port()
    environment = data.environment(url) | {"PORT": str(port), "HOST": "127.0.0.1", "WEB_WORKERS": "2"}
    command = [sys.executable, "-m", "gunicorn", "--chdir", str(data.ROOT), "run:app"]
    server = subprocess.Popen(command, cwd=data.ROOT, env=environment)
    try:
        cookie = _log_in(port)
        _ask_for(port, cookie, 2.0)  # warm
        return _ask_for(port, cookie, SECONDS)
    finally:
        server.terminate()
        server.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ask(port: int, method: str, path: str, body: str = "", cookie: str = "") -> tuple[int, str, str]:
    headers = {"Cookie": cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        line.request(method, path, body or None, headers)
        answer = line.getresponse()
        new = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return answer.status, answer.read().decode(), new or cookie


def _log_in(port: int) -> str:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        with suppress(OSError):
            _, page, cookie = _ask(port, "GET", "/dang-nhap")
            break
        time.sleep(0.2)  # noqa: TID251 - gunicorn is starting
    else:
        raise SystemExit("gunicorn did not answer")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = urlencode({"username": OFFICER, "password": PASSWORD, "csrf_token": token.group(1)})
    status, _, cookie = _ask(port, "POST", "/dang-nhap", form, cookie)
    assert status == 302, status  # noqa: PLR2004
    return cookie


def _ask_for(port: int, cookie: str, seconds: float) -> float:
    ends, done = time.monotonic() + seconds, [0] * BROWSERS

    def browse(number: int) -> None:
        while time.monotonic() < ends:
            status, page, _ = _ask(port, "GET", "/hop-thu", cookie=cookie)
            assert status == 200, status  # noqa: PLR2004
            assert "mc-danh-sach" in page
            done[number] += 1

    browsers = [threading.Thread(target=browse, args=(number,)) for number in range(BROWSERS)]
    begun = time.monotonic()
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    return sum(done) / (time.monotonic() - begun)
