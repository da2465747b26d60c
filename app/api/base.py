"""The base of every resource: explicit columns, keyset paging, known filters, JWT and nothing else.

FAB's ModelRestApi is not used: its defaults show every column and relation, its `_info` names all users, and
its pages are counted and skipped (docs/decisions). What it is loved for stays: a resource is a declaration.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import request
from flask_appbuilder.api import BaseApi, expose, protect
from sqlalchemy import ColumnElement, Select
from werkzeug.wrappers import Response

from app.actor import as_json, require_actor
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.roles import Actor
from app.extensions import db

MAX_LIMIT, DEFAULT_LIMIT = 100, 50
LARGEST_KEY = 2**63 - 1
PK = f"<int(max={LARGEST_KEY}):pk>"
"""A key in an address: larger numbers are no row's and would only upset the database."""
Columns = Mapping[str, Callable[[Any], Any]]
Filter = Callable[[str], ColumnElement[bool]]

LIST_SPEC: dict[str, Any] = {
    "parameters": [
        {
            "in": "query",
            "name": "after",
            "schema": {"type": "integer"},
            "description": "id of the last row of the page before; `next` gives the whole address",
        },
        {
            "in": "query",
            "name": "limit",
            "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        },
    ],
    "responses": {
        "200": {
            "description": "A page of rows, by id, and the address of the next page or null",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "result": {"type": "array", "items": {"type": "object"}},
                            "next": {"type": "string", "nullable": True},
                        },
                    }
                }
            },
        },
        "401": {"description": "No valid token"},
        "422": {"description": "A parameter that is not understood"},
    },
}


class ResourceApi(BaseApi):
    """One read-only resource. A subclass declares ``query``, ``model``, ``columns`` and ``filters``."""

    version = "v1"
    allow_browser_login = False
    method_permission_name: ClassVar[dict[str, str]] = {"get_list": "read", "get": "read"}
    model: ClassVar[Any]
    columns: ClassVar[Columns]
    detail_columns: ClassVar[Mapping[str, Callable[[Actor, Any], Any]]] = {}
    filters: ClassVar[Mapping[str, Filter]] = {}

    def __init__(self) -> None:
        named = [{"in": "query", "name": n, "schema": {"type": "string"}} for n in self.filters]
        spec = LIST_SPEC | {"parameters": [*named, *LIST_SPEC["parameters"]]}
        self.openapi_spec_methods = {"get_list": {"get": spec}} | self.openapi_spec_methods
        super().__init__()

    def response_403(self) -> Any:
        """FAB's answer to a missing permission, with our reason."""
        return self.response(403, **as_json(NotAllowed("role_may_not")))

    def query(self, actor: Actor) -> Select[Any]:
        """The rows that this person may see, with what the columns need already joined."""
        raise NotImplementedError  # every resource says its own; a test walks them all

    @expose("/", methods=("GET",))
    @protect()
    def get_list(self) -> Response:
        """List the rows.
        ---
        get:
          description: >-
            Rows by id, a page at a time.
        """
        query = self.query(require_actor()).where(*self._conditions()).order_by(self.model.id)
        limit = _number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
        rows = db.session.scalars(query.limit(limit + 1)).unique().all()
        return self.response(
            200, result=[_as_json(self.columns, row) for row in rows[:limit]], next=self._next(rows, limit)
        )

    @expose(f"/{PK}", methods=("GET",))
    @protect()
    def get(self, pk: int) -> Response:
        """Show one row.
        ---
        get:
          description: >-
            One row.
          parameters:
          - in: path
            name: pk
            required: true
            schema:
              type: integer
          responses:
            200:
              description: The row
            401:
              description: No valid token
            404:
              description: No such row, or not for this person
        """
        actor = require_actor()
        row = db.session.scalars(self.query(actor).where(self.model.id == pk)).unique().one_or_none()
        if row is None:
            raise NotFound("no_such_row")
        more = {name: read(actor, row) for name, read in self.detail_columns.items()}
        return self.response(200, result=_as_json(self.columns, row) | more)

    def _conditions(self) -> list[ColumnElement[bool]]:
        found = []
        for name, text in request.args.items():
            if name in self.filters:
                found.append(self._condition(name, text))
            elif name not in {"after", "limit"}:
                raise Refused("parameter_unknown", field=name, parameter=name)
        after = _number("after", 0, 0, LARGEST_KEY)
        return [*found, self.model.id > after]

    def _condition(self, name: str, text: str) -> ColumnElement[bool]:
        try:
            return self.filters[name](storable(text))
        except ValueError as error:
            raise Refused("parameter_not_understood", field=name, parameter=name) from error

    def _next(self, rows: Any, limit: int) -> str | None:
        if len(rows) <= limit:
            return None
        arguments = request.args.to_dict() | {"after": str(rows[limit - 1].id), "limit": str(limit)}
        return f"{request.path}?{urlencode(arguments)}"


def moment(text: str) -> datetime:
    """An aware time from ISO text; ValueError for anything else, and for times that are none in UTC."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    try:
        return found.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def row_key(text: str) -> int:
    """The key of a row; ValueError for anything that no key can be."""
    if not (text.isascii() and text.isdecimal()) or (found := int(text)) > LARGEST_KEY:
        raise ValueError(text)
    return found


def storable(text: str) -> str:
    """The text, if a database can hold it; ValueError for NUL and for halves of a sign (lone surrogates)."""
    if "\0" in text:
        raise ValueError(text)
    text.encode()  # UnicodeEncodeError is a ValueError
    return text


def _number(name: str, default: int, low: int, high: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise Refused("parameter_not_understood", field=name, parameter=name)
    return int(text)


def _as_json(columns: Columns, row: Any) -> dict[str, Any]:
    return {name: _plain(read(row)) for name, read in columns.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, datetime | date) else value
