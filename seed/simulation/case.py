"""One simulated dossier: what it holds, the steps it makes through the table, and what each step leaves behind."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from app.domain import clocks as counting
from app.domain import transitions
from app.domain.clock import to_local
from app.domain.originals import Verdict
from app.domain.roles import Role
from app.domain.states import ClockKind, State
from app.domain.transitions import Transition
from app.models.catalogue import PaperKind
from app.models.dossier import ApplicantKind, Outcome
from app.models.handling import ItemKind
from app.models.violation import CaseState, Measure
from seed.simulation.city import Charge, Desk, Office, Paper, Person, Procedure
from seed.simulation.knowledge import facts
from seed.simulation.ledger import DOSSIERS, Rows
from seed.simulation.letters import Letter, names_and_kinds
from seed.simulation.people import Citizen
from seed.simulation.timer import Clock, Timer
from seed.simulation.world import World

WARNINGS = ("deadline_half", "deadline_three_quarters", "deadline_overdue")


@dataclass(slots=True)
class Scan:
    """One file of a document; ``item`` is the supplement item that it answers."""

    file_id: int
    name: str
    version: int
    page: int
    at: datetime
    item: "Item | None" = None


@dataclass(slots=True)
class Document:
    """A document of the dossier with its scans, its reviews (by version) and what was found at the counter."""

    paper: Paper
    scans: list[Scan] = field(default_factory=list)
    reviews: dict[int, tuple[bool, str, int, datetime]] = field(default_factory=dict)
    verdict: Verdict | None = None
    difference: str = ""
    checked_by: int = 0
    checked_at: datetime | None = None
    key: int = 0

    @property
    def version(self) -> int:
        """Number of the newest set of scans; 0 when there is none."""
        return self.scans[-1].version if self.scans else 0


@dataclass(slots=True)
class Item:
    """One thing to mend."""

    kind: ItemKind
    words: str
    document: Document | None = None
    answer: str = ""
    answered: bool = False
    key: int = 0


@dataclass(slots=True)
class Request:
    """A request to complete the dossier."""

    by: int
    created_at: datetime
    items: list[Item]
    transition: str = ""
    reason: str = ""
    sent_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(slots=True)
class Fee:
    """A fee of the dossier."""

    charge: Charge
    amount: int | None
    amount_reason: str = ""
    set_by: int | None = None
    exempt_reason: str = ""
    exempted_by: int | None = None


@dataclass(slots=True)
class Decision:
    """A result, drafted or signed."""

    outcome: Outcome
    summary: str
    draft_file: int | None = None
    drafted_by: int | None = None
    drafted_at: datetime | None = None
    number: str = ""
    decided_on: str | None = None
    signed_by: int | None = None
    signed_at: datetime | None = None
    voided_at: datetime | None = None
    void_reason: str = ""
    handed_over_at: datetime | None = None


@dataclass(slots=True)
class Violation:
    """What is reported when originals differ."""

    report: str
    authority: str
    email: str
    opened_by: int | None
    opened_at: datetime
    state: CaseState = CaseState.OPENED
    forwarded_at: datetime | None = None
    forwarded_number: str = ""
    measure: Measure | None = None
    number: str = ""
    decided_on: str | None = None
    version: int = 1


class Case:
    """A dossier on its way. Everything that happens to it goes through ``press``, ``note`` and ``mail``."""

    def __init__(
        self, world: World, number: int, office: Office, procedure: Procedure, who: Citizen, throw: Random
    ) -> None:
        self.world, self.number, self.office, self.procedure = world, number, office, procedure
        self.citizen, self.throw = who, throw
        self.keys = world.keys(number)
        self.id = self.keys["dossier"] + 1
        self.citizen_id = world.user_id(who.number)
        self.rows: Rows = {name: [] for name in DOSSIERS}
        self.timer = Timer(world.city, procedure, office.calendar)
        self.state, self.version = State.DRAFT, 1
        self.kind, self.applicant = ApplicantKind.CITIZEN, who.name
        self.code: str | None = None
        self.reference = world.reference(number)
        self.desk: Desk = office.desks[procedure.department_name]
        self.department_id: int | None = None
        self.documents: list[Document] = []
        self.fees: list[Fee] = []
        self.requests: list[Request] = []
        self.results: list[Decision] = []
        self.payments: list[tuple[int, str, int, datetime]] = []
        self.appraisers: set[int] = set()
        self.proposal: Outcome | None = None
        self.outcome: Outcome | None = None
        self.proposal_reason = ""
        self.proposed_by: int | None = None
        self.at: datetime
        """When the last thing happened."""
        self.created_at: datetime
        self.updated_at: datetime
        self.truth_declared_at: datetime | None = None
        self.submitted_at: datetime | None = None
        self.received_at: datetime | None = None
        self.forwarded_at: datetime | None = None
        self.decided_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.violation: Violation | None = None

    def next_key(self, table: str) -> int:
        """The next key of the dossier's own stretch."""
        self.keys[table] += 1
        return self.keys[table]

    # ---- steps

    def press(self, key: str, role: Role, person: int | None, at: datetime, reason: str = "") -> None:
        """Make one step, as services.dossiers.apply() does: check, state, effect, clocks, journal, mail.

        Raises what apply() would raise: a simulated dossier may do nothing that a real one may not.
        """
        transition = transitions.find(key)
        known = facts(self, transition, person, at)
        transitions.check(transition, role=role, state=self.state, facts=known, reason=reason)
        before, self.state = self.state, transition.target
        self.at = self.updated_at = at
        self.version += 1
        if transition.target in transitions.CLOSED:
            self.closed_at = at
        items = self._effect(transition, person, at, reason)
        self.timer.tick(transition, at)
        self.note(key, role, person, at, reason=reason, before=before, after=transition.target)
        for effect in transition.mail:
            self.mail(effect.receiver, effect.template, at, reason=reason, items=items)

    @property
    def closed(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.closed_at is not None

    @property
    def denied(self) -> bool:
        """Whether the department proposes, or proposed, a denial."""
        return self.proposal is Outcome.DENIED

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
            self.note("pickup_reminded", Role.SYSTEM, None, now)
            return
        asked = self.state is State.SUPPLEMENT_REQUESTED
        self.press("close_unanswered" if asked else "stop_unanswered", Role.SYSTEM, None, now)

    def _warn(self, clock: Clock, now: datetime) -> None:
        clock.warned = counting.said_by(now, clock.moments)
        clock.plan()
        event = WARNINGS[clock.warned - 1]
        details = {"clock": clock.kind.value, "due": clock.due.isoformat()}
        self.note(event, Role.SYSTEM, None, now, details=details)
        in_department, approving = self.state is State.IN_APPRAISAL, self.state is State.AWAITING_APPROVAL
        holder = "department_officer" if in_department else "leader" if approving else "receiving_officer"
        self.mail(holder, event, now)
        if clock.warned >= counting.SAID_OVERDUE and holder != "leader":
            self.mail("leader", event, now)

    def _effect(
        self, transition: Transition, person: int | None, at: datetime, reason: str
    ) -> tuple[str, ...]:
        """What services.effects does; the items that its mail lists."""
        match transition.key:
            case "submit":
                self.submitted_at = at
            case "receive":
                self.received_at, self.department_id = at, self.desk.id
                self.code = self.world.official_code(self.office, to_local(at).date())
            case "request_supplement" | "request_information":
                request = self.requests[-1]
                request.transition, request.reason, request.sent_at = transition.key, reason, at
                return tuple(item.words for item in request.items)
            case "resubmit" | "supply_information":
                self.requests[-1].answered_at = at
            case "forward":
                self.forwarded_at = at
            case "propose_grant" | "propose_denial":
                self.proposal = Outcome.GRANTED if transition.key == "propose_grant" else Outcome.DENIED
                self.proposal_reason, self.proposed_by = reason, person
            case "approve":
                self.outcome, self.decided_at = self.proposal, at
                self.results[-1].signed_at, self.results[-1].signed_by = at, person
            case "return_result":
                self.results[-1].handed_over_at = at
            case "void_on_mismatch":
                return self._void(person, at, reason)
        return ()

    def _void(self, person: int | None, at: datetime, reason: str) -> tuple[str, ...]:
        self.results[-1].voided_at, self.results[-1].void_reason = at, reason
        differing = tuple(
            f"{d.paper.name}: {d.difference}" for d in self.documents if d.verdict is Verdict.DIFFERS
        )
        name, email = self.world.authority(self.office, self.procedure)
        self.violation = Violation("\n".join([reason, *differing]), name, email, person, at)
        return differing

    # ---- traces

    def note(
        self,
        key: str,
        role: Role,
        person: int | None,
        at: datetime,
        *,
        reason: str = "",
        before: State | None = None,
        after: State | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Write the journal."""
        self.rows["journal"].append(
            self.world.journal(
                self.next_key("journal"), self.id, key, role, person, at, reason, before, after, details
            )
        )

    def mail(
        self,
        receiver: str,
        template: str,
        at: datetime,
        *,
        reason: str = "",
        items: tuple[str, ...] = (),
        message: str = "",
        officer: str = "",
        number: str = "",
    ) -> int | None:
        """Write one letter to everybody behind the receiver's name; the key of the first."""
        first = None
        due = self.timer.due()
        letter = Letter(
            template, receiver, self.office, self.procedure, self.state, self.kind,
            self.outcome is Outcome.DENIED, due is not None,
            tuple((fee.charge.name, fee.amount) for fee in self.fees if not fee.exempt_reason),
            self._papers_in(template), reason, items, message, officer, number,
        )  # fmt: skip
        for name, address in self._receivers(receiver):
            subject, body = self.world.letters.text(
                letter, code=self.code or self.reference, key=self.id, name=name, due=due
            )
            key = self.next_key("outbox_message")
            first = first or key
            self.rows["outbox_message"].append(
                self.world.sent(key, self.id, receiver, address, template, subject, body, at)
            )
        return first

    def _papers_in(self, template: str) -> tuple[str, ...]:
        if template == "form_01_receipt":
            return tuple(d.paper.name for d in self.documents if d.scans)
        if template == "result_ready":
            return names_and_kinds([(d.paper.name, _kind(d.paper.kind)) for d in self.documents if d.scans])
        return tuple(d.paper.name for d in self.documents)

    def _receivers(self, receiver: str) -> list[tuple[str, str]]:
        if receiver == "citizen":
            return [(self.applicant, self.citizen.email)]
        if receiver == "violation_authority":
            return [self.world.authority(self.office, self.procedure)]
        people: tuple[Person, ...] = {
            "receiving_officer": self.office.officers,
            "leader": self.office.leaders,
            "department_officer": self.desk.officers if self.department_id else (),
        }[receiver]
        return [(person.name, person.email) for person in people]

    def keep(self, table: str, *values: Any) -> None:
        """Add a row that hangs on the dossier and never changes again."""
        self.rows[table].append((self.next_key(table), self.id, *values))


KIND_LABELS: dict[PaperKind, str] = {}


def _kind(kind: PaperKind) -> str:
    if kind not in KIND_LABELS:
        KIND_LABELS[kind] = kind.label
    return KIND_LABELS[kind]
