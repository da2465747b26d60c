"""Who is asking, and how a refusal is answered over HTTP."""

from typing import Any

from flask import g, request
from flask_jwt_extended import get_current_user
from flask_login import current_user
from sqlalchemy import select

from app.domain.errors import Conflict, DomainError, NotAllowed, NotFound, Refused, TooManyAttempts
from app.domain.roles import Actor, Role
from app.extensions import db
from app.models.organisation import Profile, User
from app.reasons import words

STATUS: dict[type[DomainError], int] = {
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Refused: 422,
    TooManyAttempts: 429,
}


def current_actor() -> Actor | None:
    """The person behind this request (log-in cookie or JWT); None for anonymous visitors."""
    if "actor" not in g:
        g.actor = _actor_of(_user())
    actor: Actor | None = g.actor
    return actor


def require_actor(*roles: Role) -> Actor:
    """The person behind this request; NotAllowed when anonymous or of another role."""
    actor = current_actor()
    if actor is None or (roles and actor.role not in roles):
        raise NotAllowed("role_may_not")
    return actor


def _user() -> User | None:
    """A token beats a cookie: a machine's request is never taken for the browser's person."""
    if g.get("_jwt_extended_jwt"):
        return get_current_user()  # type: ignore[no-any-return]
    user: Any = current_user
    if user and user.is_authenticated:
        return user._get_current_object()  # type: ignore[no-any-return]  # noqa: SLF001 - werkzeug's own way
    return None


def _actor_of(user: User | None) -> Actor | None:
    if user is None:
        return None
    profile = db.session.scalar(select(Profile).where(Profile.user_id == user.id))
    if profile is None:
        return None
    return Actor(
        user_id=user.id,
        role=profile.role,
        agency_id=profile.agency_id,
        department_id=profile.department_id,
        name=str(profile),
        ip=request.remote_addr or "",
    )


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    return STATUS[type(error)]


def as_json(error: DomainError) -> dict[str, object]:
    """A refusal for machines: key, sentence, field."""
    return {"error": error.key, "message": words(error), "field": error.field}
