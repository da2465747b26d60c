"""The documents and fees of a procedure, added, changed, moved and removed on the page of the procedure itself.

The address says which row is open (``?sua=giay-to:12``, ``?xoa=phi:3``, ``?them=giay-to``), so everything works
with plain links and forms; the generated views of the parts lend their forms, permissions, rows and verbs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, request
from flask_wtf import FlaskForm

from app.domain.errors import NotAllowed
from app.domain.roles import Actor
from app.models.catalogue import Procedure
from app.web import typed
from app.web.base import AdminModelView

ADD, EDIT, DELETE = "them", "sua", "xoa"
METHODS = {ADD: "add", EDIT: "edit", DELETE: "delete"}


@dataclass
class OpenPart:
    """The one row whose form or question stands on the page."""

    noun: str
    """Its table, as addresses call it: ``giay-to`` or ``phi``."""
    way: str
    view: AdminModelView
    procedure: Procedure
    row: Any
    form: FlaskForm
    fingerprint: str

    @property
    def address(self) -> str:
        """What its form adds to the address."""
        return f"?{self.way}={self.noun}" + (f":{self.row.id}" if self.row else "")

    def saved(self) -> bool:
        """Whether what was sent was done; else the form says why not."""
        if not self.form.validate_on_submit():
            return False
        if self.way == DELETE:
            return self.view.write(self.form, self.view.verb_delete, self.row.id, with_values=False)
        if self.way == ADD:
            return self.view.write(self.form, self._adding)
        unchanged = self.view.unchanged(self.form, self.fingerprint)
        return unchanged and self.view.write(self.form, self.view.verb_edit, self.row.id)

    @property
    def said(self) -> Any:
        """The sentence for what was done."""
        by_way = {ADD: "add_row_message", EDIT: "edit_row_message", DELETE: "delete_row_message"}
        return getattr(self.view, by_way[self.way])

    def _adding(self, actor: Actor, values: dict[str, Any]) -> None:
        self.view.verb_add(actor, {**values, "procedure_id": self.procedure.id})


def opened(procedure: Procedure, view_of: Callable[[str], AdminModelView | None]) -> OpenPart | None:
    """The part that the address opens; None for a page at rest. ``view_of`` knows the view of a noun.

    404 for a row of another procedure or an unknown word, NotAllowed when it is not for this person.
    """
    way = next((name for name in METHODS if name in request.args), None)
    if way is None:
        return None
    noun, _colon, text = request.args[way].partition(":")
    view = view_of(noun) or abort(404)
    if not view.offers(METHODS[way]):
        raise NotAllowed("role_may_not")
    row = None if way == ADD else _own(procedure, view, text)
    return OpenPart(noun, way, view, procedure, row, *_form(way, view, row))


def _own(procedure: Procedure, view: AdminModelView, text: str) -> Any:
    key = typed.key(text)
    row = view.fetch(key) if key is not None else None
    return row if row is not None and row.procedure_id == procedure.id else abort(404)


def _form(way: str, view: AdminModelView, row: Any) -> tuple[FlaskForm, str]:
    """The form of the row and its fingerprint; a new row needs no question for its procedure."""
    if way == DELETE:
        return FlaskForm(), ""
    if row is None:
        return view.edit_form(), ""
    return view.edit_form(data=view.values_of(row)), view.fingerprint(row)
