"""One simulated dossier: the steps it makes through the table, and what each step leaves behind."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from app.domain import clocks as counting
from app.domain import transitions
from app.domain.roles import SYSTEM, Actor, Role
from app.domain.states import ClockKind, State
from app.models.dossier import ApplicantKind, Outcome
from seed.simulation.city import Desk, Office, Procedure
from seed.simulation.effects import EFFECTS
from seed.simulation.knowledge import facts
from seed.simulation.ledger import DOSSIERS, Row, Rows, moment
from seed.simulation.letters import NOTHING_SAID, Letter, Said, wants
from seed.simulation.people import Citizen
from seed.simulation.things import Decision, Document, Fee, Receipt, Request, Violation
from seed.simulation.timer import Clock, Timer
from seed.simulation.world import World

WARNINGS = ("deadline_half", "deadline_three_quarters", "deadline_overdue")
NO_STATES = (None, None)
ORGANISATIONS = (ApplicantKind.ENTERPRISE, ApplicantKind.ORGANISATION)
"""Whom a letter greets without "ông/bà"."""


@dataclass(slots=True, eq=False)
class Case:
    """A dossier on its way. Everything that happens to it goes through ``press``, ``note`` and ``mail``."""

    world: World
    number: int
    office: Office
    procedure: Procedure
    citizen: Citizen
    throw: Random
    actor: Actor = field(init=False)
    """The citizen as the one who acts."""
    desk: Desk = field(init=False)
    timer: Timer = field(init=False)
    keys: dict[str, int] = field(init=False)
    rows: Rows = field(init=False)
    id: int = field(init=False)
    reference: str = field(init=False)
    code: str | None = None
    state: State = State.DRAFT
    version: int = 1
    kind: ApplicantKind = ApplicantKind.CITIZEN
    applicant: str = ""
    department_id: int | None = None
    documents: list[Document] = field(default_factory=list)
    fees: list[Fee] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    results: list[Decision] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    appraisers: set[int] = field(default_factory=set)
    violation: Violation | None = None
    answer: Row | None = None
    """What was answered to the survey; no part of the dossier's rows."""
    proposal: Outcome | None = None
    proposal_reason: str = ""
    proposed_by: int | None = None
    outcome: Outcome | None = None
    at: datetime = field(init=False)
    """When the last thing happened."""
    created_at: datetime = field(init=False)
    updated_at: datetime = field(init=False)
    truth_declared_at: datetime | None = None
    submitted_at: datetime | None = None
    received_at: datetime | None = None
    forwarded_at: datetime | None = None
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    steps: list[tuple[State, datetime]] = field(default_factory=list)
    """Each state that it came into, and when."""
    _written: tuple[datetime | None, str] = (None, "")

    def __post_init__(self) -> None:
        """Open the dossier's own stretches of keys."""
        self.actor = Actor(self.world.user_id(self.citizen.number), Role.CITIZEN, name=self.citizen.name)
        self.desk = self.office.desks[self.procedure.department_name]
        self.timer = Timer(self.world.city, self.procedure, self.office.calendar)
        self.keys, self.rows = self.world.keys(self.number), {name: [] for name in DOSSIERS}
        self.id, self.reference = self.keys["dossier"] + 1, self.world.reference(self.number)

    @property
    def closed(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.closed_at is not None

    @property
    def denied(self) -> bool:
        """Whether the department proposes, or proposed, a denial."""
        return self.proposal is Outcome.DENIED

    def press(self, actor: Actor, key: str, at: datetime, reason: str = "") -> None:
        """Make one step, as services.dossiers.apply() does: check, state, effect, clocks, journal, mail.

        Raises what apply() would raise: a simulated dossier may do nothing that a real one may not.
        """
        transition = transitions.find(key)
        known = facts(self, transition, actor, at)
        transitions.check(transition, role=actor.role, state=self.state, facts=known, reason=reason)
        before, self.state = self.state, transition.target
        self.at = self.updated_at = at
        self.version += 1
        self.steps.append((transition.target, at))
        if transition.target in transitions.CLOSED:
            self.closed_at = at
        effect = EFFECTS.get(key)
        items = effect(self, actor, reason, at) if effect else ()
        self.timer.tick(transition, at)
        self.note(actor, key, at, reason, (before, transition.target))
        for mail in transition.mail:
            self.mail(mail.receiver, mail.template, at, Said(reason, items))

    def sweep(self, now: datetime) -> None:
        """What the sweep of deadlines does to this dossier at that moment."""
        for clock in self.timer.clocks:
            if clock.next_look is not None and clock.next_look <= now:
                self._say(clock, now)

    def _say(self, clock: Clock, now: datetime) -> None:
        if clock.kind in counting.OFFICE_CLOCKS:
            self._warn(clock, now)
            return
        clock.warned = counting.SAID_OVERDUE
        clock.plan()
        if clock.kind is ClockKind.PICKUP:
            self.mail("citizen", "pickup_reminder", now)
            self.note(SYSTEM, "pickup_reminded", now)
            return
        asked = self.state is State.SUPPLEMENT_REQUESTED
        self.press(SYSTEM, "close_unanswered" if asked else "stop_unanswered", now)

    def _warn(self, clock: Clock, now: datetime) -> None:
        clock.warned = counting.said_by(now, clock.moments)
        clock.plan()
        event = WARNINGS[clock.warned - 1]
        self.note(SYSTEM, event, now, details={"clock": clock.kind.value, "due": clock.due.isoformat()})
        in_department, approving = self.state is State.IN_APPRAISAL, self.state is State.AWAITING_APPROVAL
        holder = "department_officer" if in_department else "leader" if approving else "receiving_officer"
        self.mail(holder, event, now)
        if clock.warned >= counting.SAID_OVERDUE and holder != "leader":
            self.mail("leader", event, now)

    def note(
        self,
        actor: Actor,
        key: str,
        at: datetime,
        reason: str = "",
        states: tuple[State | None, State | None] = NO_STATES,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Write the journal."""
        key_of_row, told = self.next_key("journal"), self.text(at)
        row = self.world.journal(key_of_row, self.id, actor, key, told, reason, states, details)
        self.rows["journal"].append(row)

    def mail(self, receiver: str, template: str, at: datetime, said: Said = NOTHING_SAID) -> int | None:
        """Write one letter to everybody behind the receiver's name; the key of the first."""
        first, due, told = None, self.timer.due(), self.text(at)
        fees, papers, state = wants(template)
        letter = Letter(
            template, receiver, self.office.id, self.kind in ORGANISATIONS, self.state if state else None,
            self.outcome is Outcome.DENIED, due is not None, self._fees() if fees else (),
            self._papers(template) if papers else (), said,
        )  # fmt: skip
        for name, address in self._receivers(receiver):
            marks = (self.code or self.reference, str(self.id), name, self.procedure.name)
            subject, body = self.world.letters.text(letter, marks, due)
            key = self.next_key("outbox_message")
            first = first or key
            row = self.world.sent(key, self.id, letter, address, subject, body, told)
            self.rows["outbox_message"].append(row)
        return first

    def _fees(self) -> tuple[tuple[str, int | None], ...]:
        return tuple([(fee.charge.name, fee.amount) for fee in self.fees if not fee.exempt_reason])

    def _papers(self, template: str) -> tuple[str, ...]:
        """The papers that a letter lists: those handed in, those to bring, or all that belong to the dossier."""
        if template == "form_01_receipt":
            return tuple([d.paper.name for d in self.documents if d.scans])
        if template == "result_ready":
            return tuple([d.paper.named for d in self.documents if d.scans])
        return tuple([d.paper.name for d in self.documents])

    def _receivers(self, receiver: str) -> tuple[tuple[str, str], ...]:
        match receiver:
            case "citizen":
                return ((self.applicant, self.citizen.email),)
            case "violation_authority":
                return (self.office.authority(self.procedure),)
            case "department_officer":
                return self.desk.addresses if self.department_id else ()
            case "leader":
                return self.office.leader_addresses
            case _:
                return self.office.officer_addresses

    def next_key(self, table: str) -> int:
        """The next key of the dossier's own stretch."""
        key = self.keys[table] = self.keys[table] + 1
        return key

    def keep(self, table: str, *values: Any) -> None:
        """Add a row that hangs on the dossier and never changes again."""
        self.rows[table].append((self.next_key(table), self.id, *values))

    def text(self, at: datetime) -> str:
        """The moment as it is stored; a step writes the same one many times."""
        if self._written[0] is not at:
            self._written = (at, moment(at))
        return self._written[1]
