"""What people do at their browsers, in the order of the announcement. Each act ends with what they then see."""

from sqlalchemy import select

from app.domain.roles import Actor
from app.extensions import db
from app.models.dossier import Dossier
from app.models.outbox import OutboxMessage
from tests import factories as make
from tests.journeys.person import Person


def newest() -> Dossier:
    """The dossier made last."""
    db.session.expire_all()
    return db.session.scalars(select(Dossier).order_by(Dossier.id.desc()).limit(1)).one()


def letters(receiver: str) -> list[str]:
    """The templates of the mails to that receiver, in the order written."""
    query = (
        select(OutboxMessage.template).where(OutboxMessage.receiver == receiver).order_by(OutboxMessage.id)
    )
    return list(db.session.scalars(query))


def compose_and_send(citizen: Person, code: str = make.HOUSEHOLD_BUSINESS, agency: str = "") -> Dossier:
    """From the procedure's page to "Gửi hồ sơ"."""
    citizen.open(f"/thu-tuc/{code}").press("Nộp hồ sơ", agency_id=str(make.agency(agency).id))
    tasks = citizen.path
    citizen.open(f"{tasks}/nguoi-nop").press(
        "Lưu và về danh sách",
        name="Nguyễn Thị Minh Hằng",
        phone="0912 345 678",
        address="Tổ 3, khu 5, phường Cẩm Bình",
    )
    for document in newest().documents:
        if document.required:
            scans = [(f"trang-{n}.jpg", make.picture(f"{document.id}-{n}")) for n in (1, 2)]
            citizen.open(f"{tasks}/giay-to/{document.id}").press("Lưu và về danh sách", files=scans)
    citizen.open(f"/ho-so/{newest().id}/kiem-tra").press("Gửi hồ sơ", truth="y")
    return newest()


def look_and_receive(officer: Person, dossier: Dossier) -> None:
    """Open every scan, then take the dossier in."""
    for document in dossier.documents:
        for scan in document.attachments:
            assert officer.open(f"/can-bo/tep/{scan.id}").status == 200
    officer.open(f"/can-bo/ho-so/{dossier.id}").press("Tiếp nhận")


def forward(officer: Person, dossier: Dossier) -> None:
    officer.open(f"/can-bo/ho-so/{dossier.id}").press("Chuyển thẩm định")


def appraise_and_propose(specialist: Person, dossier: Dossier) -> None:
    page = f"/can-bo/ho-so/{dossier.id}"
    specialist.open(page).press("Ghi ý kiến", body="Hồ sơ đủ điều kiện giải quyết.")
    specialist.open(page).press(
        "Lưu dự thảo", summary="Cấp giấy chứng nhận", file=("du-thao.jpg", make.picture("result"))
    )
    specialist.open(page).press("Trình phê duyệt")


def approve(leader: Person, dossier: Dossier) -> None:
    leader.open(f"/can-bo/ho-so/{dossier.id}/phe-duyet").press(
        "Phê duyệt", number="12/QĐ-UBND", decided_on="2026-11-23"
    )


def announce(officer: Person, dossier: Dossier) -> None:
    officer.open(f"/can-bo/ho-so/{dossier.id}").press("Thông báo đến nhận kết quả")


def compare(officer: Person, dossier: Dossier, verdicts: dict[int, str]) -> None:
    """Compare every document that was handed in; ``verdicts`` by ordinal, the others match."""
    for document in dossier.documents:
        if document.attachments:
            verdict = verdicts.get(document.ordinal, "matches")
            officer.open(f"/can-bo/ho-so/{dossier.id}/doi-chieu?giay-to={document.id}")
            form_of = f"/doi-chieu/{document.id}"
            assert form_of in officer.html
            officer.press(
                "Ghi kết quả đối chiếu",
                verdict=verdict,
                description="Họ tên trên bản gốc khác bản chụp" if verdict == "differs" else "",
            )


def pay(officer: Person, dossier: Dossier, amount: int, receipt: str = "AA-0001") -> None:
    officer.open(f"/can-bo/ho-so/{dossier.id}/doi-chieu").press(
        "Ghi đã thu", amount=str(amount), receipt_number=receipt
    )


def to_the_counter(at_browser, dossier: Dossier, unit: str = "") -> Actor:
    """Officer, department and leader take a submitted dossier to the counter; who the officer is."""
    officer = at_browser(make.officer(unit))
    look_and_receive(officer, dossier)
    forward(officer, dossier)
    appraise_and_propose(at_browser(make.specialist(make.reload(dossier))), dossier)
    approve(at_browser(make.leader(unit)), dossier)
    announce(officer, dossier)
    return officer
