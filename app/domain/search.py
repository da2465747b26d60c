"""Finding a text by what people really type: without accents, in part, or with a slip of the finger."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

EXACT, BEGINNING, SLIP = 1.0, 0.8, 0.6
"""How much a word counts that is typed in full, in its first letters, or with one slip."""
SHORTEST_SLIP = 3
"""In words of one or two letters every word is a slip of every other."""
RUN_TOGETHER = 6
"""From so many letters on, "khaisinh" is surely "khai sinh" typed without the space."""
PHRASE = 0.5
"""What it adds that the words stand together as they were typed."""
WORTH_SHOWING = 0.45
"""Share of the query that a text must answer."""
NEAR_THE_BEST = 0.6
"""Texts that answer less than this share of the best answer only get in the way."""


def fold(text: str) -> str:
    """Lower case without accents, đ as d, one space between words: "Đăng  ký KẾT HÔN" → "dang ky ket hon"."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))


def rank(query: str, items: Sequence[tuple[Item, str]]) -> list[Item]:
    """The items whose folded text answers the query, best first; equals keep their order.

    Words that many texts have ("giấy", "cấp") count less than rare ones ("karaoke"). An empty query is
    answered by every item.
    """
    typed = fold(query)
    words = typed.split()
    if not words:
        return [item for item, _ in items]
    weights = _weights(words, items)
    scores = [_score(typed, weights, text) for _, text in items]
    floor = max(WORTH_SHOWING, NEAR_THE_BEST * max(scores, default=0))
    found = [(score, item) for score, (item, _) in zip(scores, items, strict=True) if score >= floor]
    return [item for _, item in sorted(found, key=lambda pair: -pair[0])]


def similarity(typed: str, word: str) -> float:
    """How well one typed word fits one word of a text: exact, beginning, one slip, or 0."""
    if typed == word:
        return EXACT
    if word.startswith(typed):
        return BEGINNING
    if len(typed) >= SHORTEST_SLIP and one_slip_apart(typed, word):
        return SLIP
    return 0.0


def one_slip_apart(one: str, other: str) -> bool:
    """Whether a single slip makes one of the other: a letter missing, added, wrong, or two swapped."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[:start] + short[start : start + 2][::-1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped == long


def _weights(words: Sequence[str], items: Sequence[tuple[Item, str]]) -> dict[str, float]:
    frequency = Counter(word for _, text in items for word in set(text.split()))
    return {word: math.log(2 + len(items) / (1 + frequency[word])) for word in words}


def _score(typed: str, weights: dict[str, float], text: str) -> float:
    words = text.split()
    answered = {word: max((similarity(word, other) for other in words), default=0.0) for word in weights}
    share = sum(weights[word] * part for word, part in answered.items()) / sum(weights.values())
    together = f" {typed}" in f" {text}" or (len(typed) >= RUN_TOGETHER and typed in text.replace(" ", ""))
    return max(share, float(together)) + PHRASE * together
