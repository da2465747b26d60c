"""What all dossiers of one office share while time passes: serial numbers, letters, keys."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from app.domain.roles import Actor
from app.domain.states import State
from app.models.outbox import MailState
from seed.simulation import chance
from seed.simulation.city import City, Office
from seed.simulation.ledger import DOSSIERS, Row
from seed.simulation.letters import Letter, Letters

SENDER = "simulation"
"""Who "sent" the letters: they lie in the outbox as sent, so that no mail server ever gets them."""
NO_DETAILS = "{}"
SENT = MailState.SENT.value


class World:
    """The city with its counters. Each office is told by one process, so its numbers never meet another's."""

    def __init__(
        self, city: City, seed: int, bases: Mapping[str, int], serials: Mapping[tuple[int, date], int]
    ) -> None:
        """``bases`` are the highest keys there are, ``serials`` the last official codes by agency and day."""
        self.city, self.seed, self.bases = city, seed, dict(bases)
        self.serials = dict(serials)
        self.letters = Letters(city.offices)
        self._stretches = [(name, bases[name], kept.stride) for name, kept in DOSSIERS.items()]
        self._numbers: dict[tuple[str, int, int], int] = {}

    def keys(self, number: int) -> dict[str, int]:
        """The key before the first one of dossier ``number`` in each table."""
        return {name: base + number * stride for name, base, stride in self._stretches}

    def user_id(self, citizen: int) -> int:
        """The key of a citizen's account."""
        return self.bases["ab_user"] + 1 + citizen

    def reference(self, number: int) -> str:
        """The submission reference."""
        return chance.reference(self.seed, number)

    def secret(self, number: int) -> str:
        """The key of the public look-up link: it opens nothing but invented dossiers."""
        scattered = sha256(f"{self.seed}/{number}".encode()).digest()
        return urlsafe_b64encode(scattered[:24]).decode()

    def official_code(self, office: Office, day: date) -> str:
        """The next code of that agency and day (DOMAIN.md 4.2)."""
        serial = self.serials[office.id, day] = self.serials.get((office.id, day), 0) + 1
        code = self.city.code_format.format(agency=office.identifier, date=day, serial=serial)
        return code.upper()

    def serials_of(self, offices: frozenset[int]) -> dict[tuple[int, date], int]:
        """The last codes of some offices."""
        return {key: last for key, last in self.serials.items() if key[0] in offices}

    def next_number(self, book: str, office: Office, year: int) -> int:
        """The next number in one of the office's books of that year: decisions, receipts, dispatches."""
        key = (book, office.id, year)
        number = self._numbers[key] = self._numbers.get(key, 0) + 1
        return number

    def journal(  # noqa: PLR0913, PLR0917 - the columns of the journal
        self,
        key: int,
        dossier: int,
        actor: Actor,
        event: str,
        at: str,
        reason: str,
        states: tuple[State | None, State | None],
        details: dict[str, Any] | None,
    ) -> Row:
        """A row of the journal."""
        before, after = states
        said = json.dumps(details) if details else NO_DETAILS
        return (
            key, dossier, at, actor.user_id, actor.role._value_, event, before and before._value_,
            after and after._value_, reason, said, "", None,
        )  # fmt: skip

    def sent(  # noqa: PLR0913, PLR0917 - the columns of the outbox
        self, key: int, dossier: int, letter: Letter, address: str, subject: str, body: str, at: str
    ) -> Row:
        """A row of the outbox, sent at once."""
        return (
            key, dossier, letter.receiver, address, letter.template, "vi", subject, body, SENT,
            f"<{key}.{self.seed}@{SENDER}.example>", 1, at, at, None, SENDER, at, "",
        )  # fmt: skip
