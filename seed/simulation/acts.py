"""What people do with a dossier between two steps: compose, look, ask, answer, appraise, sign, compare, pay."""

from datetime import datetime

from app.domain.clock import to_local
from app.domain.fees import FeeTiming
from app.domain.originals import Verdict
from app.domain.states import State
from app.models.dossier import Outcome
from app.models.handling import ItemKind
from app.models.violation import CaseState, Measure
from seed.simulation.case import Case
from seed.simulation.chance import one_of
from seed.simulation.city import Person
from seed.simulation.letters import Said
from seed.simulation.people import applicant
from seed.simulation.things import (
    Decision,
    Document,
    Fee,
    Item,
    Receipt,
    Request,
    Review,
    Scan,
    Violation,
)
from seed.simulation.words import words

OPTIONAL_SHARE, SECOND_PAGE = 0.35, 0.12
EXEMPT = 0.06
DEFECTS = (
    ItemKind.UNREADABLE,
    ItemKind.UNREADABLE,
    ItemKind.INCOMPLETE,
    ItemKind.WRONG_DOCUMENT,
    ItemKind.EXPIRED,
)
MEASURES = (Measure.WARNING, Measure.WARNING, Measure.SANCTION, Measure.NO_VIOLATION, Measure.TRANSFERRED)
FEES_LEFT_OPEN = (10_000, 20_000, 50_000, 75_000, 150_000)
"""What an officer sets where the procedure names no amount, in đồng."""


def compose(case: Case, begun: datetime, sent: datetime, household: float, firm: float) -> None:
    """Fill the draft: applicant, documents and fees in force on the day it is sent, scans, declaration."""
    case.created_at = case.at = begun
    case.updated_at = (begun + (sent - begun) * 0.6).replace(microsecond=0)
    case.kind, case.applicant = applicant(case.throw, case.citizen, household, firm)
    day = to_local(sent).date()
    case.documents = [
        Document(p, key=case.next_key("dossier_document"))
        for p in case.procedure.papers
        if p.first_day <= day <= p.last_day
    ]
    case.fees = [Fee(c, c.amount) for c in case.procedure.charges if c.first_day <= day <= c.last_day]
    for document in case.documents:
        if document.paper.required or case.throw.random() < OPTIONAL_SHARE:
            scan(case, document, case.updated_at)


def scan(case: Case, document: Document, at: datetime, item: Item | None = None) -> None:
    """Photograph a document; an answer to a supplement is a new version of it."""
    files, version = case.world.city.files[document.paper.kind], document.version + 1
    first = int(case.throw.random() * len(files))
    pages = 2 if case.throw.random() < SECOND_PAGE else 1
    for page in range(pages):
        file, name = files[(first + page) % len(files)]
        document.scans.append(Scan(file, name, version, page + 1, at, item))


def look(case: Case, officer: Person, at: datetime, wanting: Document | None = None, note: str = "") -> None:
    """The officer opens every document and says what is wrong with one."""
    for document in case.documents:
        if document.scans:
            fine = document is not wanting
            document.reviews[document.version] = Review(fine, "" if fine else note, officer.id, at)


def ask_for_supplement(case: Case, officer: Person, at: datetime) -> None:
    """List what is wrong with a document, and send the request (form 02)."""
    document = one_of(case.throw, [d for d in case.documents if d.scans])
    kind = one_of(case.throw, DEFECTS)
    item = Item(kind, one_of(case.throw, words(kind.value)), document)
    look(case, officer, at, document, item.words)
    case.requests.append(Request(officer.id, at, [item]))
    reason = one_of(case.throw, words("supplement_reason"))
    case.press(officer.actor, "request_supplement", at, reason)


def ask_for_information(case: Case, specialist: Person, at: datetime) -> None:
    """The department asks a question before it proposes."""
    item = Item(ItemKind.QUESTION, one_of(case.throw, words("question")))
    case.requests.append(Request(specialist.id, at, [item]))
    reason = one_of(case.throw, words("information_reason"))
    case.press(specialist.actor, "request_information", at, reason)


def answer(case: Case, at: datetime) -> None:
    """The citizen answers every item: new scans of a document, words to a question."""
    for item in case.requests[-1].items:
        if item.document is not None:
            scan(case, item.document, at, item)
        else:
            item.answer = one_of(case.throw, words("answer"))
        item.answered = True


def propose(case: Case, specialist: Person, at: datetime, *, denied: bool) -> None:
    """Write the opinion, draft the result, put both before the leader."""
    body = one_of(case.throw, words("opinion_against" if denied else "opinion"))
    case.appraisers.add(specialist.id)
    case.keep("opinion", case.department_id, specialist.id, body, case.text(at))
    case.note(specialist.actor, "opinion_written", at)
    if denied:
        reason = one_of(case.throw, words("denial"))
        case.press(specialist.actor, "propose_denial", at, reason)
        return
    _draft(case, specialist, at)
    case.press(specialist.actor, "propose_grant", at)


def _draft(case: Case, specialist: Person, at: datetime) -> None:
    [(file, _)] = case.world.city.files[None]
    if not case.results or case.results[-1].outcome is not Outcome.GRANTED:
        case.results.append(Decision(Outcome.GRANTED, f"Giải quyết: {case.procedure.name}"[:200]))
    result = case.results[-1]
    result.draft_file, result.drafted_by, result.drafted_at = file, specialist.id, at
    case.note(specialist.actor, "result_drafted", at)


def sign(case: Case, leader: Person, at: datetime) -> None:
    """Number, date and sign the decision, and approve it."""
    outcome = case.proposal or Outcome.GRANTED
    if not case.results or case.results[-1].outcome is not outcome:
        case.results.append(Decision(outcome, case.proposal_reason))
    day = to_local(at).date()
    number = case.world.next_number("decision", case.office, day.year)
    result = case.results[-1]
    result.number = f"{number}/{'QĐ' if outcome is Outcome.GRANTED else 'TB'}-UBND"
    result.decided_on = day.isoformat()
    case.note(leader.actor, "result_numbered", at, details={"number": result.number})
    case.press(leader.actor, "approve", at)


def compare(case: Case, officer: Person, at: datetime, odd: Verdict = Verdict.MATCHES) -> None:
    """Compare every original with its scan; ``odd`` is what is found for the last of them."""
    scanned = [d for d in case.documents if d.scans]
    for document in scanned:
        verdict = odd if document is scanned[-1] else Verdict.MATCHES
        document.verdict, document.checked_by, document.checked_at = verdict, officer.id, at
        document.difference = one_of(case.throw, words("difference")) if verdict is Verdict.DIFFERS else ""
        details = {"document": document.paper.name, "verdict": verdict.value}
        case.note(officer.actor, "original_compared", at, details=details)


def settle(case: Case, officer: Person, at: datetime, timing: FeeTiming | None = None) -> None:
    """Take the fees of one timing, or everything that is left; amounts are set and exempted before any money."""
    fees = [fee for fee in case.fees if timing in {None, fee.charge.timing}]
    if not fees:
        return
    paid = sum(receipt.amount for receipt in case.receipts)
    if not paid:
        for fee in case.fees:
            _set_or_exempt(case, fee, officer, at)
    due = sum(fee.amount or 0 for fee in fees if not fee.exempt_reason) - paid
    if due > 0:
        _take(case, officer, at, due)


def _set_or_exempt(case: Case, fee: Fee, officer: Person, at: datetime) -> None:
    name = fee.charge.name
    if fee.exempt_reason:
        return
    if case.throw.random() < EXEMPT:
        fee.exempt_reason, fee.exempted_by = one_of(case.throw, words("exemption")), officer.id
        case.note(officer.actor, "fee_exempted", at, reason=fee.exempt_reason, details={"fee": name})
    elif fee.amount is None:
        fee.amount, fee.set_by = one_of(case.throw, FEES_LEFT_OPEN), officer.id
        fee.amount_reason = one_of(case.throw, words("fee_reason"))
        details = {"fee": name, "old": None, "new": fee.amount}
        case.note(officer.actor, "fee_set", at, reason=fee.amount_reason, details=details)


def _take(case: Case, officer: Person, at: datetime, amount: int) -> None:
    year = to_local(at).year
    receipt = f"MP/{year % 100:02d}P-{case.world.next_number('receipt', case.office, year):07d}"
    case.receipts.append(Receipt(amount, receipt, officer.id, at))
    details = {"paid": amount, "receipt": receipt}
    case.note(officer.actor, "payment_recorded", at, details=details)


def ask(case: Case, at: datetime) -> None:
    """The citizen writes to whoever has the dossier."""
    in_department = case.state in {State.IN_APPRAISAL, State.INFORMATION_REQUESTED}
    mail = case.mail("department_officer" if in_department else "receiving_officer", "citizen_message", at)
    line = one_of(case.throw, words("citizen_message"))
    case.keep("message", case.actor.user_id, 0, line, case.text(at), mail)


def reply(case: Case, officer: Person, at: datetime) -> None:
    """The office answers; the line is mailed to the citizen."""
    line = one_of(case.throw, words("office_message"))
    mail = case.mail("citizen", "office_message", at, Said(message=line, officer=officer.actor.name))
    case.keep("message", officer.id, 1, line, case.text(at), mail)


def forward_case(case: Case, found: Violation, officer: Person, at: datetime) -> None:
    """Send the case file of a void result to the authority (services.violations.forward)."""
    year = to_local(at).year
    number = f"{case.world.next_number('dispatch', case.office, year)}/CV-TTHCC"
    found.state, found.forwarded_at, found.forwarded_number = CaseState.FORWARDED, at, number
    found.version += 1
    case.note(officer.actor, "violation_forwarded", at, details={"number": number})
    case.mail("violation_authority", "violation_forwarded", at, Said(number=number))


def decide_case(case: Case, found: Violation, leader: Person, at: datetime) -> None:
    """Note what the authority decided (services.violations.decide)."""
    measure, day = one_of(case.throw, MEASURES), to_local(at).date()
    number = f"{case.world.next_number('sanction', case.office, day.year)}/QĐ-XPHC"
    found.state, found.measure, found.number = CaseState.DECIDED, measure, number
    found.decided_on = day.isoformat()
    found.version += 1
    case.note(leader.actor, "violation_decided", at, details={"measure": measure.value})
