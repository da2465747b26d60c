"""Verbs of people about their own account: register, confirm, log in and out, change what is theirs.

What administrators do to accounts is in ``services.staff`` and can be called from here as well.
"""

from dataclasses import dataclass, field

from flask_appbuilder.security.sqla.models import User

from app.domain import clock, passwords
from app.domain.applicant import clean_personal_id, clean_phone
from app.domain.errors import Conflict, NotAllowed, Refused
from app.domain.people import clean_email, split_name
from app.domain.roles import STAFF, SYSTEM, Actor, Role
from app.domain.texts import tidy
from app.extensions import hash_password
from app.models.organisation import Profile
from app.services import account_links, account_rows, attempts, journal
from app.services.account_links import Link, Purpose
from app.services.account_rows import actor_of
from app.services.logins import admit, log_in, log_out, own_id, profile_of, prove, unlock
from app.services.staff import StaffAccount, activate, create_staff, deactivate, edit_staff, end_sessions
from app.services.transaction import transaction

__all__ = [
    "Declared",
    "Registration",
    "StaffAccount",
    "activate",
    "actor_of",
    "admit",
    "ask_for_email",
    "change_password",
    "change_profile",
    "confirm",
    "confirm_email",
    "create_citizen",
    "create_staff",
    "deactivate",
    "edit_staff",
    "end_sessions",
    "log_in",
    "log_out",
    "profile_of",
    "read_link",
    "register",
    "request_reset",
    "resend_confirmation",
    "reset_password",
    "set_password",
]

MAILS_PER_ADDRESS, MAILS_PER_IP, HOUR = 5, 20, 60
LONGEST_ADDRESS = 300


@dataclass(frozen=True)
class Declared:
    """What people say of themselves and may change at any time."""

    full_name: str
    phone: str
    personal_id: str = field(default="", repr=False)
    address: str = ""


@dataclass(frozen=True)
class Registration(Declared):
    """A citizen's application for an account. It has no role: nobody registers as staff."""

    email: str = ""
    password: str = field(default="", repr=False)
    consent: bool = False


def register(data: Registration, *, ip: str, locale: str = "vi") -> None:
    """Make a citizen's account and mail its confirmation link.

    Says nothing about whether the address has an account already: its owner is told by mail instead.
    """
    profile, user = _new_citizen(data)
    _refuse_weak(profile, user, data.password)
    if not data.consent:
        raise Refused("consent_required", field="consent")
    _brake("register", user.email, ip)
    user.password = hash_password(passwords.normalised(data.password))
    with transaction():
        known = account_rows.by_login(user.email)
        if known:
            account_links.mail("account_exists", known, locale)
            return
        account_rows.add(profile, user, Conflict("stale_version"))
        account_links.mail_link(Purpose.CONFIRM, "account_confirm", profile, locale)
        journal.write(actor_of(profile, ip), "account_registered", account=user.id, consent=True)


def create_citizen(data: Registration, *, is_demo: bool = False) -> Profile:
    """For the seed: a citizen with a confirmed address, without mail. Refused when the address is taken."""
    profile, user = _new_citizen(data)
    if not is_demo:  # its password stands in README; Production refuses demo accounts
        _refuse_weak(profile, user, data.password)
    user.password = hash_password(passwords.normalised(data.password))
    profile.email_confirmed_at, profile.is_demo = clock.now(), is_demo
    with transaction():
        account_rows.add(profile, user, Refused("account_taken", field="email"))
        journal.write(SYSTEM, "account_created", account=user.id, role=profile.role.value)
    return profile


def resend_confirmation(email: str, *, ip: str, locale: str = "vi") -> None:
    """Mail a new confirmation link, if the address waits for one; the answer is the same if not."""
    email = clean_email(email)
    _brake("confirmation", email, ip)
    with transaction():
        profile = account_rows.by_login(email)
        if profile and profile.user.active and profile.email_confirmed_at is None:
            account_links.mail_link(Purpose.CONFIRM, "account_confirm", profile, locale)


def read_link(purpose: Purpose, token: str) -> Link:
    """Whose link it is, for the page that asks first: mail scanners open links, people press buttons."""
    return account_links.read(purpose, token)


def confirm(token: str, *, ip: str) -> None:
    """The mail address is the citizen's: from now on dossiers can be sent."""
    with transaction():
        profile = account_links.read(Purpose.CONFIRM, token, lock=True).profile
        profile.email_confirmed_at = clock.now()
        journal.write(actor_of(profile, ip), "email_confirmed", account=profile.user_id)


def request_reset(email: str, *, ip: str, locale: str = "vi") -> None:
    """Mail a link to set a new password, if the address has an account; the answer is the same if not."""
    email = clean_email(email)
    _brake("reset", email, ip)
    with transaction():
        profile = account_rows.by_login(email)
        if profile and profile.user.active:
            account_links.mail_link(Purpose.RESET, "account_reset", profile, locale)
            journal.write(account_rows.stranger(ip), "password_reset_requested", account=profile.user_id)


def reset_password(
    token: str, password: str, *, ip: str, purpose: Purpose = Purpose.RESET, locale: str = "vi"
) -> None:
    """Set a new password by a mailed link (RESET or INVITATION); ends all sessions and lifts the lock.

    Whoever opened the mail owns the address, so it counts as confirmed.
    """
    password = passwords.normalised(password)
    passwords.check(password, account_rows.own_words(account_links.read(purpose, token).profile))
    hashed = hash_password(password)
    with transaction():
        profile = account_links.read(purpose, token, lock=True).profile
        account_rows.set_password(profile, hashed)
        profile.email_confirmed_at = profile.email_confirmed_at or clock.now()
        account_links.mail("account_password_changed", profile, locale)
        journal.write(actor_of(profile, ip), "password_reset", account=profile.user_id, by=purpose.name)
        unlock(profile)


def change_password(actor: Actor, old: str, new: str, locale: str = "vi") -> Profile:
    """Replace one's own password; all other sessions end. The profile returned has the new epoch."""
    new = passwords.normalised(new)
    passwords.check(new, account_rows.own_words(prove(actor, old, "old_password")))
    if new == passwords.normalised(old):
        raise Refused("password_not_new", field="password")
    hashed = hash_password(new)
    with transaction():
        profile = account_rows.locked(own_id(actor))
        account_rows.set_password(profile, hashed)
        account_links.mail("account_password_changed", profile, locale)
        journal.write(actor, "password_changed")
    return profile


def set_password(user_id: int, password: str) -> None:
    """For the operator's command line only: set a password without knowing the old one; all sessions end."""
    password = passwords.normalised(password)
    with transaction():
        profile = account_rows.locked(user_id)
        passwords.check(password, account_rows.own_words(profile))
        account_rows.set_password(profile, hash_password(password))
        journal.write(SYSTEM, "password_set_by_operator", account=user_id)


def change_profile(actor: Actor, data: Declared) -> None:
    """Change what one declared. The name of staff is the administrator's to set (NotAllowed)."""
    with transaction():
        profile = account_rows.locked(own_id(actor))
        before = _values(profile)
        last, first = _declare(profile, data)
        if profile.role in STAFF and (last, first) != (profile.user.last_name, profile.user.first_name):
            raise NotAllowed("name_set_by_administrator", field="full_name")
        profile.user.last_name, profile.user.first_name = last, first
        changed = sorted(key for key, value in _values(profile).items() if value != before[key])
        if changed:
            journal.write(actor, "profile_changed", fields=changed)


def ask_for_email(actor: Actor, email: str, password: str, locale: str = "vi") -> None:
    """Mail a link to a new address; the old one holds until the link is used.

    An address of somebody else's account gets a notice instead, and the asker the same answer.
    """
    email = clean_email(email)
    if email == prove(actor, password, "password").user.email:
        raise Refused("email_not_new", field="email")
    _brake("email", email, actor.ip)
    with transaction():
        profile, known = account_rows.locked(own_id(actor)), account_rows.by_login(email)
        if known:
            account_links.mail("account_exists", known, locale)
            return
        account_links.mail_link(Purpose.EMAIL, "account_email_confirm", profile, locale, email)
        journal.write(actor, "email_change_requested")


def confirm_email(token: str, *, ip: str, locale: str = "vi") -> None:
    """Put the proved address in place of the old one, and tell the old one."""
    with transaction():
        link = account_links.read(Purpose.EMAIL, token, lock=True)
        profile, user = link.profile, link.profile.user
        if account_rows.by_login(link.email):
            raise Conflict("link_used")
        account_links.mail("account_email_changed", profile, locale)
        user.email, profile.email_confirmed_at = link.email, clock.now()
        user.username = link.email if profile.role is Role.CITIZEN else user.username
        journal.write(actor_of(profile, ip), "email_changed", account=user.id)


def _new_citizen(data: Registration) -> tuple[Profile, User]:
    email = clean_email(data.email)
    profile = Profile(role=Role.CITIZEN, session_epoch=1)
    last, first = _declare(profile, data)
    return profile, User(username=email, email=email, last_name=last, first_name=first)


def _refuse_weak(profile: Profile, user: User, password: str) -> None:
    own = (user.email, profile.phone, profile.personal_id, f"{user.last_name}{user.first_name}")
    passwords.check(passwords.normalised(password), own)


def _declare(profile: Profile, data: Declared) -> tuple[str, str]:
    last, first = split_name(data.full_name)
    profile.phone = clean_phone(data.phone, "phone")
    profile.personal_id = clean_personal_id(data.personal_id, "personal_id")
    profile.address = " ".join(tidy(data.address).split())
    if len(profile.address) > LONGEST_ADDRESS:
        raise Refused("text_too_long", field="address", longest=LONGEST_ADDRESS)
    return last, first


def _values(profile: Profile) -> dict[str, str]:
    return {
        "full_name": str(profile),
        "phone": profile.phone,
        "personal_id": profile.personal_id,
        "address": profile.address,
    }


def _brake(kind: str, email: str, ip: str) -> None:
    attempts.hit(f"{kind}_ip", ip, limit=MAILS_PER_IP, minutes=HOUR)
    attempts.hit(kind, email, limit=MAILS_PER_ADDRESS, minutes=HOUR)
