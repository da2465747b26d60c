"""Saving in two steps: first the running dossiers that would move are shown, then exactly that is saved."""

from functools import partial
from typing import Any

from flask import g, request
from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm

from app.domain.errors import Conflict, Refused
from app.services import previews
from app.services.previews import Change
from app.web.administration import Configured
from app.web.base import add_refusal
from app.web.formats import so

SEEN = "da_xem"
"""The hidden field with the mark of the preview that the person saw."""


def confirmed(form: FlaskForm, change: Change, said: Any) -> bool:
    """True when the change was made as seen. Else False: the form carries the preview to be confirmed.

    Raises Refused when the change breaks a rule. When dossiers or the typed values changed since the preview,
    nothing is saved and the form shows the new one with the reason.
    """
    mark = request.form.get(SEEN, "")
    try:
        if mark:
            g.saved = previews.save(change, said, mark)
            return True
    except Conflict as refusal:
        add_refusal(form, refusal)
    form.preview = previews.look(change, said)
    return False


def saved_words() -> str:
    """What was saved, and what it did to the deadlines."""
    saved = g.get("saved")
    if saved is not None and saved.dossiers:
        return str(
            ngettext(
                "Đã lưu. %(n)s hồ sơ đang giải quyết đã đổi hạn.",
                "Đã lưu. %(n)s hồ sơ đang giải quyết đã đổi hạn.",
                saved.dossiers,
                n=so(saved.dossiers),
            )
        )
    return str(gettext("Đã lưu. Hạn của hồ sơ đang giải quyết không đổi."))


class Moving(Configured):
    """Mixin: the verbs take ``dry_run`` and answer which dossiers move; the first press only shows them."""

    moves = True
    add_row_message = edit_row_message = delete_row_message = property(lambda _view: saved_words())

    def write(self, form: FlaskForm, verb: Any, *key: int, with_values: bool = True) -> bool:
        """Show what would move; with the mark of what was shown, do it."""
        said = self.values(form) if with_values else None  # type: ignore[attr-defined]
        given = (*key, said) if with_values else key
        change = partial(verb, self.actor(), *given)  # type: ignore[attr-defined]
        try:
            return confirmed(form, change, (verb.__name__, key, _plain(said)))
        except (Refused, Conflict) as refusal:
            return self.refuse(form, refusal)


def _plain(values: dict[str, Any] | None) -> list[tuple[str, str]]:
    return sorted((name, str(value)) for name, value in (values or {}).items())
