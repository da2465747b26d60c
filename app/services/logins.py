"""Logging in and out, and who is still logged in."""

import hashlib
from dataclasses import replace

from app.domain import clock, passwords
from app.domain.errors import NotAllowed, Refused
from app.domain.roles import SYSTEM, Actor, Role
from app.extensions import verify_password
from app.models.organisation import Profile
from app.services import account_rows, attempts, journal, settings
from app.services.account_rows import actor_of
from app.services.transaction import transaction

LOGIN, LOGIN_IP = "login", "login_ip"
IP_FACTOR = 10
"""Behind one address may sit a whole office: ten times the wrong tries one account allows."""


def admit(user_id: int, epoch: int) -> Profile | None:
    """The account of a cookie or token; None when it was ended, switched off or has no profile. One query."""
    profile = account_rows.by_id(user_id)
    if profile is None or not profile.user.active or profile.session_epoch != epoch:
        return None
    return profile


def profile_of(actor: Actor) -> Profile:
    """The actor's own account; NotAllowed for those who have none."""
    profile = account_rows.by_id(own_id(actor))
    if profile is None:
        raise NotAllowed("role_may_not")
    return profile


def own_id(actor: Actor) -> int:
    """The key of the actor's account; NotAllowed for those who have none."""
    if actor.user_id is None:
        raise NotAllowed("role_may_not")
    return actor.user_id


def log_in(identifier: str, password: str, *, ip: str, by_token: bool = False) -> Profile:
    """The account of that log-in name or mail address and password.

    Refused ("login_wrong") is the same for an unknown name and a wrong password, and takes as long.
    TooManyAttempts when the account or the visitor is locked. NotAllowed for a switched-off account, and
    for machines (``by_token``) while a citizen's mail address is unconfirmed.
    """
    tries, minutes = settings.get("login_tries"), settings.get("login_lock_minutes")
    profile = account_rows.by_login(identifier)
    subject = _account_subject(profile.user_id) if profile else _unknown_subject(identifier)
    attempts.check(LOGIN_IP, ip, limit=tries * IP_FACTOR, minutes=minutes)
    count = attempts.hit(LOGIN, subject, limit=tries, minutes=minutes)
    right = verify_password(profile.user.password if profile else None, passwords.normalised(password))
    if profile is None or not right:
        attempts.fail(LOGIN_IP, ip, minutes=minutes, limit=tries * IP_FACTOR)
        if profile and count == tries:
            _note_lock(profile.user_id, ip)
        raise Refused("login_wrong")
    attempts.clear(LOGIN, subject)
    _refuse_closed(profile, by_token=by_token)
    _note_log_in(profile.user_id, ip, by_token=by_token)
    return profile


def log_out(actor: Actor) -> None:
    """End every session and token of the account, on all devices."""
    with transaction():
        account_rows.end_sessions(account_rows.locked(own_id(actor)))
        journal.write(actor, "logged_out")


def prove(actor: Actor, password: str, field_name: str) -> Profile:
    """The actor's account, once the password is right: an open browser is not yet its owner."""
    profile = profile_of(actor)
    subject, minutes = _account_subject(profile.user_id), settings.get("login_lock_minutes")
    attempts.hit(LOGIN, subject, limit=settings.get("login_tries"), minutes=minutes)
    if not verify_password(profile.user.password, passwords.normalised(password)):
        raise Refused("password_wrong", field=field_name)
    attempts.clear(LOGIN, subject)
    return profile


def _refuse_closed(profile: Profile, *, by_token: bool) -> None:
    if not profile.user.active:
        raise NotAllowed("account_inactive")
    if by_token and profile.role is Role.CITIZEN and profile.email_confirmed_at is None:
        raise NotAllowed("email_not_confirmed")


def _note_log_in(user_id: int, ip: str, *, by_token: bool) -> None:
    with transaction():
        profile = account_rows.locked(user_id)
        profile.user.last_login = clock.now().replace(tzinfo=None)
        profile.user.login_count = (profile.user.login_count or 0) + 1
        journal.write(actor_of(profile, ip), "logged_in", by="token" if by_token else "page")


def _note_lock(user_id: int, ip: str) -> None:
    with transaction():
        journal.write(replace(SYSTEM, ip=ip), "login_locked", account=user_id)


def unlock(profile: Profile) -> None:
    """Forget the wrong tries of an account whose owner has proved to be there."""
    attempts.clear(LOGIN, _account_subject(profile.user_id))


def _account_subject(user_id: int) -> str:
    return f"account {user_id}"


def _unknown_subject(identifier: str) -> str:
    """A digest: people type their password into the wrong box, and it must not be stored."""
    return "unknown " + hashlib.sha256(identifier.strip().lower().encode()).hexdigest()
