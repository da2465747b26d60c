"""The tables that a simulated dossier writes to: which columns, in which order, and its own stretch of keys.

Dossier number n has the keys ``base + n * stride + 1 …`` of each table, so that its rows never depend on what
was simulated before or beside it. A value is what both databases take as text or number: moments as UTC text,
enums as their values, JSON as text.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, Table, func, select
from sqlalchemy.engine import Connection

from app.models import dossier, fees, figures, handling, organisation, outbox, survey, violation
from app.models.base import Model

Value = str | int | None
Row = tuple[Value, ...]
Rows = dict[str, list[Row]]
"""Rows by table."""


@dataclass(frozen=True)
class Kept:
    """One table: the columns that the simulation fills, the key first, and keys per dossier (or citizen)."""

    model: type[Model]
    stride: int
    columns: tuple[str, ...]

    @property
    def table(self) -> Table:
        """The table of the model."""
        found: Table = self.model.__table__
        return found

    def constants(self) -> dict[str, Value]:
        """Columns that the simulation does not know, with the default that the model gives every new row."""
        others = [column for column in self.table.columns if column.name not in self.columns]
        return {c.name: plain(_default(c)) for c in others if c.default is not None}


def _default(column: Column[Any]) -> Any:
    default: Any = column.default
    return default.arg(None) if default.is_callable else default.arg


def _kept(model: type[Model], stride: int, columns: str) -> tuple[str, Kept]:
    return model.__tablename__, Kept(model, stride, tuple(columns.split()))


CITIZENS: dict[str, Kept] = dict((
    _kept(
        organisation.User, 1,
        "id first_name last_name username password active email login_count fail_login_count created_on changed_on",
    ),
    _kept(
        organisation.Profile, 1,
        "id user_id role phone personal_id address session_epoch email_confirmed_at is_demo",
    ),
))  # fmt: skip
"""Tables of the citizens' accounts."""

DOSSIERS: dict[str, Kept] = dict((
    _kept(
        dossier.Dossier, 1,
        "id reference code secret state version procedure_id procedure_name processing_time time_unit on_supplement "
        "agency_id department_id return_place_id citizen_id applicant_kind applicant_name applicant_personal_id "
        "applicant_phone applicant_address declared_email representative_name representative_personal_id "
        "representative_phone request_summary truth_declared_at proposal proposal_reason proposed_by_id outcome "
        "created_at updated_at submitted_at received_at forwarded_at decided_at closed_at due_at search_text",
    ),
    _kept(
        dossier.DossierDocument, 16,
        "id dossier_id required_document_id ordinal name kind quantity required note",
    ),
    _kept(
        fees.DossierFee, 8,
        "id dossier_id fee_item_id name kind amount timing amount_reason set_by_id exempt_reason exempted_by_id",
    ),
    _kept(
        handling.SupplementRequest, 4,
        "id dossier_id transition reason requested_by_id created_at sent_at answered_at",
    ),
    _kept(handling.SupplementItem, 16, "id request_id document_id kind description answer"),
    _kept(
        dossier.Attachment, 32,
        "id document_id file_id supplement_item_id version page_order original_name uploaded_by_id uploaded_at",
    ),
    _kept(dossier.DocumentReview, 32, "id document_id version acceptable note reviewer_id looked_at"),
    _kept(
        handling.DossierClock, 16,
        "id dossier_id kind started_at paused_at stopped_at due_at half_at three_quarters_at warned next_sweep_at "
        "worked_seconds",
    ),
    _kept(handling.ClockEvent, 32, "id clock_id action at"),
    _kept(handling.Opinion, 8, "id dossier_id department_id author_id body created_at"),
    _kept(
        handling.Result, 4,
        "id dossier_id outcome summary draft_file_id drafted_by_id drafted_at number decided_on signed_file_id "
        "signed_by_id signed_at voided_at void_reason replaces_id handed_over_at",
    ),
    _kept(handling.OriginalCheck, 16, "id document_id verdict description checked_by_id checked_at"),
    _kept(handling.Payment, 8, "id dossier_id place_id amount receipt_number taken_by_id taken_at"),
    _kept(
        violation.ViolationCase, 1,
        "id dossier_id agency_id state report authority_name authority_email opened_by_id opened_at forwarded_at "
        "forwarded_number measure decision_number decided_on note version",
    ),
    _kept(
        outbox.OutboxMessage, 256,
        "id dossier_id receiver address template locale subject body state message_id attempts created_at "
        "next_attempt_at claimed_at claimed_by sent_at last_error",
    ),
    _kept(handling.Message, 16, "id dossier_id author_id from_office body created_at outbox_id"),
    _kept(
        handling.Journal, 128,
        "id dossier_id at actor_id actor_role key from_state to_state reason details ip idempotency_key",
    ),
    _kept(
        figures.CountedDossier, 1,
        "id agency_id department_id procedure_id field_id state submitted_at received_at forwarded_at closed_at "
        "intake_due_at intake_done_at intake_seconds due_at waiting_since finished_at timeliness processing_seconds "
        "received_seconds appraisal_seconds approval_seconds decided_seconds waiting_seconds",
    ),
))  # fmt: skip
"""Tables of a dossier, parents before children."""

ANSWERS: dict[str, Kept] = dict((
    _kept(
        survey.SurveyAnswer, 0,
        "id agency_id procedure_id month information paperwork attitude time result remark",
    ),
))  # fmt: skip
"""Answers to the survey: each for itself, with a key from which nobody finds the dossier."""

TABLES = CITIZENS | DOSSIERS | ANSWERS


def plain(value: Any) -> Value:
    """The value as both databases take it."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value)
    known: Value = int(value) if isinstance(value, bool) else value
    return known


def moment(value: datetime) -> str:
    """A moment as UTC text, as SQLite keeps it and PostgreSQL reads it."""
    if value.tzinfo is not UTC and value.tzinfo is not None:
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:26]


def moment_or_none(value: datetime | None) -> str | None:
    """The same for a moment that may not have come."""
    return None if value is None else value.isoformat(" ", "microseconds")[:26]


def bases(connection: Connection) -> dict[str, int]:
    """The highest key of each table: simulated keys begin above it. What is counted has the dossier's key."""
    keys = {name: kept.table.c.id for name, kept in TABLES.items()}
    found = {n: connection.scalar(select(func.max(key))) or 0 for n, key in keys.items()}
    return found | {figures.CountedDossier.__tablename__: found[dossier.Dossier.__tablename__]}
