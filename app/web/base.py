"""The classes every page stands on; FAB's own ModelView lets too much through.

``PageView`` is for pages written by hand. ``AdminModelView`` generates list, page, forms and deletion of a
model: the view declares columns, labels, a row filter and the verbs of the service that write.

What holds for every generated view, whatever its author forgets:

- each route asks for its FAB permission; rows are fetched through ``rows()`` and nowhere else, so a row that
  is not in the list can be neither shown, changed, deleted nor given to an action (404);
- writing needs POST and the token and is a service's verb; a refusal leaves nothing, what was typed stays;
- search, order and page size are limited to what is declared; no request leaves anything on the view.
"""

from typing import Any, ClassVar, NoReturn

from flask import abort, flash, redirect, url_for
from flask_appbuilder import ModelView, expose
from flask_appbuilder.actions import action
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import Select, inspect, select
from werkzeug.wrappers import Response

from app.actor import require_actor
from app.domain.roles import Actor
from app.extensions import db
from app.web import declared
from app.web.acting import Acting
from app.web.forms import FormMaker
from app.web.listing import PAGE_SIZES, Listing, came_from, loader, search_form
from app.web.lookups import LookingUp, only_looking
from app.web.pages import PageView, Unread, allowed, may
from app.web.writing import Writer, add_refusal, status

__all__ = ["AdminModelView", "PageView", "action", "add_refusal", "allowed", "expose"]

LARGEST_KEY = 2**63 - 1
MOST_RELATED = 100
GENERATED = "appbuilder/general/model/"


class AdminModelView(Unread, Acting, LookingUp, Writer, ModelView):
    """A generated page; ``declared.check`` refuses a class that leaves anything open."""

    datamodel: Any
    add_form: Any
    edit_form: Any
    search_form: Any

    list_template = GENERATED + "list.html"
    show_template = GENERATED + "show.html"
    add_template = edit_template = GENERATED + "form.html"
    confirm_template = GENERATED + "confirm.html"

    verb_add: ClassVar[Any] = None
    """``verb(actor, values)``: a service's verb; without it there is no way to add."""
    verb_edit: ClassVar[Any] = None
    """``verb(actor, id, values)``."""
    verb_delete: ClassVar[Any] = None
    """``verb(actor, id)``."""

    list_load: ClassVar[list[str]] = []
    """Relations the pages show, fetched in one query each: ``agency``, ``procedure.field``."""
    list_intro: Any = ""
    """A sentence under the title."""
    empty_title: Any = _("Chưa có mục nào")
    empty_why: Any = ""
    delete_warning: Any = _("Mục đã xóa không khôi phục được.")
    form_extra_fields: ClassVar[dict[str, Any]] = {}
    """WTForms fields that are no column, or stand in for one, by name, for adding and editing."""

    add_row_message = _("Đã thêm.")
    edit_row_message = _("Đã lưu.")
    delete_row_message = _("Đã xóa.")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a view that leaves columns, titles or the row filter to FAB's defaults."""
        super().__init_subclass__(**kwargs)
        declared.keep_verbs_plain(cls)
        declared.check(cls)
        cls.model = cls.datamodel.obj

    def __init__(self, **kwargs: Any) -> None:
        """Leave out the routes, and with them the permissions, of what the view has no verb for."""
        verbs = {"add": self.verb_add, "edit": self.verb_edit, "delete": self.verb_delete}
        unused = {name for name, verb in verbs.items() if verb is None}
        if not self.show_columns:
            unused.add("show")
        if not self.lookups:
            unused.add("lookup")
        self.exclude_route_methods = unused
        super().__init__(**kwargs)

    # -- what FAB would make by itself ---------------------------------------------------------------

    def _init_properties(self) -> None:
        self.related_views = self.related_views or []
        self._related_views: list[AdminModelView] = []
        self.formatters_columns = self.formatters_columns or {}
        self.description_columns = self.description_columns or {}
        self.validators_columns = self.validators_columns or {}
        self._base_filters = self._filters = self.datamodel.get_filters()

    def _init_forms(self) -> None:
        maker = FormMaker(
            self.model,
            self.label_columns,
            helps=self.description_columns,
            extra=self.form_extra_fields,
            checks=self.validators_columns,
        )
        add_columns, edit_columns = (self.add_columns or [], self.edit_columns or [])
        self.add_form = self.add_form or maker.form("AddForm", add_columns if self.verb_add else [])
        self.edit_form = self.edit_form or maker.form("EditForm", edit_columns if self.verb_edit else [])
        self.search_form = search_form(self.model, self.label_columns, self.search_columns, self.lookups)

    def may(self, permission: str) -> bool:
        """Whether the person has this FAB permission on this view; asked once per request."""
        return may(self, permission)

    def actor(self) -> Actor:
        """Who is asking; NotAllowed for anonymous visitors, whatever the public role was given."""
        return require_actor()

    # -- rows -----------------------------------------------------------------------------------------

    def rows(self, statement: Select[Any], actor: Actor) -> Select[Any]:  # noqa: ARG002 - overriders use it
        """The row filter: narrow ``select(model)`` to what this person may see. Override it if not all."""
        return statement

    def visible(self) -> Select[Any]:
        """The rows of the person who is asking."""
        return self.rows(select(self.model), self.actor())

    def fetch(self, pk: int) -> Any:
        """One visible row, or 404: an unknown row and a foreign one look alike."""
        key = inspect(self.model).primary_key[0]
        found = None
        if pk <= LARGEST_KEY:
            found = db.session.scalars(self._loaded(self.visible().where(key == pk))).unique().one_or_none()
        return found if found is not None else abort(404)

    def related(self, row: Any) -> list[dict[str, Any]]:
        """The related lists this person may see, each through its own row filter."""
        return [{"view": v, "rows": v.rows_of(row)} for v in self._related_views if v.may("can_list")]

    def rows_of(self, other: Any) -> Any:
        """The visible rows that belong to a row of another table."""
        relation = getattr(self.model, self.datamodel.get_related_fk(type(other)))
        belongs = relation.contains(other) if relation.property.uselist else relation == other
        statement = self._loaded(self.visible().where(belongs)).limit(MOST_RELATED)
        return db.session.scalars(statement).unique().all()

    def cell(self, row: Any, column: str) -> Any:
        """The value of a column (``name`` or ``agency.name``) as the page shows it."""
        value = row
        for part in column.split("."):
            value = getattr(value, part, None)
        value = value() if callable(value) else value
        form = self.formatters_columns.get(column)
        return form(value) if form else value

    def _loaded(self, statement: Select[Any]) -> Select[Any]:
        return statement.options(*(loader(self.model, path) for path in self.list_load))

    # -- pages ----------------------------------------------------------------------------------------

    @expose("")
    @allowed
    def list(self) -> str:
        """The list with its search."""
        listing = Listing(self, self.search_form, self.visible(), f"{self.endpoint}.list")
        self.addressed(listing.search)
        return self.page(self.list_template, self.list_title, listing=listing, page_sizes=PAGE_SIZES)

    @expose("/<int:pk>")
    @allowed
    def show(self, pk: int) -> str:
        """One row, and the lists that hang on it."""
        row = self.fetch(pk)
        return self.page(self.show_template, self.show_title, row=row, related=self.related(row))

    @expose("/them", methods=["GET", "POST"])
    @allowed
    def add(self) -> Any:
        """The form for a new row."""
        form = self.add_form()
        if not only_looking() and form.validate_on_submit() and self.write(form, self.verb_add):
            flash(self.add_row_message, "success")
            return self.post_add_redirect()
        return self._form_page(self.add_template, self.add_title, form)

    @expose("/<int:pk>/sua", methods=["GET", "POST"])
    @allowed
    def edit(self, pk: int) -> Any:
        """The form of a row."""
        row = self.fetch(pk)
        title = f"{self.edit_title}: {row}"
        form, before = self.edit_form(data=self.values_of(row)), self.fingerprint(row)
        if (
            not only_looking()
            and form.validate_on_submit()
            and self.unchanged(form, before)
            and self.write(form, self.verb_edit, pk)
        ):
            flash(self.edit_row_message, "success")
            return self.post_edit_redirect()
        return self._form_page(self.edit_template, title, form, pk=pk, fingerprint=before)

    @expose("/<int:pk>/xoa", methods=["GET", "POST"])
    @allowed
    def delete(self, pk: int) -> Any:
        """Ask once, saying what is lost, then delete."""
        question, form = gettext("Xóa “%(name)s”?", name=str(self.fetch(pk))), FlaskForm()
        if form.validate_on_submit() and self.write(form, self.verb_delete, pk, with_values=False):
            flash(self.delete_row_message, "success")
            return self.post_delete_redirect()
        return self.question(question, self.delete_warning, _("Xóa mục này"), form), status(form)

    def download(self, filename: str) -> NoReturn:  # noqa: ARG002 - FAB's signature
        """Not a route: files are served by the checked route of the dossier."""
        abort(404)

    # -- helpers of the pages ---------------------------------------------------------------------------

    def page(self, template: str, title: Any, **context: Any) -> str:
        """Render a page of this view."""
        rendered: str = self.render_template(template, title=title, view=self, **context)
        return rendered

    def address(self, method: str, pk: int | None = None, **kwargs: Any) -> str:
        """Where a page of this view stands."""
        values: dict[str, Any] = {"pk": pk, **kwargs} if pk is not None else kwargs
        return url_for(f"{self.endpoint}.{method}", **values)

    def list_address(self) -> str:
        """Where the list stands, searched and sorted as the person left it."""
        return self.address("list", None, **came_from())

    def offers(self, method: str) -> bool:
        """Whether this person is offered to show, add, edit or delete here."""
        return method not in self.exclude_route_methods and self.may(f"can_{method}")

    def post_add_redirect(self) -> Response:
        """Back to the list, not through a history that another tab may have changed."""
        return redirect(self.list_address())

    post_edit_redirect = post_delete_redirect = post_add_redirect

    def _form_page(self, template: str, title: Any, form: FlaskForm, **context: Any) -> Any:
        adding, form = "pk" not in context, self.addressed(form)
        named: Any = self.add_fieldsets if adding else self.edit_fieldsets
        plain = [(None, {"fields": self.add_columns if adding else self.edit_columns})]
        return self.page(template, title, form=form, fieldsets=named or plain, **context), status(form)

    def question(self, title: Any, warning: Any, button: Any, form: FlaskForm, hidden: Any = ()) -> str:
        """The page that asks once before something is done."""
        context = {"form": form, "warning": warning, "button": button, "hidden": hidden}
        return self.page(self.confirm_template, title, **context)
