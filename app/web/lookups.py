"""A choice among many rows: found by words, a few at a time, so that no page ever holds a whole table.

With scripts it is one box that offers what fits while one types. Without, the words are sent with the form by
the button beside them, nothing is saved, and the matches stand in an ordinary select.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, jsonify, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField
from wtforms.validators import ValidationError
from wtforms.widgets import Select

from app.domain.errors import NotAllowed

TEMPLATE = "appbuilder/general/widgets/lookup.html"
OFFERED = 20
"""Rows that are offered at once; who wants another types one word more."""
LONGEST = 100
WORDS = "-tim"
"""What the name of the box of words adds to the name of its field."""
LOOK = "_tim"
"""The name of the button that only looks."""


@dataclass(frozen=True)
class Source:
    """The rows that may be chosen: ``find(words, limit)``, best first, and ``get(key)``, None for others."""

    find: Callable[[str, int], Sequence[Any]]
    get: Callable[[int], Any]


class LookupWidget:
    """The box of words, its button and the select."""

    def __call__(self, field: "LookupField", **given: Any) -> Markup:
        """Render them; ``lookup.js`` makes one box of the three."""
        select, names = Select()(field, **given), {"words": WORDS, "look": LOOK, "longest": LONGEST}
        return Markup(render_template(TEMPLATE, field=field, select=select, **names))  # noqa: S704 - escaped there


class LookupField(SelectField):
    """The key of a row of a long table. A key that the source does not know is refused."""

    widget = LookupWidget()
    address = ""
    """Where the script asks; the view fills it in."""
    sought = ""

    def __init__(self, source: Source, blank: Any = None, **kwargs: Any) -> None:
        """``blank``: the words for no choice."""
        self._source, self._blank = source, blank
        super().__init__(coerce=_key, choices=[], validate_choice=False, **kwargs)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Offer what fits the words, and whatever is chosen already."""
        super().process(formdata, *args, **kwargs)
        self.sought = (formdata.get(f"{self.name}{WORDS}", "") if formdata else "")[:LONGEST]
        chosen = self._source.get(self.data) if self.data is not None else None
        found = [
            row for row in self._source.find(self.sought, OFFERED) if chosen is None or row.id != chosen.id
        ]
        offered = [SelectChoice(str(row.id), str(row)) for row in ([chosen] if chosen else []) + found]
        self.choices = [SelectChoice("", self._blank or _("Chọn")), *offered]

    def pre_validate(self, form: FlaskForm) -> None:  # noqa: ARG002 - WTForms' signature
        """Refuse a key that cannot be chosen."""
        if self.data is not None and self._source.get(self.data) is None:
            raise ValidationError(gettext("Chọn một mục trong danh sách."))


def _key(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


def only_looking() -> bool:
    """Whether the form was sent to look for a choice, not to be saved."""
    return LOOK in request.form


class LookingUp:
    """The part of AdminModelView that answers the boxes; ``lookups`` names a source for each relation."""

    lookups: dict[str, Source] = {}
    may: Any
    address: Any

    @expose("/tra/<name>")
    def lookup(self, name: str) -> Response:
        """The rows that fit ``?q=``, as JSON: for those who may see the list that the choice stands on."""
        if not self.may("can_list"):
            raise NotAllowed("role_may_not")
        source = self.lookups.get(name) or abort(404)
        found = source.find(request.args.get("q", "")[:LONGEST], OFFERED)
        return jsonify([{"key": str(row.id), "words": str(row)} for row in found])

    def addressed(self, form: FlaskForm) -> FlaskForm:
        """The form, its boxes knowing where to ask."""
        for field in form:
            if isinstance(field, LookupField):
                field.address = self.address("lookup", name=field.short_name)
        return form
