"""What a password must be. Long rather than complicated, and not what a stranger tries first."""

import re
import unicodedata
from collections.abc import Iterable

from app.domain.errors import Refused

SHORTEST = 10
LONGEST = 128  # more would only make the hash slow
SHORTEST_NAME = 4  # "an" or "ha" stand in half of all sentences
FEWEST_DIFFERENT = 5

COMMON = frozenset(
    {
        "password", "passwords", "matkhau", "matkhaucuatoi", "matkhaumoi", "iloveyou", "welcome", "letmein",
        "administrator", "admin", "quantri", "quantrivien", "canbo", "congdan", "motcua",
        "motcuacampha", "campha", "thanhphocampha", "quangninh", "vietnam", "vietnamvodich", "hanoi",
        "anhyeuem", "emyeuanh", "yeuemnhieu", "changeme", "default", "secret", "qwerty", "hosocuatoi",
    }
)  # fmt: skip
"""Words tried first, without marks, spaces and digits around them."""
SEQUENCES = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv",
)


def normalised(password: str) -> str:
    """The one form that is hashed: keyboards write Vietnamese letters as one sign or as two."""
    return unicodedata.normalize("NFC", password)


def check(password: str, names: Iterable[str] = (), field: str = "password") -> None:
    """Refuse a password that is too easy; ``names`` are the person's own (mail address, telephone, …)."""
    if len(password) < SHORTEST:
        raise Refused("password_too_short", field=field, shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Refused("password_too_long", field=field, longest=LONGEST)
    if not password.isprintable():
        raise Refused("password_unprintable", field=field)
    plain = _plain(password)
    if any(name in plain for name in _parts(names)):
        raise Refused("password_contains_name", field=field)
    if _is_guessed_first(password.casefold(), plain):
        raise Refused("password_too_common", field=field)


def _is_guessed_first(password: str, plain: str) -> bool:
    return (
        plain.strip("0123456789") in COMMON
        or len(set(password)) < FEWEST_DIFFERENT
        or any(plain in row or plain[::-1] in row for row in SEQUENCES)
        or _repeats(password)
    )


def _repeats(password: str) -> bool:
    """Whether it is one short piece again and again: abc1abc1abc1."""
    sizes = range(1, len(password) // 2 + 1)
    return any((password[:size] * len(password)).startswith(password) for size in sizes)


def _parts(names: Iterable[str]) -> set[str]:
    found = {_plain(name.partition("@")[0]) for name in names}
    return {name for name in found if len(name) >= SHORTEST_NAME}


def _plain(text: str) -> str:
    """Small letters and digits without Vietnamese marks: Mật-Khẩu 1 is matkhau1."""
    split = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return re.sub(r"[^a-z0-9]", "", split)
