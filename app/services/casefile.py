"""Everything an officer's page shows of one dossier, in a number of queries that does not grow with it."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain import clock, fees, working_time
from app.domain.errors import NotFound
from app.domain.originals import Verdict
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.domain.transitions import Transition
from app.extensions import db
from app.models.catalogue import ViolationAuthority
from app.models.dossier import Dossier, DossierDocument
from app.models.handling import (
    DossierClock,
    Message,
    Opinion,
    OriginalCheck,
    Payment,
    Result,
    SupplementItem,
    SupplementRequest,
)
from app.models.organisation import Department, User
from app.models.outbox import OutboxMessage
from app.models.papers import Apology, IssuedPaper
from app.models.violation import ViolationCase
from app.services import (
    access,
    apologies,
    appraisal,
    calendars,
    clocks,
    counter,
    dossiers,
    facts,
    journal,
    lookup,
    messages,
    organisation,
    papers,
    photographs,
    reviews,
    violations,
)
from app.services.case_lines import ClockLine, Line, Sums
from app.services.journal import Entry

COMPARED = frozenset({State.RESULT_READY, State.RETURNED, State.VOIDED})
"""States in which originals have been laid beside their scans."""

OFFICERS = (Role.RECEIVING_OFFICER, Role.DEPARTMENT_OFFICER, Role.LEADER)
"""Who works on dossiers in the workspace."""


class CaseFile:
    """A dossier as its officer sees it. Each part is read when it is first asked for."""

    def __init__(self, actor: Actor, dossier: Dossier) -> None:
        self.actor, self.dossier = actor, dossier

    @cached_property
    def holder(self) -> str:
        """Who has the dossier now, in words."""
        return lookup.holder_of(self.dossier)

    @cached_property
    def offers(self) -> list[tuple[Transition, tuple[Any, ...]]]:
        """The buttons of this person, each with everything that still stands in its way."""
        return dossiers.offers(self.actor, self.dossier)

    @cached_property
    def clocks(self) -> list[ClockLine]:
        """The clocks that have not stopped."""
        query = (
            select(DossierClock)
            .where(DossierClock.dossier_id == self.dossier.id, DossierClock.stopped_at.is_(None))
            .options(selectinload(DossierClock.events))
        )
        return [self._clock_line(row) for row in db.session.scalars(query.order_by(DossierClock.id))]

    def _clock_line(self, row: DossierClock) -> ClockLine:
        calendar = calendars.calendar_for(self.dossier.agency_id)
        counted = clocks.due_of(row, self.dossier, calendar)
        now = row.paused_at or clock.now()
        words = working_time.in_words(
            working_time.remaining(calendar, now, row.due_at), paused=row.paused_at is not None
        )
        return ClockLine(row.kind, words, _css(row, now), row.due_at, counted.trace, counted.confirmed)

    @cached_property
    def documents(self) -> list[Line]:
        """The documents in their order, with review and check."""
        reviewed = reviews.of_dossier(self.dossier)
        if self.dossier.state not in COMPARED:
            return [Line(d, reviewed.get(d.id), None) for d in self.dossier.documents]
        checks = {c.document_id: c for c in self._checks}
        taken = photographs.of_dossier(self.actor, self.dossier)
        return [
            Line(d, reviewed.get(d.id), checks.get(d.id), taken.get(d.id, ())) for d in self.dossier.documents
        ]

    @cached_property
    def _checks(self) -> list[OriginalCheck]:
        return facts.checks_of(self.dossier) if self.dossier.state in COMPARED else []

    @property
    def scanned(self) -> list[Line]:
        """The documents that were really handed in; only those are looked at and compared."""
        return [line for line in self.documents if line.document.attachments]

    def line(self, document_id: int | None) -> Line | None:
        """The handed-in document of that key, or None."""
        return next((line for line in self.scanned if line.document.id == document_id), None)

    @property
    def next_unjudged(self) -> Line | None:
        """The first document that the receiving officer has not judged."""
        return next(
            (line for line in self.scanned if not line.review or line.review.acceptable is None), None
        )

    @property
    def next_unchecked(self) -> Line | None:
        """The first document whose original was not compared; a denial has none to compare."""
        return next((line for line in self.scanned if line.check is None), None)

    @property
    def compared(self) -> bool:
        """Whether anything was found at the counter yet."""
        return any(line.check for line in self.scanned)

    @property
    def differing(self) -> list[Line]:
        """The documents whose original differs from the scan."""
        return [line for line in self.scanned if line.check and line.check.verdict is Verdict.DIFFERS]

    @cached_property
    def prepared(self) -> SupplementRequest | None:
        """The request for supplements that is being written."""
        return next((r for r in self._requests if r.sent_at is None), None)

    @property
    def requests(self) -> list[SupplementRequest]:
        """The requests that were sent, newest first."""
        return [r for r in self._requests if r.sent_at is not None]

    @cached_property
    def _requests(self) -> Sequence[SupplementRequest]:
        items = selectinload(SupplementRequest.items)
        query = (
            select(SupplementRequest)
            .where(SupplementRequest.dossier_id == self.dossier.id)
            .options(
                items.joinedload(SupplementItem.document), items.selectinload(SupplementItem.attachments)
            )
            .order_by(SupplementRequest.id.desc())
        )
        return db.session.scalars(query).all()

    @cached_property
    def opinions(self) -> list[Opinion]:
        """The opinions, oldest first."""
        return appraisal.opinions_of(self.dossier)

    @cached_property
    def result(self) -> Result | None:
        """The newest result, draft, signed or void."""
        query = select(Result).where(Result.dossier_id == self.dossier.id).order_by(Result.id.desc()).limit(1)
        files = joinedload(Result.draft_file), joinedload(Result.signed_file), joinedload(Result.signed_by)
        return db.session.scalar(query.options(*files))

    @cached_property
    def proposer(self) -> str:
        """Who proposed the decision; empty before."""
        user = db.session.get(User, self.dossier.proposed_by_id) if self.dossier.proposed_by_id else None
        return full_name(user)

    @cached_property
    def messages(self) -> list[tuple[Message, OutboxMessage | None]]:
        """The conversation with the citizen, oldest first, with the mail that carried each line."""
        return messages.of_dossier(self.dossier)

    @cached_property
    def mails(self) -> list[OutboxMessage]:
        """The mails about the dossier, newest first."""
        return messages.mails_of(self.dossier, self.actor)

    @cached_property
    def journal(self) -> list[Entry]:
        """What happened, newest first."""
        return journal.shown(self.dossier.id)

    @cached_property
    def departments(self) -> list[Department]:
        """The departments that may appraise it."""
        return organisation.departments_of(self.dossier.agency_id)

    @cached_property
    def sums(self) -> Sums:
        """The money of the dossier."""
        lines = tuple(map(facts.fee_line, self.dossier.fees))
        return Sums(fees.FeeFacts(lines, sum(p.amount for p in self.payments)))

    @cached_property
    def payments(self) -> list[Payment]:
        """The receipts, oldest first."""
        return counter.payments_of(self.dossier)

    @cached_property
    def papers(self) -> list[IssuedPaper]:
        """The papers that were issued, newest first."""
        return papers.of_dossier(self.actor, self.dossier)

    @cached_property
    def apology(self) -> Apology | None:
        """The apology for a late result; what was not received cannot be late."""
        return apologies.of_dossier(self.dossier) if self.dossier.received_at else None

    @property
    def signs_apology(self) -> bool:
        """Whether this person can sign the apology now."""
        return apologies.may_sign(self.actor, self.apology, self.dossier)

    @property
    def fees_open(self) -> bool:
        """Whether this person may still change fees or take money."""
        return self.actor.role is Role.RECEIVING_OFFICER and self.dossier.state in counter.FEE_STATES

    @cached_property
    def authority(self) -> ViolationAuthority | None:
        """Who is told of a mismatch."""
        return organisation.authority_for(self.dossier.agency_id, self.dossier.procedure.field_id)

    @cached_property
    def violation(self) -> ViolationCase | None:
        """The violation case of a void dossier."""
        return violations.case_of(self.dossier)


def of(actor: Actor, dossier_id: int, *, opened: int | None = None) -> CaseFile:
    """The case file of a dossier that this officer may see; NotFound otherwise, NotAllowed for other roles.

    ``opened`` is the document whose scans the page is about to show: at intake that counts as having looked.
    """
    access.require_role(actor, *OFFICERS)
    if opened is not None and actor.role is Role.RECEIVING_OFFICER:
        _note_look(actor, dossier_id, opened)
    query = (
        access.dossiers_for(actor)
        .where(Dossier.id == dossier_id)
        .options(
            joinedload(Dossier.procedure),
            joinedload(Dossier.agency),
            joinedload(Dossier.department),
            joinedload(Dossier.return_place),
            selectinload(Dossier.fees),
            selectinload(Dossier.documents).selectinload(DossierDocument.attachments),
        )
        .execution_options(populate_existing=True)
    )
    dossier = db.session.scalar(query)
    if dossier is None:
        raise NotFound("no_such_dossier")
    return CaseFile(actor, dossier)


def _note_look(actor: Actor, dossier_id: int, document_id: int) -> None:
    document = access.document_for(actor, document_id)
    if (
        document.dossier_id == dossier_id
        and document.dossier.state is State.SUBMITTED
        and document.attachments
    ):
        reviews.look(actor, document_id)


def full_name(user: User | None) -> str:
    """The name in Vietnamese order; empty for nobody."""
    return f"{user.last_name} {user.first_name}".strip() if user else ""


def _css(row: DossierClock, now: datetime) -> str:
    if row.paused_at is not None:
        return "dung"
    if now > row.due_at:
        return "qua"
    return "sap" if now >= row.three_quarters_at else "con"
