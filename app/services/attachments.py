"""Scans of a dossier: taken in only when they really open, stored once, never overwritten once sent."""

import hashlib
from contextlib import suppress

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.domain import clock, scans
from app.domain.errors import Conflict, NotFound, Refused
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.domain.transitions import WAITING_FOR_CITIZEN
from app.extensions import config, db
from app.models.dossier import Attachment, Dossier, DossierDocument, StoredFile
from app.models.handling import SupplementItem
from app.services import access, facts, journal, reviews, settings
from app.services.storage import Storage
from app.services.transaction import transaction


def limits() -> scans.ScanLimits:
    """The limits of the configuration."""
    return scans.ScanLimits(
        max_bytes=config("MAX_FILE_BYTES"),
        max_pages=config("MAX_FILE_PAGES"),
        max_pixels=config("MAX_IMAGE_PIXELS"),
    )


def examine(data: bytes) -> scans.ScanFacts:
    """Really open the bytes and keep them once by SHA-256; Refused when they do not open.

    Called before the transaction: opening takes seconds at worst, and nobody else may wait for it. Bytes whose
    dossier then refuses them stay in the store without a row; the next upload of the same finds them.
    """
    found = _known(data) or scans.inspect(data, limits())
    Storage(config("STORAGE_URL")).put(data)
    return found


def _known(data: bytes) -> scans.ScanFacts | None:
    """What was found when the same bytes were opened before; the same paper is scanned for many dossiers."""
    sha256 = hashlib.sha256(data).hexdigest()
    row: StoredFile | None = db.session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256))
    if row is None or len(data) > limits().max_bytes:
        return None
    return scans.ScanFacts(row.media_type, row.extension, row.pages, row.width, row.height, row.size, sha256)


def row_of(found: scans.ScanFacts) -> StoredFile:
    """The row of examined bytes; part of the running transaction."""
    query = select(StoredFile).where(StoredFile.sha256 == found.sha256)
    row: StoredFile | None = db.session.scalar(query)
    return row or _keep(found) or db.session.scalars(query).one()


def _keep(found: scans.ScanFacts) -> StoredFile | None:
    """A new row; None when somebody sent the same bytes a moment ago."""
    row = StoredFile(
        sha256=found.sha256,
        media_type=found.media_type,
        extension=found.extension,
        size=found.size,
        pages=found.pages,
        width=found.width,
        height=found.height,
        created_at=clock.now(),
    )
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.add(row)
        return row
    return None


def add(actor: Actor, document_id: int, name: str, data: bytes) -> Attachment:
    """Add a scan to a document of a draft, or to a document that a supplement asks for.

    In a supplement the scans form a new version; what was sent before stays.
    """
    access.require_role(actor, Role.CITIZEN)
    _item_for(access.document_for(actor, document_id))
    found = examine(data)
    with transaction() as session:
        document = access.document_for(actor, document_id)
        access.dossier_for(actor, document.dossier_id, lock=True)
        session.refresh(document, ["attachments"])  # another tab may have added one since the page read them
        item, file = _item_for(document), row_of(found)
        version = _version(document, item)
        siblings = [a for a in document.attachments if a.version == version]
        if any(a.file_id == file.id for a in siblings):
            raise Refused("file_already_attached", field="files", name=name)
        _refuse_too_much(document.dossier, len(siblings), file)
        attachment = Attachment(
            document=document,
            file=file,
            supplement_item_id=item.id if item else None,
            version=version,
            page_order=max((a.page_order for a in siblings), default=0) + 1,
            original_name=scans.safe_name(name),
            uploaded_by_id=actor.user_id,
            uploaded_at=clock.now(),
        )
        session.add(attachment)
        document.dossier.updated_at = clock.now()
        return attachment


def _refuse_too_much(dossier: Dossier, files: int, file: StoredFile) -> None:
    """One account must not fill the store; both limits are settings."""
    limit, megabytes = settings.get("document_files"), settings.get("dossier_megabytes")
    if files >= limit:
        raise Refused("too_many_files", field="files", limit=limit)
    query = select(func.coalesce(func.sum(StoredFile.size), 0)).join(
        Attachment, Attachment.file_id == StoredFile.id
    )
    held = db.session.scalar(query.join(Attachment.document).where(DossierDocument.dossier_id == dossier.id))
    if (held or 0) + file.size > megabytes * 2**20:
        raise Refused("dossier_too_large", field="files", limit_mb=megabytes)


def remove(actor: Actor, attachment_id: int) -> None:
    """Remove a scan that has not been sent yet."""
    with transaction() as session:
        attachment = _unsent(actor, attachment_id)
        document, version = attachment.document, attachment.version
        document.attachments.remove(attachment)
        session.flush()
        _renumber([a for a in document.attachments if a.version == version])
        document.dossier.updated_at = clock.now()


def move(actor: Actor, attachment_id: int, *, up: bool) -> None:
    """Move a scan one place up or down among the pages of its document; at the end nothing happens."""
    with transaction():
        pages, here = _among(_unsent(actor, attachment_id))
        _put(pages, here, here - 1 if up else here + 1)


def place(actor: Actor, attachment_id: int, number: int) -> None:
    """Put a scan in that place, from 1, among the pages of its document; beyond the last is the last."""
    with transaction():
        pages, here = _among(_unsent(actor, attachment_id))
        _put(pages, here, number - 1)


def _among(attachment: Attachment) -> tuple[list[Attachment], int]:
    pages = [a for a in attachment.document.attachments if a.version == attachment.version]
    return pages, pages.index(attachment)


def _put(pages: list[Attachment], here: int, there: int) -> None:
    there = min(max(there, 0), len(pages) - 1)
    if here != there:
        pages.insert(there, pages.pop(here))
        _renumber(pages)


def read(actor: Actor, attachment_id: int, *, glance: bool = False) -> tuple[Attachment, bytes]:
    """A scan and its bytes, for those who may see the dossier. An officer's look is journalled.

    ``glance`` is for a thumbnail: too small to be read, so it is no look. NotFound for anyone else, and for
    scans of a supplement that the citizen has not sent yet.
    """
    with transaction():
        attachment = access.attachment_for(actor, attachment_id)
        if actor.role is not Role.CITIZEN:
            if _still_being_written(attachment):
                raise NotFound("no_such_attachment")
            if not glance:
                _note_look(actor, attachment)
        return attachment, Storage(config("STORAGE_URL")).get(attachment.file.sha256)


def _note_look(actor: Actor, attachment: Attachment) -> None:
    dossier = attachment.document.dossier
    journal.write(actor, "scan_viewed", dossier=dossier, document=attachment.document.name)
    if actor.role is Role.RECEIVING_OFFICER and dossier.state is State.SUBMITTED:
        reviews.look(actor, attachment.document_id)


def _still_being_written(attachment: Attachment) -> bool:
    if attachment.supplement_item_id is None:
        return False
    return db.session.get_one(SupplementItem, attachment.supplement_item_id).request.answered_at is None


def _item_for(document: DossierDocument) -> SupplementItem | None:
    """The supplement item that lets scans be added; None in a draft; Conflict when nothing was asked for."""
    dossier: Dossier = document.dossier
    if dossier.state is State.DRAFT:
        return None
    request = facts.open_request(dossier) if dossier.state in WAITING_FOR_CITIZEN else None
    for item in request.items if request else ():
        if item.document_id == document.id:
            return item
    raise Conflict("document_not_asked_for", document=document.name)


def _version(document: DossierDocument, item: SupplementItem | None) -> int:
    if item is None:
        return 1
    begun = [a.version for a in document.attachments if a.supplement_item_id == item.id]
    return begun[0] if begun else document.current_version + 1


def _unsent(actor: Actor, attachment_id: int) -> Attachment:
    access.require_role(actor, Role.CITIZEN)
    attachment = access.attachment_for(actor, attachment_id)
    access.dossier_for(actor, attachment.document.dossier_id, lock=True)
    db.session.refresh(attachment.document, ["attachments"])
    if attachment not in attachment.document.attachments:  # removed by another press meanwhile
        raise NotFound("no_such_attachment")
    item = _item_for(attachment.document)
    if item is not None and attachment.supplement_item_id != item.id:
        raise Conflict("sent_scan_stays")
    return attachment


def _renumber(pages: list[Attachment]) -> None:
    """Number the pages 1, 2, 3 …, past the unique constraint by way of high numbers."""
    for number, page in enumerate(pages, start=1):
        page.page_order = 100_000 + number
    db.session.flush()
    for number, page in enumerate(pages, start=1):
        page.page_order = number
    db.session.flush()
