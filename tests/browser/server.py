"""`python -m tests.browser.server FOLDER`: the seeded city as a web server of its own, for a browser.

A process of its own, so that its clock can stand on the Monday of the tests without stopping the tests' clock. The
first line it prints is JSON: its address, and what there is to look at (see ``facts`` and, with ``--dossiers``, ``demo``).
It ends when its input ends.
"""

import json
import os
import sys
import threading
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn

import time_machine
from flask import Flask, abort
from flask_appbuilder import BaseView
from flask_migrate import upgrade
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

import config as configuration
from app import create_app
from app.domain.errors import Conflict, TooManyAttempts, Unavailable
from app.domain.states import State
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.dossier import Dossier
from app.models.handling import Journal
from app.models.organisation import Agency, Profile
from app.models.outbox import OutboxMessage
from app.models.violation import ViolationCase
from app.services import news, roles
from seed import load
from tests import factories as make
from tests import surveys
from tests.conftest import MONDAY_MORNING

SPARE = {
    "to_send": (make.complete_draft, 7),
    "to_receive": (make.submitted, 1),
    "to_forward": (make.received, 1),
    "to_appraise": (make.in_appraisal, 1),
    "to_return": (make.result_ready, 1),
    "to_void": (make.result_ready, 3),
    "to_approve": (make.awaiting_approval, 2),
}
"""Dossiers that the journeys may change: name -> (how to make one, how many)."""


class Quiet(WSGIRequestHandler):
    """Keeps connections open; writes only what went wrong."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if str(code).startswith("5"):
            super().log_request(code, size)


def build(folder: Path, *, dossiers: bool) -> Flask:
    """The app on a fresh seeded database in the folder."""
    settings = configuration.Testing()
    settings.DATA_DIR = folder
    settings.STORAGE_URL = f"file://{folder / 'files'}"
    settings.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'city.db'}"
    settings.BASE_URL = "http://localhost"
    app = create_app(settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/loi/<int:status>", "failing", failing)
    with app.app_context():
        upgrade(directory="migrations")
        load.run(demo=True, dossiers=dossiers)
        roles.sync()
    return app


def failing(status: int) -> NoReturn:
    """Fail as an app does: a refusal, a store that is gone, a slip in the code."""
    known = {409: Conflict("stale_version"), 429: TooManyAttempts("too_many_attempts", minutes=15)}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise Unavailable("store_away")
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        raise RuntimeError("a slip")
    raise known.get(status) or abort(status)


def facts(app: Flask) -> dict[str, Any]:
    """What the tests may visit or change: keys of rows by what they are for."""
    with app.app_context():
        states = {state.value: [walk().id] for state, walk in make.WALKS.items()}
        states[State.RESULT_READY.value].append(make.result_ready(denied=True).id)
        states[State.AWAITING_APPROVAL.value].append(make.awaiting_approval(denied=True).id)
        surveys.answered(remark="Cán bộ hướng dẫn dễ hiểu.", times=6)
        spare = {name: [walk().id for _ in range(n)] for name, (walk, n) in SPARE.items()}
        return {
            "states": states,
            "spare": spare,
            "documents": {d.id: d.documents[0].id for d in db.session.scalars(select(Dossier))},
            "secret": db.session.get_one(Dossier, states["returned"][0]).secret,
            "survey": surveys.token_of(db.session.get_one(Dossier, states["returned"][0])),
            "to_ask": surveys.token_of(make.returned("KS-01", "Cẩm Bình")),
            "case": db.session.scalars(select(ViolationCase.id)).first(),
            "news": news.published()[0].id,
            "agency": make.agency("Cẩm Bình").id,
            "city": make.agency().id,
            "opening_later": db.session.scalars(select(Agency.id).order_by(Agency.id.desc())).first(),
            "specialist": make.username(make.specialist(db.session.get_one(Dossier, spare["to_void"][0]))),
            "rows": _first_rows(app) | {"hop-thu-di": _first(OutboxMessage), "nhat-ky": _first(Journal)},
            "rules": [[rule.rule, rule.endpoint, sorted(rule.arguments)] for rule in _pages(app)],
        }


def demo(app: Flask) -> dict[str, Any]:
    """The demo dossiers, for pictures: keys by state, and the log-in name of each one's citizen."""
    with app.app_context():
        found = list(db.session.scalars(select(Dossier).order_by(Dossier.id.desc())))
        owners = {d.id: make.username(make.as_actor(_profile(d.citizen_id))) for d in found}
        states = {state.value: [d.id for d in found if d.state is state] for state in State}
        city = [d.id for d in found if d.agency_id == make.agency().id]
        papers = {d.id: next((p.id for p in d.documents if p.attachments), None) for d in found}
        procedure = db.session.scalars(select(Procedure.id).where(Procedure.code == "HKD-01")).one()
        return {"states": states, "owners": owners, "city": city, "papers": papers, "procedure": procedure}


def _profile(user_id: int) -> Profile:
    return db.session.scalars(select(Profile).where(Profile.user_id == user_id)).one()


def _first(model: Any) -> int | None:
    return db.session.scalars(select(model.id).order_by(model.id)).first()


def _first_rows(app: Flask) -> dict[str, int | None]:
    """For each generated view the key of a row."""
    views: list[BaseView] = app.appbuilder.baseviews  # type: ignore[attr-defined]
    return {v.__class__.__name__: _first(v.datamodel.obj) for v in views if getattr(v, "datamodel", None)}


def _pages(app: Flask) -> Any:
    found = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return (rule for rule in found if "GET" in (rule.methods or ()) and not rule.endpoint.endswith("static"))


def main(folder: Path, *, dossiers: bool = False) -> None:
    """Serve until the input ends."""
    with time_machine.travel(MONDAY_MORNING, tick=True):
        app = build(folder, dossiers=dossiers)
        known = demo(app) if dossiers else facts(app)
        port = int(os.environ.get("BROWSER_TEST_PORT", "0"))
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"address": f"http://127.0.0.1:{server.server_port}"} | known), flush=True)  # noqa: T201
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), dossiers="--dossiers" in sys.argv)
