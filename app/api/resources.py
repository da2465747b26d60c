"""The resources: procedures, fees, units, dossiers with their transitions, attachments."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, ClassVar

from flask import request
from flask_appbuilder.api import expose, protect
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from app.actor import require_actor
from app.api.base import PK, Columns, ResourceApi, moment, row_key, storable
from app.domain.errors import Refused
from app.domain.roles import Actor, Role
from app.domain.search import fold
from app.domain.states import State
from app.domain.texts import tidy
from app.domain.transitions import BY_KEY
from app.models.catalogue import FeeItem, Procedure
from app.models.dossier import Attachment, Dossier, DossierDocument, StoredFile
from app.models.handling import SupplementItem, SupplementRequest
from app.models.organisation import AdministrativeUnit, Level
from app.services import access, attachments, dossiers

COLUMN_ID = {"id": attrgetter("id")}
LONGEST_REASON = 5000
"""Signs, as on the pages: a reason goes into mails and journals."""


def _of(*names: str) -> dict[str, Any]:
    """Columns that are called as the attribute is."""
    return COLUMN_ID | {name: attrgetter(name) for name in names}


class ProceduresApi(ResourceApi):
    """The procedures and what they ask for."""

    resource_name = "procedures"
    class_permission_name = "ProceduresApi"
    model = Procedure
    columns: ClassVar[Columns] = {
        **_of("code", "name", "level", "department_name", "processing_time", "time_unit", "legal_basis"),
        **_of("confirmed", "valid_from", "valid_to"),
        "field": attrgetter("field.name"),
        "documents": lambda p: [
            {"id": d.id, "name": d.name, "kind": d.kind.value, "quantity": d.quantity, "required": d.required}
            for d in p.documents
        ],
    }
    filters = {
        "code": lambda text: Procedure.code == text,
        "level": lambda text: Procedure.level == Level(text),
        "q": lambda text: Procedure.search_text.contains(fold(text), autoescape=True),
    }

    def query(self, actor: Actor) -> Select[Any]:  # noqa: ARG002 - the catalogue is the same for all
        """All procedures."""
        return select(Procedure).options(joinedload(Procedure.field), selectinload(Procedure.documents))


class FeesApi(ResourceApi):
    """Charges and fees of the procedures, in đồng; an empty amount is set by the officer."""

    resource_name = "fees"
    class_permission_name = "FeesApi"
    model = FeeItem
    columns: ClassVar[Columns] = {
        **_of("name", "kind", "amount", "timing", "note", "valid_from", "valid_to"),
        "procedure_code": attrgetter("procedure.code"),
    }
    filters = {
        "procedure_code": lambda text: FeeItem.procedure.has(Procedure.code == text),
    }

    def query(self, actor: Actor) -> Select[Any]:  # noqa: ARG002 - the catalogue is the same for all
        """All fees."""
        return select(FeeItem).options(joinedload(FeeItem.procedure))


class UnitsApi(ResourceApi):
    """Administrative units with their validity and successors. GSO codes are reused: use the id."""

    resource_name = "units"
    class_permission_name = "UnitsApi"
    model = AdministrativeUnit
    columns: ClassVar[Columns] = {
        **_of("code", "name", "kind", "parent_code", "valid_from", "valid_to"),
        "successor_ids": lambda unit: [s.id for s in unit.successors],
    }
    filters = {"code": lambda text: AdministrativeUnit.code == text}

    def query(self, actor: Actor) -> Select[Any]:  # noqa: ARG002 - units are public
        """All units that ever were."""
        return select(AdministrativeUnit).options(selectinload(AdministrativeUnit.successors))


DOSSIER_COLUMNS: Columns = {
    **_of("code", "reference", "state", "version", "procedure_name", "applicant_name", "outcome"),
    **_of("submitted_at", "received_at", "due_at", "decided_at", "closed_at"),
    "state_label": lambda d: d.state.label,
    "national_code": lambda d: d.state.national_code,
    "procedure_code": attrgetter("procedure.code"),
    "agency_identifier": attrgetter("agency.identifier"),
    "department": lambda d: d.department.name if d.department else None,
}

TRANSITION_SPEC: dict[str, Any] = {
    "post": {
        "parameters": [
            {"in": "path", "name": "pk", "required": True, "schema": {"type": "integer"}},
            {
                "in": "path",
                "name": "key",
                "required": True,
                "schema": {"type": "string", "enum": list(BY_KEY)},
            },
        ],
        "requestBody": {
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "reason": {"type": "string"},
                            "version": {"type": "integer", "description": "the version you saw"},
                            "idempotency_key": {"type": "string", "maxLength": 80},
                        },
                    }
                }
            }
        },
        "responses": {
            "200": {"description": "Done; the dossier as it is now"},
            "401": {"description": "No valid token"},
            "403": {"description": "Not for this role"},
            "404": {"description": "No such dossier or transition, or not for this person"},
            "409": {"description": "Wrong state, or somebody changed the dossier meanwhile"},
            "422": {"description": "A guard says what is missing, or the reason is empty"},
        },
    }
}


class DossiersApi(ResourceApi):
    """Dossiers that the person may see, and their transitions."""

    resource_name = "dossiers"
    class_permission_name = "DossiersApi"
    method_permission_name: ClassVar[dict[str, str]] = {
        **ResourceApi.method_permission_name,
        "transition": "transition",
    }
    openapi_spec_methods: ClassVar[dict[str, Any]] = {"transition": TRANSITION_SPEC}
    model = Dossier
    columns = DOSSIER_COLUMNS
    detail_columns: ClassVar[Mapping[str, Callable[[Actor, Any], Any]]] = {
        "fees": lambda _actor, d: [
            {"name": f.name, "kind": f.kind.value, "amount": f.amount, "exempt": f.exempt} for f in d.fees
        ],
        "transitions": lambda actor, d: [
            {"key": t.key, "label": t.label, "blocked_by": [r.key for r in refusals]}
            for t, refusals in dossiers.offers(actor, d)
        ],
    }
    filters = {
        "state": lambda text: Dossier.state == State(text),
        "code": lambda text: Dossier.code == text,
        "reference": lambda text: Dossier.reference == text,
        "procedure_code": lambda text: Dossier.procedure.has(Procedure.code == text),
        "submitted_from": lambda text: Dossier.submitted_at >= moment(text),
        "submitted_before": lambda text: Dossier.submitted_at < moment(text),
    }

    def query(self, actor: Actor) -> Select[Any]:
        """The person's dossiers."""
        return access.dossiers_for(actor).options(
            joinedload(Dossier.procedure), joinedload(Dossier.agency), joinedload(Dossier.department)
        )

    @expose(f"/{PK}/transitions/<key>", methods=("POST",))
    @protect()
    def transition(self, pk: int, key: str) -> Response:
        """Make one step of the dossier's life.
        ---
        post:
          description: >-
            One step of the transition table. Repeating it with the same idempotency_key is harmless.
        """
        wish = _wish()
        dossier = dossiers.apply(require_actor(), pk, key, **wish)
        return self.response(
            200,
            result={
                "id": dossier.id,
                "code": dossier.code,
                "state": dossier.state.value,
                "version": dossier.version,
            },
        )


class AttachmentsApi(ResourceApi):
    """Scans of the dossiers that the person may see."""

    resource_name = "attachments"
    class_permission_name = "AttachmentsApi"
    method_permission_name: ClassVar[dict[str, str]] = {
        **ResourceApi.method_permission_name,
        "content": "read",
    }
    model = Attachment
    columns: ClassVar[Columns] = {
        **_of("version", "page_order", "original_name", "uploaded_at"),
        "dossier_id": attrgetter("document.dossier_id"),
        "document": attrgetter("document.name"),
        "media_type": attrgetter("file.media_type"),
        "size": attrgetter("file.size"),
        "pages": attrgetter("file.pages"),
        "sha256": attrgetter("file.sha256"),
    }
    filters = {"dossier_id": lambda text: DossierDocument.dossier_id == row_key(text)}

    def query(self, actor: Actor) -> Select[Any]:
        """Scans of the person's dossiers; officers get those of a supplement once it was sent."""
        query = (
            select(Attachment)
            .join(Attachment.document)
            .join(DossierDocument.dossier)
            .options(joinedload(Attachment.document), joinedload(Attachment.file).load_only(*_FILE_COLUMNS))
            .where(access.visible(actor))
        )
        return query if actor.role is Role.CITIZEN else query.where(_sent())

    @expose(f"/{PK}/content", methods=("GET",))
    @protect()
    def content(self, pk: int) -> Response:
        """Give the bytes of a scan.
        ---
        get:
          description: >-
            The scan itself. The look is journalled.
          parameters:
          - in: path
            name: pk
            required: true
            schema:
              type: integer
          responses:
            200:
              description: The bytes, with their media type
            401:
              description: No valid token
            404:
              description: No such scan, or not for this person
        """
        attachment, data = attachments.read(require_actor(), pk)
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return Response(data, mimetype=attachment.file.media_type, headers=headers)


_FILE_COLUMNS = (StoredFile.media_type, StoredFile.size, StoredFile.pages, StoredFile.sha256)


def _sent() -> Any:
    unsent = (
        select(SupplementItem.id)
        .join(SupplementItem.request)
        .where(SupplementItem.id == Attachment.supplement_item_id, SupplementRequest.answered_at.is_(None))
    )
    return or_(Attachment.supplement_item_id.is_(None), ~and_(unsent.exists()))


def _wish() -> dict[str, Any]:
    """Reason, version and idempotency key of the request's JSON; Refused for anything else, a form as well."""
    sent = request.get_json(silent=True) if request.content_length or request.data else {}
    kinds = {"reason": str, "version": int, "idempotency_key": str}
    if not isinstance(sent, dict) or not set(sent) <= set(kinds):
        raise Refused("json_malformed", expected=tuple(kinds))
    for name, kind in kinds.items():
        value = sent.get(name)
        if value is not None and not _is(kind, value):
            raise Refused("json_malformed", field=name, expected=tuple(kinds))
    if len(sent.get("idempotency_key") or "") > 80:  # noqa: PLR2004 - the column's length
        raise Refused("json_malformed", field="idempotency_key", expected=tuple(kinds))
    if len(sent.get("reason") or "") > LONGEST_REASON:
        raise Refused("text_too_long", field="reason", longest=LONGEST_REASON)
    return {name: tidy(v) if name == "reason" else v for name, v in sent.items() if v is not None}


def _is(kind: type, value: Any) -> bool:
    """Whether a value of the JSON is of that kind and, being a text, can be stored."""
    if not isinstance(value, kind) or isinstance(value, bool):
        return False
    try:
        storable(str(value))
    except ValueError:
        return False
    return True
