"""How a generated view does its actions: by POST only, and only to rows that the person may see."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.actions import ActionItem
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from app.domain.errors import NotAllowed
from app.web import typed


class Acting:
    """The acting half of AdminModelView."""

    actions: dict[str, ActionItem]
    may: Any
    fetch: Any
    list_address: Any
    question: Any
    get_action_permission_name: Any

    def offered_actions(self, *, single: bool) -> dict[str, ActionItem]:
        """The actions this person may press, on the page of one row or on the list; {} means none."""
        return {
            name: found
            for name, found in self.actions.items()
            if (found.single if single else found.multiple)
            and self.may(self.get_action_permission_name(name))
        }

    @expose("/<int:pk>/thao-tac/<name>", methods=["POST"])
    def action(self, name: str, pk: int) -> Any:
        """Do an action to one row."""
        found = self._found_action(name, single=True)
        row = self.fetch(pk)
        return self._confirmed(found, [pk]) or self._after(found.func(row))

    @expose("/thao-tac", methods=["POST"])
    def action_post(self) -> Any:
        """Do an action to the chosen rows; one foreign row among them and nothing is done."""
        found = self._found_action(request.form.get("action", ""), single=False)
        chosen = dict.fromkeys(request.form.getlist("rowid"))
        keys = [typed.key(text) or abort(404) for text in chosen]
        rows = [self.fetch(key) for key in keys]
        if not rows:
            flash(_("Chọn ít nhất một mục rồi thực hiện lại."), "warning")
            return redirect(self.list_address())
        return self._confirmed(found, keys) or self._after(found.func(rows))

    def _found_action(self, name: str, *, single: bool) -> ActionItem:
        """The action of this name: 404 when it is not to be had here, 403 when it is not for this person."""
        found = self.actions.get(name)
        if found is None or not (found.single if single else found.multiple):
            abort(404)
        if not self.may(self.get_action_permission_name(name)):
            raise NotAllowed("role_may_not")
        return found

    def _confirmed(self, found: ActionItem, keys: Any) -> Any:
        """The page that asks once, for an action that wants it; None when it was answered."""
        if not found.confirmation or request.form.get("confirmed") == "1":
            return None
        hidden = [("action", found.name), ("confirmed", "1"), *(("rowid", key) for key in keys)]
        return self.question(found.text, found.confirmation, found.text, FlaskForm(), hidden)

    def _after(self, answer: Any) -> Any:
        return answer if answer is not None else redirect(self.list_address())
