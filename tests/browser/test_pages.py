"""Every page as every role on three widths: readable by all, quiet, within the screen, nothing from elsewhere."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import pages
from tests.browser.site import DESK, PHONE, TABLET, Visitor

AXE = Axe().axe_script
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
}
GONE = 410
"""The status of a link from a mail that is too old; the page that says so is for everybody, too."""
COLOURS_EVERY = 4
"""On a desk the contrast of every so-many-th page is looked at: the frame and the tables are the same on all."""
SHARES = {"administrator": 4, "receiving_officer": 2, "citizen": 2}
"""Into how many tests the pages of a role are cut, so that two workers have something to do."""
PARTS = [
    pytest.param(role, share, id=f"{role}-{share}")
    for role in pages.ROLES
    for share in range(SHARES.get(role, 1))
]


def findings(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds: the rule and where. ``colours``: contrast too, which takes longer than all other rules."""
    rules = RULES if colours else RULES | {"rules": {"color-contrast": {"enabled": False}}}
    found = page.evaluate(f"axe.run(document, {json.dumps(rules)})")["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:160]}" for one in found for node in one["nodes"]]


def too_wide(page: Page) -> list[str]:
    """Whether the page scrolls sideways, and what sticks out."""
    return page.evaluate(
        """() => { const wide = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= wide) return [];
        return [`scrolls sideways at ${wide}: ` + [...document.querySelectorAll('body *')]
          .filter((e) => e.getBoundingClientRect().right > wide + 1).slice(-3)
          .map((e) => e.tagName + '.' + e.className).join(', ')]; }"""
    )


def look_at(person: Visitor, path: str, *, axe: bool, colours: bool) -> list[str] | None:
    """Everything that is wrong with a page; None when it leads elsewhere or is not for this person."""
    person.widen(DESK)
    answer = person.page.goto(person.site.address + path)
    assert answer.status in {200, 403, 404, GONE}, f"{path}: {answer.status}"
    if answer.status not in {200, GONE} or answer.request.redirected_from:
        return None
    return [f"{path} {one}" for one in wrong_with(person, axe=axe, colours=colours)]


def wrong_with(person: Visitor, *, axe: bool, colours: bool = True) -> list[str]:
    """What is wrong with the page in front, on each width: colours always on a phone, on a desk if asked."""
    page = person.page
    wrong = [] if page.locator("h1").count() == 1 else [f"{page.locator('h1').count()} h1"]
    if axe:
        page.evaluate(AXE)
        wrong += [f"{DESK}: {one}" for one in findings(page, colours=colours)]
    for width in (DESK, TABLET, PHONE):
        person.widen(width)
        wrong += too_wide(page)
    if axe:
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        wrong += too_wide(page) + [f"{PHONE}: {one}" for one in findings(page)]
    return wrong


@pytest.mark.parametrize(("role", "share"), PARTS)
def test_a_page_is_for_everybody_and_fits_the_screen(window, site, role, share):
    person, wrong, seen = window(pages.accounts(site)[role]), [], []
    for number, path in enumerate(pages.of_role(site, role)[share :: SHARES.get(role, 1)]):
        inside = path.startswith(pages.HOUSE)
        axe = role == "visitor" or inside or path == "/"
        found = look_at(person, path, axe=axe, colours=number % COLOURS_EVERY == 0)
        if found is not None:
            wrong += found
            seen.append(path)
    assert any(path.startswith(pages.HOUSE) for path in seen) or role == "visitor"
    assert not wrong, "\n".join(wrong)


FAILURES = {
    403: "/quan-tri/",
    404: "/khong-co-trang-nay",
    **{n: f"/loi/{n}" for n in (409, 413, 429, 500, 503)},
}
"""Where each failure is met; ``/loi/`` is a page of the test server that fails as it is told."""


@pytest.mark.parametrize("username", ["", "congdan1", "tiepnhan"])
def test_a_failure_is_a_page_for_everybody_too(window, site, username):
    person, wrong = window(username), []
    for status, path in FAILURES.items():
        if status == 403 and not username:
            continue  # a visitor is asked to log in
        person.widen(DESK)
        assert person.page.goto(site.address + path).status == status
        wrong += [f"{path} {one}" for one in wrong_with(person, axe=True)]
        assert "033.3.502.900" in person.page.locator("main").inner_text()
    assert not wrong, "\n".join(wrong)
    person.complaints[:] = [one for one in person.complaints if "/loi/5" not in one]  # they are asked for
