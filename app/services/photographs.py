"""Photographs of originals that differ: evidence for the violation case (announcement, point 2).

Of a paper that matches nothing is kept: a copy of an original that nobody needs is personal data too many.
What was kept stays, even when the verdict is corrected afterwards; the journal tells the order.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.errors import Refused
from app.domain.originals import MOST_PHOTOGRAPHS
from app.domain.roles import Actor
from app.domain.scans import ScanFacts
from app.extensions import config, db
from app.models.dossier import Dossier, DossierDocument
from app.models.photograph import OriginalPhotograph
from app.services import access, attachments, journal
from app.services.storage import Storage
from app.services.transaction import transaction

FIELD = "photographs"


def examine(photographs: Sequence[bytes]) -> list[ScanFacts]:
    """Really open each of them and put it into the store, before the transaction; Refused names the field."""
    if len(photographs) > MOST_PHOTOGRAPHS:
        raise Refused("too_many_photographs", field=FIELD, limit=MOST_PHOTOGRAPHS)
    try:
        return [attachments.examine(data) for data in photographs]
    except Refused as refusal:
        refusal.field = FIELD
        raise


def keep(actor: Actor, document: DossierDocument, examined: Sequence[ScanFacts]) -> None:
    """Add them to the document's evidence, each once; part of the running transaction."""
    query = select(OriginalPhotograph.file_id).where(OriginalPhotograph.document_id == document.id)
    kept = set(db.session.scalars(query))
    for found in examined:
        file = attachments.row_of(found)
        if file.id in kept:  # the form was sent twice
            continue
        kept.add(file.id)
        db.session.add(
            OriginalPhotograph(
                document_id=document.id, file_id=file.id, taken_by_id=actor.user_id, taken_at=clock.now()
            )
        )
        journal.write(
            actor,
            "original_photographed",
            dossier=document.dossier,
            document=document.name,
            sha256=found.sha256,
        )
    if len(kept) > MOST_PHOTOGRAPHS:
        raise Refused("too_many_photographs", field=FIELD, limit=MOST_PHOTOGRAPHS)


def of_dossier(actor: Actor, dossier: Dossier) -> dict[int, list[OriginalPhotograph]]:
    """The photographs by document, oldest first; none for people who may not see them."""
    query = (
        access.photographs_for(actor)
        .options(joinedload(OriginalPhotograph.taken_by), joinedload(OriginalPhotograph.file))
        .where(DossierDocument.dossier_id == dossier.id)
    )
    found: dict[int, list[OriginalPhotograph]] = defaultdict(list)
    for photograph in db.session.scalars(query.order_by(OriginalPhotograph.id)):
        found[photograph.document_id].append(photograph)
    return found


def read(actor: Actor, photograph_id: int, *, glance: bool = False) -> tuple[OriginalPhotograph, bytes]:
    """A photograph and its bytes; the look is journalled, unless it is a ``glance`` at a thumbnail.

    NotFound for whoever may not see it.
    """
    with transaction():
        photograph = access.photograph_for(actor, photograph_id)
        document = photograph.document
        if not glance:
            journal.write(actor, "photograph_viewed", dossier=document.dossier, document=document.name)
        return photograph, Storage(config("STORAGE_URL")).get(photograph.file.sha256)
