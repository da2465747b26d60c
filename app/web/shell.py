"""What stands around every page: who is logged in, the menu of the role, the hotline, the languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app, g, redirect, request, session
from flask_babel import get_locale, refresh
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.actor import current_actor
from app.domain import clock
from app.domain.roles import STAFF, Actor, Role
from app.services import administration, settings
from app.web.menus import ADMINISTRATION, COUNTED, FOOTER, HOME, INBOX, PUBLIC_MENU, STAFF_MENU

STATE_TONES = {
    "submitted": "vinh",
    "supplement_requested": "can",
    "refused": "nguy",
    "received": "vinh",
    "in_appraisal": "vinh",
    "information_requested": "can",
    "awaiting_approval": "vinh",
    "decided": "vinh",
    "result_ready": "tot",
    "returned": "tot",
    "voided": "nguy",
    "opened": "can",
    "forwarded": "vinh",
    "drafted": "can",
    "queued": "vinh",
    "held": "can",
    "sending": "vinh",
    "sent": "tot",
    "failed": "nguy",
}
"""The colour of a state's tag; a state not named here is quiet. The word always stands beside it."""


@dataclass(frozen=True)
class Item:
    """A link of a menu."""

    label: Any
    path: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class Group:
    """A heading of the administrator's side menu with its links."""

    label: Any
    items: list[Item]


class Shell:
    """Read by the layouts; every value is found when first asked for, so a plain page costs few queries."""

    def __init__(self, *, offline: bool = False) -> None:
        """``offline``: the database may be out of order (page 500), so ask it nothing."""
        self._offline = offline

    @cached_property
    def actor(self) -> Actor | None:
        """The person logged in."""
        return None if self._offline else current_actor()

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the city."""
        return self.actor is not None and self.actor.role in STAFF

    @cached_property
    def hotline(self) -> str:
        """The telephone number that stands on every public page."""
        default = str(settings.DEFINITIONS["hotline"].default)
        if self._offline:
            return default
        try:
            return str(settings.get("hotline"))
        except SQLAlchemyError:
            return default

    @property
    def hotline_digits(self) -> str:
        """The number as a telephone dials it."""
        return "".join(sign for sign in self.hotline if sign.isdigit() or sign == "+")

    @property
    def now(self) -> datetime:
        """The moment of this page."""
        return clock.now()

    @property
    def app_name(self) -> str:
        """Name of the service."""
        return str(current_app.config["APP_NAME"])

    @property
    def locale(self) -> str:
        """Language of the page, for the lang attribute."""
        return str(get_locale() or "vi")

    @property
    def languages(self) -> list[Any]:
        """The languages to choose from."""
        names = current_app.config["LANGUAGES"].items()
        return [
            {"code": code, "name": names_of["name"], "path": f"/lang/{code}", "current": code == self.locale}
            for code, names_of in names
        ]

    @property
    def home(self) -> str:
        """Where this person's work begins."""
        path = HOME.get(self.actor.role, INBOX[1]) if self.actor else "/"
        return path if self.has(path) else "/"

    @property
    def menu(self) -> list[Item]:
        """The links of an officer's bar, or of the public page."""
        if self.actor and self.actor.role in STAFF_MENU:
            return self._items(STAFF_MENU[self.actor.role])
        return self.public_menu

    @property
    def public_menu(self) -> list[Item]:
        """The links of the public page; staff find their way back to work there."""
        if not self.is_staff:
            return self._items(PUBLIC_MENU)
        own = [entry for entry in PUBLIC_MENU if entry[1] != "/ho-so-cua-toi"]
        return self._items((*own, (_("Bàn làm việc"), self.home)))

    @property
    def footer(self) -> list[Item]:
        """The links at the foot of the public page."""
        return self._items(FOOTER)

    @cached_property
    def side(self) -> list[Group]:
        """The administrator's side menu, on the pages of the configuration only."""
        if self.actor is None or self.actor.role is not Role.ADMINISTRATOR:
            return []
        if not request.path.startswith("/quan-tri"):
            return []
        numbers = administration.counts()
        groups = [Group(label, self._items(entries, numbers)) for label, entries in ADMINISTRATION]
        return [group for group in groups if group.items]

    @property
    def logout(self) -> str | None:
        """Where the log-out form is posted."""
        return "/dang-xuat" if self.has("/dang-xuat", "POST") else None

    def has(self, path: str, method: str = "GET") -> bool:
        """Whether a page answers at this address; routes do not change after the start."""
        known: dict[tuple[str, str], bool] = current_app.extensions.setdefault("mc_paths", {})
        if (path, method) not in known:
            known[path, method] = current_app.url_map.bind("localhost").test(path, method)
        return known[path, method]

    def _items(self, entries: Any, numbers: Mapping[str, int] = MappingProxyType({})) -> list[Item]:
        return [
            Item(label, path, _is_current(path), numbers.get(COUNTED.get(path, "")))
            for label, path in entries
            if self.has(path)
        ]


def _is_current(path: str) -> bool:
    here = request.path.rstrip("/")
    own = path.rstrip("/")
    if path == "/quan-tri/":
        return here.startswith(own)
    return here == own or (own != "" and here.startswith(own + "/"))


def shell() -> Shell:
    """The shell of this request, made once."""
    if "shell" not in g:
        g.shell = Shell()
    found: Shell = g.shell
    return found


def switch_language(locale: str) -> Response:
    """Keep the language in the session and go back to the page that asked."""
    if locale not in current_app.config["LANGUAGES"]:
        raise NotFound
    session["locale"] = locale
    refresh()
    return redirect(_page_before())


def _page_before() -> str:
    referrer, here = request.referrer or "", request.host_url
    return referrer[len(here) - 1 :] if referrer.startswith(here) else "/"


def toned(value: object) -> bool:
    """Whether a value is a state that is shown as a tag with a tone."""
    return isinstance(value, StrEnum) and value.value in STATE_TONES and hasattr(type(value), "label")


def init_app(app: Flask) -> None:
    """Give the layouts their ``shell`` and make the language links return to their page."""
    app.jinja_env.globals["STATE_TONES"] = STATE_TONES
    app.jinja_env.tests["toned"] = toned
    app.context_processor(lambda: {"shell": shell()})
    # FAB's own view goes back through a history that only FAB's pages fill.
    app.view_functions["LocaleView.index"] = switch_language
