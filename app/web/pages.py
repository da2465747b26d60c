"""What pages written by hand and generated ones share: permission asked once, and the base of the former."""

import functools
from collections.abc import Callable
from typing import Any

from flask import g
from flask_appbuilder import BaseView

from app.domain.errors import NotAllowed


def allowed(view_method: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for the FAB permission ``can_<method>`` of the view: anonymous visitors log in, others get 403."""
    name = view_method.__name__

    @functools.wraps(view_method)
    def asked_first(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.may(f"can_{name}"):
            raise NotAllowed("role_may_not")
        return view_method(self, *args, **kwargs)

    asked_first._permission_name = name  # type: ignore[attr-defined] # noqa: SLF001 - FAB collects it
    return asked_first


def may(view: Any, permission: str) -> bool:
    """Whether the person has the FAB permission; FAB would ask the database for each again and again."""
    known: dict[tuple[str, str], bool] = g.setdefault("may", {})
    key = (permission, view.class_permission_name)
    if key not in known:
        known[key] = permission in view.base_permissions and view.appbuilder.sm.has_access(*key)
    return known[key]


class Unread:
    """Keeps properties out of ``dir()``: FAB reads every attribute of a view before there is a request."""

    def __dir__(self) -> list[str]:
        """All names but those of properties."""
        return [
            name for name in super().__dir__() if not isinstance(getattr(type(self), name, None), property)
        ]


class PageView(Unread, BaseView):
    """Pages written by hand: name ``route_base``; a method asks ``require_actor(...)`` or is ``@allowed``."""

    default_view = "index"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a view whose address FAB would make up from the class name."""
        super().__init_subclass__(**kwargs)
        if cls.route_base is None:
            raise TypeError(f"{cls.__name__}: route_base is not set")

    def may(self, permission: str) -> bool:
        """Whether the person has this FAB permission on this view; asked once per request."""
        return may(self, permission)
