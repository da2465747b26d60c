"""Departments appraise and draft, leaders sign."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.errors import NotFound, Refused
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.extensions import config, db
from app.models.dossier import Dossier, Outcome, StoredFile
from app.models.handling import Opinion, Result
from app.models.organisation import Department
from app.services import access, attachments, counting, doubles, facts, journal
from app.services.storage import Storage
from app.services.transaction import transaction


def assign_department(actor: Actor, dossier_id: int, department_id: int) -> None:
    """Choose the department that will appraise; only active departments of the dossier's agency."""
    access.require_role(actor, Role.RECEIVING_OFFICER)
    with transaction() as session:
        dossier = access.dossier_for(actor, dossier_id, lock=True)
        access.dossier_is(dossier, State.RECEIVED)
        department = session.get(Department, department_id)
        if department is None or department.agency_id != dossier.agency_id or not department.active:
            raise NotFound("no_such_department")
        dossier.department_id = department.id
        counting.record(dossier)
        journal.write(actor, "department_assigned", dossier=dossier, department=department.name)


def opinions_of(dossier: Dossier) -> list[Opinion]:
    """The opinions on a dossier, oldest first."""
    query = select(Opinion).where(Opinion.dossier_id == dossier.id).order_by(Opinion.id)
    return list(db.session.scalars(query.options(joinedload(Opinion.author), joinedload(Opinion.department))))


def write_opinion(actor: Actor, dossier_id: int, body: str) -> Opinion:
    """Write an appraisal opinion; it cannot be changed afterwards, another can be added. A double click adds none."""
    if not body.strip():
        raise Refused("opinion_empty", field="body")
    with transaction() as session:
        dossier = _in_appraisal(actor, dossier_id)
        same: dict[str, Any] = {"dossier_id": dossier.id, "author_id": actor.user_id, "body": body.strip()}
        if twin := doubles.twin(Opinion, "created_at", **same):
            return twin
        opinion = Opinion(**same, department_id=actor.department_id, created_at=clock.now())
        session.add(opinion)
        journal.write(actor, "opinion_written", dossier=dossier)
        return opinion


def draft_result(actor: Actor, dossier_id: int, summary: str, data: bytes) -> Result:
    """Put the draft of a granted result before the leader: a file and what it says in a sentence."""
    if not summary.strip():
        raise Refused("result_summary_required", field="summary")
    _in_appraisal(actor, dossier_id)
    found = attachments.examine(data)
    with transaction() as session:
        dossier = _in_appraisal(actor, dossier_id)
        result = _open_result(dossier, Outcome.GRANTED)
        result.summary, result.draft_file_id = summary.strip(), attachments.row_of(found).id
        result.drafted_by_id, result.drafted_at = actor.user_id, clock.now()
        result.number, result.decided_on, result.signed_file_id = "", None, None
        session.add(result)
        journal.write(actor, "result_drafted", dossier=dossier)
        return result


def sign_result(
    actor: Actor, dossier_id: int, number: str, decided_on: date, data: bytes | None = None
) -> Result:
    """Note number, date and signed file of the decision. Without a file the draft itself is what was signed.

    A denial needs number and date; its file is the written reply, if there is one.
    """
    access.require_role(actor, Role.LEADER)
    if not number.strip():
        raise Refused("result_number_required", field="number")
    if decided_on > clock.today():
        raise Refused("result_date_in_future", field="decided_on")
    access.dossier_is(access.dossier_for(actor, dossier_id), State.AWAITING_APPROVAL)
    found = None if data is None else attachments.examine(data)
    with transaction() as session:
        dossier = access.dossier_for(actor, dossier_id, lock=True)
        access.dossier_is(dossier, State.AWAITING_APPROVAL)
        result = _open_result(dossier, dossier.proposal or Outcome.GRANTED)
        result.summary = result.summary or dossier.proposal_reason
        result.number, result.decided_on = number.strip(), decided_on
        result.signed_file_id = attachments.row_of(found).id if found else result.draft_file_id
        session.add(result)
        journal.write(actor, "result_numbered", dossier=dossier, number=number.strip())
        return result


def read_result(actor: Actor, dossier_id: int) -> tuple[StoredFile, bytes]:
    """The file of the result: for officers once drafted, for the citizen once it was handed over.

    NotFound when there is none to see; a void result is not shown to the citizen.
    """
    dossier = access.dossier_for(actor, dossier_id)
    result = facts.current_result(dossier)
    file = (result.signed_file or result.draft_file) if result else None
    if file is None or (actor.role is Role.CITIZEN and not _handed_to_citizen(dossier, result)):
        raise NotFound("no_result_to_see")
    return file, Storage(config("STORAGE_URL")).get(file.sha256)


def _handed_to_citizen(dossier: Dossier, result: Result | None) -> bool:
    """A returned result, or one issued anew after the void one was found to be no violation."""
    return dossier.state is State.RETURNED or (result is not None and result.replaces_id is not None)


def _in_appraisal(actor: Actor, dossier_id: int) -> Dossier:
    access.require_role(actor, Role.DEPARTMENT_OFFICER)
    dossier = access.dossier_for(actor, dossier_id, lock=True)
    access.dossier_is(dossier, State.IN_APPRAISAL)
    return dossier


def _open_result(dossier: Dossier, outcome: Outcome) -> Result:
    """The unsigned result of that outcome, or a new one; a signed or void result is never written over."""
    result = facts.current_result(dossier)
    if result is None or result.signed_at is not None or result.outcome is not outcome:
        return Result(dossier_id=dossier.id, outcome=outcome)
    return result
