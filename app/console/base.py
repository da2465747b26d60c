"""The base of every page of the console: administrators only, explicit columns, nothing to write."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import redirect, request, url_for
from flask_admin import AdminIndexView, expose
from flask_admin.contrib.sqla import ModelView
from flask_babel import lazy_gettext as _
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.actor import current_actor, require_actor
from app.console import words
from app.domain.errors import NotAllowed
from app.domain.roles import Actor, Role
from app.services import jobs, outbox

LONGEST_KEY = 18
"""Digits: longer numbers are no row's key and would only upset the database."""
LAST_PAGE = 10**9


class OnlyAdministrators:
    """Flask-Admin answers everybody unless every view says who may come in."""

    def is_accessible(self) -> bool:
        """Whether the person of this request is an administrator."""
        actor = current_actor()
        return actor is not None and actor.role is Role.ADMINISTRATOR

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Response:  # noqa: ARG002 - Flask-Admin's call
        """Anonymous visitors log in first; other roles are refused (403)."""
        if current_actor() is None:
            return redirect(f"/dang-nhap?next={request.path}")
        raise NotAllowed("role_may_not")

    @staticmethod
    def actor() -> Actor:
        """The administrator of this request."""
        return require_actor(Role.ADMINISTRATOR)


class Home(OnlyAdministrators, AdminIndexView):
    """The entrance: every table with one sentence, the state of the mail and of the jobs."""

    def __init__(self) -> None:
        super().__init__(name=_("Tổng quan"), endpoint="console", url="/console")

    @expose("/")
    def index(self) -> str:
        """Show the entrance."""
        mails = {"mails": outbox.counts(), "cap": outbox.MOST_COUNTED}
        return self.render("console/home.html", **mails, jobs=jobs.overview(), words=words)


class Table(OnlyAdministrators, ModelView):
    """A table to read. A subclass declares ``model``, ``title``, ``about`` and its columns with labels.

    Writing, exporting, sorting by any column, inline editing and filters that need scripts are off; pages are
    counted by looking one row ahead, never by COUNT(*).
    """

    model_class: ClassVar[type]
    title: ClassVar[Any]
    about: ClassVar[Any]
    path: ClassVar[str]
    states: ClassVar[Sequence[Any]] = ()
    """Members of the enum of ``model.state`` that the page offers as filters."""
    relations: ClassVar[Sequence[Any]] = ()
    """Relations that the columns show, loaded with the rows."""

    can_create = can_edit = can_delete = can_export = False
    can_view_details = True
    can_set_page_size = False
    simple_list_pager = True
    page_size = 50
    column_sortable_list: ClassVar[list[str]] = []
    column_default_sort = ("id", True)
    column_display_actions = False
    column_auto_select_related = False
    list_template = "console/list.html"
    details_template = "console/details.html"

    def __init__(self, db: SQLAlchemy) -> None:
        super().__init__(
            self.model_class,
            db,
            name=self.title,
            endpoint=f"console_{self.path}",
            url=f"/console/{self.path}",
        )

    def scaffold_form(self) -> Any:
        """No form: nothing is written here."""
        return self.form_base_class

    def scaffold_list_form(self, widget: Any = None, validators: Any = None) -> Any:  # noqa: ARG002
        """No inline editing."""
        return self.form_base_class

    def get_query(self) -> Any:
        """The rows, of one state when the address names one."""
        query, wanted = super().get_query(), self.wanted_state()
        query = query.options(*(joinedload(relation) for relation in self.relations))
        return query.filter_by(state=wanted) if wanted else query

    def wanted_state(self) -> Any:
        """The state that the address asks for; None for all and for unknown words."""
        return next((s for s in self.states if s.value == request.args.get("state")), None)

    def get_one(self, id: Any) -> Any:  # noqa: A002 - Flask-Admin's name
        """The row of the key that stands in the address; None for text that is no key."""
        text = str(id)
        is_key = text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
        return super().get_one(text) if is_key else None

    def _get_list_extra_args(self) -> Any:
        """What the address asks for; the nearest page for numbers that no page has."""
        asked = super()._get_list_extra_args()
        asked.page = min(max(asked.page or 0, 0), LAST_PAGE)
        return asked

    @staticmethod
    def value(row: Any, path: str) -> Any:
        """A column's value, through relations (``dossier.code``); None where a relation is empty."""
        for name in path.split("."):
            row = getattr(row, name, None)
        return row

    def address(self, **arguments: Any) -> str:
        """This list with other arguments; the state is kept."""
        kept = {"state": request.args.get("state")} | arguments
        return url_for(f"{self.endpoint}.index_view", **{k: v for k, v in kept.items() if v is not None})
