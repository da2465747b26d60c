"""What an administrator sees around the configuration: how much there is, what is left, who changed what."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.domain import clock
from app.domain.roles import STAFF
from app.domain.search import fold
from app.extensions import db
from app.models.base import Base
from app.models.catalogue import FeeItem, Field, Procedure, RequiredDocument, ViolationAuthority
from app.models.handling import Journal
from app.models.organisation import (
    AdministrativeUnit,
    Agency,
    CalendarYear,
    Department,
    Level,
    Profile,
    ReceptionPlace,
)
from app.models.outbox import NewsItem
from app.services.validity import valid_on

MOST_CHANGES = 20

COUNTED: dict[str, type[Base]] = {
    "fields": Field,
    "documents": RequiredDocument,
    "fees": FeeItem,
    "units": AdministrativeUnit,
    "agencies": Agency,
    "departments": Department,
    "places": ReceptionPlace,
    "authorities": ViolationAuthority,
    "news": NewsItem,
}
"""Tables of the configuration, which a city fills by hand: none grows with the dossiers."""


@dataclass(frozen=True)
class Open:
    """What waits for an administrator: procedures not compared with the official list, years likewise."""

    procedures: int
    years: tuple[int, ...]


@dataclass(frozen=True)
class DepartmentChoice:
    """A department with its agency in front: every ward has one of the same name."""

    id: int
    words: str

    def __str__(self) -> str:
        """UBND phường Cẩm Bình: Công chức Tư pháp - Hộ tịch."""
        return self.words


def counts() -> dict[str, int]:
    """How many rows each table of the configuration has, in one query; procedures and staff as they count."""
    columns = [_count(select(model.id)).label(name) for name, model in COUNTED.items()]
    in_force = select(Procedure.id).where(valid_on(Procedure, clock.today()))
    # Only staff have an agency: said, so that the index answers and not the accounts of all citizens.
    staff = select(Profile.id).where(Profile.agency_id.is_not(None), Profile.role.in_(STAFF))
    columns += [_count(in_force).label("procedures"), _count(staff).label("staff")]
    return dict(db.session.execute(select(*columns)).mappings().one())


def left_open() -> Open:
    """What was not yet compared with the official source, for this year and the next."""
    unconfirmed = select(Procedure.id).where(
        valid_on(Procedure, clock.today()), Procedure.confirmed.is_(False)
    )
    confirmed = set(db.session.scalars(select(CalendarYear.year).where(CalendarYear.confirmed)))
    this_year = clock.today().year
    years = tuple(year for year in (this_year, this_year + 1) if year not in confirmed)
    return Open(db.session.scalar(select(_count(unconfirmed))) or 0, years)


def changes(keys: Collection[str], **named: str | int) -> list[Journal]:
    """The newest rows of the journal of these events whose details say so: ``row_id=3``; newest first."""
    query = select(Journal).options(joinedload(Journal.actor)).where(Journal.key.in_(keys))
    for name, value in named.items():
        detail = Journal.details[name]
        read = detail.as_integer() if isinstance(value, int) else detail.as_string()
        query = query.where(read == value)
    return list(db.session.scalars(query.order_by(Journal.id.desc()).limit(MOST_CHANGES)))


def department_names() -> dict[Level, list[str]]:
    """The names of departments at each level: a procedure names one, and each agency has its own."""
    query = select(Agency.level, Department.name).join(Department.agency).distinct()
    found: dict[Level, list[str]] = {level: [] for level in Level}
    for row in db.session.execute(query):
        found[row.level].append(row.name)
    return {level: sorted(names, key=fold) for level, names in found.items()}


def department_choices() -> list[DepartmentChoice]:
    """Every active department with its agency, the city first."""
    query = select(Department).join(Department.agency).where(Department.active)
    rows = db.session.scalars(query.options(joinedload(Department.agency)))
    ordered = sorted(rows, key=lambda row: (row.agency.level, fold(row.agency.name), fold(row.name)))
    return [DepartmentChoice(row.id, f"{row.agency.name}: {row.name}") for row in ordered]


def holding(text: str) -> Select[Any]:
    """The keys of profiles whose log-in name, mail address or name contains each of the words."""
    query = select(Profile.id).join(Profile.user)
    for word in text.split():
        sought = [User.username, User.email, User.last_name, User.first_name]
        found = [column.icontains(word, autoescape=True) for column in sought]
        query = query.where(found[0] | found[1] | found[2] | found[3])
    return query


def _count(query: Select[Any]) -> Any:
    return select(func.count()).select_from(query.subquery()).scalar_subquery()
