"""Who is asking, and how a refusal is answered over HTTP."""

from flask import g

from app.domain.errors import (
    Conflict,
    DomainError,
    NotAllowed,
    NotFound,
    Refused,
    TooManyAttempts,
)
from app.domain.roles import Actor, Role
from app.reasons import words

STATUS: dict[type[DomainError], int] = {
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Refused: 422,
    TooManyAttempts: 429,
}


def current_actor() -> Actor | None:
    """The person behind this request; None for anonymous visitors.

    The security manager (web/security.py) puts the actor on ``g`` when it admits a log-in cookie, and again
    when it admits a token: a machine's request is never taken for the browser's person.
    """
    actor: Actor | None = g.get("actor")
    return actor


def require_actor(*roles: Role) -> Actor:
    """The person behind this request; NotAllowed when anonymous or of another role."""
    actor = current_actor()
    if actor is None or (roles and actor.role not in roles):
        raise NotAllowed("role_may_not")
    return actor


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    return STATUS[type(error)]


def as_json(error: DomainError) -> dict[str, object]:
    """A refusal for machines: key, sentence, field."""
    return {"error": error.key, "message": words(error), "field": error.field}
