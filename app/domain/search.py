"""Finding a text by what people really type: without accents, in part, or with a slip of the finger."""

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from itertools import pairwise
from math import sqrt
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
FILLERS = re.compile(r"\b(thu tuc|toi|muon|xin|lam)\b")
"""What people say around what they look for: "tôi muốn làm giấy khai sinh"."""


def fold(text: str) -> str:
    """Lower case without accents, đ as d, one space between words: "Đăng  ký KẾT HÔN" → "dang ky ket hon"."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))


def rank(query: str, items: Sequence[tuple[Item, str]]) -> list[Item]:
    """The items whose folded text answers the query, best first; equals keep their order.

    Words that many texts have ("giấy", "cấp") count less than rare ones ("karaoke"); a word that no text
    answers is passed over. An empty query is answered by every item.
    """
    typed = _without_fillers(fold(query))
    if not typed:
        return [item for item, _ in items]
    answers = _answers(typed.split(), {word for _, text in items for word in text.split()})
    parts = [_parts(typed.split(), answers, text) for _, text in items]
    weights = {word: _weight([part[word] for part in parts]) for word in (parts[0] if parts else ())}
    scores = [_score(typed, text, part, weights) for (_, text), part in zip(items, parts, strict=True)]
    floor = max(WORTH_SHOWING, NEAR_THE_BEST * max(scores, default=0))
    found = [(score, item) for score, (item, _) in zip(scores, items, strict=True) if score >= floor]
    return [item for _, item in sorted(found, key=lambda pair: -pair[0])]


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


def _without_fillers(typed: str) -> str:
    rest = " ".join(FILLERS.sub(" ", typed).split())
    return rest or typed


def _answers(words: Sequence[str], known: Set[str]) -> dict[str, dict[str, float]]:
    """The known words that fit each typed one: itself, else those that it begins or misses by one slip."""
    return {word: {word: EXACT} if word in known else _guesses(word, known) for word in words}


def _guesses(word: str, known: Set[str]) -> dict[str, float]:
    slips = (other for other in known if len(word) >= SHORTEST_SLIP and one_slip_apart(word, other))
    return dict.fromkeys(slips, SLIP) | {other: BEGINNING for other in known if other.startswith(word)}


def _parts(typed: Sequence[str], answers: Mapping[str, Mapping[str, float]], text: str) -> dict[str, float]:
    """How well the text answers each typed word, and each pair of neighbours: "kinh doanh" is one thing."""
    words = text.split()
    parts = {word: max((fits.get(w, 0.0) for w in words), default=0.0) for word, fits in answers.items()}
    pairs = (" ".join(pair) for pair in pairwise(typed))
    return parts | {pair: float(f" {pair} " in f" {text} ") for pair in pairs}


def _weight(parts: Sequence[float]) -> float:
    answering = sum(part > 0 for part in parts)
    return 1 / sqrt(answering) if answering else 0.0


def _score(typed: str, text: str, part: Mapping[str, float], weights: Mapping[str, float]) -> float:
    together = f" {typed}" in f" {text}" or (len(typed) >= RUN_TOGETHER and typed in text.replace(" ", ""))
    if together:
        return 1 + PHRASE
    whole = sum(weights.values())
    return sum(weights[word] * share for word, share in part.items()) / whole if whole else 0.0
