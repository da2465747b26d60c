"""The table everything hangs from: one row per step in a dossier's life, and check()."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.guards import GUARDS, Facts, Refusal
from app.domain.language import say
from app.domain.roles import Role
from app.domain.states import ClockAction, ClockKind, State


@dataclass(frozen=True)
class ClockEffect:
    """What a transition does to one clock."""

    kind: ClockKind
    action: ClockAction


@dataclass(frozen=True)
class MailEffect:
    """One receiver and the template written to it in the same transaction."""

    receiver: str
    template: str


@dataclass(frozen=True)
class Transition:
    """One row. ``key`` is also the FAB action name, the FAB permission name and the REST path."""

    key: str
    sources: tuple[State, ...]
    target: State
    role: Role
    guards: tuple[str, ...]
    clocks: tuple[ClockEffect, ...]
    mail: tuple[MailEffect, ...]
    needs_reason: bool
    words: str

    @property
    def label(self) -> str:
        """The words on the button."""
        return say(self.words)


def _row(  # noqa: PLR0913, PLR0917 - the columns of the table
    key: str,
    sources: str,
    target: str,
    role: str,
    guards: str,
    clocks: str,
    mail: str,
    reason: str,
    label: str,
) -> Transition:
    return Transition(
        key,
        tuple(State(s) for s in sources.split("|")),
        State(target),
        Role(role),
        tuple(guards.split("|")) if guards else (),
        tuple(ClockEffect(ClockKind(k), ClockAction(a)) for k, a in _pairs(clocks)),
        tuple(MailEffect(receiver, template) for receiver, template in _pairs(mail)),
        reason == "yes",
        label,
    )


def _pairs(cell: str) -> Iterator[tuple[str, str]]:
    for pair in cell.split("|") if cell else ():
        left, right = pair.split(":")
        yield left, right


# A table reads by rows.
# fmt: off
ALL: tuple[Transition, ...] = (
    _row("submit",
         "draft", "submitted", "citizen",
         "required_documents_attached|procedure_open_here|email_verified|truth_declared", "intake:start",
         "citizen:submission_receipt|receiving_officer:new_dossier",
         "no", "Gửi hồ sơ"),
    _row("discard",
         "draft", "discarded", "citizen",
         "", "",
         "",
         "no", "Hủy bản nháp"),
    _row("receive",
         "submitted", "received", "receiving_officer",
         "every_document_looked_at", "intake:stop|processing:start",
         "citizen:form_01_receipt",
         "no", "Tiếp nhận"),
    _row("request_supplement",
         "submitted", "supplement_requested", "receiving_officer",
         "items_listed", "intake:stop|supplement:start",
         "citizen:form_02_supplement",
         "yes", "Yêu cầu bổ sung"),
    _row("refuse",
         "submitted", "refused", "receiving_officer",
         "", "intake:stop",
         "citizen:form_03_refusal",
         "yes", "Từ chối tiếp nhận"),
    _row("resubmit",
         "supplement_requested", "submitted", "citizen",
         "requested_items_answered", "supplement:stop|intake:start",
         "citizen:submission_receipt|receiving_officer:supplement_arrived",
         "no", "Gửi bổ sung"),
    _row("close_unanswered",
         "supplement_requested", "closed_unanswered", "system",
         "supplement_time_passed", "supplement:stop",
         "citizen:closed_unanswered",
         "no", "Đóng do không bổ sung"),
    _row("forward",
         "received", "in_appraisal", "receiving_officer",
         "department_assigned|advance_fee_settled", "",
         "department_officer:dossier_forwarded",
         "no", "Chuyển thẩm định"),
    _row("request_information",
         "in_appraisal", "information_requested", "department_officer",
         "items_listed|requests_left", "processing:pause|supplement:start",
         "citizen:form_02_supplement",
         "yes", "Yêu cầu bổ sung khi thẩm định"),
    _row("supply_information",
         "information_requested", "in_appraisal", "citizen",
         "requested_items_answered", "supplement:stop|processing:resume",
         "department_officer:supplement_arrived",
         "no", "Gửi bổ sung"),
    _row("stop_unanswered",
         "information_requested", "stopped", "system",
         "supplement_time_passed", "supplement:stop|processing:stop",
         "citizen:stop_notice",
         "no", "Dừng do không bổ sung"),
    _row("propose_grant",
         "in_appraisal", "awaiting_approval", "department_officer",
         "opinion_written|result_drafted", "",
         "leader:awaiting_approval",
         "no", "Trình phê duyệt"),
    _row("propose_denial",
         "in_appraisal", "awaiting_approval", "department_officer",
         "opinion_written", "",
         "leader:awaiting_approval",
         "yes", "Trình từ chối giải quyết"),
    _row("send_back",
         "awaiting_approval", "in_appraisal", "leader",
         "", "",
         "department_officer:sent_back",
         "yes", "Trả lại thẩm định"),
    _row("approve",
         "awaiting_approval", "decided", "leader",
         "signer_is_not_proposer|result_signed", "",
         "receiving_officer:result_decided",
         "no", "Phê duyệt"),
    _row("announce_result",
         "decided", "result_ready", "receiving_officer",
         "", "processing:stop|pickup:start",
         "citizen:result_ready",
         "no", "Thông báo đến nhận kết quả"),
    _row("return_result",
         "result_ready", "returned", "receiving_officer",
         "every_original_matches|fee_settled|returner_did_not_appraise", "pickup:stop",
         "citizen:returned_and_survey",
         "no", "Trả kết quả"),
    _row("void_on_mismatch",
         "result_ready", "voided", "receiving_officer",
         "mismatch_recorded|returner_did_not_appraise", "pickup:stop",
         "citizen:result_voided|violation_authority:violation_report|leader:violation_opened",
         "yes", "Hủy kết quả và báo cơ quan chức năng"),
    _row("withdraw",
         "submitted|supplement_requested|received|in_appraisal|information_requested|"
         "awaiting_approval", "withdrawn", "citizen",
         "", "intake:stop|processing:stop|supplement:stop",
         "citizen:withdrawn|receiving_officer:withdrawn",
         "yes", "Rút hồ sơ"),
    _row("stop",
         "received|in_appraisal|information_requested|awaiting_approval", "stopped", "leader",
         "", "processing:stop|supplement:stop",
         "citizen:stop_notice",
         "yes", "Dừng giải quyết"),
)
# fmt: on
"""Every step that exists. Copied by hand into tests/domain/expected_transitions.csv, compared cell by cell."""

BY_KEY: dict[str, Transition] = {t.key: t for t in ALL}

CLOSED: frozenset[State] = frozenset(State) - {s for t in ALL for s in t.sources}
"""States that nothing leaves."""

WAITING_FOR_CITIZEN: frozenset[State] = frozenset(
    s for t in ALL if t.role is Role.CITIZEN and "requested_items_answered" in t.guards for s in t.sources
)
"""States in which the citizen has to answer a supplement."""


def find(key: str) -> Transition:
    """The transition of that key; NotFound when there is none."""
    if key not in BY_KEY:
        raise NotFound("no_such_transition", transition=key)
    return BY_KEY[key]


def of_role(role: Role) -> tuple[Transition, ...]:
    """The transitions that this role makes."""
    return tuple(t for t in ALL if t.role is role)


def offered(state: State, role: Role) -> tuple[Transition, ...]:
    """The buttons to show: role and state fit. Whether they are enabled, blockers() tells."""
    return tuple(t for t in ALL if t.role is role and state in t.sources)


def blockers(transition: Transition, facts: Facts) -> tuple[Refusal, ...]:
    """Everything that still stands in the way, in the order of the guards; empty when it may be pressed."""
    refusals = (GUARDS[name](facts) for name in transition.guards)
    return tuple(r for r in refusals if r is not None)


def check(transition: Transition, *, role: Role, state: State, facts: Facts, reason: str) -> None:
    """Raise the true reason why this person may not make this step now; return None when they may.

    NotAllowed (403) for another role, Conflict (409) for another state, Refused (422) for a guard or an
    empty reason.
    """
    if role is not transition.role:
        raise NotAllowed("role_may_not", transition=transition.label)
    if state not in transition.sources:
        raise Conflict("wrong_state", transition=transition.label, state=state.label)
    for refusal in blockers(transition, facts):
        raise refusal.as_error()
    if transition.needs_reason and not reason.strip():
        raise Refused("reason_required", field="reason", transition=transition.label)
