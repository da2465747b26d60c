"""Chance that is the same everywhere: each dossier and each citizen has dice of its own, thrown from the seed."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from app.services.codes import ALPHABET

Thing = TypeVar("Thing")

WORD = 2**64
LETTERS = 8
SECRET_BYTES = 24


class Choice(Generic[Thing]):
    """Things that come up in proportion to their weights."""

    def __init__(self, weighed: Iterable[tuple[Thing, float]]) -> None:
        """``weighed`` are the things with their weights, in an order that is always the same."""
        pairs = [(thing, weight) for thing, weight in weighed if weight > 0]
        self.things = [thing for thing, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))

    def __bool__(self) -> bool:
        """Whether anything can come up."""
        return bool(self.things)

    def pick(self, share: float) -> Thing:
        """The thing at that share (0 to 1, not included) of all weights."""
        return self.things[bisect(self._sums, share * self._sums[-1])]


def dice(seed: int, what: str, number: int) -> Random:
    """The dice of one dossier or citizen."""
    return Random(mixed(seed, what) ^ (number * 0x9E3779B97F4A7C15))  # noqa: S311 - a simulation, no secret


def mixed(number: int, salt: str) -> int:
    """64 bits that look like nothing in particular."""
    z = (number * 0x9E3779B97F4A7C15 + int.from_bytes(salt.encode(), "big")) % WORD
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % WORD
    return z ^ (z >> 31)


def reference(seed: int, number: int) -> str:
    """A submission reference; never the same for two numbers: 1,000,000 thrown ones would soon meet."""
    scattered = (number * 0x9E3779B97F + mixed(seed, "reference")) % len(
        ALPHABET
    ) ** LETTERS  # odd: one to one
    letters = []
    for _ in range(LETTERS):
        scattered, letter = divmod(scattered, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return f"N-{''.join(letters[:4])}-{''.join(letters[4:])}"


def one_of(throw: Random, things: Sequence[Thing]) -> Thing:
    """One of them, each as likely."""
    return things[int(throw.random() * len(things))]
