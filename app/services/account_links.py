"""Links in mails that prove a mail address: signed, expiring, each good for one use.

A link carries the account and a fingerprint of what its use will change. Used once, or overtaken by another
change, the fingerprint no longer fits. Nothing has to be stored, and a stolen database holds no open links.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain import clock
from app.domain.errors import Conflict
from app.extensions import config
from app.models.organisation import Profile
from app.services import account_rows, outbox, settings, signed_links


class Purpose(StrEnum):
    """What a link is for; the value is the beginning of its page's address."""

    CONFIRM = "xac-nhan"
    RESET = "dat-lai-mat-khau"
    EMAIL = "doi-thu-dien-tu"
    INVITATION = "kich-hoat"


LIFETIME = {
    Purpose.CONFIRM: timedelta(hours=48),
    Purpose.RESET: timedelta(minutes=60),
    Purpose.EMAIL: timedelta(hours=48),
    Purpose.INVITATION: timedelta(hours=72),
}


@dataclass(frozen=True)
class Link:
    """A link that holds: whose it is, and the new mail address it proves (EMAIL only)."""

    profile: Profile
    email: str = ""


def write(purpose: Purpose, profile: Profile, email: str = "") -> str:
    """The signed text of a link."""
    content = {"id": profile.user_id, "of": _fingerprint(purpose, profile), "to": email}
    return signed_links.write(_salt(purpose), content)


def read(purpose: Purpose, token: str, *, lock: bool = False) -> Link:
    """Whose link it is. NotFound when forged, Refused when expired, Conflict when used or overtaken.

    ``lock`` keeps the account until the running transaction ends, so that two presses are one use.
    """
    content = signed_links.read(_salt(purpose), token, LIFETIME[purpose])
    profile = account_rows.locked(content["id"]) if lock else account_rows.by_id(content["id"])
    if profile is None or not hmac.compare_digest(content["of"], _fingerprint(purpose, profile)):
        raise Conflict("link_used")
    return Link(profile, content["to"])


def mail(template: str, profile: Profile, locale: str, *, address: str = "", **words: Any) -> None:
    """Put a mail about the account into the running transaction, to its own address or the one given."""
    context = {
        "name": str(profile),
        "organisation": False,
        "link": "",
        "due": "",
        "base_url": config("BASE_URL"),
        "hotline": settings.get("hotline"),
    }
    outbox.write(
        receiver="account",
        address=address or profile.user.email,
        template=template,
        context=context | words,
        locale=locale,
    )


def mail_link(purpose: Purpose, template: str, profile: Profile, locale: str, email: str = "") -> None:
    """Mail a fresh link, saying until when it holds; ``email`` is a new address to prove."""
    token = write(purpose, profile, email)
    address = f"{config('BASE_URL')}/{purpose.value}/{token}"
    mail(template, profile, locale, address=email, link=address, due=_until(purpose))


def _until(purpose: Purpose) -> datetime:
    return clock.now() + LIFETIME[purpose]


def _salt(purpose: Purpose) -> str:
    return f"account link: {purpose.value}"


def _fingerprint(purpose: Purpose, profile: Profile) -> str:
    user = profile.user
    parts = [str(user.id), str(user.active), user.email, *_changed_by(purpose, profile)]
    secret = f"{config('SECRET_KEY')} {purpose.value}".encode()
    return hmac.new(secret, "\n".join(parts).encode(), hashlib.sha256).hexdigest()[:32]


def _changed_by(purpose: Purpose, profile: Profile) -> tuple[str, ...]:
    """What using the link changes. A new address survives a log-out, a password's reset does not."""
    tail = (profile.user.password or "")[-16:]
    if purpose is Purpose.CONFIRM:
        return (str(profile.email_confirmed_at is not None),)
    if purpose is Purpose.EMAIL:
        return (tail,)
    return (str(profile.session_epoch), tail)
