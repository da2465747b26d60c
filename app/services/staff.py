"""Verbs of administrators about accounts: staff are made, moved and switched off here, nowhere else."""

from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import User

from app.domain import clock, passwords
from app.domain.applicant import clean_phone
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.people import clean_email, clean_username, split_name
from app.domain.roles import STAFF, Actor, Role
from app.extensions import db, hash_password
from app.models.organisation import Agency, Department, Profile
from app.services import account_links, account_rows, journal, roles
from app.services.account_links import Purpose
from app.services.transaction import transaction, unique_or


@dataclass(frozen=True)
class StaffAccount:
    """A member of staff: name and address, and where they serve."""

    username: str
    full_name: str
    email: str
    role: Role
    agency_id: int
    department_id: int | None = None
    phone: str = ""
    is_demo: bool = False


def create_staff(
    actor: Actor, data: StaffAccount, password: str | None = None, locale: str = "vi"
) -> Profile:
    """Make an account of staff. Without a password a link to choose one is mailed, valid for three days.

    Administrators and the system only. Refused when name or mail address is taken or the place does not fit.
    """
    _refuse_others(actor)
    user = User(username=clean_username(data.username), email=clean_email(data.email))
    profile = Profile(session_epoch=1, is_demo=data.is_demo, email_confirmed_at=clock.now())
    hashed = _hashed(data, password)
    with transaction():
        _place(profile, data)
        _name(profile, user, data)
        user.password = hashed
        account_rows.add(profile, user, Refused("account_taken", field="username"))
        if hashed is None:
            account_links.mail_link(Purpose.INVITATION, "account_invitation", profile, locale, user.email)
        journal.write(actor, "account_created", account=user.id, role=profile.role.value)
    return profile


def edit_staff(actor: Actor, user_id: int, data: StaffAccount) -> None:
    """Change name, address, role and place of a member of staff; a new role or place ends the sessions.

    The log-in name stays. Nobody changes their own role, and a citizen's account never becomes staff's.
    """
    _refuse_others(actor)
    with transaction():
        profile = _staff(user_id)
        before = _standing(profile)
        _place(profile, data)
        if actor.user_id == user_id and profile.role is not before[0]:
            raise NotAllowed("not_your_own_account", field="role")
        _name(profile, profile.user, data)
        with unique_or(Refused("account_taken", field="email")):
            profile.user.email = clean_email(data.email)
        profile.user.roles = [roles.role_row(profile.role)]
        if _standing(profile) != before:
            account_rows.end_sessions(profile)
        journal.write(actor, "account_edited", account=user_id, role=profile.role.value)


def deactivate(actor: Actor, user_id: int, reason: str = "") -> None:
    """Switch an account off and end its sessions. NotAllowed on one's own: somebody has to remain."""
    _refuse_others(actor)
    if actor.user_id == user_id:
        raise NotAllowed("not_your_own_account")
    with transaction():
        profile = account_rows.locked(user_id)
        profile.user.active = False
        account_rows.end_sessions(profile)
        journal.write(actor, "account_deactivated", reason=reason, account=user_id)


def activate(actor: Actor, user_id: int) -> None:
    """Switch an account on again; its old sessions stay dead."""
    _refuse_others(actor)
    with transaction():
        account_rows.locked(user_id).user.active = True
        journal.write(actor, "account_activated", account=user_id)


def end_sessions(actor: Actor, user_id: int) -> None:
    """Log an account out everywhere."""
    _refuse_others(actor)
    with transaction():
        account_rows.end_sessions(account_rows.locked(user_id))
        journal.write(actor, "sessions_ended", account=user_id)


def _refuse_others(actor: Actor) -> None:
    if actor.role not in {Role.ADMINISTRATOR, Role.SYSTEM}:
        raise NotAllowed("role_may_not")


def _staff(user_id: int) -> Profile:
    profile = account_rows.locked(user_id)
    if profile.role not in STAFF:
        raise NotFound("no_such_account")
    return profile


def _hashed(data: StaffAccount, password: str | None) -> str | None:
    if password is None:
        return None
    password = passwords.normalised(password)
    if not data.is_demo:  # its password stands in README; Production refuses demo accounts
        passwords.check(password, (data.username, data.email, data.full_name, data.phone))
    return hash_password(password)


def _name(profile: Profile, user: User, data: StaffAccount) -> None:
    user.last_name, user.first_name = split_name(data.full_name)
    profile.phone = clean_phone(data.phone, "phone") if data.phone else ""


def _place(profile: Profile, data: StaffAccount) -> None:
    """Role, agency and department, which only a department officer has, and of that agency."""
    if data.role not in STAFF:
        raise Refused("role_not_of_staff", field="role")
    if db.session.get(Agency, data.agency_id) is None:
        raise Refused("choose_from_list", field="agency_id")
    department_id = data.department_id if data.role is Role.DEPARTMENT_OFFICER else None
    if data.role is Role.DEPARTMENT_OFFICER:
        department = db.session.get(Department, department_id) if department_id else None
        if department is None or department.agency_id != data.agency_id:
            raise Refused("department_of_other_agency", field="department_id")
    profile.role, profile.agency_id, profile.department_id = data.role, data.agency_id, department_id


def _standing(profile: Profile) -> tuple[Role, int | None, int | None]:
    return profile.role, profile.agency_id, profile.department_id
