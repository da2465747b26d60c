"""Mails: the city's own templates, rendered once for each kind of letter and then only filled in.

Rendering a template costs more than everything else that happens in a step. So it is rendered with marks in
place of what differs from dossier to dossier: code, key, name and due time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from app.domain.fees import FeeKind
from app.domain.states import State
from app.models.dossier import ApplicantKind, Dossier, DossierDocument, DossierFee, Outcome
from app.models.organisation import Agency, ReceptionPlace
from app.services import mail_texts
from seed.simulation.city import Office, Procedure

CODE, KEY, NAME, DUE = "⟦code⟧", "⟦key⟧", "⟦name⟧", "⟦due⟧"
MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says, apart from the marks; equal ones are rendered once."""

    template: str
    receiver: str
    office: Office
    procedure: Procedure
    state: State
    kind: ApplicantKind
    denied: bool
    timed: bool
    fees: tuple[tuple[str, int | None], ...]
    """Name and amount of each fee that is not exempt."""
    documents: tuple[str, ...]
    reason: str = ""
    items: tuple[str, ...] = ()
    message: str = ""
    officer: str = ""
    number: str = ""

    def __hash__(self) -> int:
        """Quick: what is left out rarely differs."""
        return hash(
            (self.template, self.receiver, self.office.id, self.procedure.id, self.reason, self.documents)
        )


class Letters:
    """The letters rendered so far."""

    def __init__(self) -> None:
        self._kept: dict[Letter, tuple[str, str]] = {}

    def text(
        self, letter: Letter, *, code: str, key: int, name: str, due: datetime | None
    ) -> tuple[str, str]:
        """Subject and body of one letter."""
        found = self._kept.get(letter)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[letter] = _render(letter)
        subject, body = found
        if due is not None:
            body = body.replace(DUE, _words(due))
        body = body.replace(NAME, name).replace(CODE, code).replace(KEY, str(key))
        return subject.replace(CODE, code), body


@lru_cache(4096)
def _words(due: datetime) -> str:
    """One due time stands in several letters."""
    return str(mail_texts.local_words(due, "vi"))


def _render(letter: Letter) -> tuple[str, str]:
    staff = letter.receiver != "citizen"
    context = mail_texts.dossier_context(
        _dossier(letter),
        receiver=letter.receiver,
        **({"name": NAME} if staff else {}),
        due=DUE if letter.timed else "",
        reason=letter.reason,
        items=letter.items,
        documents=letter.documents,
        message=letter.message,
        officer=letter.officer,
        number=letter.number,
    )
    text = mail_texts.render(letter.template, context)
    return text.subject, text.body


def _dossier(letter: Letter) -> Dossier:
    """A dossier that is never stored, for the words that its mails take from it."""
    office = letter.office
    return Dossier(
        id=KEY,  # type: ignore[arg-type]
        reference=CODE,
        state=letter.state,
        procedure_name=letter.procedure.name,
        applicant_kind=letter.kind,
        applicant_name=NAME,
        outcome=Outcome.DENIED if letter.denied else None,
        agency=Agency(name=office.name, hotline=office.hotline),
        return_place=ReceptionPlace(name=office.place, address=""),
        documents=[DossierDocument(name=name) for name in letter.documents],
        fees=_fees(letter.fees),
    )


def _fees(fees: Iterable[tuple[str, int | None]]) -> list[DossierFee]:
    return [DossierFee(name=name, kind=FeeKind.FEE, amount=amount, exempt_reason="") for name, amount in fees]


def names_and_kinds(documents: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What to bring to the counter, as the announcement of a result lists it."""
    return tuple(f"{name} ({kind})" for name, kind in documents)
