"""The city as a browser sees it: its server, what there is to visit, and people at their screens."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Playwright

from tests import factories as make

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a camera with a moving picture, allowed without asking
    "--use-fake-ui-for-media-stream",
]
DESK, TABLET, PHONE = 1440, 768, 390
HEIGHT = 900
PATIENCE_MS = 20_000


@dataclass
class Site:
    """The running server and its rows; ``facts`` are described in tests/browser/server.py."""

    address: str
    facts: dict[str, Any]

    def state(self, name: str) -> int:
        """A dossier in that state; nobody may change it."""
        return int(self.facts["states"][name][0])

    def take(self, name: str) -> int:
        """A dossier that the test may change; nobody else gets it."""
        return int(self.facts["spare"][name].pop())


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[Site]:
    """The server, in a process of its own."""
    log = (folder / "server.log").open("w+", encoding="utf-8")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.server", str(folder), *arguments],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
    )  # fmt: skip
    try:
        said = ""
        while server.stdout and not said.startswith("{"):
            said = server.stdout.readline()
            assert said, f"the server did not start:\n{Path(log.name).read_text(encoding='utf-8')}"
        facts = json.loads(said)
        yield Site(facts.pop("address"), facts)
    finally:
        server.communicate()
        log.close()


def launched(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)


@dataclass
class Visitor:
    """A person at a screen. What the browser complains about is kept in ``complaints``."""

    site: Site
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.site.address + path)
        return self.page

    def press(self, words: str) -> Page:
        """Click the button with exactly these words; the page it leads to."""
        return self.follow(self.page.get_by_role("button", name=words, exact=True))

    def follow(self, control: Locator) -> Page:
        """Click and wait for the page it leads to."""
        with self.page.expect_navigation():
            control.click()
        return self.page

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site.address)

    def log_in(self, username: str) -> "Visitor":
        """Without looking at the page: most tests are not about logging in."""
        at = f"{self.site.address}/dang-nhap"
        token = make.csrf_token(self.context.request.get(at).text())
        said = {"username": username, "password": make.DEMO_PASSWORD, "csrf_token": token}
        answer = self.context.request.post(at, form=said, max_redirects=0)
        assert answer.status == 302, answer.text()
        return self

    def widen(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def listen(self) -> None:
        """Note every error of the console and every request that leaves the site."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on("request", lambda request: self._see(request.url))

    def _hear(self, said: ConsoleMessage) -> None:
        refused = "server responded with a status of 4" in said.text and said.location["url"] == self.page.url
        if said.type == "error" and not refused:  # a refused form is an answer; a missing picture is not
            self._complain(said.text)

    def _complain(self, words: str) -> None:
        self.complaints.append(f"{self.path}: {words}")

    def _see(self, url: str) -> None:
        if not re.match(rf"{re.escape(self.site.address)}/|data:|blob:|about:", url):
            self._complain(f"request to {url}")


def visitor(
    site: Site, browser: Browser, username: str = "", *, width: int = DESK, **options: Any
) -> Visitor:
    """A new browser window; ``options`` are those of Playwright's new_context."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        reduced_motion="reduce",  # no smooth scrolling: what has the focus is where it will stay
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    made = Visitor(site, context, context.new_page())
    made.listen()
    return made.log_in(username) if username else made
