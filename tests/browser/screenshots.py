"""`python -m tests.browser.screenshots`: pictures of the main screens into docs/screenshots, from the demo dossiers."""

import io
import tempfile
from pathlib import Path
from typing import Any

import click
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser import site as sites
from tests.browser.site import DESK, PHONE, ROOT, Site

FOLDER = ROOT / "docs" / "screenshots"
COLOURS = 128
"""The look has few colours; a palette keeps a picture under 150 kB."""


def screens(site: Site) -> list[tuple[str, str, str, int]]:
    """Name, account, address and width of each picture."""
    known: dict[str, Any] = site.facts

    def of(state: str, owner: str = "") -> int:
        """The oldest dossier in that state: of a citizen, or of the city."""
        found = reversed(known["states"][state])
        return next(n for n in found if (known["owners"][str(n)] == owner if owner else n in known["city"]))

    def paper(dossier: int) -> str:
        return f"giay-to={known['papers'][str(dossier)]}"

    submitted, ready, awaiting = of("submitted"), of("result_ready"), of("awaiting_approval")
    return [
        ("01-home", "", "/", DESK),
        ("02-procedure", "", "/thu-tuc/HKD-01", DESK),
        ("03-compose-phone", "congdan1", f"/ho-so/{of('draft', 'congdan1')}/soan", PHONE),
        ("04-follow-phone", "congdan1", f"/ho-so/{of('in_appraisal', 'congdan1')}", PHONE),
        ("05-inbox", "tiepnhan", "/hop-thu", DESK),
        ("06-dossier", "tiepnhan", f"/can-bo/ho-so/{submitted}?{paper(submitted)}", DESK),
        ("07-originals", "tiepnhan", f"/can-bo/ho-so/{ready}/doi-chieu?{paper(ready)}", DESK),
        ("08-approval", "lanhdao1", f"/can-bo/ho-so/{awaiting}/phe-duyet", DESK),
        ("09-violations", "lanhdao1", "/vi-pham", DESK),
        ("10-procedure-settings", "quantri", f"/quan-tri/thu-tuc/{known['procedure']}", DESK),
        ("11-days-off", "quantri", "/quan-tri/ngay-nghi/nam/2026", DESK),
        ("12-roll-out", "quantri", "/quan-tri/trien-khai", DESK),
        ("13-procedures-phone", "quantri", "/quan-tri/thu-tuc", PHONE),
    ]


def small(picture: bytes) -> bytes:
    """The picture with a palette."""
    file = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        sites.serving(Path(folder), "--dossiers") as site,
        sync_playwright() as playwright,
    ):
        browser = sites.launched(playwright)
        for name, account, path, width in screens(site):
            person = sites.visitor(site, browser, account, width=width)
            page = person.open(path)
            page.wait_for_load_state("networkidle")
            assert page.locator("h1").count() == 1, path
            (FOLDER / f"{name}.png").write_bytes(small(page.screenshot()))
            person.context.close()
            click.echo(f"docs/screenshots/{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
