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
GONE = {"/xac-nhan/", "/doi-thu-dien-tu/", "/dat-lai-mat-khau/", "/kich-hoat/"}
"""Links from mails that were used or are too old: the page that says so."""
SHARES = {"administrator": 4, "receiving_officer": 2, "citizen": 2}
"""Into how many tests the pages of a role are cut, so that two workers have something to do."""
PARTS = [
    pytest.param(role, share, id=f"{role}-{share}") for role in pages.ROLES for share in range(SHARES.get(role, 1))
]


def findings(page: Page) -> list[str]:
    """What axe finds: the rule and where."""
    found = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")["violations"]
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


def look_at(person: Visitor, path: str, *, axe: bool) -> list[str]:
    """Everything that is wrong with a page."""
    person.widen(DESK)
    page = person.open(path)
    wrong = [] if page.locator("h1").count() == 1 else [f"{page.locator('h1').count()} h1"]
    if axe:
        page.evaluate(AXE)
        wrong += [f"{DESK}: {one}" for one in findings(page)]
    for width in (DESK, TABLET, PHONE):
        person.widen(width)
        wrong += too_wide(page)
    if axe:
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        wrong += too_wide(page) + [f"{PHONE}: {one}" for one in findings(page)]
    return [f"{path} {one}" for one in wrong]


def opens(person: Visitor, path: str) -> bool:
    """Whether the role may see the page; it must be its own business if not."""
    answer = person.context.request.get(person.site.address + path, max_redirects=0)
    if any(path.startswith(start) for start in GONE):
        return True
    assert answer.status in {200, 302, 303, 403, 404}, f"{path}: {answer.status}"
    return answer.status == 200 and answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(("role", "share"), PARTS)
def test_a_page_is_for_everybody_and_fits_the_screen(window, site, role, share):
    person = window(pages.accounts(site)[role])
    mine = pages.of_role(site, role)[share :: SHARES.get(role, 1)]
    visited = [path for path in mine if opens(person, path)]
    own = [path for path in visited if path.startswith(pages.HOUSE)]
    assert role == "visitor" or own
    wrong = []
    for path in visited:
        wrong += look_at(person, path, axe=role == "visitor" or path in own or path == "/")
    refused = [words for words in person.complaints if any(start in words for start in GONE)]
    person.complaints[:] = [words for words in person.complaints if words not in refused]
    assert wrong + person.complaints == []
