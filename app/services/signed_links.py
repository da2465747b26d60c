"""Signed, expiring texts for links in mails; each purpose signs with a salt of its own."""

from datetime import timedelta
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from app.domain import clock
from app.domain.errors import NotFound, Refused
from app.extensions import config


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def write(salt: str, content: dict[str, Any]) -> str:
    """The signed text of a link."""
    return str(_serializer(salt).dumps(content))


def read(salt: str, token: str, lifetime: timedelta, *, expired: str = "link_expired") -> dict[str, Any]:
    """What a link says. NotFound when forged or of another purpose, Refused(``expired``) when too old."""
    try:
        content: dict[str, Any] = _serializer(salt).loads(token, max_age=int(lifetime.total_seconds()))
    except SignatureExpired as error:
        raise Refused(expired) from error
    except BadSignature as error:
        raise NotFound("link_forged") from error
    return content


def _serializer(salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config("SECRET_KEY"), salt=salt, signer=_Signer)
