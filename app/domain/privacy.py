"""Personal numbers: shown to their last digits, or blotted out of what people typed."""

import re
from collections.abc import Iterable

BLOTTED = "•••"
SHORTEST_NUMBER = 8
SHOWN_OF_NUMBER = 3


def hidden(number: str | None) -> str:
    """0912345678 becomes •••••••678: telephone and identity numbers."""
    text = (number or "").strip()
    covered = max(len(text) - SHOWN_OF_NUMBER, (len(text) + 1) // 2)
    return "•" * covered + text[covered:]


def blotted(text: str, numbers: Iterable[str]) -> str:
    """The text with these numbers blotted out, however they are spaced; short ones are no secret."""
    for number in numbers:
        digits = re.sub(r"\D", "", number or "")
        if len(digits) >= SHORTEST_NUMBER:
            spaced = r"[ .\-]?".join(digits)
            text = re.sub(rf"(?<!\d){spaced}(?!\d)", BLOTTED, text)
    return text
