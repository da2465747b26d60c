"""Finding and writing the two rows of an account: FAB's user and our profile."""

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import or_, select

from app.domain import clock
from app.domain.errors import DomainError, NotFound
from app.domain.roles import Actor, Role
from app.extensions import db
from app.models.organisation import Profile
from app.services import roles
from app.services.transaction import unique_or


def by_id(user_id: int) -> Profile | None:
    """The account with its user, in one query."""
    return db.session.scalar(select(Profile).where(Profile.user_id == user_id))


def by_login(text: str) -> Profile | None:
    """The account of that log-in name or mail address. An account without profile does not exist for us."""
    name = text.strip().lower()
    if "\0" in name:  # PostgreSQL refuses to look for it
        return None
    query = select(Profile).join(Profile.user).where(or_(User.username == name, User.email == name))
    return db.session.scalar(query)


def locked(user_id: int) -> Profile:
    """The account as it is now, kept from others until the transaction ends; NotFound when there is none."""
    query = select(Profile).where(Profile.user_id == user_id).with_for_update(of=Profile)
    profile: Profile | None = db.session.scalar(query.execution_options(populate_existing=True))
    if profile is None:
        raise NotFound("no_such_account")
    return profile


def add(profile: Profile, user: User, refusal: DomainError) -> Profile:
    """Store a new account; the refusal given when its name or mail address is taken meanwhile."""
    role = roles.role_row(profile.role)
    user.active = True
    profile.user = user
    with unique_or(refusal):
        db.session.add_all([user, profile])
        user.roles = [role]
    return profile


def end_sessions(profile: Profile) -> None:
    """Every cookie and token given so far is dead once this is committed."""
    profile.session_epoch += 1


def set_password(profile: Profile, hashed: str) -> None:
    """Store a hash made by ``extensions.hash_password`` and end all sessions."""
    profile.user.password = hashed
    profile.user.changed_on = clock.now().replace(tzinfo=None)
    end_sessions(profile)


def own_words(profile: Profile) -> tuple[str, ...]:
    """What a stranger knows of the person and tries first as a password."""
    user = profile.user
    return (user.username, user.email, profile.phone, profile.personal_id, str(profile))


def actor_of(profile: Profile, ip: str = "") -> Actor:
    """The person of an account, as services want it."""
    return Actor(
        user_id=profile.user_id,
        role=profile.role,
        agency_id=profile.agency_id,
        department_id=profile.department_id,
        name=str(profile),
        ip=ip,
    )


def stranger(ip: str) -> Actor:
    """Somebody without an account, or not yet known to have one."""
    return Actor(user_id=None, role=Role.CITIZEN, ip=ip)
