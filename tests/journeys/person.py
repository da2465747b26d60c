"""A person without JavaScript: opens pages, fills in the forms that are there, presses their buttons."""

import io
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict


@dataclass
class Form:
    """A form as it stands on the page."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Words on the button, its name, its value."""


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.text: list[str] = []
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._pending: list[tuple[str, str, dict[str, Any]]] = []
        self._words: list[str] | None = None
        self._button: dict[str, str] = {}
        self._select = ""
        self._chosen: str | None = None
        self._first: str | None = None
        self._area = ""
        self._href = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v if v is not None else "" for k, v in attrs}
        if tag in {"script", "style"}:
            self._silent += 1
        if tag == "form":
            self._form = Form(a.get("action", ""), a.get("method", "get").lower())
            self.forms.append(self._form)
            if "id" in a:
                self._by_id[a["id"]] = self._form
        elif tag == "input":
            self._input(a)
        elif tag == "select":
            self._select, self._chosen, self._first = a.get("name", ""), None, None
        elif tag == "option" and self._select:
            value = a.get("value", "")
            self._first = value if self._first is None else self._first
            self._chosen = value if "selected" in a else self._chosen
        elif tag == "textarea":
            self._area, self._words = a.get("name", ""), []
        elif tag == "button" and a.get("type", "submit") == "submit":
            self._button, self._words = a, []
        elif tag == "a":
            self._href, self._words = a.get("href", ""), []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._silent -= 1
        words = " ".join("".join(self._words or []).split())
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            value = self._chosen if self._chosen is not None else self._first
            self._add(self._select, value or "")
            self._select = ""
        elif tag == "textarea" and self._area:
            self._add(self._area, "".join(self._words or []).strip())
            self._area, self._words = "", None
        elif tag == "button" and self._button:
            form = self._by_id.get(self._button.get("form", "")) or self._form
            if form is not None:
                form.buttons.append((words, self._button.get("name", ""), self._button.get("value", "")))
            self._button, self._words = {}, None
        elif tag == "a" and self._words is not None:
            self.links.append((words, self._href))
            self._words = None

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(data)
        if self._words is not None:
            self._words.append(data)

    def _input(self, a: dict[str, str]) -> None:
        kind, name = a.get("type", "text"), a.get("name", "")
        if kind in {"checkbox", "radio"}:
            if self._form is not None:
                self._form.names.add(name)
            if "checked" in a:
                self._add(name, a.get("value", "on"))
        elif kind in {"submit", "image"} and self._form is not None:
            self._form.buttons.append((a.get("value", ""), name, a.get("value", "")))
        elif name:
            self._add(name, "" if kind == "file" else a.get("value", ""), is_file=kind == "file")

    def _add(self, name: str, value: str, *, is_file: bool = False) -> None:
        if self._form is not None and name:
            self._form.names.add(name)
            if not is_file:
                self._form.values.append((name, value))


class Person:
    """Somebody at a browser. ``page`` is the last answer; refusals are kept, not raised."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.path = "/"
        self.html = ""
        self.status = 0

    def open(self, path: str) -> "Person":
        """Go to an address, following redirects."""
        return self._arrive(self.client.get(path, follow_redirects=True))

    def follow(self, words: str) -> "Person":
        """Follow the first link with these words."""
        for text, href in self._parsed().links:
            if words in text:
                return self.open(urljoin(self.path, href))
        raise AssertionError(f"no link “{words}” on {self.path}: {[t for t, _ in self._parsed().links]}")

    def press(self, words: str, *, nth: int = 0, **fields: Any) -> "Person":
        """Fill in the form of the (nth) button with these words and press it."""
        found = [(f, b) for f in self._parsed().forms for b in f.buttons if words in b[0]]
        if len(found) <= nth:
            buttons = [b[0] for f in self._parsed().forms for b in f.buttons]
            raise AssertionError(f"no button “{words}” on {self.path}: {buttons}")
        form, button = found[nth]
        return self._send(form, button, fields)

    def has_button(self, words: str) -> bool:
        """Whether the page has a button with these words."""
        return any(words in b[0] for f in self._parsed().forms for b in f.buttons)

    @property
    def text(self) -> str:
        """The words of the page in one line."""
        return " ".join("".join(self._parsed().text).split())

    def _send(self, form: Form, button: tuple[str, str, str], fields: dict[str, Any]) -> "Person":
        unknown = fields.keys() - form.names
        assert not unknown, f"the form on {self.path} has no field {unknown}, only {form.names}"
        data: MultiDict[str, Any] = MultiDict(v for v in form.values if v[0] not in fields)
        for name, value in fields.items():
            for one in value if isinstance(value, list) else [value]:
                data.add(name, (io.BytesIO(one[1]), one[0]) if isinstance(one, tuple) else one)
        if button[1]:
            data.add(button[1], button[2])
        target = urljoin(self.path, form.action) if form.action else self.path
        if form.method == "get":
            return self._arrive(self.client.get(target, query_string=data, follow_redirects=True))
        return self._arrive(
            self.client.post(target, data=data, follow_redirects=True, content_type="multipart/form-data")
        )

    def _arrive(self, answer: Any) -> "Person":
        self.path, self.status = answer.request.path, answer.status_code
        self.html = answer.text if answer.mimetype == "text/html" else ""
        return self

    def _parsed(self) -> _Forms:
        parsed = _Forms()
        parsed.feed(self.html)
        return parsed
