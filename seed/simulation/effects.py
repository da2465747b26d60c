"""What a transition changes besides the state, as services.effects does it to rows; answers what its mail lists."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.clock import to_local
from app.domain.originals import Verdict
from app.domain.roles import Actor
from app.models.dossier import Outcome
from seed.simulation.things import Violation

if TYPE_CHECKING:
    from seed.simulation.case import Case

Items = tuple[str, ...]
Effect = Callable[["Case", Actor, str, datetime], Items]


def _submit(case: "Case", _actor: Actor, _reason: str, at: datetime) -> Items:
    case.submitted_at = at
    return ()


def _receive(case: "Case", _actor: Actor, _reason: str, at: datetime) -> Items:
    case.received_at, case.department_id = at, case.desk.id
    case.code = case.world.official_code(case.office, to_local(at).date())
    return ()


def _send_request(transition: str) -> Effect:
    def effect(case: "Case", _actor: Actor, reason: str, at: datetime) -> Items:
        request = case.requests[-1]
        request.transition, request.reason, request.sent_at = transition, reason, at
        return tuple(item.words for item in request.items)

    return effect


def _answer_request(case: "Case", _actor: Actor, _reason: str, at: datetime) -> Items:
    case.requests[-1].answered_at = at
    return ()


def _forward(case: "Case", _actor: Actor, _reason: str, at: datetime) -> Items:
    case.forwarded_at = at
    return ()


def _propose(outcome: Outcome) -> Effect:
    def effect(case: "Case", actor: Actor, reason: str, _at: datetime) -> Items:
        case.proposal, case.proposal_reason, case.proposed_by = outcome, reason, actor.user_id
        return ()

    return effect


def _approve(case: "Case", actor: Actor, _reason: str, at: datetime) -> Items:
    case.outcome, case.decided_at = case.proposal, at
    case.results[-1].signed_at, case.results[-1].signed_by = at, actor.user_id
    return ()


def _return(case: "Case", _actor: Actor, _reason: str, at: datetime) -> Items:
    case.results[-1].handed_over_at = at
    return ()


def _void(case: "Case", actor: Actor, reason: str, at: datetime) -> Items:
    case.results[-1].voided_at, case.results[-1].void_reason = at, reason
    found = [d for d in case.documents if d.verdict is Verdict.DIFFERS]
    differing = tuple(f"{document.paper.name}: {document.difference}" for document in found)
    name, email = case.office.authority(case.procedure)
    case.violation = Violation("\n".join([reason, *differing]), name, email, actor.user_id, at)
    return differing


EFFECTS: dict[str, Effect] = {
    "submit": _submit,
    "receive": _receive,
    "request_supplement": _send_request("request_supplement"),
    "request_information": _send_request("request_information"),
    "resubmit": _answer_request,
    "supply_information": _answer_request,
    "forward": _forward,
    "propose_grant": _propose(Outcome.GRANTED),
    "propose_denial": _propose(Outcome.DENIED),
    "approve": _approve,
    "return_result": _return,
    "void_on_mismatch": _void,
}
