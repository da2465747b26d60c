"""Mails: the city's own templates, rendered once for each kind of letter and then only filled in.

Rendering a template costs more than everything else that happens in a step. So it is rendered with marks in
place of what differs from dossier to dossier: code, key, name, procedure and due time; and what a template does
not use is left out before equal letters are looked for.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from typing import NamedTuple

from app.domain.fees import FeeKind
from app.domain.states import State
from app.models.dossier import ApplicantKind, Dossier, DossierDocument, Outcome
from app.models.fees import DossierFee
from app.models.organisation import Agency, ReceptionPlace
from app.services import mail_texts
from seed.simulation.city import Office

CODE, KEY, NAME, PROCEDURE, DUE = "⟦code⟧", "⟦key⟧", "⟦name⟧", "⟦procedure⟧", "⟦due⟧"
MOST_KEPT = 20_000


class Said(NamedTuple):
    """What somebody says in a letter."""

    reason: str = ""
    items: tuple[str, ...] = ()
    message: str = ""
    officer: str = ""
    number: str = ""


NOTHING_SAID = Said()


class Letter(NamedTuple):
    """What a letter says, apart from the marks; equal ones are rendered once."""

    template: str
    receiver: str
    office: int
    organisation: bool
    state: State | None
    denied: bool
    timed: bool
    fees: tuple[tuple[str, int | None], ...]
    """Name and amount of each fee that is not exempt."""
    documents: tuple[str, ...]
    said: Said


Marks = tuple[str, str, str, str]
"""Code, key, name and procedure of one dossier."""


class Letters:
    """The letters rendered so far."""

    def __init__(self, offices: Iterable[Office]) -> None:
        self._offices = {office.id: office for office in offices}
        self._kept: dict[Letter, tuple[str, str]] = {}

    def text(self, letter: Letter, marks: Marks, due: datetime | None) -> tuple[str, str]:
        """Subject and body of one letter."""
        found = self._kept.get(letter)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[letter] = self._rendered(letter)
        subject, body = found
        if due is not None:
            body = body.replace(DUE, _words(due))
        code, key, name, procedure = marks
        body = body.replace(NAME, name).replace(CODE, code).replace(KEY, key).replace(PROCEDURE, procedure)
        return subject.replace(CODE, code), body

    def _rendered(self, letter: Letter) -> tuple[str, str]:
        dossier = _dossier(letter, self._offices[letter.office])
        context = mail_texts.dossier_context(
            dossier,
            receiver=letter.receiver,
            **({} if letter.receiver == "citizen" else {"name": NAME}),
            due=DUE if letter.timed else "",
            documents=letter.documents,
            **letter.said._asdict(),
        )
        text = mail_texts.render(letter.template, context)
        return text.subject, text.body


@cache
def wants(template: str) -> tuple[bool, bool, bool]:
    """Whether a template says the fees, the papers and the state of a dossier."""
    used = mail_texts.words_of(template)
    return "fees" in used, "documents" in used, "state" in used


@lru_cache(4096)
def _words(due: datetime) -> str:
    """One due time stands in several letters."""
    return str(mail_texts.local_words(due, "vi"))


def _dossier(letter: Letter, office: Office) -> Dossier:
    """A dossier that is never stored, for the words that its mails take from it."""
    return Dossier(
        id=KEY,
        reference=CODE,
        state=letter.state or State.SUBMITTED,
        procedure_name=PROCEDURE,
        applicant_kind=ApplicantKind.ORGANISATION if letter.organisation else ApplicantKind.CITIZEN,
        applicant_name=NAME,
        outcome=Outcome.DENIED if letter.denied else None,
        agency=Agency(name=office.name, hotline=office.hotline),
        return_place=ReceptionPlace(name=office.place, address=""),
        documents=[DossierDocument(name=name) for name in letter.documents],
        fees=_fees(letter.fees),
    )


def _fees(fees: Iterable[tuple[str, int | None]]) -> list[DossierFee]:
    return [DossierFee(name=name, kind=FeeKind.FEE, amount=amount, exempt_reason="") for name, amount in fees]
