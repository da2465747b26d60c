"""How a generated form writes: its values go to a service's verb, and a refusal comes back into the form."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from sqlalchemy import inspect
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import RelationshipProperty

from app.actor import status_of
from app.domain.errors import Conflict, DomainError, Refused
from app.domain.roles import Actor
from app.extensions import db
from app.models.base import Model
from app.reasons import words

Verb = Callable[..., Any]
UNPROCESSABLE = 422
FINGERPRINT = "dau_van"
NO_VALUES = {"CSRFTokenField", "SubmitField"}


class Writer:
    """The writing half of AdminModelView. It never changes a row itself."""

    model: type[Model]
    edit_columns: Any

    def actor(self) -> Actor:
        """Who is asking; the view answers."""
        raise NotImplementedError

    def values(self, form: FlaskForm) -> dict[str, Any]:
        """What the form says, as the verb takes it: a relation by the name of its column (``agency_id``)."""
        found: dict[str, Any] = {}
        for field in form:
            if field.type not in NO_VALUES:
                name = self.stored_name(field.short_name)
                column = self.model.__table__.columns.get(name)
                empty = field.data == "" and column is not None and column.nullable
                found[name] = None if empty else field.data
        return found

    def values_of(self, row: Any) -> dict[str, Any]:
        """What the edit form begins with, by the names of the form's fields."""
        found: dict[str, Any] = {}
        for name in self.edit_columns:
            value = getattr(row, self.stored_name(name), None)
            found[name] = [other.id for other in value] if isinstance(value, (list, tuple)) else value
        return found

    def stored_name(self, name: str) -> str:
        """``agency_id`` for the relation ``agency``, any other name as it is."""
        found = inspect(self.model).attrs.get(name)
        if isinstance(found, RelationshipProperty) and not found.uselist:
            return str(next(iter(found.local_columns)).key)
        return name

    def fingerprint(self, row: Any) -> str:
        """A mark of what the form shows, so that two people editing at once do not overwrite each other."""
        shown = sorted((name, str(value)) for name, value in self.values_of(row).items())
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]

    def unchanged(self, form: FlaskForm, before: str) -> bool:
        """Whether the row still is what the form was made from; else the form says so."""
        return request.form.get(FINGERPRINT) == before or self.refuse(form, Conflict("stale_version"))

    def write(self, form: FlaskForm, verb: Verb, *key: int, with_values: bool = True) -> bool:
        """Call the verb. A refusal becomes an error of the form, with everything typed still in it."""
        given = (*key, self.values(form)) if with_values else key
        try:
            verb(self.actor(), *given)
        except (Refused, Conflict) as refusal:
            return self.refuse(form, refusal)
        except (IntegrityError, DataError):
            return self.refuse(form, Conflict("row_clashes"))
        return True

    def refuse(self, form: FlaskForm, refusal: DomainError) -> bool:
        """Show the refusal in the form; nothing of the change stays in the session. Always False."""
        db.session.rollback()  # the service did so already; a careless verb must not leave its change behind
        add_refusal(form, refusal, {self.stored_name(field.short_name): field.short_name for field in form})
        return False


def add_refusal(form: FlaskForm, refusal: DomainError, names: Mapping[str, str] | None = None) -> None:
    """Put a refusal's sentence at the field it names, or on top of the form. For forms written by hand too.

    ``names`` translates names of columns into names of fields.
    """
    name = (names or {}).get(refusal.field or "", refusal.field)
    if name and name in form:
        form[name].errors = [*form[name].errors, words(refusal)]
    else:
        form.form_errors.append(words(refusal))
    form.refused_with = status_of(refusal)


def status(form: FlaskForm) -> int:
    """200, or 422 or 409 for a form shown again with errors, so that caches and tests can tell."""
    return int(getattr(form, "refused_with", UNPROCESSABLE if form.errors else 200))
