"""Violation cases: opened by void_on_mismatch, forwarded, decided; a new result after "no violation"."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.errors import Conflict, Refused
from app.domain.roles import Actor, Role
from app.extensions import db
from app.models.dossier import Dossier, Outcome
from app.models.handling import Result
from app.models.violation import CaseState, Measure, ViolationCase
from app.services import access, attachments, facts, journal, mailing
from app.services.transaction import transaction


def cases(actor: Actor, state: CaseState | None = None, *, limit: int = 100) -> list[ViolationCase]:
    """The cases of the actor's agency, newest first."""
    query = (
        select(ViolationCase).where(access.cases_visible(actor)).options(joinedload(ViolationCase.dossier))
    )
    if state is not None:
        query = query.where(ViolationCase.state == state)
    return list(db.session.scalars(query.order_by(ViolationCase.id.desc()).limit(limit)))


def case_of(dossier: Dossier) -> ViolationCase | None:
    """The case of a void dossier, if there is one."""
    return db.session.scalar(select(ViolationCase).where(ViolationCase.dossier_id == dossier.id))


def forward(actor: Actor, case_id: int, number: str) -> ViolationCase:
    """Send the case file to the competent authority under a dispatch number."""
    access.require_role(actor, Role.RECEIVING_OFFICER, Role.LEADER)
    if not number.strip():
        raise Refused("dispatch_number_required", field="number")
    with transaction():
        case = _case_in(actor, case_id, CaseState.OPENED)
        case.state, case.forwarded_at, case.forwarded_number = (
            CaseState.FORWARDED,
            clock.now(),
            number.strip(),
        )
        journal.write(actor, "violation_forwarded", dossier=case.dossier, number=number.strip())
        mailing.write("violation_authority", "violation_forwarded", case.dossier, number=number.strip())
        return case


def decide(
    actor: Actor, case_id: int, measure: Measure, number: str, decided_on: date, note: str = ""
) -> ViolationCase:
    """Record what the authority decided, with number and date of its decision."""
    access.require_role(actor, Role.LEADER)
    if not number.strip():
        raise Refused("decision_number_required", field="number")
    if decided_on > clock.today():
        raise Refused("result_date_in_future", field="decided_on")
    with transaction():
        case = _case_in(actor, case_id, CaseState.FORWARDED)
        case.state, case.measure = CaseState.DECIDED, measure
        case.decision_number, case.decided_on, case.note = number.strip(), decided_on, note.strip()
        journal.write(actor, "violation_decided", dossier=case.dossier, measure=measure.value)
        return case


def may_reissue(actor: Actor, case: ViolationCase) -> bool:
    """Whether this person may issue a new result now: a leader, after "no violation", and only once."""
    decided = case.state is CaseState.DECIDED and case.measure is Measure.NO_VIOLATION
    if actor.role is not Role.LEADER or not decided:
        return False
    void = facts.current_result(case.dossier)
    return void is not None and void.voided_at is not None


def reissue(actor: Actor, case_id: int, number: str, decided_on: date, data: bytes) -> Result:
    """Issue a new result after "no violation"; it is linked to the void one, which stays void for good."""
    access.require_role(actor, Role.LEADER)
    if not number.strip():
        raise Refused("result_number_required", field="number")
    if decided_on > clock.today():
        raise Refused("result_date_in_future", field="decided_on")
    _case_in(actor, case_id, CaseState.DECIDED, lock=False)
    found = attachments.examine(data)
    with transaction() as session:
        case = _case_in(actor, case_id, CaseState.DECIDED)
        void = facts.current_result(case.dossier)
        if case.measure is not Measure.NO_VIOLATION or void is None or void.voided_at is None:
            raise Conflict("no_reissue")
        result = Result(
            dossier_id=case.dossier_id,
            outcome=Outcome.GRANTED,
            summary=void.summary,
            number=number.strip(),
            decided_on=decided_on,
            signed_file_id=attachments.row_of(found).id,
            signed_by_id=actor.user_id,
            signed_at=clock.now(),
            replaces_id=void.id,
        )
        session.add(result)
        journal.write(actor, "result_reissued", dossier=case.dossier, number=number.strip())
        mailing.write("citizen", "result_reissued", case.dossier)
        return result


def _case_in(actor: Actor, case_id: int, state: CaseState, *, lock: bool = True) -> ViolationCase:
    case = access.case_for(actor, case_id, lock=lock)
    if case.state is not state:
        raise Conflict("case_in_other_state", state=case.state.label)
    return case
