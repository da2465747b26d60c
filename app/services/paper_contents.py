"""What each paper says: plain data, taken from a dossier at the moment of the step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import numerals
from app.domain.clock import to_local
from app.domain.dates import day_in_full, moment_in_full, moment_written
from app.domain.handovers import HANDS, Handover, Party, Step, handovers
from app.domain.layouts import Layout
from app.domain.originals import Verdict
from app.domain.papers import Form
from app.domain.roles import STAFF, Actor
from app.domain.states import ClockKind, State
from app.extensions import config, db
from app.models.dossier import Dossier, DossierDocument, StoredFile
from app.models.fees import DossierFee
from app.models.handling import DossierClock, Journal, Payment
from app.models.organisation import User
from app.models.photograph import OriginalPhotograph
from app.services import facts, organisation, photographs, settings

Content = dict[str, Any]
PICTURES_OF_A_DOCUMENT = 4
"""Pages shown of one differing document; the scans themselves stay with the dossier."""
UNANSWERED = "Đã hết thời hạn bổ sung mà cơ quan chưa nhận được nội dung bổ sung."


@dataclass(frozen=True)
class Occasion:
    """The step that a paper is issued with; ``before`` is the state that the dossier left."""

    actor: Actor
    at: datetime
    reason: str = ""
    before: State | None = None
    key: str = ""
    payment: Payment | None = None
    promised: str = ""


def content(dossier: Dossier, form: Form, layout: Layout, occasion: Occasion) -> Content:
    """Everything that the paper says, except its number."""
    return _common(dossier, form, layout, occasion) | CONTENTS[form](dossier, occasion)


def heading(form: Form, layout: Layout, agency: Any) -> Content:
    """What stands on top of any paper of an agency."""
    sheet = layout.sheets[form]
    return {
        "form": form.value,
        "layout": layout.key,
        "title": sheet.title,
        "mark": sheet.mark,
        "basis": layout.basis,
        "authority": agency.name.replace("UBND", "Ủy ban nhân dân", 1),
        "office": layout.offices[agency.level.value].name,
        "town": agency.unit.name,
        "hotline": agency.hotline or settings.get("hotline"),
    }


def _common(dossier: Dossier, form: Form, layout: Layout, occasion: Occasion) -> Content:
    return heading(form, layout, dossier.agency) | {
        "day": day_in_full(to_local(occasion.at).date()),
        "code": dossier.display_code,
        "link": f"{config('BASE_URL')}/tra-cuu/{dossier.secret}",
        "procedure": dossier.procedure_name,
        "request": dossier.request_summary,
        "applicant": {
            "name": dossier.applicant_name,
            "personal_id": dossier.applicant_personal_id,
            "address": dossier.applicant_address,
            "phone": dossier.applicant_phone,
            "email": dossier.declared_email,
        },
        "representative": _representative(dossier),
        "officer": occasion.actor.name if occasion.actor.role in STAFF else "",
        "reason": occasion.reason.strip(),
    }


def _representative(dossier: Dossier) -> Content | None:
    if not dossier.representative_name:
        return None
    return {
        "name": dossier.representative_name,
        "personal_id": dossier.representative_personal_id,
        "phone": dossier.representative_phone,
    }


def _receipt(dossier: Dossier, occasion: Occasion) -> Content:
    return {
        "documents": [_document(d) for d in facts.documents_with_scans(dossier)],
        "time": f"{dossier.processing_time} {dossier.time_unit.label}",
        "received": moment_in_full(occasion.at),
        "due": _moment(dossier.due_at),
        "place": str(dossier.return_place or dossier.agency.name),
        "fees": [_fee(fee) for fee in dossier.fees],
        "book": str(to_local(occasion.at).year),
    }


def _document(document: DossierDocument) -> Content:
    return {"name": document.name, "kind": document.kind.label, "quantity": document.quantity}


def _fee(fee: DossierFee) -> Content:
    amount = "miễn" if fee.exempt else "thông báo sau" if fee.amount is None else money(fee.amount)
    return {"name": fee.title, "amount": amount}


def money(amount: int) -> str:
    """1.250.000 đồng."""
    return f"{amount:,} đồng".replace(",", ".")


def _moment(moment: datetime | None) -> str:
    return moment_in_full(moment) if moment else ""


def _supplement(dossier: Dossier, _occasion: Occasion) -> Content:
    request = facts.open_request(dossier)
    items = request.items if request else []
    return {
        "items": [
            {
                "document": item.document.name if item.document else "",
                "kind": item.kind.label,
                "description": item.description,
            }
            for item in items
        ],
        "due": _moment(dossier.due_at),
    }


def _refusal(_dossier: Dossier, _occasion: Occasion) -> Content:
    return {}


def _stop_notice(dossier: Dossier, occasion: Occasion) -> Content:
    paid = facts.fee_facts(dossier).paid
    return {
        "asked": moment_in_full(occasion.at) if occasion.key == "withdraw" else "",
        "before": occasion.before.label if occasion.before else "",
        "reason": occasion.reason.strip() or UNANSWERED,
        "paid": money(paid) if paid else "",
    }


def _apology(dossier: Dossier, occasion: Occasion) -> Content:
    return {
        "received": _moment(dossier.received_at),
        "due": _moment(_due(dossier, ClockKind.PROCESSING)),
        "promised": occasion.promised,
    }


def _control_slip(dossier: Dossier, _occasion: Occasion) -> Content:
    query = select(Journal).where(Journal.dossier_id == dossier.id, Journal.key.in_(HANDS))
    rows = db.session.scalars(query.options(joinedload(Journal.actor)).order_by(Journal.id))
    steps = [Step(row.key, row.at, _name(row.actor)) for row in rows]
    due = _due(dossier, ClockKind.PROCESSING)
    found = handovers(steps, intake_due=_due(dossier, ClockKind.INTAKE), processing_due=due)
    return {
        "department": dossier.department.name if dossier.department else "",
        "received": _moment(dossier.received_at),
        "due": _moment(due),
        "rows": [_handover(dossier, row) for row in found],
    }


def _handover(dossier: Dossier, row: Handover) -> Content:
    parties = {
        Party.APPLICANT: dossier.applicant_name,
        Party.ONE_STOP: "Bộ phận tiếp nhận và trả kết quả",
        Party.DEPARTMENT: dossier.department.name if dossier.department else "",
        Party.LEADER: f"Lãnh đạo {dossier.agency.name}",
    }
    return {
        "giver": parties[row.giver],
        "taker": parties[row.taker],
        "at": moment_written(row.at),
        "given_by": row.given_by,
        "taken_by": row.taken_by,
        "verdict": row.verdict.label if row.verdict else "",
        "note": NOTES.get(row.key, ""),
    }


NOTES = {
    "request_information": "Yêu cầu bổ sung, tạm dừng tính thời hạn",
    "supply_information": "Người nộp đã bổ sung",
    "propose_denial": "Trình từ chối giải quyết",
    "send_back": "Trả lại để thẩm định lại",
    "announce_result": "Mời người nộp đến nhận kết quả",
}


def _due(dossier: Dossier, kind: ClockKind) -> datetime | None:
    query = select(DossierClock.due_at).where(
        DossierClock.dossier_id == dossier.id, DossierClock.kind == kind
    )
    due: datetime | None = db.session.scalar(query.order_by(DossierClock.id.desc()).limit(1))
    return due


def _name(user: User | None) -> str:
    return f"{user.last_name} {user.first_name}".strip() if user else ""


def _fee_receipt(dossier: Dossier, occasion: Occasion) -> Content:
    payment = occasion.payment
    assert payment is not None  # noqa: S101 - issued with a payment and with nothing else
    return {
        "fees": [_fee(fee) for fee in dossier.fees],
        "amount": money(payment.amount),
        "in_words": f"{numerals.in_words(payment.amount)} đồng",
        "receipt": payment.receipt_number,
        "place": payment.place.name,
        "taken": moment_in_full(payment.taken_at),
    }


def _mismatch_record(dossier: Dossier, occasion: Occasion) -> Content:
    result = facts.current_result(dossier)
    checks = facts.checks_of(dossier)
    authority = organisation.authority_for(dossier.agency_id, dossier.procedure.field_id)
    differing = [c.document for c in checks if c.verdict is Verdict.DIFFERS]
    taken = photographs.of_dossier(occasion.actor, dossier)
    return {
        "at": moment_in_full(occasion.at),
        "place": str(dossier.return_place or dossier.agency.name),
        "result": result.number if result else "",
        "authority_told": authority.name if authority else "",
        "checks": [
            {"name": c.document.name, "verdict": c.verdict.label, "description": c.description}
            for c in checks
        ],
        "pictures": [p for d in differing for p in (*_scanned(d), *_photographed(d, taken.get(d.id, ())))],
    }


def _scanned(document: DossierDocument) -> list[Content]:
    pages = [(a.file, n) for a in document.current_attachments for n in range(a.file.pages)]
    return [
        _picture(f"{document.name}, trang {number} trên {len(pages)}", file, page)
        for number, (file, page) in enumerate(pages[:PICTURES_OF_A_DOCUMENT], start=1)
    ]


def _photographed(document: DossierDocument, taken: Sequence[OriginalPhotograph]) -> list[Content]:
    return [
        _picture(
            f"{document.name}, bản gốc chụp tại quầy, ảnh {number} trên {len(taken)}", photograph.file, 0
        )
        for number, photograph in enumerate(taken[:PICTURES_OF_A_DOCUMENT], start=1)
    ]


def _picture(caption: str, file: StoredFile, page: int) -> Content:
    return {"caption": caption, "sha256": file.sha256, "media_type": file.media_type, "page": page}


CONTENTS: dict[Form, Callable[[Dossier, Occasion], Content]] = {
    Form.RECEIPT: _receipt,
    Form.SUPPLEMENT: _supplement,
    Form.REFUSAL: _refusal,
    Form.STOP_NOTICE: _stop_notice,
    Form.APOLOGY: _apology,
    Form.CONTROL_SLIP: _control_slip,
    Form.FEE_RECEIPT: _fee_receipt,
    Form.MISMATCH_RECORD: _mismatch_record,
}
"""What a form says besides what all of them say."""
