"""Stock Flask-AppBuilder: its own ModelView over our tables, with its own defaults."""

import os
import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_appbuilder import AppBuilder, ModelView
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.models.sqla.interface import SQLAInterface

from app.models.base import Model
from app.models.catalogue import Procedure
from app.models.dossier import Dossier

COLUMNS = [
    "code", "applicant_name", "procedure_name", "state", "department.name", "submitted_at", "due_at",
]  # fmt: skip
NAME, PASSWORD = "bench_peer", os.urandom(12).hex()


class App:
    """Two stock lists and a stock administrator."""

    def __init__(self, url: str, facts: dict[str, Any]) -> None:
        self.facts, self.queries = facts, 0
        self.app = Flask(__name__)
        self.app.config.update(SQLALCHEMY_DATABASE_URI=url, SECRET_KEY="bench", WTF_CSRF_ENABLED=False)
        db = SQLA(model_class=Model)
        db.init_app(self.app)

        class StockDossiers(ModelView):
            datamodel = SQLAInterface(Dossier)
            list_columns = COLUMNS
            base_filters = [["agency_id", FilterEqual, facts["agency"]]]
            search_columns = ["code", "applicant_name", "procedure_name"]  # it falls over our enums
            base_order = ("id", "desc")
            page_size = 25

        class StockProcedures(ModelView):
            datamodel = SQLAInterface(Procedure)
            list_columns = ["code", "name", "field.name", "level", "processing_time", "confirmed"]
            search_columns = ["code", "name"]
            page_size = 25

        with self.app.app_context():
            builder = AppBuilder(self.app, db.session)
            builder.add_view(StockDossiers, "Dossiers")
            builder.add_view(StockProcedures, "Procedures")
            security = builder.sm
            role = security.find_role(security.auth_role_admin)
            person = security.find_user(NAME) or security.add_user(
                NAME, "a", "b", "peer@bench.example", role, PASSWORD
            )
            security.reset_password(person.id, PASSWORD)
            sa.event.listen(db.engine, "before_cursor_execute", self._count)
        self.browser = self.app.test_client()
        answer = self.browser.post("/login/", data={"username": NAME, "password": PASSWORD})
        assert answer.status_code == 302, re.sub("<[^>]+>", " ", answer.text)  # noqa: PLR2004

    def pages(self) -> dict[str, Callable[[], Any]]:
        """What is measured."""
        search = {"_flt_2_applicant_name": self.facts["accented"]}  # 2: contains
        return {
            "list": lambda: self.browser.get("/stockdossiers/list/"),
            "deep page": lambda: self.browser.get(
                f"/stockdossiers/list/?page_StockDossiers={self.facts['page'] - 1}"
            ),
            "search": lambda: self.browser.get("/stockdossiers/list/", query_string=search),
            "procedures": lambda: self.browser.get("/stockprocedures/list/"),
        }

    def _count(self, *_: Any) -> None:
        self.queries += 1
