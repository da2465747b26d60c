"""What a dossier has to hold: the procedure's documents and fees in force, copied until it is sent."""

from datetime import date

from app.domain import clock
from app.domain.search import fold
from app.extensions import db
from app.models.catalogue import FeeItem, RequiredDocument
from app.models.dossier import Dossier, DossierDocument
from app.models.fees import DossierFee


def refresh(dossier: Dossier) -> None:
    """Bring an unsent dossier in step with the procedure: law changes between draft and Send.

    Documents the citizen has already scanned stay, even when no longer asked for.
    """
    day = clock.today()
    procedure = dossier.procedure
    dossier.procedure_name = procedure.name
    dossier.processing_time, dossier.time_unit = procedure.processing_time, procedure.time_unit
    dossier.on_supplement = procedure.on_supplement
    _refresh_documents(dossier, [d for d in procedure.documents if in_force(d, day)])
    _refresh_fees(dossier, [f for f in procedure.fees if in_force(f, day)])


def freeze(dossier: Dossier) -> None:
    """At Send: the versions in force now stay with the dossier for good."""
    refresh(dossier)
    index(dossier)


def index(dossier: Dossier) -> None:
    """Keep the text that officers search, without accents."""
    parts = (dossier.code, dossier.reference, dossier.applicant_name, dossier.procedure_name)
    dossier.search_text = fold(" ".join(p for p in parts if p))


def in_force(row: RequiredDocument | FeeItem, day: date) -> bool:
    """Whether a dated row applies on that day; empty ends are open."""
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)


def _refresh_documents(dossier: Dossier, wanted: list[RequiredDocument]) -> None:
    if [_content(d.required_document_id, d) for d in dossier.documents] == [
        _content(w.id, w) for w in wanted
    ]:
        return
    have = {d.required_document_id: d for d in dossier.documents}
    keep = [d for d in dossier.documents if d.attachments or d.required_document_id in {w.id for w in wanted}]
    dossier.documents[:] = keep
    for number, document in enumerate(keep, start=1):
        document.ordinal = -number  # out of the way of the unique constraint while the rows are renumbered
    db.session.flush()
    for source in wanted:
        document = have.get(source.id) or DossierDocument(required_document_id=source.id, ordinal=0)
        _copy(source, document)
        if document not in dossier.documents:
            dossier.documents.append(document)
    ids = [w.id for w in wanted]
    ordered = sorted(dossier.documents, key=lambda d: _rank(d, ids))
    for ordinal, document in enumerate(ordered, start=1):
        document.ordinal = ordinal
        document.required = document.required and document.required_document_id in ids


def _content(source_id: int | None, document: RequiredDocument | DossierDocument) -> tuple[object, ...]:
    return (
        source_id,
        document.name,
        document.kind,
        document.quantity,
        document.required,
        document.note,
    )


def _rank(document: DossierDocument, ids: list[int]) -> int:
    return ids.index(document.required_document_id) if document.required_document_id in ids else len(ids)


def _copy(source: RequiredDocument, document: DossierDocument) -> None:
    document.name, document.kind = source.name, source.kind
    document.quantity, document.required, document.note = source.quantity, source.required, source.note


def _refresh_fees(dossier: Dossier, wanted: list[FeeItem]) -> None:
    if [_terms(f.fee_item_id, f) for f in dossier.fees] == [_terms(f.id, f) for f in wanted]:
        return
    dossier.fees[:] = [
        DossierFee(fee_item_id=f.id, name=f.name, kind=f.kind, amount=f.amount, timing=f.timing)
        for f in wanted
    ]


def _terms(item_id: int | None, fee: FeeItem | DossierFee) -> tuple[object, ...]:
    return item_id, fee.name, fee.kind, fee.amount, fee.timing
