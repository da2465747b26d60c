"""The list of a generated page: what the address asks for, and the rows that answer it.

Everything lives in one object made for one request: FAB keeps the filters of a view in one shared by all
threads, and under load people saw each other's lists.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode

from flask import request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_wtf import FlaskForm
from sqlalchemy import Date, Enum, Select, String, func, inspect, select
from sqlalchemy.orm import RelationshipProperty, aliased, selectinload
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from wtforms import DateField, StringField, validators

from app.domain import clock
from app.extensions import db
from app.models.base import Model, UtcDateTime
from app.models.dossier import Dossier
from app.services import finding
from app.web.formats import so
from app.web.forms import NOT_CHOSEN, FormMaker
from app.web.lookups import LookupField

COUNT_CAP = 10_000
"""Counting further costs more than anybody gains; who wants row 10,001 must search."""
LARGEST_PAGE = 100
PAGE_SIZES = (25, 50, 100)
SEARCH, ORDER, DIRECTION, PAGE, SIZE = "loc-", "xep", "chieu", "trang", "so_dong"
CAME_FROM = "tu"
"""The parameter of a row's page with ``Listing.asked_for``."""
LONGEST_QUERY = 2000
ESCAPE = "\\"
FROM, TO = "__tu", "__den"


class Listed(Protocol):
    """What a list needs to know of its view."""

    model: type[Model]
    label_columns: Any
    order_columns: Any
    base_order: Any
    page_size: int

    @property
    def list_load(self) -> Any:
        """Relations to fetch in one query each."""


@dataclass(frozen=True)
class Asked:
    """The address, read once: bad numbers are harmless, an order not offered is refused (400)."""

    page: int
    size: int
    order: str
    descending: bool

    @classmethod
    def of(cls, view: Listed, count: int) -> "Asked":
        """Read the running request; a page after the last one is the last one."""
        order, direction = request.args.get(ORDER, ""), request.args.get(DIRECTION, "asc")
        if order and order not in view.order_columns:
            raise BadRequest
        if not order and view.base_order:
            order, direction = view.base_order
        size = min(max(_number(SIZE, view.page_size), 1), LARGEST_PAGE)
        last = max(math.ceil(min(count, COUNT_CAP) / size), 1)
        return cls(min(max(_number(PAGE, 1), 1), last), size, order, direction == "desc")


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default  # noqa: PLR2004


class Listing:
    """Rows of one page with the search form, headings, counter and addresses around them."""

    def __init__(
        self, view: Listed, search_form: type[FlaskForm], statement: Select[Any], route: str
    ) -> None:
        """``statement`` is the view's row filter; nothing here can reach past it. ``route``: its endpoint."""
        self._view, self._route = view, route
        self.search = search_form(formdata=_search_arguments(), prefix=SEARCH)
        self.search.validate()
        found = search(statement, view.model, self.search)
        self.count = db.session.scalar(select(func.count()).select_from(_capped(found, view.model))) or 0
        self.asked = Asked.of(view, self.count)
        self.rows = list(db.session.scalars(self._page_of(found)).unique())

    def _page_of(self, statement: Select[Any]) -> Select[Any]:
        asked, model = self.asked, self._view.model
        if asked.order:
            statement = ordered(statement, model, asked.order, descending=asked.descending)
        key = inspect(model).primary_key[0]
        statement = statement.order_by(key.desc() if asked.descending else key.asc())
        statement = statement.options(*(loader(model, path) for path in self._view.list_load))
        return statement.limit(asked.size).offset((asked.page - 1) * asked.size)

    @property
    def words(self) -> str:
        """1–25 trong 82 mục; hơn 10.000 when the count stopped there."""
        if not self.rows:
            return ""
        first = (self.asked.page - 1) * self.asked.size + 1
        total = gettext("hơn %(n)s", n=so(COUNT_CAP)) if self.count > COUNT_CAP else so(self.count)
        last = so(first + len(self.rows) - 1)
        words = ngettext(
            "%(first)s–%(last)s trong %(total)s mục",
            "%(first)s–%(last)s trong %(total)s mục",
            self.count,
            first=so(first),
            last=last,
            total=total,
        )
        return str(words)

    @property
    def searching(self) -> bool:
        """Whether the list is narrowed by a search."""
        return any(field.raw_data and field.raw_data[0] for field in self.search)

    @property
    def previous(self) -> str | None:
        """Address of the page before."""
        return self._address(**{PAGE: self.asked.page - 1}) if self.asked.page > 1 else None

    @property
    def next(self) -> str | None:
        """Address of the page after."""
        shown = self.asked.page * self.asked.size
        more = shown < min(self.count, COUNT_CAP)
        return self._address(**{PAGE: self.asked.page + 1}) if more else None

    @property
    def plain(self) -> str:
        """Address of the list without a search."""
        return url_for(self._route)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the size form sends along, so that search and order stay."""
        return [(k, v) for k, v in request.args.items(multi=True) if k not in {PAGE, SIZE} and _is_ours(k)]

    @property
    def asked_for(self) -> str | None:
        """Search, order and page as one parameter, so that whoever leaves the list comes back to the same."""
        kept = [(k, v) for k, v in request.args.items(multi=True) if _is_ours(k)]
        return urlencode(kept) or None

    def sort(self, column: str) -> "Heading":
        """The heading of a column."""
        offered = column in self._view.order_columns
        here = self.asked.order == column
        turned = "desc" if here and not self.asked.descending else "asc"
        state = ("descending" if self.asked.descending else "ascending") if here else ""
        address = self._address(**{ORDER: column, DIRECTION: turned, PAGE: 1}) if offered else None
        return Heading(address, state)

    def _address(self, **changed: Any) -> str:
        kept = {k: request.args.getlist(k) for k in request.args if _is_ours(k)}
        return url_for(self._route, **{**kept, **changed})


@dataclass(frozen=True)
class Heading:
    """Where a click on the heading leads, and how the list is sorted by it now ("" for not)."""

    address: str | None
    state: str


def came_from() -> dict[str, list[str]]:
    """The arguments of the list that the person left to come here; {} when it was not searched or sorted."""
    text = request.args.get(CAME_FROM, "")
    if len(text) > LONGEST_QUERY:
        return {}
    return {name: values for name, values in parse_qs(text).items() if _is_ours(name)}


def _is_ours(name: str) -> bool:
    return name.startswith(SEARCH) or name in {ORDER, DIRECTION, PAGE, SIZE}


def _search_arguments() -> MultiDict[str, str]:
    return MultiDict([(k, v) for k, v in request.args.items(multi=True) if k.startswith(SEARCH)])


def _capped(statement: Select[Any], model: type[Model]) -> Any:
    key = inspect(model).primary_key[0]
    return statement.with_only_columns(key).order_by(None).limit(COUNT_CAP + 1).subquery()


def search_form(
    model: type[Model], labels: Any, columns: Sequence[str], lookups: Any = None
) -> type[FlaskForm]:
    """One control per column: a text to contain, a choice, a yes or no, or days from and to."""
    maker = FormMaker(model, labels, search=True)
    fields: dict[str, Any] = {}
    for name in columns:
        kind = _type_of(model, name)
        if name in (lookups or {}):
            every, optional = lazy_gettext("Tất cả"), [validators.Optional()]
            fields[name] = LookupField(lookups[name], every, label=labels[name], validators=optional)
        elif isinstance(kind, (Date, UtcDateTime)):
            first = lazy_gettext("%(name)s: từ ngày", name=labels[name])
            last = lazy_gettext("%(name)s: đến ngày", name=labels[name])
            fields[name + FROM] = DateField(first, [validators.Optional()])
            fields[name + TO] = DateField(last, [validators.Optional()])
        elif isinstance(kind, String) and not isinstance(kind, Enum):
            fields[name] = StringField(labels[name])
        else:
            fields[name] = maker.field(name)
    meta = type("Meta", (), {"csrf": False})  # a search changes nothing
    return type("SearchForm", (FlaskForm,), {**fields, "Meta": meta})


def search(statement: Select[Any], model: type[Model], form: FlaskForm) -> Select[Any]:
    """Narrow the statement by what was typed; what cannot be read narrows nothing and shows its error."""
    for field in form:
        if field.errors or field.data in (None, "", NOT_CHOSEN):
            continue
        statement = _narrow(statement, model, field.short_name, field.data)
    return statement


def _narrow(statement: Select[Any], model: type[Model], name: str, value: Any) -> Select[Any]:
    for end in (FROM, TO):
        if name.endswith(end):
            return _within(statement, getattr(model, name.removesuffix(end)), value, end)
    if (model, name) == (Dossier, "search_text"):
        return statement.where(*finding.dossiers(str(value)))
    attribute = getattr(model, name)
    found = inspect(model).attrs[name]
    if isinstance(found, RelationshipProperty):
        return statement.where(next(iter(found.local_columns)) == value)
    if isinstance(found.columns[0].type, String) and not isinstance(found.columns[0].type, Enum):
        text = str(value).replace("\0", "").strip()
        for sign in (ESCAPE, "%", "_"):
            text = text.replace(sign, ESCAPE + sign)
        return statement.where(attribute.ilike(f"%{text}%", escape=ESCAPE))
    if value in ("0", "1"):
        return statement.where(attribute.is_(value == "1"))
    return statement.where(attribute == value)


def _within(statement: Select[Any], column: Any, day: Any, end: str) -> Select[Any]:
    if not isinstance(column.type, UtcDateTime):
        return statement.where(column >= day if end == FROM else column <= day)
    start = datetime.combine(day, time(), clock.LOCAL)
    if end == FROM:
        return statement.where(column >= start.astimezone(UTC))
    return statement.where(column < (start + timedelta(days=1)).astimezone(UTC))


def _type_of(model: type[Model], name: str) -> Any:
    found = inspect(model).attrs[name]
    return None if isinstance(found, RelationshipProperty) else found.columns[0].type


def ordered(statement: Select[Any], model: type[Model], name: str, *, descending: bool) -> Select[Any]:
    """Sort by a column of the model, or by ``relation.column`` of a row it points to."""
    if "." in name:
        relation, leaf = name.split(".")
        other = aliased(inspect(model).attrs[relation].mapper.class_)
        statement = statement.outerjoin(getattr(model, relation).of_type(other))
        column = getattr(other, leaf)
    else:
        column = getattr(model, name)
    return statement.order_by(column.desc() if descending else column.asc())


def loader(model: type[Model], path: str) -> Any:
    """Fetch the relations of ``agency`` or ``procedure.field`` in one query each, however many the rows."""
    first, *others = path.split(".")
    made: Any = selectinload(getattr(model, first))
    here = inspect(model).attrs[first].mapper.class_
    for name in others:
        made = made.selectinload(getattr(here, name))
        here = inspect(here).attrs[name].mapper.class_
    return made
