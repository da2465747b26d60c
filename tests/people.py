"""Accounts made through the services, their mails, and a picture of all that an attack could change."""

import re
from itertools import count

from flask_appbuilder.security.sqla.models import User, assoc_user_role
from sqlalchemy import func, select

from app.domain.roles import SYSTEM, Role
from app.extensions import db
from app.models.handling import Journal
from app.models.organisation import AdministrativeUnit, Agency, Department, Level, Profile, UnitKind
from app.models.outbox import OutboxMessage
from app.services import account_rows, accounts

PASSWORD = "trà đá vỉa hè 9"
OTHER = "mưa rào mùa hạ 7"
EMAIL = "hang.test@example.com"
_numbers = count(1)


def registration(**changes):
    """A citizen's application that is in order."""
    declared = {
        "full_name": "Nguyễn Thị Minh Hằng",
        "phone": "0912 345 678",
        "personal_id": "022185001234",
        "address": "Tổ 3, khu 5",
        "email": EMAIL,
        "password": PASSWORD,
        "consent": True,
    }
    return accounts.Registration(**declared | changes)


def citizen(email=EMAIL, *, confirmed=True):
    """A citizen who registered; the profile as stored."""
    accounts.register(registration(email=email), ip="198.51.100.1")
    if confirmed:
        accounts.confirm(token(), ip="198.51.100.1")
    return stored(email)


def office():
    """An agency with a department."""
    number = next(_numbers)
    unit = AdministrativeUnit(code=f"T{number}", name=f"Thử {number}", kind=UnitKind.WARD, parent_code="")
    agency = Agency(identifier=f"T{number}", name=f"UBND phường Thử {number}", level=Level.WARD, unit=unit)
    department = Department(agency=agency, name="Tư pháp - Hộ tịch")
    db.session.add_all([unit, agency, department])
    db.session.commit()
    return agency, department


def staff_account(
    role=Role.RECEIVING_OFFICER, username="can.bo.thu", agency=None, department=None, **changes
):
    """The data of a member of staff, in an office of its own unless one is given."""
    if agency is None:
        agency, department = office()
    values = {
        "username": username,
        "full_name": "Trần Văn Quyết",
        "email": f"{username}@example.com",
        "role": role,
        "agency_id": agency.id,
        "department_id": department.id if department is not None else None,
        "phone": "",
    }
    return accounts.StaffAccount(**values | changes)


def staff(role=Role.RECEIVING_OFFICER, username="can.bo.thu", password=PASSWORD):
    """A member of staff; the profile as stored."""
    accounts.create_staff(SYSTEM, staff_account(role, username), password)
    return stored(username)


def stored(login):
    """The account as it is in the database now."""
    db.session.rollback()
    db.session.expire_all()
    return account_rows.by_login(login)


def by(profile):
    """The actor of an account."""
    return accounts.actor_of(profile, "198.51.100.1")


def mails(template=None):
    """Account mails, oldest first."""
    query = select(OutboxMessage).where(OutboxMessage.receiver == "account").order_by(OutboxMessage.id)
    found = db.session.scalars(query).all()
    return [mail for mail in found if template in (None, mail.template)]


def link(template=None):
    """The address in the newest mail."""
    return re.search(r"http://localhost(/\S+)", mails(template)[-1].body).group(1)


def token(template=None):
    """The token of the link in the newest mail."""
    return link(template).rpartition("/")[2]


def keys():
    """Keys of the journal, oldest first."""
    return db.session.scalars(select(Journal.key).order_by(Journal.id)).all()


def picture():
    """All accounts with their roles, and how many mails and journal rows there are."""
    db.session.rollback()
    db.session.expire_all()
    people = db.session.execute(select(*User.__table__.columns).order_by(User.id)).all()
    profiles = db.session.execute(select(*Profile.__table__.columns).order_by(Profile.id)).all()
    held = db.session.execute(select(assoc_user_role).order_by(assoc_user_role.c.id)).all()
    counts = [db.session.scalar(select(func.count()).select_from(t)) for t in (OutboxMessage, Journal)]
    return people, profiles, held, counts
