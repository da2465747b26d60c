"""What the receiving officer makes sure of before taking a dossier in, as far as the service can tell by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.domain import clock
from app.models.outbox import MailState
from app.reasons import enumerated
from app.services import rollout
from app.services.casefile import CaseFile
from app.web.formats import ngay

RECEIPT = "submission_receipt"


@dataclass(frozen=True)
class Check:
    """One line: what has to be so, whether it is, and what tells so."""

    label: str
    met: bool
    detail: str = ""


def of(case: CaseFile) -> Sequence[Check]:
    """The checks of a dossier that waits for intake."""
    return (
        _open_here(case),
        _papers_there(case),
        _papers_judged(case),
        _mail_arrives(case),
        _asked_nothing(case),
    )


def _open_here(case: CaseFile) -> Check:
    dossier = case.dossier
    found = rollout.availability(dossier.procedure, dossier.agency, clock.today())
    since = found.open and found.opens_on
    detail = _("Nhận qua mạng từ %(day)s", day=ngay(found.opens_on)) if since else found.words
    return Check(_("Đúng thẩm quyền, đúng nơi nhận"), found.open, detail)


def _papers_there(case: CaseFile) -> Check:
    needed = [line for line in case.documents if line.document.required]
    missing = [line.document.name for line in needed if not line.document.attachments]
    return Check(_("Đủ giấy tờ bắt buộc"), not missing, enumerated(missing))


def _papers_judged(case: CaseFile) -> Check:
    open_ones = [
        line.document.name for line in case.scanned if not line.review or line.review.acceptable is None
    ]
    return Check(_("Mọi giấy tờ đã có kết luận"), not open_ones, enumerated(open_ones))


def _mail_arrives(case: CaseFile) -> Check:
    receipt = next((mail for mail in case.mails if mail.template == RECEIPT), None)
    sent = receipt is not None and receipt.state is MailState.SENT
    return Check(_("Thư điện tử tới được người nộp"), sent, str(receipt.state.label) if receipt else "")


def _asked_nothing(case: CaseFile) -> Check:
    asks = bool(case.messages) and not case.messages[-1][0].from_office
    detail = _("Câu cuối là của người nộp") if asks else ""
    return Check(_("Đã trả lời người nộp"), not asks, detail)
