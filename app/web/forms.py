"""Forms made from a model's columns, and the few fields that our stored types need.

FAB's own converter is not used: it fails on enums stored by value, reads dates the American way round and
puts whole rows into the form. Here a field holds plain values, and a relation is a choice of keys.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy import Boolean, Date, Enum, Integer, Numeric, String, Text, Time, inspect, select
from sqlalchemy.orm import RelationshipProperty
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    Field,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    validators,
    widgets,
)

from app.domain import clock
from app.domain.texts import tidy
from app.extensions import db
from app.models.base import Model, UtcDateTime

_ = lazy_gettext

MOST_CHOICES = 1000
"""A select with more rows is unusable and slow; such a relation needs a page of its own."""
LARGEST_INTEGER = 2**31 - 1
NOT_CHOSEN = ""


class Required:
    """The field must be filled in; the sentence names it."""

    def __init__(self) -> None:
        """Mark the field for the browser and for the label."""
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:  # noqa: ARG002 - WTForms' signature
        """Refuse an empty field and stop looking at it."""
        given = field.raw_data[0] if field.raw_data else ""
        if not (str(given).strip() if given is not None else ""):
            name = str(field.label.text)
            verb = gettext("Chọn %(name)s") if isinstance(field, SelectField) else gettext("Nhập %(name)s")
            field.errors = []
            raise validators.StopValidation((verb % {"name": name[:1].lower() + name[1:]}) + ".")


class LocalDateTimeField(DateTimeLocalField):
    """A moment typed on the city's clock; its data is an aware time in UTC."""

    data: datetime | None

    def process_data(self, value: datetime | None) -> None:
        """Show the stored moment on the city's clock."""
        super().process_data(clock.to_local(value).replace(tzinfo=None) if value else None)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        super().process_formdata(valuelist)
        if self.data is not None:
            self.data = self.data.replace(tzinfo=clock.LOCAL).astimezone(UTC)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.strftime("%Y-%m-%dT%H:%M") if self.data else ""


class ChoiceField(SelectField):
    """One of an enum's members, shown by its label, or nothing."""

    def __init__(self, enum: type[StrEnum], blank: Any = None, **kwargs: Any) -> None:
        """``enum``: its members have a ``label``, or their value is what people read."""
        members = [SelectChoice(member.value, getattr(member, "label", member.value)) for member in enum]
        kwargs.setdefault("choices", [_blank(kwargs, blank), *members])
        super().__init__(coerce=lambda value: None if value in (None, NOT_CHOSEN) else enum(value), **kwargs)


class RowField(SelectField):
    """The key of a row of another table. ``rows`` gives those that may be chosen, when the form is made.

    A key that was not offered is refused: a foreign row cannot be slipped in.
    """

    def __init__(self, rows: Callable[[], Iterable[Any]], blank: Any = None, **kwargs: Any) -> None:
        """``rows`` is called for each form, so that the choices are those of the moment and of the person."""
        found = [SelectChoice(str(row.id), str(row)) for row in rows()]
        super().__init__(choices=[_blank(kwargs, blank), *found], coerce=_key, **kwargs)


class RowsField(SelectMultipleField):
    """The keys of several rows of another table, one box for each: a thumb has no Ctrl key."""

    option_widget = widgets.CheckboxInput()

    def __init__(self, rows: Callable[[], Iterable[Any]], **kwargs: Any) -> None:
        """``rows`` gives those that may be chosen."""
        super().__init__(
            choices=[SelectChoice(str(row.id), str(row)) for row in rows()], coerce=int, **kwargs
        )


def _blank(arguments: Mapping[str, Any], words: Any) -> SelectChoice:
    needed = any(isinstance(check, Required) for check in arguments.get("validators", ()))
    return SelectChoice(NOT_CHOSEN, words or (_("Chọn") if needed else _("Không chọn")))


def _key(value: Any) -> int | None:
    return int(value) if value not in (None, NOT_CHOSEN, "None") else None


def _tidy(value: Any) -> Any:
    return tidy(value) if isinstance(value, str) else value


def rows_of(model: type[Model]) -> list[Any]:
    """The rows of a small table, in the order of their names. LookupError when it is no small table."""
    found = list(db.session.scalars(select(model).limit(MOST_CHOICES + 1)))
    if len(found) > MOST_CHOICES:
        raise LookupError(f"{model.__name__} has more than {MOST_CHOICES} rows: too many for a select")
    return sorted(found, key=str)


class FormMaker:
    """Makes the form class of some columns of a model."""

    def __init__(
        self,
        model: type[Model],
        labels: Mapping[str, Any],
        *,
        helps: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
        checks: Mapping[str, Any] | None = None,
        search: bool = False,
    ) -> None:
        """``extra`` fields stand in for columns; ``search``: nothing is required and yes/no may stay open."""
        self._mapper = inspect(model)
        self._labels, self._helps = labels, helps or {}
        self._extra, self._checks = extra or {}, checks or {}
        self._search = search
        self._all = _("Tất cả") if search else None

    def form(self, name: str, columns: Iterable[str]) -> type[FlaskForm]:
        """The form class; TypeError for a column that no form can hold."""
        return type(name, (FlaskForm,), {column: self.field(column) for column in columns})

    def field(self, name: str) -> Any:
        """One field, not yet bound to a form."""
        if name in self._extra:
            return self._extra[name]
        found = self._mapper.attrs.get(name)
        if found is None:
            raise TypeError(f"{self._mapper.class_.__name__} has no column {name}")
        common = {"label": self._labels[name], "description": self._helps.get(name, "")}
        if isinstance(found, RelationshipProperty):
            return self._relation(found, common)
        return self._plain(found.columns[0], common, list(self._checks.get(name, ())))

    def _relation(self, found: RelationshipProperty[Any], common: dict[str, Any]) -> Any:
        target = found.mapper.class_
        if found.uselist:
            return RowsField(lambda: rows_of(target), **common)
        optional = self._search or all(column.nullable for column in found.local_columns)
        checks = [validators.Optional()] if optional else [Required()]
        return RowField(lambda: rows_of(target), self._all, validators=checks, **common)

    def _plain(self, column: Any, common: dict[str, Any], checks: list[Any]) -> Any:
        kind = column.type
        required = not self._search and not column.nullable and column.default is None
        checks = [Required() if required else validators.Optional(), *checks]
        if isinstance(kind, Enum):
            present = column.default.arg if column.default is not None and not self._search else None
            return ChoiceField(
                cast("type[StrEnum]", kind.enum_class),
                self._all,
                validators=checks,
                default=present,
                **common,
            )
        if isinstance(kind, Boolean):
            return self._yes_or_no(column, common)
        return _of_type(kind, checks, common)

    def _yes_or_no(self, column: Any, common: dict[str, Any]) -> Any:
        if self._search:
            choices = [
                SelectChoice(NOT_CHOSEN, self._all),
                SelectChoice("1", _("Có")),
                SelectChoice("0", _("Không")),
            ]
            return SelectField(choices=choices, validators=[validators.Optional()], **common)
        return BooleanField(default=bool(column.default and column.default.arg), **common)


def _of_type(kind: Any, checks: list[Any], common: dict[str, Any]) -> Any:
    if isinstance(kind, String):
        longest = [validators.Length(max=kind.length)] if kind.length else []
        made = TextAreaField if isinstance(kind, Text) else StringField
        return made(validators=[*checks, *longest], filters=[_tidy], **common)
    if isinstance(kind, Integer):
        bounds = validators.NumberRange(-LARGEST_INTEGER, LARGEST_INTEGER)
        return IntegerField(validators=[*checks, bounds], **common)
    for stored, made in _FIELDS:
        if isinstance(kind, stored):
            return made(validators=checks, **common)
    raise TypeError(f"no form field for {kind!r}; name one in form_extra_fields")


_FIELDS: tuple[tuple[type, type[Field]], ...] = (
    (UtcDateTime, LocalDateTimeField),
    (Date, DateField),
    (Time, TimeField),
    (Numeric, DecimalField),
)
