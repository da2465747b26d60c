"""Our pages as a browser and a machine ask for them, in process."""

import os
import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

PASSWORD = "ThanCamPha@2016"
OFFICER, LEADER, SPECIALIST, ADMINISTRATOR = "tiepnhan", "lanhdao1", "taichinh", "quantri"


class App:
    """The application on a database, with everybody logged in."""

    def __init__(self, url: str, facts: dict[str, Any]) -> None:
        os.environ["DATABASE_URL"] = url
        from app import create_app  # noqa: PLC0415 - reads the environment
        from app.extensions import db  # noqa: PLC0415

        self.app: Flask = create_app()
        self.queries, self.facts = 0, facts
        with self.app.app_context():
            sa.event.listen(db.engine, "before_cursor_execute", self._count)
        self.browsers = {name: self._log_in(name) for name in (OFFICER, LEADER, SPECIALIST, ADMINISTRATOR)}
        self.token = self._token(OFFICER)

    def pages(self) -> dict[str, Callable[[], Any]]:
        """What is measured."""
        facts = self.facts
        return {
            "inbox": self._page(OFFICER, "/hop-thu"),
            "inbox, closed": self._page(OFFICER, "/hop-thu?nhom=closed"),
            "inbox of a department": self._page(SPECIALIST, "/hop-thu"),
            "leader's queue": self._page(LEADER, "/hop-thu"),
            "search by code": self._page(OFFICER, f"/hop-thu?nhom=closed&tim={facts['code']}"),
            "search by name": self._page(OFFICER, f"/hop-thu?nhom=closed&tim={facts['name']}"),
            "search by text": self._page(OFFICER, "/hop-thu?nhom=closed&tim=dang ky kinh doanh"),
            "search, no hit": self._page(OFFICER, "/hop-thu?nhom=closed&tim=khong co that"),
            "dossier page": self._page(OFFICER, f"/can-bo/ho-so/{facts['dossier']}"),
            "dossier list": self._page(OFFICER, "/can-bo/danh-sach"),
            "dossier list, search": self._page(OFFICER, f"/can-bo/danh-sach?loc-search_text={facts['name']}"),
            "dossier list, by name": self._page(OFFICER, "/can-bo/danh-sach?xep=applicant_name&chieu=asc"),
            "REST, first page": self._rest("/dossiers/"),
            "REST, page 10,000": self._rest(f"/dossiers/?after={facts['rest_after']}"),
            "procedure list": self._page(ADMINISTRATOR, "/quan-tri/thu-tuc"),
            "one's own account": self._page(OFFICER, "/tai-khoan"),
        }

    def _count(self, *_: Any) -> None:
        self.queries += 1

    def _log_in(self, name: str) -> FlaskClient:
        browser = self.app.test_client()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/dang-nhap").text)
        assert token
        form = {"username": name, "password": PASSWORD, "csrf_token": token.group(1)}
        assert browser.post("/dang-nhap", data=form).status_code == 302  # noqa: PLR2004
        return browser

    def _token(self, name: str) -> str:
        sent = {"username": name, "password": PASSWORD, "provider": "db"}
        answer = self.app.test_client().post("/api/v1/security/login", json=sent)
        return str(answer.json["access_token"])

    def _page(self, who: str, path: str) -> Callable[[], Any]:
        return lambda: self.browsers[who].get(path)

    def _rest(self, path: str) -> Callable[[], Any]:
        machine, headers = self.app.test_client(), {"Authorization": f"Bearer {self.token}"}
        return lambda: machine.get(f"/api/v1{path}", headers=headers)
