"""What people write, from sentences.csv."""

from functools import cache

from seed.files import read


@cache
def words(what: str) -> tuple[str, ...]:
    """The sentences for one purpose; KeyError for a purpose without any."""
    found = _all()
    return found[what]


@cache
def _all() -> dict[str, tuple[str, ...]]:
    lines = read("simulation/sentences")
    return {
        what: tuple(n["words"] for n in lines if n["what"] == what) for what in {n["what"] for n in lines}
    }
