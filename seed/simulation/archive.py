"""The rows of a dossier as it stands when its story ends, or when the simulation does."""

from collections.abc import Iterable

from app.domain.search import fold
from seed.simulation import fingerprint
from seed.simulation.case import Case
from seed.simulation.figures import counted
from seed.simulation.ledger import ANSWERS, DOSSIERS, Row, Rows, moment, moment_or_none
from seed.simulation.people import folded
from seed.simulation.things import Document, Request
from seed.simulation.timer import Clock


def batch_of(cases: Iterable[Case]) -> tuple[Rows, int]:
    """Everything to be written of some dossiers, by table, and the sum of its numbers (see fingerprint)."""
    batch: Rows = {name: [] for name in DOSSIERS | ANSWERS}
    number = 0
    for case in cases:
        rows = rows_of(case)
        number += fingerprint.of_rows(rows.values())
        for name, some in rows.items():
            batch[name] += some
        if case.answer is not None:
            number += fingerprint.of_rows([[case.answer]])
            batch["survey_answer"].append(case.answer)
    return batch, number


def rows_of(case: Case) -> Rows:
    """All rows of the dossier, by table, each in the order of the table's columns.

    ValueError when it needs more keys than its stretch of a table has: then the stride is too short.
    """
    case.rows["dossier"].append((case.id, *_dossier(case)))
    for ordinal, document in enumerate(case.documents, start=1):
        case.rows["dossier_document"].append(_document(case, ordinal, document))
    for fee in case.fees:
        charge = fee.charge
        case.keep(
            "dossier_fee", charge.id, charge.name, charge.kind, fee.amount, charge.timing._value_,
            fee.amount_reason, fee.set_by, fee.exempt_reason, fee.exempted_by,
        )  # fmt: skip
    for request in case.requests:
        _request(case, request)
    for document in case.documents:
        _papers(case, document)
    for clock in case.timer.clocks:
        _clock(case, clock)
    _decisions(case)
    if case.submitted_at is not None:
        case.rows["counted_dossier"].append(counted(case))
    _refuse_overflow(case)
    return case.rows


def _dossier(case: Case) -> Row:
    procedure, who = case.procedure, case.citizen
    return (
        case.reference, case.code, case.world.secret(case.number), case.state._value_, case.version,
        procedure.id, procedure.name, procedure.limit.amount, procedure.limit.unit._value_,
        "restart" if procedure.restart else "pause", case.office.id, case.department_id, case.office.place_id,
        case.actor.user_id, case.kind._value_, case.applicant, who.personal_id, who.phone, who.address, who.email,
        "", "", "", "", moment_or_none(case.truth_declared_at),
        case.proposal._value_ if case.proposal else None, case.proposal_reason, case.proposed_by,
        case.outcome._value_ if case.outcome else None, moment(case.created_at), moment(case.updated_at),
        moment_or_none(case.submitted_at), moment_or_none(case.received_at), moment_or_none(case.forwarded_at),
        moment_or_none(case.decided_at), moment_or_none(case.closed_at), moment_or_none(case.timer.due()),
        _searched(case),
    )  # fmt: skip


def _searched(case: Case) -> str:
    """As services.requirements.index() writes it, from words that were folded before."""
    if case.submitted_at is None:
        return ""
    name = " ".join(map(folded, case.applicant.split()))
    return " ".join((fold(f"{case.code or ''} {case.reference}"), name, case.procedure.folded))


def _document(case: Case, ordinal: int, document: Document) -> Row:
    paper = document.paper
    return (
        document.key, case.id, paper.id, ordinal, paper.name, paper.kind._value_, paper.quantity,
        int(paper.required), paper.note,
    )  # fmt: skip


def _request(case: Case, request: Request) -> None:
    key = case.next_key("supplement_request")
    case.rows["supplement_request"].append((
        key, case.id, request.transition, request.reason, request.by, moment(request.created_at),
        moment_or_none(request.sent_at), moment_or_none(request.answered_at),
    ))  # fmt: skip
    for item in request.items:
        item.key = case.next_key("supplement_item")
        document = item.document.key if item.document else None
        case.rows["supplement_item"].append(
            (item.key, key, document, item.kind._value_, item.words, item.answer)
        )


def _papers(case: Case, document: Document) -> None:
    for scan in document.scans:
        case.rows["attachment"].append((
            case.next_key("attachment"), document.key, scan.file_id, scan.item.key if scan.item else None,
            scan.version, scan.page, scan.name, case.actor.user_id, case.text(scan.at),
        ))  # fmt: skip
    for version, review in document.reviews.items():
        case.rows["document_review"].append((
            case.next_key("document_review"), document.key, version, int(review.acceptable), review.note,
            review.reviewer, case.text(review.at),
        ))  # fmt: skip
    if document.verdict is not None and document.checked_at is not None:
        case.rows["original_check"].append((
            case.next_key("original_check"), document.key, document.verdict._value_, document.difference,
            document.checked_by, case.text(document.checked_at),
        ))  # fmt: skip


def _clock(case: Case, clock: Clock) -> None:
    key, (half, three_quarters, due) = case.next_key("dossier_clock"), clock.moments
    case.rows["dossier_clock"].append((
        key, case.id, clock.kind._value_, moment(clock.started_at), moment_or_none(clock.paused_at),
        moment_or_none(clock.stopped_at), moment(due), moment(half), moment(three_quarters), clock.warned,
        moment_or_none(clock.next_look), clock.worked_seconds,
    ))  # fmt: skip
    for action, at in clock.events:
        case.rows["clock_event"].append((case.next_key("clock_event"), key, action._value_, moment(at)))


def _decisions(case: Case) -> None:
    for result in case.results:
        case.keep(
            "result", result.outcome._value_, result.summary, result.draft_file, result.drafted_by,
            moment_or_none(result.drafted_at), result.number, result.decided_on,
            result.draft_file if result.number else None, result.signed_by, moment_or_none(result.signed_at),
            moment_or_none(result.voided_at), result.void_reason, None, moment_or_none(result.handed_over_at),
        )  # fmt: skip
    for paid in case.receipts:
        case.keep("payment", case.office.place_id, paid.amount, paid.number, paid.officer, moment(paid.at))
    if case.violation is not None:
        found = case.violation
        case.keep(
            "violation_case", case.office.id, found.state._value_, found.report, found.authority, found.email,
            found.opened_by, moment(found.opened_at), moment_or_none(found.forwarded_at), found.forwarded_number,
            found.measure._value_ if found.measure else None, found.number, found.decided_on, "", found.version,
        )  # fmt: skip


def _refuse_overflow(case: Case) -> None:
    first = case.world.keys(case.number)
    for table, key in case.keys.items():
        if key - first[table] > DOSSIERS[table].stride:
            raise ValueError(
                f"dossier {case.number} needs more than {DOSSIERS[table].stride} keys of {table}"
            )
