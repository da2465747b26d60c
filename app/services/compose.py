"""The citizen composes a dossier: procedure, place, applicant, documents, check, send. Saved at each step."""

from collections.abc import Callable
from contextlib import suppress
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

Cleaner = Callable[[str], str]


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
    clean = {name: cleaner(getattr(declared, name)) for name, cleaner in CLEANERS.items()}
    with transaction():
        dossier = _draft(actor, dossier_id)
        if not _is_of_account(clean["email"], dossier):
            raise Refused("email_not_of_account", field="email", email=_profile(dossier).user.email)
        _write(dossier, declared.kind, clean)


def note_applicant(actor: Actor, dossier_id: int, declared: Applicant) -> None:
    """Save of a form that is still being filled in what can be saved; a field not fit yet stays as it was."""
    clean = {}
    for name, cleaner in CLEANERS.items():
        with suppress(Refused):
            clean[name] = cleaner(getattr(declared, name))
    with transaction():
        dossier = _draft(actor, dossier_id)
        if "email" in clean and not _is_of_account(clean["email"], dossier):
            del clean["email"]
        _write(dossier, declared.kind, clean)


def _write(dossier: Dossier, kind: ApplicantKind, clean: dict[str, str]) -> None:
    dossier.applicant_kind, dossier.updated_at = kind, clock.now()
    for name, text in clean.items():
        setattr(dossier, COLUMNS.get(name, name), text)


def _is_of_account(email: str, dossier: Dossier) -> bool:
    return email.lower() == _profile(dossier).user.email.lower()


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


def _name(text: str) -> str:
    name = _line("name", 200)(text)
    if not name:
        raise Refused("name_required", field="name")
    return name


def _line(field: str, limit: int) -> Cleaner:
    return lambda text: _short(" ".join(text.split()), field, limit)


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


CLEANERS: dict[str, Cleaner] = {
    "name": _name,
    "personal_id": lambda text: clean_personal_id(text, "personal_id"),
    "phone": lambda text: clean_phone(text, "phone"),
    "address": _line("address", 300),
    "email": _clean_email,
    "representative_name": _line("representative_name", 200),
    "representative_personal_id": lambda text: clean_personal_id(text, "representative_personal_id"),
    "representative_phone": _optional_phone,
    "request_summary": lambda text: _short(text.strip(), "request_summary", 2000),
}
"""How each text of an Applicant is brought into shape; Refused names the field."""

COLUMNS = {
    "name": "applicant_name",
    "personal_id": "applicant_personal_id",
    "phone": "applicant_phone",
    "address": "applicant_address",
    "email": "declared_email",
}
"""Where a Dossier keeps them, when the name is another one."""
