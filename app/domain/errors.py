"""Refusals. Raised low with a reason key, turned into words once, in app/reasons.py."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A refusal with a reason key and the facts that its sentence needs.

    ``field`` names the form field the person has to mend, if there is one.
    """

    def __init__(self, key: str, *, field: str | None = None, **params: Any) -> None:
        super().__init__(key)
        self.key = key
        self.field = field
        self.params: Mapping[str, Any] = params

    def __str__(self) -> str:
        return f"{self.key} {dict(self.params)}" if self.params else self.key


class NotAllowed(DomainError):
    """This person may not do this (HTTP 403)."""


class NotFound(DomainError):
    """There is no such thing, or not for this person (HTTP 404)."""


class Conflict(DomainError):
    """The thing is in another state, or somebody changed it meanwhile (HTTP 409)."""


class Refused(DomainError):
    """A rule is not met or the input needs mending (HTTP 422)."""


class TooManyAttempts(DomainError):
    """Tried too often; ``minutes`` says how long to wait (HTTP 429)."""
