"""A server of its own and Chromium, once per folder of tests; windows that must end without a complaint."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import site as sites
from tests.browser.site import CHROMIUM, Site, Visitor


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one the tests are skipped, in CI they fail."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing; on Debian: apt-get install chromium"
        assert os.environ.get("CI") != "true", reason
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = sites.launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The seeded city with dossiers in every state, on its Monday morning."""
    with sites.serving(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def window(site: Site, chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a window, logged in or not; at the end no window may have complained."""
    opened: list[Visitor] = []

    def open_window(username: str = "", **options: object) -> Visitor:
        opened.append(sites.visitor(site, chromium, username, **options))
        return opened[-1]

    yield open_window
    for one in opened:
        one.context.close()
    assert [words for one in opened for words in one.complaints] == []
