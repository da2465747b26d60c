"""The survey of a returned dossier: five questions on a five-point scale, shown only for groups."""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from enum import IntEnum, StrEnum
from typing import TypeVar

from app.domain.language import say


class Question(StrEnum):
    """What is asked; the usual five of a satisfaction survey (Decree 61/2018, chapter V)."""

    INFORMATION = "information"
    PAPERWORK = "paperwork"
    ATTITUDE = "attitude"
    TIME = "time"
    RESULT = "result"

    @property
    def label(self) -> str:
        """The words of the question."""
        return say(QUESTIONS[self])


QUESTIONS = {
    Question.INFORMATION: "Thông tin, hướng dẫn về thủ tục",
    Question.PAPERWORK: "Giấy tờ, biểu mẫu phải nộp",
    Question.ATTITUDE: "Thái độ phục vụ của cán bộ",
    Question.TIME: "Thời gian giải quyết",
    Question.RESULT: "Kết quả nhận được",
}


class Rating(IntEnum):
    """An answer; 5 is best."""

    VERY_SATISFIED = 5
    SATISFIED = 4
    NEUTRAL = 3
    DISSATISFIED = 2
    VERY_DISSATISFIED = 1

    @property
    def label(self) -> str:
        """The words of the answer."""
        return say(RATINGS[self])


RATINGS = {
    Rating.VERY_SATISFIED: "Rất hài lòng",
    Rating.SATISFIED: "Hài lòng",
    Rating.NEUTRAL: "Bình thường",
    Rating.DISSATISFIED: "Không hài lòng",
    Rating.VERY_DISSATISFIED: "Rất không hài lòng",
}
SATISFIED = frozenset({Rating.VERY_SATISFIED, Rating.SATISFIED})
"""The answers that count as satisfied."""

Group = TypeVar("Group", bound=Hashable)


def hidden(sizes: Mapping[Group, int], threshold: int) -> frozenset[Group]:
    """The groups of a breakdown that must not be shown, so that nobody's answer can be read or worked out.

    A group smaller than ``threshold`` is hidden. The total stands beside the breakdown, so what is hidden can
    be subtracted: when all hidden ones together are still fewer, the next smallest is hidden as well.
    """
    chosen: set[Group] = set()
    together = 0
    for group, size in sorted(sizes.items(), key=lambda item: item[1]):
        if size >= threshold and not 0 < together < threshold:
            break
        chosen.add(group)
        together += size
    return frozenset(chosen)


def released(sizes: Mapping[date, int], threshold: int, first: date, last: date) -> frozenset[date]:
    """The months whose answers are shown for the months from ``first`` to ``last`` (each its first day).

    Months are counted from January on and joined until they are ``threshold`` answers together; what was joined
    counts for the month that completed it, and what is left of a year is not shown. So the same months are joined
    whatever the range, and two ranges never differ by fewer answers than that.
    """
    return frozenset().union(*(block for block in _joined(sizes, threshold) if first <= max(block) <= last))


def released_of_part(sizes: Mapping[date, int], threshold: int, shown: AbstractSet[date]) -> frozenset[date]:
    """The months whose answers are shown of a part, when the whole beside it shows the months ``shown``.

    The part joins its own months in the same way; joined months are shown only when the whole shows all of them. So
    what the parts show is in the whole: they never add up to more, and what is subtracted is what waits.
    """
    return frozenset().union(*(block for block in _joined(sizes, threshold) if block <= shown))


def _joined(sizes: Mapping[date, int], threshold: int) -> Iterator[frozenset[date]]:
    """The months that are enough together; none twice."""
    waiting: set[date] = set()
    together = 0
    for month, size in sorted(sizes.items()):
        if waiting and month.year != max(waiting).year:
            waiting, together = set(), 0
        waiting.add(month)
        together += size
        if together >= threshold:
            yield frozenset(waiting)
            waiting, together = set(), 0


def blotted(text: str, words: Iterable[str], by: str) -> str:
    """The remark without the words that say whose it is, in whatever case and spacing they were typed."""
    for word in sorted(filter(None, (w.strip() for w in words)), key=len, reverse=True):
        text = _without(text, word, by)
    return text


def _without(text: str, word: str, by: str) -> str:
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    return re.sub(rf"(?<!\w){pattern}(?!\w)", by, text, flags=re.IGNORECASE)
