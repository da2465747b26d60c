"""Mail texts: plain-text templates in app/templates/mail/<locale>/, and the words they are filled with.

The first line of a template is ``Subject: …``, the rest is the body. A template may use only what its context
holds (StrictUndefined: a forgotten word fails the test, not the citizen). Every mail about a dossier gets the
same context from ``dossier_context``:

================  ==============================================================================
key               meaning
================  ==============================================================================
receiver          who reads it, as the transition table says: citizen, leader, …; set by ``outbox.write``
name              whom to greet: the applicant, or the member of staff; may be empty
organisation      whether ``name`` is no person, so that it is greeted without "ông/bà"
code              the official code, or the submission reference before intake
procedure         name of the procedure
agency            name of the agency that handles the dossier
place             counter where originals are shown and the result is handed over; may be empty
hotline           the telephone number to ask
base_url, link    address of the service; page of this dossier for this reader
state             Vietnamese name of the state
granted           False when the request was denied on the merits
fees              fees still to be paid, as sentences
due               a moment (written in local words by the template) or ready words; may be empty
reason            the officer's reason; may be empty
items             sentences: what to mend, or what differs
documents         names of papers: handed in, or to be brought to the counter
officer           name of the officer who wrote or acted; may be empty
message           what the officer wrote
number            number of an official paper
survey            address of the survey of a returned dossier; may be empty
================  ==============================================================================

No personal numbers in mails: the applicant's telephone and id numbers are blotted out even when somebody
types them into a reason (DOMAIN.md 7).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.domain.calendar import WEEKDAYS
from app.domain.clock import to_local
from app.domain.dates import written
from app.domain.states import STATE_LABELS
from app.extensions import config
from app.models.dossier import ApplicantKind, Dossier, DossierFee, Outcome
from app.services import settings

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "mail"
LOCALES = ("vi", "en")
SUBJECT = "Subject:"
LONGEST_SUBJECT = 300
SHORTEST_NUMBER = 8
BLOTTED = "•••"
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Text:
    """A rendered mail."""

    subject: str
    body: str


def render(template: str, context: Mapping[str, Any], locale: str = "vi") -> Text:
    """Fill a template. Raises jinja2.TemplateNotFound, or UndefinedError for a word the context lacks."""
    source = _environment(locale).get_template(f"{locale}/{template}.txt")
    first, _, body = source.render(context).lstrip().partition("\n")
    if not first.startswith(SUBJECT):
        raise ValueError(f"the first line of {source.name} must be its subject")
    return Text(one_line(first.removeprefix(SUBJECT))[:LONGEST_SUBJECT], body.strip() + "\n")


def names() -> list[str]:
    """The templates that exist in Vietnamese."""
    return sorted(path.stem for path in (FOLDER / "vi").glob("[!_]*.txt"))


def dossier_context(dossier: Dossier, *, receiver: str = "citizen", **extra: Any) -> dict[str, Any]:
    """The standard context of a mail about a dossier; ``extra`` replaces or adds words."""
    base_url = config("BASE_URL")
    page = "/ho-so" if receiver == "citizen" else "/can-bo/ho-so"
    context = {
        "receiver": receiver,
        "name": dossier.applicant_name if receiver == "citizen" else "",
        "organisation": _is_organisation(dossier, receiver),
        "code": dossier.display_code,
        "procedure": dossier.procedure_name,
        "agency": dossier.agency.name,
        "place": str(dossier.return_place or ""),
        "hotline": dossier.agency.hotline or settings.get("hotline"),
        "base_url": base_url,
        "link": f"{base_url}{page}/{dossier.id}",
        "state": STATE_LABELS[dossier.state],
        "granted": dossier.outcome is not Outcome.DENIED,
        "fees": [_fee(fee) for fee in dossier.fees if not fee.exempt],
        "due": dossier.due_at or "",
        "reason": "",
        "items": [],
        "documents": [document.name for document in dossier.documents],
        "officer": "",
        "message": "",
        "number": "",
        "survey": "",
    } | extra
    return {key: one_line(value) if key in ONE_LINE else value for key, value in context.items()}


ONE_LINE = frozenset({"name", "code", "procedure", "agency", "place", "hotline", "officer", "number"})
"""Words that people typed into one-line fields: a line break in them would write lines of its own."""


def one_line(text: str) -> str:
    """The text without line breaks and control characters, so that it can stand in a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def without_numbers(text: str, dossier: Dossier | None) -> str:
    """The text with the dossier's telephone and id numbers blotted out, however they are spaced."""
    for number in _personal_numbers(dossier) if dossier else ():
        spaced = r"[ .\-]?".join(number)
        text = re.sub(rf"(?<!\d){spaced}(?!\d)", BLOTTED, text)
    return text


def _personal_numbers(dossier: Dossier) -> Iterable[str]:
    for number in (
        dossier.applicant_personal_id,
        dossier.applicant_phone,
        dossier.representative_personal_id,
        dossier.representative_phone,
    ):
        digits = re.sub(r"\D", "", number or "")
        if len(digits) >= SHORTEST_NUMBER:
            yield digits


def _is_organisation(dossier: Dossier, receiver: str) -> bool:
    if receiver == "citizen":
        return dossier.applicant_kind in {ApplicantKind.ENTERPRISE, ApplicantKind.ORGANISATION}
    return receiver == "violation_authority"


def _fee(fee: DossierFee) -> str:
    if fee.amount is None:
        return f"{fee.name}: công chức tiếp nhận sẽ thông báo số tiền"
    return f"{fee.name}: {f'{fee.amount:,}'.replace(',', '.')} đồng"


def local_words(value: Any, locale: str) -> Any:
    """A moment or day as people say it: "09:20 thứ Ba, 24/11/2026"; anything else unchanged."""
    if isinstance(value, datetime):
        local = to_local(value)
        if locale == "vi":
            weekday = WEEKDAYS[local.weekday()].replace("Thứ", "thứ")
            return f"{local:%H:%M} {weekday}, {written(local)}"
        return f"{local:%H:%M}, {ENGLISH_DAYS[local.weekday()]} {local:%d/%m/%Y}"
    if isinstance(value, date):
        return written(value) if locale == "vi" else f"{value:%d/%m/%Y}"
    return value


@cache
def _environment(locale: str) -> ImmutableSandboxedEnvironment:
    if locale not in LOCALES:
        raise ValueError(f"no mail texts in {locale!r}")
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # plain text, never shown as HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: local_words(value, locale),
    )
