"""Words stand in Vietnamese where they belong, and are said in the language of whoever asks.

The door of pages hands in its translator (web/wording.py); without a request Vietnamese is said.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Translate = Callable[[str], str]

_as_written: ContextVar[bool] = ContextVar("as_written", default=False)


class _Voice:
    translate: Translate = staticmethod(str)


def speak_through(translate: Translate) -> None:
    """From now on ask this function for the words; it knows who is being spoken to."""
    _Voice.translate = staticmethod(translate)


def say(words: str, /, **params: object) -> str:
    """The words in the language of whoever asks; ``params`` fill their {placeholders}."""
    said = words if _as_written.get() else _Voice.translate(words)
    return said.format(**params) if params else said


@contextmanager
def as_written() -> Iterator[None]:
    """Vietnamese whoever asks: for what is kept or goes to somebody else, such as mail."""
    token = _as_written.set(True)
    try:
        yield
    finally:
        _as_written.reset(token)
