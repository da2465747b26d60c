"""Looking before saving: which running dossiers a change of the calendar moves, and saving just that.

The mark says what was seen: the calendar's version, the change and its consequence. Saving does the change
and compares inside the same transaction, so that nobody confirms one list and moves another.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import clock
from app.domain.errors import Conflict
from app.services import calendars
from app.services.deadlines import MovedDeadline
from app.services.transaction import transaction

Change = Callable[..., list[MovedDeadline]]
"""A verb of calendar_edits with everything but ``dry_run`` given."""


@dataclass(frozen=True)
class Preview:
    """The running dossiers that would move, and the mark to confirm with."""

    moved: list[MovedDeadline]
    mark: str

    @property
    def dossiers(self) -> int:
        """How many dossiers: one may have several deadlines."""
        return len({row.dossier_id for row in self.moved})

    @property
    def become_late(self) -> int:
        """How many dossiers would be overdue at once, that are not overdue now."""
        now = clock.now()
        return len({row.dossier_id for row in self.moved if row.new_due < now <= row.old_due})


def look(change: Change, said: Any) -> Preview:
    """What the change would move; nothing is stored. ``said`` is what the person typed."""
    version = calendars.calendar_for(None).version
    moved = change(dry_run=True)
    return Preview(moved, _mark(version, said, moved))


def save(change: Change, said: Any, mark: str) -> Preview:
    """Do the change. Conflict("preview_outdated"), and nothing stored, when it is not what was seen."""
    with transaction():
        version = calendars.calendar_for(None).version
        moved = change(dry_run=False)
        if _mark(version, said, moved) != mark:
            raise Conflict("preview_outdated")
    return Preview(moved, mark)


def _mark(version: str, said: Any, moved: Sequence[MovedDeadline]) -> str:
    seen = [(row.dossier_id, row.kind.value, row.new_due.isoformat()) for row in moved]
    return hashlib.sha256(repr((version, said, seen)).encode()).hexdigest()[:32]
