"""What the tests of officers' pages share: a memory of the whole database, counted queries, strangers."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain import transitions
from app.domain.roles import Actor, Role
from app.extensions import db
from app.models.base import Model
from app.models.dossier import Dossier
from app.models.handling import Journal
from tests import factories as f
from tests.web.browsing import enter, hidden, post

QUIET = {"ab_user", "profile", "attempt", "job_run"}
"""Tables that a log-in changes."""


def everything() -> dict[str, list[tuple]]:
    """Every row of every table that a request could have changed."""
    db.session.rollback()
    tables = [t for t in Model.metadata.sorted_tables if t.name not in QUIET]
    rows = {t.name: sorted(map(tuple, db.session.execute(sa.select(t))), key=repr) for t in tables}
    rows["journal"] = [row for row in rows["journal"] if "logged_in" not in row]
    return rows


def journal_of(dossier: Dossier, key: str) -> list[Journal]:
    db.session.rollback()
    rows = sa.select(Journal).where(Journal.dossier_id == dossier.id, Journal.key == key)
    return list(db.session.scalars(rows))


@contextmanager
def queries() -> Iterator[list[str]]:
    """The statements sent to the database inside."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def statements(browser: FlaskClient, path: str) -> int:
    """How many statements a page costs; once before, so that caches are warm."""
    assert browser.get(path).status_code == 200
    with queries() as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def strangers(login: Callable, dossier: Dossier) -> dict[str, FlaskClient]:
    """Everybody who works or lives here and has no business with a dossier of the city."""
    others = [
        f.officer("Cẩm Bình"),
        f.leader("Cẩm Bình"),
        f.citizen(1),
        f.citizen(0),  # the applicant: has pages of their own, none of these
        f.administrator(),
    ]
    if dossier.department is not None:
        others.append(other_department(dossier))
    return {f"{who.role.value} {who.user_id}": enter(login, who) for who in others}


def other_department(dossier: Dossier) -> Actor:
    """A department officer of the same agency who was not given the dossier."""
    query = sa.select(f.Profile).where(
        f.Profile.role == Role.DEPARTMENT_OFFICER,
        f.Profile.agency_id == dossier.agency_id,
        f.Profile.department_id != dossier.department_id,
    )
    return f.as_actor(db.session.scalars(query.order_by(f.Profile.id)).first())


def is_hidden(dossier: Dossier, body: str) -> bool:
    """Whether nothing of the dossier stands on a page."""
    secrets = (dossier.display_code, dossier.reference, dossier.applicant_personal_id, dossier.declared_email)
    return not any(secret and secret in body for secret in secrets)


REASON = "Thiếu căn cứ theo khoản 2, “điều 5” <b>"


def at(dossier: Dossier, rest: str = "") -> str:
    """The address of a dossier's page, or of what hangs under it."""
    return f"/can-bo/ho-so/{dossier.id}{rest}"


def step(browser: FlaskClient, dossier: Dossier, key: str, **data: object) -> TestResponse:
    """Press a button as its form on the page would."""
    return post(browser, at(dossier, f"/thao-tac/{key}"), version=dossier.version, **data)


def addresses(dossier: Dossier) -> list[str]:
    """Every page that shows something of a dossier."""
    scan = dossier.documents[0].current_attachments[0].id
    return [
        at(dossier),
        at(dossier, f"?giay-to={dossier.documents[0].id}"),
        at(dossier, "/doi-chieu"),
        at(dossier, "/phe-duyet"),
        at(dossier, "/ket-qua"),
        at(dossier, "/ket-qua/trang/1"),
        f"/can-bo/tep/{scan}",
        f"/can-bo/tep/{scan}/trang/1",
        f"/can-bo/danh-sach/{dossier.id}",
    ]


def forms(dossier: Dossier) -> list[tuple[str, dict]]:
    """Every form of a dossier, filled in as somebody would who knows them."""
    document, fee = dossier.documents[0].id, dossier.fees[0].id
    keys = [(f"/thao-tac/{key}", {"reason": REASON, "confirmed": "1"}) for key in transitions.BY_KEY]
    return [
        *((at(dossier, rest), data) for rest, data in keys),
        (at(dossier, f"/giay-to/{document}"), {"acceptable": "yes"}),
        (at(dossier, "/bo-sung"), {"kind": "unreadable", "document_id": document, "description": "x"}),
        (at(dossier, "/bo-sung/1/bo"), {}),
        (at(dossier, "/tin-nhan"), {"body": "x"}),
        (at(dossier, "/phong"), {"department_id": 1}),
        (at(dossier, "/y-kien"), {"body": "x"}),
        (at(dossier, "/du-thao"), {"summary": "x", "file": (io.BytesIO(f.picture()), "a.jpg")}),
        (at(dossier, "/phe-duyet"), {"number": "1", "decided_on": "2026-11-23"}),
        (at(dossier, f"/doi-chieu/{document}"), {"verdict": "matches"}),
        (at(dossier, f"/phi/{fee}"), {"amount": "1", "reason": "x"}),
        (at(dossier, f"/phi/{fee}/mien"), {"reason": "x"}),
        (at(dossier, "/thu-phi"), {"amount": "1", "receipt_number": "x"}),
        *(
            (f"/can-bo/danh-sach/{dossier.id}/thao-tac/{key}", {"confirmed": "1"})
            for key in transitions.BY_KEY
        ),
        *(
            ("/can-bo/danh-sach/thao-tac", {"action": key, "rowid": dossier.id, "confirmed": "1"})
            for key in ("forward", "announce_result", "receive")
        ),
    ]


def marks(page: str, key: str) -> dict[str, str]:
    """Version and mark of one button's form."""
    form = page.split(f'/thao-tac/{key}"')[1].split("</form>", maxsplit=1)[0]
    return {name: hidden(form, name) for name in ("version", "idempotency_key")}
