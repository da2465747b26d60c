"""Sums of money in words, as receipts write them."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
UNITS = ("", " nghìn", " triệu", " tỷ")
TEN, FIVE, GROUP = 10, 5, 1000


def in_words(number: int) -> str:
    """1.250.015 becomes "một triệu hai trăm năm mươi nghìn không trăm mười lăm". From 0 to below 10¹²."""
    if not 0 <= number < GROUP ** len(UNITS):
        raise ValueError(f"{number} is not written in words")
    if number == 0:
        return DIGITS[0]
    said: list[str] = []
    for unit in reversed(range(len(UNITS))):
        group = number // GROUP**unit % GROUP
        if group:
            said.append(_group(group, after_more=bool(said)) + UNITS[unit])
    return " ".join(said)


def _group(number: int, *, after_more: bool) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{DIGITS[hundreds]} trăm"] if hundreds or after_more else []
    if rest:
        words.append(_below_hundred(rest, after_hundreds=bool(words)))
    return " ".join(words)


def _below_hundred(number: int, *, after_hundreds: bool) -> str:
    tens, ones = divmod(number, TEN)
    if tens == 0:
        return f"linh {DIGITS[ones]}" if after_hundreds else DIGITS[ones]
    words = ["mười" if tens == 1 else f"{DIGITS[tens]} mươi"]
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == FIVE:
        words.append("lăm")
    elif ones:
        words.append(DIGITS[ones])
    return " ".join(words)
