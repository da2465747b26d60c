"""What can be applied for: finding procedures, their documents and fees in force, and keeping them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.errors import Conflict, NotFound, Refused
from app.domain.roles import Actor
from app.domain.search import fold, rank
from app.domain.working_time import Limit
from app.extensions import db
from app.models.catalogue import FeeItem, Field, Procedure, RequiredDocument
from app.models.organisation import Agency, Department, Level
from app.services import journal
from app.services.editing import Editor, flush, require_administrator
from app.services.rollout import Availability, availability, where_open
from app.services.transaction import transaction
from app.services.validity import in_force, valid_on

__all__ = [
    "Availability",
    "FieldCount",
    "availability",
    "by_code",
    "by_id",
    "counts",
    "documents",
    "documents_of",
    "fees",
    "fees_of",
    "field_counts",
    "fields",
    "in_force",
    "lookup",
    "procedures",
    "reorder_documents",
    "search",
    "where_open",
]

MOST_COPIES = 20
MOST_MONEY = 1_000_000_000
"""Bounds against typing slips; no law of the list comes near them."""


class FieldCount(NamedTuple):
    """A field and how many of its procedures are in force."""

    field: Field
    procedures: int


def by_code(code: str) -> Procedure:
    """The procedure of this code, in force or not; NotFound("no_such_procedure")."""
    row: Procedure | None = db.session.scalar(select(Procedure).where(Procedure.code == code))
    if row is None:
        raise NotFound("no_such_procedure")
    return row


def by_id(procedure_id: int) -> Procedure:
    """The procedure of this key, in force or not; NotFound("no_such_procedure")."""
    row = db.session.get(Procedure, procedure_id)
    if row is None:
        raise NotFound("no_such_procedure")
    return row


def search(
    text: str,
    *,
    level: Level | None = None,
    field_id: int | None = None,
    on: date | None = None,
    limit: int | None = None,
) -> list[Procedure]:
    """Procedures in force that answer the words, best first; accents and one slip per word are forgiven.

    No words: all of them, the city's first, then by field and name. Two queries.
    """
    columns = (Procedure.id, Procedure.search_text, Procedure.level, Procedure.name)
    query = select(*columns, Field.name.label("field")).join(Procedure.field)
    query = query.where(valid_on(Procedure, on or clock.today()))
    if level is not None:
        query = query.where(Procedure.level == level)
    if field_id is not None:
        query = query.where(Procedure.field_id == field_id)
    # Databases sort Vietnamese each in its own way; the folded text sorts everywhere alike.
    listed = sorted(db.session.execute(query), key=lambda r: (r.level, fold(r.field), fold(r.name), r.id))
    if text:  # of equal answers the plainest: "khai sinh" means no foreign element
        listed.sort(key=lambda r: len(r.name))
    return _in_order(rank(text, [(row.id, row.search_text) for row in listed])[:limit])


def lookup(text: str, limit: int) -> list[Procedure]:
    """Procedures that answer the words, in force or not, best first: for administrators. Two queries."""
    rows = db.session.execute(select(Procedure.id, Procedure.search_text).order_by(Procedure.code))
    return _in_order(rank(text, [(row.id, row.search_text) for row in rows])[:limit])


def _in_order(ids: Sequence[int]) -> list[Procedure]:
    rows = select(Procedure).where(Procedure.id.in_(ids)).options(joinedload(Procedure.field))
    found = {row.id: row for row in db.session.scalars(rows)}
    return [found[row_id] for row_id in ids]


def counts(on: date | None = None) -> dict[Level, int]:
    """How many procedures of each level are in force (66 and 16 in 2016)."""
    query = select(Procedure.level, func.count().label("number")).group_by(Procedure.level)
    rows = db.session.execute(query.where(valid_on(Procedure, on or clock.today())))
    found = {row.level: row.number for row in rows}
    return {level: found.get(level, 0) for level in Level}


def field_counts(level: Level | None = None, on: date | None = None) -> list[FieldCount]:
    """The fields that have procedures in force, by name, with their numbers."""
    query = select(Field, func.count(Procedure.id)).join(Field.procedures)
    query = query.where(valid_on(Procedure, on or clock.today()))
    if level is not None:
        query = query.where(Procedure.level == level)
    rows = db.session.execute(query.group_by(Field.id, Field.name))
    return sorted((FieldCount(field, count) for field, count in rows), key=lambda row: fold(row.field.name))


def documents_of(procedure: Procedure, on: date | None = None) -> list[RequiredDocument]:
    """The documents asked for on the day, in order."""
    return in_force(procedure.documents, on or clock.today())


def fees_of(procedure: Procedure, on: date | None = None) -> list[FeeItem]:
    """The fees and charges due on the day."""
    return in_force(procedure.fees, on or clock.today())


def reorder_documents(actor: Actor, procedure_id: int, ordered_ids: Sequence[int]) -> None:
    """Put the documents in force in this order; ended ones follow.

    Conflict("stale_version") when the ids are not exactly those in force: somebody added or ended one.
    """
    require_administrator(actor)
    with transaction() as session:
        procedure = by_id(procedure_id)
        current = documents_of(procedure)
        if sorted(ordered_ids) != sorted(document.id for document in current):
            raise Conflict("stale_version")
        old = [document.id for document in current]
        ended = [document for document in procedure.documents if document not in current]
        current.sort(key=lambda document: ordered_ids.index(document.id))
        for ordinal, document in enumerate((*current, *ended), start=1):
            document.ordinal = ordinal
        flush(session)
        session.expire(procedure, ["documents"])
        journal.write(actor, "documents_reordered", row=str(procedure), old=old, new=list(ordered_ids))


def _index(procedure: Procedure) -> None:
    field = db.session.get(Field, procedure.field_id)
    procedure.search_text = fold(f"{procedure.code} {procedure.name} {field.name if field else ''}")


def _index_all(field: Field) -> None:
    for procedure in field.procedures:
        _index(procedure)


def _check_procedure(row: Procedure) -> None:
    if row.processing_time < 1:
        raise Refused("processing_time_too_short", field="processing_time")
    Limit(row.processing_time, row.time_unit)
    known = select(Department.id).join(Department.agency)
    known = known.where(Agency.level == row.level, Department.name == row.department_name)
    if db.session.scalar(known.limit(1)) is None:
        raise Refused("no_such_department", field="department_name")


def _check_document(row: RequiredDocument) -> None:
    new: Any = row  # before the first flush, columns that were not set are None
    if new.ordinal is None:
        last = select(func.max(RequiredDocument.ordinal))
        last = last.where(RequiredDocument.procedure_id == row.procedure_id)
        row.ordinal = 1 + (db.session.scalar(last) or 0)
    if new.quantity is not None and not 1 <= row.quantity <= MOST_COPIES:
        raise Refused("number_out_of_bounds", field="quantity", low=1, high=MOST_COPIES)


def _check_fee(row: FeeItem) -> None:
    if row.amount is not None and not 0 <= row.amount <= MOST_MONEY:
        raise Refused("number_out_of_bounds", field="amount", low=0, high=MOST_MONEY)


fields = Editor(Field, "field", ("name",), unique={("name",): "name_taken"}, after=_index_all)
"""Fields, for administrators."""

procedures = Editor(
    Procedure,
    "procedure",
    (
        "code",
        "name",
        "level",
        "field_id",
        "department_name",
        "processing_time",
        "time_unit",
        "on_supplement",
        "legal_basis",
        "provenance",
        "confirmed",
        "valid_from",
        "valid_to",
    ),
    unique={("code",): "procedure_code_taken"},
    check=_check_procedure,
    after=_index,
    ends=True,
)
"""Procedures, for administrators. Removing one that dossiers use ends its validity."""

documents = Editor(
    RequiredDocument,
    "document",
    ("procedure_id", "name", "kind", "quantity", "required", "note", "valid_from", "valid_to"),
    check=_check_document,
    ends=True,
)
"""Required documents, for administrators; a new one comes last, ``reorder_documents`` moves it."""

fees = Editor(
    FeeItem,
    "fee",
    ("procedure_id", "name", "kind", "amount", "timing", "note", "valid_from", "valid_to"),
    check=_check_fee,
    ends=True,
)
"""Fees and charges, for administrators. An empty amount is set by the officer, with a reason."""
