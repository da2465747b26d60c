"""Demo dossiers in every state, walked there through the real transitions, at moments in the near past."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import click
from sqlalchemy import Select, exists, select

from app.domain import clock
from app.domain.originals import Verdict
from app.domain.roles import SYSTEM, Actor, Role
from app.domain.survey import Question
from app.extensions import db
from app.models.dossier import ApplicantKind, Dossier
from app.models.handling import ItemKind
from app.models.organisation import Profile, User
from app.services import (
    account_rows,
    appraisal,
    attachments,
    calendars,
    clocks,
    compose,
    counter,
    dossiers,
    facts,
    messages,
    organisation,
    reviews,
    supplements,
    survey,
    violations,
)
from seed import papers
from seed.files import Line, read

PACE = timedelta(minutes=50)
"""Working time between two steps of a demo dossier."""

ROAD = (
    "draft",
    "submitted",
    "received",
    "in_appraisal",
    "awaiting_approval",
    "decided",
    "result_ready",
    "returned",
)
"""The usual life; every other state branches off one of these."""

BRANCHES = {
    "supplement_requested": "submitted",
    "refused": "submitted",
    "closed_unanswered": "submitted",
    "information_requested": "in_appraisal",
    "withdrawn": "received",
    "stopped": "in_appraisal",
    "voided": "result_ready",
}


@dataclass
class Walk:
    """One demo dossier on its way: who acts, and what the clock says."""

    line: Line
    citizen: Actor
    officer: Actor
    leader: Actor
    moments: Iterator[datetime]
    dossier: Dossier

    @property
    def denied(self) -> bool:
        """Whether the department proposes a denial."""
        return self.line["variant"] == "denied"

    def press(self, who: Actor, key: str, reason: str = "") -> None:
        """Make a step."""
        dossiers.apply(who, self.dossier.id, key, reason=reason)

    def specialist(self) -> Actor:
        """An officer of the department that the dossier was forwarded to."""
        query = select(Profile).where(Profile.department_id == self.dossier.department_id)
        return _first(query.order_by(Profile.id))


def load() -> int:
    """Make the demo dossiers when there is none yet; how many were made."""
    if db.session.scalar(select(exists().where(Dossier.id > 0))):
        return 0
    lines = read("demo_dossiers")
    with click.progressbar(lines, label="demo dossiers") as bar:
        for line in bar:
            _walk(line)
    return len(lines)


def _walk(line: Line) -> None:
    agency = organisation.agency_of_code(line["agency"])
    citizen = _first(select(Profile).join(Profile.user).where(User.username == line["citizen"]))
    moments = _moments(line, agency.id)
    with _next(moments):
        dossier = compose.start(citizen, line["procedure"], agency.id)
        officer, leader = (_staff(role, agency.id) for role in (Role.RECEIVING_OFFICER, Role.LEADER))
        walk = Walk(line, citizen, officer, leader, moments, dossier)
        _compose(walk)
    target = line["state"]
    for state in ROAD[1 : ROAD.index(BRANCHES.get(target, target)) + 1]:
        with _next(moments):
            STEPS[state](walk)
    if target in BRANCHES:
        with _next(moments):
            STEPS[target](walk)
    if line["survey"]:
        with _next(moments):
            _answer(walk)


def _moments(line: Line, agency_id: int) -> Iterator[datetime]:
    """The moments of the steps: from the day given, a working hour or so apart, never in the future."""
    now = clock.now()
    day = (clock.to_local(now) - timedelta(days=float(line["days_ago"]))).date()
    calendar = calendars.calendar_for(agency_id)
    at = datetime.combine(day, time.fromisoformat(line["hour"]), clock.LOCAL)
    at = min(at, now - timedelta(minutes=30))
    while True:
        yield at
        at = min(calendar.advance(at, PACE), max(at, now - timedelta(minutes=1)))


@contextmanager
def _next(moments: Iterator[datetime]) -> Iterator[None]:
    with clock.pretending(next(moments)):
        yield


def _first(query: Select[Profile]) -> Actor:
    """The person of the first account found; the demo accounts are there before the dossiers."""
    return account_rows.actor_of(db.session.scalars(query).fetchall()[0])


def _staff(role: Role, agency_id: int) -> Actor:
    query = select(Profile).where(Profile.role == role, Profile.agency_id == agency_id).order_by(Profile.id)
    return _first(query)


def _compose(walk: Walk) -> None:
    line, dossier = walk.line, walk.dossier
    compose.choose_place(walk.citizen, dossier.id, dossier.agency.places[0].id)
    declared = compose.Applicant(
        kind=ApplicantKind.CITIZEN,
        name=line["applicant"],
        personal_id=dossier.applicant_personal_id,
        phone=line["phone"],
        address="Khu 5, thành phố Cẩm Phả, tỉnh Quảng Ninh",
        email=dossier.declared_email,
    )
    if line["applicant"].startswith(("Công ty", "Hợp tác xã")):
        declared = replace(declared, kind=ApplicantKind.ORGANISATION)
    compose.declare_applicant(walk.citizen, dossier.id, declared)
    if line["variant"] == "empty":
        return
    for document in dossier.documents:
        if document.required:
            name, data = papers.paper(document.kind, document.ordinal)
            attachments.add(walk.citizen, document.id, name, data)
    compose.declare_truth(walk.citizen, dossier.id, declared=line["state"] != "draft")


def _submit(walk: Walk) -> None:
    walk.press(walk.citizen, "submit")


def _look(walk: Walk) -> None:
    for document in facts.documents_with_scans(walk.dossier):
        reviews.judge(walk.officer, document.id, acceptable=True)


def _receive(walk: Walk) -> None:
    _look(walk)
    walk.press(walk.officer, "receive")


def _forward(walk: Walk) -> None:
    walk.press(walk.officer, "forward")


def _propose(walk: Walk) -> None:
    specialist = walk.specialist()
    if walk.denied:
        appraisal.write_opinion(
            specialist, walk.dossier.id, "Ngành nghề đăng ký thuộc danh mục cấm kinh doanh."
        )
        walk.press(specialist, "propose_denial", "Ngành nghề thuộc danh mục cấm kinh doanh theo Luật Đầu tư")
        return
    appraisal.write_opinion(specialist, walk.dossier.id, "Hồ sơ đầy đủ, đủ điều kiện giải quyết.")
    appraisal.draft_result(
        specialist, walk.dossier.id, f"Giải quyết: {walk.dossier.procedure_name}"[:200], papers.result()
    )
    walk.press(specialist, "propose_grant")


def _approve(walk: Walk) -> None:
    number = f"{1000 + walk.dossier.id}/{'TB' if walk.denied else 'QĐ'}-UBND"
    appraisal.sign_result(walk.leader, walk.dossier.id, number, clock.today())
    walk.press(walk.leader, "approve")


def _announce(walk: Walk) -> None:
    walk.press(walk.officer, "announce_result")
    if walk.line["variant"] == "compared":
        _compare(walk)


def _compare(walk: Walk) -> None:
    for document in facts.documents_with_scans(walk.dossier):
        counter.compare(walk.officer, document.id, Verdict.MATCHES)


def _return(walk: Walk) -> None:
    if not walk.denied:
        _compare(walk)
        for fee in walk.dossier.fees:
            if fee.amount:
                counter.record_payment(walk.officer, walk.dossier.id, fee.amount, f"AA/16P-{7000 + fee.id}")
            else:
                counter.exempt(walk.officer, fee.id, "Thuộc diện miễn theo quy định")
    walk.press(walk.officer, "return_result")


def _answer(walk: Walk) -> None:
    """The citizen follows the link in the mail; ``survey`` has a digit for each question."""
    ratings = dict(zip(Question, map(int, walk.line["survey"]), strict=True))
    survey.answer(survey.link(walk.dossier).rpartition("/")[2], ratings, walk.line["remark"])


def _void(walk: Walk) -> None:
    _compare(walk)
    document = facts.documents_with_scans(walk.dossier)[-1]
    described = "Bản gốc ghi họ tên người khác với bản đã chụp"
    counter.compare(walk.officer, document.id, Verdict.DIFFERS, described, [papers.original()])
    walk.press(walk.officer, "void_on_mismatch", "Giấy tờ gốc không đúng như bản đã chụp gửi qua mạng")
    if walk.line["agency"] == "195":
        case = violations.case_of(walk.dossier)
        violations.forward(walk.officer, case.id if case else 0, f"{walk.dossier.id}/CV-TTHCC")


def _ask_supplement(walk: Walk) -> None:
    document = facts.documents_with_scans(walk.dossier)[0]
    reviews.judge(walk.officer, document.id, acceptable=False, note="Ảnh mờ, không đọc được số")
    supplements.add_item(
        walk.officer, walk.dossier.id, ItemKind.UNREADABLE, "Chụp lại cho rõ toàn bộ trang 1", document.id
    )
    walk.press(walk.officer, "request_supplement", "Ảnh giấy tờ không đọc được")
    messages.write(
        walk.officer, walk.dossier.id, "Ông, bà chụp lại nơi đủ sáng, đặt giấy phẳng để không bị lóa."
    )


def _ask_information(walk: Walk) -> None:
    specialist = walk.specialist()
    supplements.add_item(
        specialist, walk.dossier.id, ItemKind.QUESTION, "Giải trình vị trí và diện tích sử dụng"
    )
    walk.press(specialist, "request_information", "Cần làm rõ vị trí, diện tích")


def _close(walk: Walk) -> None:
    _ask_supplement(walk)
    due = next(c.due_at for c in clocks.running(walk.dossier))
    with clock.pretending(due + timedelta(minutes=5)):
        walk.press(SYSTEM, "close_unanswered")


STEPS: dict[str, Callable[[Walk], None]] = {
    "submitted": _submit,
    "received": _receive,
    "in_appraisal": _forward,
    "awaiting_approval": _propose,
    "decided": _approve,
    "result_ready": _announce,
    "returned": _return,
    "voided": _void,
    "supplement_requested": _ask_supplement,
    "information_requested": _ask_information,
    "closed_unanswered": _close,
    "refused": lambda walk: walk.press(
        walk.officer, "refuse", "Thủ tục không thuộc thẩm quyền của thành phố"
    ),
    "withdrawn": lambda walk: walk.press(walk.citizen, "withdraw", "Không còn nhu cầu"),
    "stopped": lambda walk: walk.press(walk.leader, "stop", "Có quyết định tạm dừng của tòa án"),
}
