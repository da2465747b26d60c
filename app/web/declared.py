"""What a generated view has to say for itself; FAB's defaults would show every column, hidden ones too."""

from collections.abc import Iterable
from types import FunctionType
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import RelationshipProperty

COLUMNS = ("list_columns", "show_columns", "add_columns", "edit_columns", "search_columns", "order_columns")
VERBS = ("verb_add", "verb_edit", "verb_delete")
FORBIDDEN = {
    "base_filters": "override rows(): FAB's filters do not cover actions, related views or charts",
    "pre_add": "give verb_add a service's verb",
    "pre_update": "give verb_edit a service's verb",
    "pre_delete": "give verb_delete a service's verb",
    "post_add": "the service's verb does it in the same transaction",
    "post_update": "the service's verb does it in the same transaction",
    "post_delete": "the service's verb does it in the same transaction",
    "download": "files are served by the dossier's checked route",
    "search_form": "declare search_columns",
    "add_form_query_rel_fields": "put a RowField with its own rows into form_extra_fields",
    "edit_form_query_rel_fields": "put a RowField with its own rows into form_extra_fields",
}


def keep_verbs_plain(view: type) -> None:
    """``verb_add = news.create`` must stay the service's function, not become a method of the view."""
    for name in VERBS:
        verb = view.__dict__.get(name)
        if isinstance(verb, FunctionType):
            setattr(view, name, staticmethod(verb))


def check(view: Any) -> None:
    """Raise TypeError with everything that is missing or wrong in the class."""
    wrong = [*_missing(view), *_forbidden(view)]
    if not wrong:
        wrong = [*_columns(view), *_labels(view)]
    if wrong:
        raise TypeError(f"{view.__name__}: " + "; ".join(wrong))


def _missing(view: Any) -> Iterable[str]:
    needed = ["datamodel", "route_base", "label_columns", "list_title", "show_title"]
    needed += [
        title
        for title, verb in (("add_title", "verb_add"), ("edit_title", "verb_edit"))
        if getattr(view, verb)
    ]
    yield from (f"{name} is not set" for name in needed if _is_unset(getattr(view, name, None)))
    lists = (name for name in COLUMNS if not isinstance(getattr(view, name, None), list))
    yield from (f"{name} must be a list, [] for none" for name in lists)


def _is_unset(value: Any) -> bool:
    """A lazy translation counts as set: it must not be looked at before there is an app."""
    return value is None or (isinstance(value, (str, dict)) and not value)


def _forbidden(view: Any) -> Iterable[str]:
    for name, instead in FORBIDDEN.items():
        if name in view.__dict__:
            yield f"{name} is not used here: {instead}"


def _columns(view: Any) -> Iterable[str]:
    mapper = inspect(view.datamodel.obj)
    for name in view.search_columns:
        if name not in mapper.attrs or _is_many(mapper, name):
            yield f"search column {name!r} is no column of the model"
    for name in view.order_columns:
        if not _can_be_ordered(mapper, name):
            yield f"order column {name!r} is no column of the model nor relation.column"
    yield from _shown(view, mapper)


def _shown(view: Any, mapper: Any) -> Iterable[str]:
    for name in [*view.list_columns, *view.show_columns]:
        if _is_many(mapper, name.split(".")[0]):
            yield f"column {name!r} shows rows of another table past their row filter: use related_views"
    for path in view.list_load:
        if path.split(".")[0] not in mapper.relationships:
            yield f"list_load {path!r} is no relation"


def _labels(view: Any) -> Iterable[str]:
    forms = [*(view.add_columns if view.verb_add else []), *(view.edit_columns if view.verb_edit else [])]
    shown = [*view.list_columns, *view.show_columns, *view.search_columns]
    for name in sorted({*shown, *(name for name in forms if name not in view.form_extra_fields)}):
        if _is_unset(view.label_columns.get(name)):
            yield f"label_columns has no Vietnamese label for {name!r}"


def _is_many(mapper: Any, name: str) -> bool:
    found = mapper.attrs.get(name)
    return isinstance(found, RelationshipProperty) and bool(found.uselist)


def _can_be_ordered(mapper: Any, name: str) -> bool:
    first, _dot, leaf = name.partition(".")
    found = mapper.attrs.get(first)
    if found is None:
        return False
    if not leaf:
        return not isinstance(found, RelationshipProperty)
    return isinstance(found, RelationshipProperty) and not found.uselist and leaf in found.mapper.columns
