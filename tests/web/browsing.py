"""Browsing as people do: log in, open a page, fill its form."""

import csv
import io
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.roles import Actor
from tests import factories

ROOT = Path(__file__).resolve().parents[2]


def passwords() -> dict[str, str]:
    with (ROOT / "seed" / "demo_accounts.csv").open(encoding="utf-8") as file:
        return {row["username"]: row["password"] for row in csv.DictReader(file)}


def enter(login, someone: Actor) -> FlaskClient:
    """A browser logged in as this person of the seeded city."""
    name = factories.username(someone)
    return login(name, passwords()[name])


def token(browser: FlaskClient) -> str:
    """The CSRF token of this browser's session."""
    return factories.csrf_token(browser.get("/tra-cuu").text)


def post(browser: FlaskClient, path: str, /, **data: object) -> TestResponse:
    """Post a form with its token; lists and files as werkzeug's test client takes them."""
    return browser.post(path, data={"csrf_token": token(browser), **data})


def file(name: str, data: bytes | None = None) -> tuple[io.BytesIO, str]:
    """A file to post."""
    return io.BytesIO(factories.picture(name) if data is None else data), name


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    part = page.split(f'name="{name}" value="')[1]
    return part.split('"')[0]
