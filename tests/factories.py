"""People of the seeded city, and dossiers walked to a state through the real transitions."""

import csv
import hashlib
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select

from app.domain.originals import Verdict
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import ItemKind
from app.models.organisation import AdministrativeUnit, Agency, Department, Profile, User
from app.services import (
    appraisal,
    attachments,
    compose,
    counter,
    dossiers,
    facts,
    reviews,
    supplements,
)
from tests.snapshots import kept

DEMO_PASSWORD: str = next(
    csv.DictReader(Path("seed/demo_accounts.csv").read_text(encoding="utf-8").splitlines())
)["password"]
HOUSEHOLD_BUSINESS = "HKD-01"
"""A city procedure with required and optional documents and a fee of 100.000 đồng."""
BIRTH = "KS-01"
"""A ward procedure without a fee."""


def picture(text: str = "1", size: tuple[int, int] = (60, 80)) -> bytes:
    """A small JPEG; another text gives other bytes."""
    file = io.BytesIO()
    blocks = Image.frombytes("RGB", (2, 5), hashlib.sha256(text.encode()).digest()[:30])
    blocks.resize(size, Image.Resampling.NEAREST).save(file, "JPEG")
    return file.getvalue()


def csrf_token(page: str) -> str:
    """The token of the first form of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no form with a CSRF token"
    return found.group(1)


def agency(unit: str = "") -> Agency:
    """The city's agency, or that of a ward or commune by name (Cẩm Bình)."""
    query = select(Agency).join(Agency.unit)
    if not unit:
        return db.session.scalars(query.where(Agency.level == "city")).one()
    return db.session.scalars(query.where(AdministrativeUnit.name == unit, Agency.level == "ward")).one()


def person(role: Role, unit: str = "", *, number: int = 0, department: str = "") -> Actor:
    """A demo account of a role at an agency; ``number`` counts from 0 among several."""
    query = select(Profile).join(Profile.user).where(Profile.role == role, User.active.is_(True))
    if role is not Role.CITIZEN:
        query = query.where(Profile.agency_id == agency(unit).id)
    if department:
        query = query.join(Profile.department).where(Department.name == department)
    return as_actor(db.session.scalars(query.order_by(Profile.id)).all()[number])


def as_actor(profile: Profile) -> Actor:
    return Actor(
        profile.user_id, profile.role, profile.agency_id, profile.department_id, str(profile), "127.0.0.1"
    )


def actor(username: str) -> Actor:
    """The Actor of an account by user name."""
    return as_actor(
        db.session.scalars(select(Profile).join(Profile.user).where(User.username == username)).one()
    )


def username(someone: Actor) -> str:
    """The user name to log in with."""
    return db.session.get_one(User, someone.user_id).username


def citizen(number: int = 0) -> Actor:
    return person(Role.CITIZEN, number=number)


def officer(unit: str = "") -> Actor:
    return person(Role.RECEIVING_OFFICER, unit)


def leader(unit: str = "", number: int = 0) -> Actor:
    return person(Role.LEADER, unit, number=number)


def administrator() -> Actor:
    return person(Role.ADMINISTRATOR)


def specialist(dossier: Dossier) -> Actor:
    """A department officer of the dossier's department."""
    query = select(Profile).where(
        Profile.role == Role.DEPARTMENT_OFFICER, Profile.department_id == dossier.department_id
    )
    return as_actor(db.session.scalars(query.order_by(Profile.id)).first())


def reload(dossier: Dossier) -> Dossier:
    """The row as it is stored now."""
    db.session.expire_all()
    return db.session.get_one(Dossier, dossier.id)


APPLICANT = compose.Applicant(
    kind="citizen",
    name="Nguyễn Thị Minh Hằng",
    personal_id="022185001234",
    phone="0912345678",
    address="Tổ 3, khu 5, phường Cẩm Bình",
    email="hang@example.com",
)


def declared(made: Dossier, **changes: Any) -> compose.Applicant:
    """What the citizen declares; the e-mail is the one of the account."""
    return replace(APPLICANT, **({"email": made.declared_email} | changes))


@kept
def draft(code: str = HOUSEHOLD_BUSINESS, unit: str = "", *, by: Actor | None = None) -> Dossier:
    """A draft with place and applicant, without scans."""
    by = by or citizen()
    made = compose.start(by, code, agency(unit).id)
    compose.choose_place(by, made.id, made.agency.places[0].id)
    compose.declare_applicant(by, made.id, declared(made))
    return made


@kept
def complete_draft(code: str = HOUSEHOLD_BUSINESS, unit: str = "", *, by: Actor | None = None) -> Dossier:
    """A draft that can be sent."""
    by = by or citizen()
    made = draft(code, unit, by=by)
    for document in made.documents:
        if document.required:
            attachments.add(
                by, document.id, f"{document.ordinal}.jpg", picture(f"{made.id}/{document.ordinal}")
            )
    compose.declare_truth(by, made.id, declared=True)
    return made


def press(someone: Actor, dossier: Dossier, key: str, reason: str = "") -> Dossier:
    return dossiers.apply(someone, dossier.id, key, reason=reason)


@kept
def submitted(code: str = HOUSEHOLD_BUSINESS, unit: str = "", *, by: Actor | None = None) -> Dossier:
    by = by or citizen()
    return press(by, complete_draft(code, unit, by=by), "submit")


def look_at_all(dossier: Dossier, unit: str = "") -> None:
    for document in facts.documents_with_scans(dossier):
        reviews.look(officer(unit), document.id)


@kept
def received(code: str = HOUSEHOLD_BUSINESS, unit: str = "", *, by: Actor | None = None) -> Dossier:
    made = submitted(code, unit, by=by)
    look_at_all(made, unit)
    return press(officer(unit), made, "receive")


@kept
def in_appraisal(code: str = HOUSEHOLD_BUSINESS, unit: str = "", *, by: Actor | None = None) -> Dossier:
    return press(officer(unit), received(code, unit, by=by), "forward")


@kept
def awaiting_approval(code: str = HOUSEHOLD_BUSINESS, unit: str = "", *, denied: bool = False) -> Dossier:
    made = in_appraisal(code, unit)
    by = specialist(made)
    appraisal.write_opinion(
        by, made.id, "Hồ sơ đủ điều kiện giải quyết." if not denied else "Không đủ điều kiện."
    )
    if denied:
        return press(by, made, "propose_denial", "Ngành nghề cấm kinh doanh")
    appraisal.draft_result(by, made.id, "Cấp giấy chứng nhận", picture(f"result {made.id}"))
    return press(by, made, "propose_grant")


@kept
def decided(code: str = HOUSEHOLD_BUSINESS, unit: str = "", *, denied: bool = False) -> Dossier:
    made = awaiting_approval(code, unit, denied=denied)
    appraisal.sign_result(leader(unit), made.id, f"{made.id}/QĐ-UBND", date(2016, 7, 1))
    return press(leader(unit), made, "approve")


@kept
def result_ready(code: str = HOUSEHOLD_BUSINESS, unit: str = "", *, denied: bool = False) -> Dossier:
    return press(officer(unit), decided(code, unit, denied=denied), "announce_result")


def compare_all(dossier: Dossier, unit: str = "", verdict: Verdict = Verdict.MATCHES) -> None:
    for document in facts.documents_with_scans(dossier):
        counter.compare(officer(unit), document.id, verdict, "Số trên bản gốc khác bản chụp")


def pay_all(dossier: Dossier, unit: str = "") -> None:
    for fee in dossier.fees:
        if fee.amount:
            counter.record_payment(officer(unit), dossier.id, fee.amount, f"BL-{dossier.id}-{fee.id}")


@kept
def returned(code: str = HOUSEHOLD_BUSINESS, unit: str = "") -> Dossier:
    made = result_ready(code, unit)
    compare_all(made, unit)
    pay_all(made, unit)
    return press(officer(unit), made, "return_result")


@kept
def voided(code: str = HOUSEHOLD_BUSINESS, unit: str = "") -> Dossier:
    made = result_ready(code, unit)
    compare_all(made, unit)
    first = facts.documents_with_scans(made)[0]
    counter.compare(officer(unit), first.id, Verdict.DIFFERS, "Bản gốc mang tên người khác")
    return press(officer(unit), made, "void_on_mismatch", "Giấy tờ không đúng như bản đã chụp")


@kept
def supplement_requested(code: str = HOUSEHOLD_BUSINESS, unit: str = "") -> Dossier:
    made = submitted(code, unit)
    document = facts.documents_with_scans(made)[0]
    supplements.add_item(officer(unit), made.id, ItemKind.UNREADABLE, "Chụp lại trang 1", document.id)
    return press(officer(unit), made, "request_supplement", "Ảnh bị mờ")


@kept
def information_requested(code: str = HOUSEHOLD_BUSINESS, unit: str = "") -> Dossier:
    made = in_appraisal(code, unit)
    supplements.add_item(specialist(made), made.id, ItemKind.QUESTION, "Giải trình vốn kinh doanh")
    return press(specialist(made), made, "request_information", "Cần làm rõ vốn")


WALKS = {
    State.DRAFT: draft,
    State.SUBMITTED: submitted,
    State.SUPPLEMENT_REQUESTED: supplement_requested,
    State.RECEIVED: received,
    State.IN_APPRAISAL: in_appraisal,
    State.INFORMATION_REQUESTED: information_requested,
    State.AWAITING_APPROVAL: awaiting_approval,
    State.DECIDED: decided,
    State.RESULT_READY: result_ready,
    State.RETURNED: returned,
    State.VOIDED: voided,
}
"""How to get a dossier into a state."""
