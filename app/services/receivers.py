"""Who gets a mail: the addresses behind the receivers that the transition table names."""

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.roles import Role
from app.extensions import db
from app.models.dossier import Dossier
from app.models.organisation import Profile, User
from app.services import organisation

STAFF_RECEIVERS = {
    "receiving_officer": Role.RECEIVING_OFFICER,
    "department_officer": Role.DEPARTMENT_OFFICER,
    "leader": Role.LEADER,
}


@dataclass(frozen=True)
class Receiver:
    """One address and the name to greet."""

    address: str
    name: str


def of(receiver: str, dossier: Dossier) -> list[Receiver]:
    """Everybody behind a receiver's name for this dossier.

    The citizen is always written to at the e-mail declared at submission (announcement, point 2).
    """
    if receiver == "citizen":
        return [Receiver(dossier.declared_email, dossier.applicant_name)]
    if receiver == "violation_authority":
        authority = organisation.authority_for(dossier.agency_id, dossier.procedure.field_id)
        return [Receiver(authority.email, authority.name)] if authority else []
    return _staff(STAFF_RECEIVERS[receiver], dossier)


def _staff(role: Role, dossier: Dossier) -> list[Receiver]:
    query = (
        select(Profile)
        .join(Profile.user)
        .where(Profile.role == role, Profile.agency_id == dossier.agency_id, User.active.is_(True))
        .order_by(Profile.id)
    )
    if role is Role.DEPARTMENT_OFFICER:
        query = query.where(Profile.department_id == dossier.department_id)
    return [Receiver(p.user.email, str(p)) for p in db.session.scalars(query)]
