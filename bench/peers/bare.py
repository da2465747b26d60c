"""The floor: one keyset query and the plainest Jinja template; no session, no permissions, no words, no look."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template, request
from jinja2 import DictLoader

ROWS = 25
DOSSIERS = """SELECT d.id, coalesce(d.code, d.reference) AS code, d.applicant_name, d.procedure_name, d.state,
  p.name AS department, d.submitted_at, d.due_at
FROM dossier d LEFT JOIN department p ON p.id = d.department_id WHERE d.agency_id = :agency"""
QUEUE = sa.text(f"{DOSSIERS} AND d.state = :state ORDER BY d.due_at, d.id LIMIT 26")
SENT = "d.state NOT IN ('draft', 'discarded')"
NEWEST = sa.text(f"{DOSSIERS} AND d.id < :before AND {SENT} ORDER BY d.id DESC LIMIT 26")
SEARCH = sa.text(f"{DOSSIERS} AND {SENT} AND d.search_text LIKE :q ORDER BY d.id DESC LIMIT 26")
CATALOGUE = sa.text(
    "SELECT p.id, p.code, p.name, f.name, p.level, p.processing_time, p.confirmed "
    "FROM procedure p JOIN field f ON f.id = p.field_id ORDER BY p.id LIMIT 26"
)
TEMPLATES = {
    "dossiers.html": """<!doctype html><title>Hồ sơ</title><table>
{% for r in rows %}<tr><td><a href="/{{ r.id }}">{{ r.code }}</a><td>{{ r.applicant_name }}<td>{{ r.procedure_name }}
<td>{{ r.state }}<td>{{ r.department or "" }}<td>{{ r.submitted_at }}<td>{{ r.due_at or "" }}</tr>
{% endfor %}</table>""",
    "procedures.html": """<!doctype html><title>Thủ tục</title><table>
{% for r in rows %}<tr>{% for value in r %}<td>{{ value }}{% endfor %}</tr>{% endfor %}</table>""",
}


class App:
    """Four pages on a database."""

    def __init__(self, url: str, facts: dict[str, Any]) -> None:
        self.engine, self.facts, self.queries = sa.create_engine(url), facts, 0
        sa.event.listen(self.engine, "before_cursor_execute", self._count)
        self.app = Flask(__name__)
        self.app.jinja_loader = DictLoader(TEMPLATES)
        self.app.add_url_rule("/queue/<state>", view_func=self.queue)
        self.app.add_url_rule("/list", view_func=self.newest)
        self.app.add_url_rule("/search", view_func=self.search)
        self.app.add_url_rule("/procedures", view_func=self.procedures)
        self.browser = self.app.test_client()

    def pages(self) -> dict[str, Callable[[], Any]]:
        """What is measured."""
        return {
            "queue": lambda: self.browser.get("/queue/submitted"),
            "list": lambda: self.browser.get("/list"),
            "deep page": lambda: self.browser.get(f"/list?before={self.facts['before']}"),
            "search": lambda: self.browser.get("/search", query_string={"q": self.facts["name"]}),
            "procedures": lambda: self.browser.get("/procedures"),
        }

    def queue(self, state: str) -> str:
        """Open dossiers by their due time."""
        return self._page("dossiers.html", QUEUE, agency=self.facts["agency"], state=state)

    def newest(self) -> str:
        """All dossiers from a key on."""
        before = request.args.get("before", 2**62, int)
        return self._page("dossiers.html", NEWEST, agency=self.facts["agency"], before=before)

    def search(self) -> str:
        """Those of a name."""
        return self._page("dossiers.html", SEARCH, agency=self.facts["agency"], q=f"%{request.args['q']}%")

    def procedures(self) -> str:
        """The catalogue."""
        return self._page("procedures.html", CATALOGUE)

    def _page(self, template: str, query: sa.TextClause, **values: Any) -> str:
        with self.engine.connect() as connection:
            return render_template(template, rows=connection.execute(query, values).all()[:ROWS])

    def _count(self, *_: Any) -> None:
        self.queries += 1
