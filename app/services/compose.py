"""The citizen composes a dossier: procedure, place, applicant, documents, check, send. Saved at each step."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from app.domain import clock
from app.domain.applicant import clean_personal_id, clean_phone
from app.domain.errors import NotFound, Refused
from app.domain.roles import Actor, Role
from app.domain.states import State
from app.extensions import db
from app.models.dossier import ApplicantKind, Dossier
from app.models.organisation import Profile, ReceptionPlace
from app.services import access, catalogue, codes, organisation, requirements, rollout
from app.services.transaction import transaction


@dataclass(frozen=True)
class Applicant:
    """What the citizen declares of the applicant and the representative; texts as typed."""

    kind: ApplicantKind
    name: str
    personal_id: str
    phone: str
    address: str
    email: str
    representative_name: str = ""
    representative_personal_id: str = ""
    representative_phone: str = ""
    request_summary: str = ""


def start(actor: Actor, procedure_code: str, agency_id: int) -> Dossier:
    """Open a draft for a procedure at an agency; an untouched draft of the same is taken up again.

    Refused, with from when and where it is possible, when the procedure is not open there today.
    """
    access.require_role(actor, Role.CITIZEN)
    with transaction() as session:
        procedure = catalogue.by_code(procedure_code)
        agency = organisation.agency(agency_id)
        availability = rollout.availability(procedure, agency, clock.today())
        if not availability.open:
            raise Refused("procedure_not_open_here", agency=agency.name, where=availability.words)
        # A double click is two requests: the second waits here, and then finds the draft of the first.
        session.execute(select(Profile.id).where(Profile.user_id == actor.user_id).with_for_update())
        if draft := _untouched(actor, procedure.id, agency_id):
            return draft
        draft = _new(actor, procedure.id, agency_id)
        draft.procedure, draft.agency = procedure, agency
        _prefill(draft)
        session.add(draft)
        requirements.refresh(draft)
        return draft


def drafts(actor: Actor) -> list[Dossier]:
    """The citizen's drafts, the last touched first."""
    query = access.dossiers_for(actor).where(Dossier.state == State.DRAFT).order_by(Dossier.updated_at.desc())
    return list(db.session.scalars(query))


def draft_for(actor: Actor, dossier_id: int) -> Dossier:
    """One draft of the citizen, brought in step with the procedure as it is today."""
    with transaction():
        dossier = _draft(actor, dossier_id)
        requirements.refresh(dossier)
        return dossier


def choose_place(actor: Actor, dossier_id: int, place_id: int) -> None:
    """Choose where originals are shown and the result is handed over; only places of the dossier's agency."""
    with transaction() as session:
        dossier = _draft(actor, dossier_id)
        place = session.get(ReceptionPlace, place_id)
        if place is None or place.agency_id != dossier.agency_id or not place.active:
            raise NotFound("no_such_place")
        dossier.return_place_id, dossier.updated_at = place.id, clock.now()


def declare_applicant(actor: Actor, dossier_id: int, declared: Applicant) -> None:
    """Save what was declared of the applicant. Refused names the field to mend."""
    clean = _clean(declared)
    with transaction():
        dossier = _draft(actor, dossier_id)
        if clean.email.lower() != _profile(dossier).user.email.lower():
            raise Refused("email_not_of_account", field="email", email=_profile(dossier).user.email)
        dossier.applicant_kind = clean.kind
        dossier.applicant_name, dossier.applicant_personal_id = clean.name, clean.personal_id
        dossier.applicant_phone, dossier.applicant_address = clean.phone, clean.address
        dossier.declared_email = clean.email
        dossier.representative_name = clean.representative_name
        dossier.representative_personal_id = clean.representative_personal_id
        dossier.representative_phone = clean.representative_phone
        dossier.request_summary = clean.request_summary
        dossier.updated_at = clock.now()


def declare_truth(actor: Actor, dossier_id: int, *, declared: bool) -> None:
    """Note, or take back, the declaration that the scans are true to the originals."""
    with transaction():
        dossier = _draft(actor, dossier_id)
        dossier.truth_declared_at = clock.now() if declared else None
        dossier.updated_at = clock.now()


def applicant_complete(dossier: Dossier) -> bool:
    """Whether the step "applicant" is done."""
    return bool(dossier.applicant_name and dossier.applicant_phone and dossier.declared_email)


def _draft(actor: Actor, dossier_id: int) -> Dossier:
    access.require_role(actor, Role.CITIZEN)
    dossier = access.dossier_for(actor, dossier_id, lock=True)
    access.dossier_is(dossier, State.DRAFT)
    return dossier


def _untouched(actor: Actor, procedure_id: int, agency_id: int) -> Dossier | None:
    query = access.dossiers_for(actor).where(
        Dossier.state == State.DRAFT,
        Dossier.procedure_id == procedure_id,
        Dossier.agency_id == agency_id,
        Dossier.updated_at == Dossier.created_at,
    )
    found = db.session.scalars(query.order_by(Dossier.id.desc())).all()
    return next((d for d in found if not any(doc.attachments for doc in d.documents)), None)


def _new(actor: Actor, procedure_id: int, agency_id: int) -> Dossier:
    at = clock.now()
    return Dossier(
        reference=codes.new_reference(),
        secret=codes.new_secret(),
        state=State.DRAFT,
        procedure_id=procedure_id,
        agency_id=agency_id,
        citizen_id=actor.user_id,
        created_at=at,
        updated_at=at,
    )


def _prefill(draft: Dossier) -> None:
    """Start from what the account says, so that nothing is typed twice; the only place is chosen at once."""
    profile = _profile(draft)
    draft.applicant_name, draft.applicant_phone = str(profile), profile.phone
    draft.applicant_personal_id, draft.applicant_address = profile.personal_id, profile.address
    draft.declared_email = profile.user.email
    places = [p for p in draft.agency.places if p.active]
    if len(places) == 1:
        draft.return_place_id = places[0].id


def _profile(dossier: Dossier) -> Profile:
    return db.session.scalars(select(Profile).where(Profile.user_id == dossier.citizen_id)).one()


def _clean(declared: Applicant) -> Applicant:
    name = _line(declared.name, "name", 200)
    if not name:
        raise Refused("name_required", field="name")
    return Applicant(
        kind=declared.kind,
        name=name,
        personal_id=clean_personal_id(declared.personal_id, "personal_id"),
        phone=clean_phone(declared.phone, "phone"),
        address=_line(declared.address, "address", 300),
        email=_clean_email(declared.email),
        representative_name=_line(declared.representative_name, "representative_name", 200),
        representative_personal_id=clean_personal_id(
            declared.representative_personal_id, "representative_personal_id"
        ),
        representative_phone=_optional_phone(declared.representative_phone),
        request_summary=_short(declared.request_summary.strip(), "request_summary", 2000),
    )


def _line(text: str, field: str, limit: int) -> str:
    return _short(" ".join(text.split()), field, limit)


def _short(text: str, field: str, limit: int) -> str:
    if len(text) > limit:
        raise Refused("message_too_long", field=field, limit=limit)
    return text


def _optional_phone(text: str) -> str:
    return clean_phone(text, "representative_phone") if text.strip() else ""


def _clean_email(text: str) -> str:
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Refused("email_malformed", field="email") from error
