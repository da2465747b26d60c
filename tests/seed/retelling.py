"""A simulated dossier told again through the real services, at the moments that its rows name."""

import re
from datetime import date

from sqlalchemy import select

from app.domain import clock
from app.domain.originals import Verdict
from app.domain.roles import Role
from app.extensions import config, db
from app.models.dossier import DocumentReview, Dossier, DossierDocument
from app.models.figures import CountedDossier
from app.models.handling import (
    ClockEvent,
    DossierClock,
    Journal,
    Message,
    Opinion,
    OriginalCheck,
    Result,
    SupplementRequest,
)
from app.models.organisation import Profile, User
from app.models.outbox import OutboxMessage
from app.models.violation import ViolationCase
from app.services import (
    account_rows,
    appraisal,
    attachments,
    compose,
    counter,
    deadlines,
    dossiers,
    messages,
    reviews,
    supplements,
    violations,
)
from app.services.storage import Storage
from seed import papers

SWEPT = {
    "deadline_half", "deadline_three_quarters", "deadline_overdue", "pickup_reminded", "close_unanswered",
    "stop_unanswered",
}  # fmt: skip


def rows(model, *conditions):
    return db.session.scalars(select(model).where(*conditions).order_by(model.id)).all()


def actor_of(user_id):
    return account_rows.actor_of(db.session.scalars(select(Profile).where(Profile.user_id == user_id)).one())


class Retelling:
    """``old`` is the simulated dossier, ``new`` the one that real services make of its story."""

    def __init__(self, old: Dossier) -> None:
        self.old, self.citizen = old, actor_of(old.citizen_id)
        self.requests = iter(rows(SupplementRequest, SupplementRequest.dossier_id == old.id))
        self.opinions = iter(rows(Opinion, Opinion.dossier_id == old.id))
        self.result = next(iter(rows(Result, Result.dossier_id == old.id)), None)
        self.looked: set[int] = set()
        self.new = self._compose()

    def tell(self) -> Dossier:
        """Everything that the journal and the messages say, in their order."""
        journal = [(row.at, 1, row.id, row) for row in rows(Journal, Journal.dossier_id == self.old.id)]
        said = [(row.created_at, 0, row.id, row) for row in rows(Message, Message.dossier_id == self.old.id)]
        for at, _, _, row in sorted(journal + said):
            with clock.pretending(at):
                self._message(row) if isinstance(row, Message) else self._event(row)
        db.session.refresh(self.new)
        return self.new

    def _compose(self) -> Dossier:
        old = self.old
        with clock.pretending(old.created_at):
            new = compose.start(self.citizen, old.procedure.code, old.agency_id)
            compose.choose_place(self.citizen, new.id, old.return_place_id)
            declared = compose.Applicant(
                old.applicant_kind, old.applicant_name, old.applicant_personal_id, old.applicant_phone,
                old.applicant_address, old.declared_email,
            )  # fmt: skip
            compose.declare_applicant(self.citizen, new.id, declared)
        for before in old.documents:
            self._upload(before, [a for a in before.attachments if a.version == 1], new)
        return new

    def _upload(self, before: DossierDocument, scans, new: Dossier) -> None:
        document = next(d for d in new.documents if d.ordinal == before.ordinal)
        for scan in scans:
            with clock.pretending(scan.uploaded_at):
                data = Storage(config("STORAGE_URL")).get(scan.file.sha256)
                attachments.add(self.citizen, document.id, scan.original_name, data)

    def _message(self, row: Message) -> None:
        messages.write(actor_of(row.author_id), self.new.id, row.body)

    def _event(self, row: Journal) -> None:
        if row.key in SWEPT:
            deadlines.sweep(row.at)
            return
        actor = actor_of(row.actor_id)
        before = getattr(self, f"_{row.key}", None)
        if before is not None:
            before(actor, row)
        if row.to_state is not None:
            dossiers.apply(actor, self.new.id, row.key, reason=row.reason)

    def _submit(self, actor, _row) -> None:
        compose.declare_truth(actor, self.new.id, declared=True)

    def _receive(self, actor, row) -> None:
        for before, now in zip(self.old.documents, self.new.documents, strict=True):
            for review in rows(DocumentReview, DocumentReview.document_id == before.id):
                if review.looked_at == row.at:
                    reviews.judge(actor, now.id, acceptable=review.acceptable, note=review.note)

    def _request_supplement(self, actor, row) -> None:
        self._receive(actor, row)
        self._request_information(actor, row)

    def _request_information(self, actor, _row) -> None:
        self.request = next(self.requests)
        for item in self.request.items:
            ordinal = item.document.ordinal if item.document else None
            document = next((d for d in self.new.documents if d.ordinal == ordinal), None)
            supplements.add_item(
                actor, self.new.id, item.kind, item.description, document.id if document else None
            )

    def _resubmit(self, actor, _row) -> None:
        for item in self.request.items:
            if item.document:
                db.session.expire(self.new)
                self._upload(item.document, item.attachments, self.new)

    def _supply_information(self, actor, _row) -> None:
        asked = rows(SupplementRequest, SupplementRequest.dossier_id == self.new.id)[-1]
        for before, now in zip(self.request.items, asked.items, strict=True):
            supplements.answer_item(actor, now.id, before.answer)

    def _opinion_written(self, actor, _row) -> None:
        appraisal.write_opinion(actor, self.new.id, next(self.opinions).body)

    def _result_drafted(self, actor, _row) -> None:
        appraisal.draft_result(actor, self.new.id, self.result.summary, papers.result())

    def _result_numbered(self, actor, row) -> None:
        appraisal.sign_result(actor, self.new.id, row.details["number"], self.result.decided_on)

    def _original_compared(self, actor, row) -> None:
        at = next(i for i, d in enumerate(self.old.documents) if d.name == row.details["document"])
        check = rows(OriginalCheck, OriginalCheck.document_id == self.old.documents[at].id)[0]
        description = check.description if row.details["verdict"] == "differs" else ""
        counter.compare(actor, self.new.documents[at].id, Verdict(row.details["verdict"]), description)

    def _fee_set(self, actor, row) -> None:
        counter.set_fee(actor, self._fee(row), row.details["new"], row.reason)

    def _fee_exempted(self, actor, row) -> None:
        counter.exempt(actor, self._fee(row), row.reason)

    def _fee(self, row) -> int:
        return next(fee.id for fee in self.new.fees if fee.name == row.details["fee"])

    def _payment_recorded(self, actor, row) -> None:
        counter.record_payment(actor, self.new.id, row.details["paid"], f"{row.details['receipt']} lần 2")

    def _violation_forwarded(self, actor, row) -> None:
        violations.forward(actor, violations.case_of(self.new).id, row.details["number"])

    def _violation_decided(self, actor, row) -> None:
        case = violations.case_of(self.old)
        violations.decide(
            actor, violations.case_of(self.new).id, case.measure, case.decision_number, case.decided_on
        )


OWN = {"id", "dossier_id", "reference", "code", "secret", "search_text", "version", "message_id", "clock_id"}
"""Columns that no two dossiers share, and the count of writes, which is not part of the story."""
NOT_SIMULATED = re.compile(
    r"Gửi kèm thư này:[^\n]*\n\n|\nMời ông, bà dành một phút.*?số liệu chung\.\n", re.DOTALL
)
"""A simulated past has no papers in its letters and no survey."""
MAIL = ("receiver", "address", "template", "locale", "subject", "body", "created_at")


def content(dossier: Dossier) -> dict[str, list]:
    """What a dossier and its rows say, without what is only its own."""
    mine = {
        model: rows(model, model.dossier_id == dossier.id)
        for model in (DossierClock, Journal, Result, ViolationCase)
    }
    events = [e for c in mine[DossierClock] for e in rows(ClockEvent, ClockEvent.clock_id == c.id)]
    mails = rows(OutboxMessage, OutboxMessage.dossier_id == dossier.id)
    found = {model.__name__: [columns(row) for row in some] for model, some in mine.items()}
    found["Dossier"], found["ClockEvent"] = [columns(dossier)], [columns(event) for event in events]
    found["figures"] = [columns(row) for row in rows(CountedDossier, CountedDossier.id == dossier.id)]
    found["mails"] = sorted(tuple(_neutral(dossier, getattr(m, c)) for c in MAIL) for m in mails)
    found["papers"] = [
        (d.name, d.required, d.kind, a.version, a.page_order, a.file_id, a.original_name, a.uploaded_at)
        for d in dossier.documents
        for a in d.attachments
    ]
    found["fees"] = [(f.name, f.amount, f.amount_reason, f.exempt_reason, f.set_by_id) for f in dossier.fees]
    return found


def columns(row) -> dict:
    values = {c.key: getattr(row, c.key) for c in row.__table__.columns if c.key not in OWN}
    if "details" in values:
        values["details"] = {k: str(v).removesuffix(" lần 2") for k, v in values["details"].items()}
    return values


def _neutral(dossier: Dossier, value):
    if not isinstance(value, str):
        return value
    value = NOT_SIMULATED.sub("", value)
    for own in (dossier.code, dossier.reference):
        value = value.replace(own, "MÃ") if own else value
    return value.replace(f"/ho-so/{dossier.id}", "/ho-so/SỐ")


def roles_of(dossier: Dossier) -> set[Role]:
    return {row.actor_role for row in rows(Journal, Journal.dossier_id == dossier.id)}


__all__ = ["Retelling", "User", "content", "date", "roles_of"]
