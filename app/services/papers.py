"""Papers: issued with the step that they belong to, set as PDF afterwards, never changed.

``issue`` belongs to the transaction of the step: it takes the number and freezes what the paper says. The PDF is
made from that by whoever needs it first, usually the worker seconds later, and is kept by its SHA-256. So no
step waits for typesetting or fails with it, and nothing that changes later gets into a paper.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain import clock, scans
from app.domain.clock import to_local
from app.domain.errors import NotFound
from app.domain.language import as_written
from app.domain.layouts import Layout, layout_on, numbered
from app.domain.papers import FOR_CITIZEN, ISSUED_BY, MAILED, Form, covered, frozen
from app.domain.roles import Actor, Role
from app.domain.transitions import Transition
from app.extensions import config, db
from app.models.dossier import Dossier, StoredFile
from app.models.handling import Journal
from app.models.papers import IssuedPaper, PaperCounter
from app.services import access, attachments, counters, journal, paper_contents, typesetting
from app.services.paper_contents import Occasion
from app.services.storage import Storage
from app.services.transaction import transaction

BATCH = 50


def layout_of(dossier: Dossier) -> Layout:
    """The layout in force on the day that the dossier was sent; a dossier keeps its rules."""
    return layout_on(to_local(dossier.submitted_at or dossier.created_at).date())


def issue_for(
    transition: Transition, dossier: Dossier, entry: Journal, occasion: Occasion
) -> IssuedPaper | None:
    """The paper of a transition; None when it has none, or when the dossier's layout knows none."""
    form = ISSUED_BY.get(transition.key)
    return issue(form, dossier, entry, occasion) if form else None


def issue(
    form: Form, dossier: Dossier, entry: Journal, occasion: Occasion, *, number: str = ""
) -> IssuedPaper | None:
    """Take a number, unless one is given, and freeze what the paper says; part of the running transaction."""
    layout = layout_of(dossier)
    if form not in layout.sheets:
        return None
    year = to_local(occasion.at).year
    serial = None
    if not number:
        series = {"agency_id": dossier.agency_id, "form": form, "year": year}
        serial = counters.next_serial(PaperCounter, **series)
        number = numbered(layout, form, dossier.agency.level.value, serial)
    with as_written():
        said = paper_contents.content(dossier, form, layout, occasion)
    paper = IssuedPaper(
        dossier_id=dossier.id,
        agency_id=dossier.agency_id,
        form=form,
        layout=layout.key,
        year=year,
        serial=serial,
        number=number,
        content=frozen(said | {"number": number, "serial": serial}),
        issued_at=occasion.at,
        issued_by_id=occasion.actor.user_id,
        entry=entry,
    )
    db.session.add(paper)
    return paper


def of_dossier(actor: Actor, dossier: Dossier) -> list[IssuedPaper]:
    """The papers of a dossier that this person may open, newest first."""
    query = select(IssuedPaper).where(IssuedPaper.dossier_id == dossier.id)
    if actor.role is Role.CITIZEN:
        query = query.where(IssuedPaper.form.in_(FOR_CITIZEN))
    return list(db.session.scalars(query.order_by(IssuedPaper.id.desc())))


def read(actor: Actor, paper_id: int) -> tuple[IssuedPaper, bytes]:
    """A paper and its PDF for those who may see the dossier; an officer's look is journalled."""
    with transaction():
        paper = access.paper_for(actor, paper_id)
        if actor.role is Role.CITIZEN and paper.form not in FOR_CITIZEN:
            raise NotFound("no_such_paper")
        if actor.role is not Role.CITIZEN:
            journal.write(
                actor, "paper_opened", dossier=paper.dossier, form=paper.form.value, number=paper.number
            )
    return paper, _bytes(_file(paper_id).sha256)


def draft_slip(actor: Actor, dossier_id: int) -> bytes:
    """The control slip of a dossier as it stands, without a number and not kept; officers only."""
    access.require_role(actor, Role.RECEIVING_OFFICER, Role.DEPARTMENT_OFFICER, Role.LEADER)
    dossier = access.dossier_for(actor, dossier_id)
    now = clock.now()
    with as_written():
        said = paper_contents.content(dossier, Form.CONTROL_SLIP, layout_of(dossier), Occasion(actor, now))
    return typesetting.pdf(Form.CONTROL_SLIP.value, _printable(frozen(said | {"number": ""})), now)


def mailed_copy(paper_id: int) -> tuple[str, bytes]:
    """Name and bytes of the copy that goes into a mail."""
    return file_name(db.session.get_one(IssuedPaper, paper_id)), _bytes(_file(paper_id, mailed=True).sha256)


def file_name(paper: IssuedPaper) -> str:
    """A plain name that every mail program keeps: receipt-000.00.15.H49-161126-0001.pdf."""
    name = FILE_NAMES[paper.form]
    return f"{name}-{paper.content['code']}.pdf"


FILE_NAMES: Mapping[Form, str] = {
    Form.RECEIPT: "giay-tiep-nhan",
    Form.SUPPLEMENT: "phieu-bo-sung",
    Form.REFUSAL: "phieu-tu-choi",
    Form.APOLOGY: "phieu-xin-loi",
    Form.STOP_NOTICE: "thong-bao-dung",
    Form.CONTROL_SLIP: "phieu-kiem-soat",
    Form.REGISTER: "so-theo-doi",
    Form.FEE_RECEIPT: "phieu-thu",
    Form.MISMATCH_RECORD: "bien-ban-doi-chieu",
}


def render_pending(stop: Callable[[], bool] = lambda: False) -> int:
    """Set every paper that has no PDF yet; how many. A paper that cannot be set does not stop the others."""
    done, after = 0, 0
    failed: Exception | None = None
    while not stop() and (ids := _pending(after)):
        for paper_id in ids:
            try:
                _file(paper_id)
                done += 1
            except Exception as error:  # one bad paper must not hold up the rest; the job reports it
                db.session.rollback()
                failed = error
        after = ids[-1]
    if failed:
        raise failed
    return done


def _pending(after: int) -> list[int]:
    query = select(IssuedPaper.id).where(IssuedPaper.file_id.is_(None), IssuedPaper.id > after)
    return list(db.session.scalars(query.order_by(IssuedPaper.id).limit(BATCH)))


def _file(paper_id: int, *, mailed: bool = False) -> StoredFile:
    """The stored PDF, made now if nobody did before. Two at once make the same bytes."""
    paper = db.session.get_one(IssuedPaper, paper_id, populate_existing=True)
    if paper.file is None:
        full = _set(paper.form, paper.content, paper.issued_at)
        copy = _set(paper.form, covered(paper.content), paper.issued_at) if paper.form in MAILED else None
        with transaction() as session:
            locked = select(IssuedPaper).where(IssuedPaper.id == paper_id).with_for_update(of=IssuedPaper)
            session.scalars(locked.execution_options(populate_existing=True)).one()
            if paper.file is None:
                paper.file = attachments.row_of(full)
                paper.mailed_file = attachments.row_of(copy) if copy else None
    file = paper.mailed_file if mailed else paper.file
    if file is None:
        raise NotFound("no_such_paper")
    return file


def _set(form: Form, content: Mapping[str, Any], at: datetime) -> scans.ScanFacts:
    data = typesetting.pdf(form.value, _printable(content), at)
    sha256 = Storage(config("STORAGE_URL")).put(data)
    return scans.ScanFacts(scans.PDF, "pdf", typesetting.pages_of(data), *typesetting.A4, len(data), sha256)


def _printable(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with its QR and its pictures."""
    pictures = [
        {"caption": p["caption"], "svg": typesetting.picture(_page(p))} for p in content.get("pictures", ())
    ]
    return {**content, "qr": typesetting.qr(content["link"]), "pictures": pictures}


def _page(picture: Mapping[str, Any]) -> bytes:
    return scans.render_page(_bytes(picture["sha256"]), picture["media_type"], picture["page"])


def _bytes(sha256: str) -> bytes:
    return Storage(config("STORAGE_URL")).get(sha256)
