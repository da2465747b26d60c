"""Stock Flask-Admin: its own ModelView over our tables, with its own defaults and nobody to log in."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy

from app.models.catalogue import Procedure
from app.models.dossier import Dossier


class App:
    """Two stock lists."""

    def __init__(self, url: str, facts: dict[str, Any]) -> None:
        self.facts, self.queries = facts, 0
        self.app = Flask(__name__)
        self.app.config.update(SQLALCHEMY_DATABASE_URI=url, SECRET_KEY="bench")
        Babel(self.app)  # Flask-Admin asks for it where it is installed
        db = SQLAlchemy(self.app)

        class Dossiers(ModelView):
            column_list = (
                "code", "applicant_name", "procedure_name", "state", "department", "submitted_at", "due_at",
            )  # fmt: skip
            column_searchable_list = ("applicant_name",)
            column_default_sort = ("id", True)
            page_size = 25

            def get_query(self) -> Any:
                return super().get_query().filter(Dossier.agency_id == facts["agency"])

            def get_count_query(self) -> Any:
                return super().get_count_query().filter(Dossier.agency_id == facts["agency"])

        class Procedures(ModelView):
            column_list = ("code", "name", "field", "level", "processing_time", "confirmed")
            page_size = 25

        admin = Admin(self.app)
        admin.add_view(Dossiers(Dossier, db, endpoint="dossiers"))
        admin.add_view(Procedures(Procedure, db, endpoint="procedures"))
        with self.app.app_context():
            sa.event.listen(db.engine, "before_cursor_execute", self._count)
        self.browser = self.app.test_client()

    def pages(self) -> dict[str, Callable[[], Any]]:
        """What is measured."""
        search = {"search": self.facts["accented"]}
        return {
            "list": lambda: self.browser.get("/admin/dossiers/"),
            "deep page": lambda: self.browser.get(f"/admin/dossiers/?page={self.facts['page'] - 1}"),
            "search": lambda: self.browser.get("/admin/dossiers/", query_string=search),
            "procedures": lambda: self.browser.get("/admin/procedures/"),
        }

    def _count(self, *_: Any) -> None:
        self.queries += 1
