"""Browsing as people do: log in, open a page, fill its form."""

import csv
import io
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.roles import Actor
from app.extensions import db
from app.models.dossier import Attachment, Dossier
from app.models.handling import Journal, Message, SupplementItem
from app.models.outbox import OutboxMessage
from tests import factories

APPLICANT = {
    "kind": "citizen",
    "name": "Nguyễn Thị Minh Hằng",
    "personal_id": "022185001234",
    "phone": "0912 345 678",
    "address": "Tổ 3, khu 5",
    "email": "congdan1@motcua.example",
    "request_summary": "Mở cửa hàng",
}
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


def press_form(browser, path: str) -> dict[str, str]:
    page = browser.get(path).text
    return {name: hidden(page, name) for name in ("csrf_token", "version", "idempotency_key")}


def stored(made: Dossier) -> list[object]:
    """Everything an attack on a sent dossier could change."""
    db.session.expire_all()
    row = db.session.get_one(Dossier, made.id)
    counts = [
        db.session.scalar(db.select(db.func.count(t.id)))
        for t in (Journal, Message, OutboxMessage, Attachment)
    ]
    answers = db.session.scalars(db.select(SupplementItem.answer)).all()
    return [row.version, row.state, counts, answers]


def picture_of(dossier_id: int) -> list[object]:
    """Everything an attack on a draft could change."""
    db.session.expire_all()
    row = db.session.get_one(Dossier, dossier_id)
    scans = [(a.id, a.page_order, a.file_id) for d in row.documents for a in d.attachments]
    rows = db.session.scalar(db.select(db.func.count(Journal.id)))
    return [
        row.version,
        row.state,
        row.return_place_id,
        row.applicant_name,
        row.truth_declared_at,
        scans,
        rows,
    ]
