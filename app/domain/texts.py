"""Texts as people type them: one form of every letter, and nothing that only pretends to be a text."""

import unicodedata

INVISIBLE = frozenset("ZC")
"""Unicode's separators and control signs, by the first letter of their category; a zero-width space is one."""


def tidy(text: str) -> str:
    """The text composed (NFC), so that what two keyboards typed compares equal, without NUL and outer blanks.

    A text of invisible signs alone is none: whoever reads the reason of a refusal would see an empty line.
    """
    found = unicodedata.normalize("NFC", text.replace("\0", "")).strip()
    return found if any(unicodedata.category(sign)[0] not in INVISIBLE for sign in found) else ""
