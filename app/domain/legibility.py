"""Whether a photograph of a paper can be read at all, as far as its size tells."""

PDF = "application/pdf"
SHORTEST_SIDE = 600
"""Pixels. An A4 page at 72 dots an inch, the least at which print of 12 points is still read, is 595 wide."""


def hard_to_read(media_type: str, width: int, height: int) -> bool:
    """Advice for the citizen, never a refusal: a small picture may show a small paper. A PDF has no dots."""
    return media_type != PDF and min(width, height) < SHORTEST_SIDE
