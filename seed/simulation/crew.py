"""Several processes that tell the stories of different offices, and one that listens."""

import gc
import multiprocessing
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Tell = Callable[[frozenset[int]], Iterator["Told"]]
YOUNG = 50_000
"""Objects between two collections: stories make many and hardly any cycles."""


@dataclass(frozen=True)
class Told:
    """What one process made in one batch."""

    dossiers: int
    number: int
    """Sum of the dossiers' numbers (see fingerprint)."""
    states: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    serials: dict[tuple[int, date], int] = field(default_factory=dict)


class Broken(Exception):
    """A process failed; the message is its traceback."""


class Crew:
    """One process for each share of the offices; a single share is told here and now."""

    def __init__(self, tell: Tell, shares: Sequence[frozenset[int]]) -> None:
        self.tell, self.shares = tell, shares

    def work(self) -> Iterator[Told]:
        """What is made, as it is made. Broken when a process fails."""
        if len(self.shares) == 1:
            yield from self.tell(self.shares[0])
            return
        fork = multiprocessing.get_context("fork")  # the city and its calendars are in memory already
        queue = fork.Queue(maxsize=100)
        processes = [fork.Process(target=_work, args=(self.tell, share, queue)) for share in self.shares]
        for process in processes:
            process.start()
        try:
            left = len(processes)
            while left:
                told = queue.get()
                if isinstance(told, str):
                    raise Broken(told)
                if told is None:
                    left -= 1
                else:
                    yield told
        finally:
            for process in processes:
                if process.is_alive():
                    process.terminate()
                process.join()


def _work(tell: Tell, share: frozenset[int], queue: Any) -> None:
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
    try:
        for told in tell(share):
            queue.put(told)
        queue.put(None)
    except BaseException:
        queue.put(traceback.format_exc())
