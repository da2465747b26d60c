"""Who serves: administrative units, agencies, departments, places, people; and when they work."""

from datetime import date, datetime, time
from enum import StrEnum

from flask_appbuilder.security.sqla.models import User as User  # noqa: PLC0414 - ours to hand on
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.dates import written
from app.domain.language import say
from app.domain.roles import Role
from app.models.base import Base, Model, UtcDateTime, enum_type


class Level(StrEnum):
    """Who is competent: the city or a ward or commune."""

    CITY = "city"
    WARD = "ward"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say("Cấp thành phố" if self is Level.CITY else "Cấp phường, xã")


class UnitKind(StrEnum):
    """Kind of administrative unit."""

    CITY = "thành phố"
    WARD = "phường"
    COMMUNE = "xã"

    @property
    def label(self) -> str:
        """The words."""
        return say(self.value)


unit_successor = Table(
    "unit_successor",
    Model.metadata,
    Column("unit_id", ForeignKey("administrative_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("successor_id", ForeignKey("administrative_unit.id", ondelete="CASCADE"), primary_key=True),
)


class AdministrativeUnit(Base):
    """A city, ward or commune during its life. GSO codes are reused, so the code is not a key."""

    __tablename__ = "administrative_unit"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="validity"),
    )

    code: Mapped[str] = mapped_column(String(10), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[UnitKind] = mapped_column(enum_type(UnitKind, "unit_kind"))
    parent_code: Mapped[str] = mapped_column(String(10), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successors: Mapped[list["AdministrativeUnit"]] = relationship(
        secondary=unit_successor,
        primaryjoin=lambda: AdministrativeUnit.id == unit_successor.c.unit_id,
        secondaryjoin=lambda: AdministrativeUnit.id == unit_successor.c.successor_id,
        backref="predecessors",
    )

    def __str__(self) -> str:
        """Phường Cẩm Bình."""
        return f"{self.kind.value.capitalize()} {self.name}"


class Agency(Base):
    """A people's committee with its one-stop unit: the city's centre, or that of a ward or commune."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("identifier"), UniqueConstraint("name"))

    identifier: Mapped[str] = mapped_column(String(40))
    """Electronic agency id, the prefix of dossier codes, e.g. 000.00.15.H49."""
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[Level] = mapped_column(enum_type(Level, "level"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("administrative_unit.id"), index=True)
    hotline: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    active: Mapped[bool] = mapped_column(default=True)

    unit: Mapped[AdministrativeUnit] = relationship()
    departments: Mapped[list["Department"]] = relationship(
        back_populates="agency", order_by="Department.name"
    )
    places: Mapped[list["ReceptionPlace"]] = relationship(
        back_populates="agency", order_by="ReceptionPlace.id"
    )

    def __str__(self) -> str:
        """The name on screen."""
        return self.name


class Department(Base):
    """A specialist department, or the specialists of a ward, that appraise dossiers."""

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)

    agency: Mapped[Agency] = relationship(back_populates="departments")

    def __str__(self) -> str:
        """The name on screen."""
        return self.name


class ReceptionPlace(Base):
    """A counter where originals are shown and results handed over."""

    __tablename__ = "reception_place"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    active: Mapped[bool] = mapped_column(default=True)

    agency: Mapped[Agency] = relationship(back_populates="places")

    def __str__(self) -> str:
        """Name and address."""
        return f"{self.name}, {self.address}" if self.address else self.name


class Profile(Base):
    """What we know of an account beyond FAB's user: role, agency, department, confirmation, epoch."""

    __tablename__ = "profile"
    __table_args__ = (
        UniqueConstraint("user_id"),
        CheckConstraint("role = 'citizen' OR agency_id IS NOT NULL", name="staff_has_agency"),
        CheckConstraint("role <> 'department_officer' OR department_id IS NOT NULL", name="has_department"),
        CheckConstraint("role <> 'system'", name="system_has_no_account"),
        Index("ix_profile_agency_id_role", "agency_id", "role"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    phone: Mapped[str] = mapped_column(String(20), default="")
    personal_id: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    session_epoch: Mapped[int] = mapped_column(default=1)
    """Raised by logout and password change; a cookie or token of an older epoch is dead."""
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_demo: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship(lazy="joined")
    agency: Mapped[Agency | None] = relationship()
    department: Mapped[Department | None] = relationship()

    def __str__(self) -> str:
        """The person's name in Vietnamese order."""
        return f"{self.user.last_name} {self.user.first_name}".strip()


class WorkSessionRow(Base):
    """Opening hours of one weekday, of one unit or (unit empty) of all that have none of their own."""

    __tablename__ = "work_session"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="opens_before_closes"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="validity"),
    )

    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    weekday: Mapped[int]
    """0 is Monday."""
    opens: Mapped[time]
    closes: Mapped[time]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    agency: Mapped[Agency | None] = relationship()


class DayKind(StrEnum):
    """A day off, or a make-up working day."""

    OFF = "off"
    WORKING = "working"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return say("Ngày nghỉ" if self is DayKind.OFF else "Ngày làm bù")


class CalendarDay(Base):
    """A day that is not like its weekday."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("day"),)

    day: Mapped[date]
    kind: Mapped[DayKind] = mapped_column(enum_type(DayKind, "day_kind"))
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text, default="")

    def __str__(self) -> str:
        """Quốc khánh, 02/09/2026."""
        return f"{self.name}, {written(self.day)}"


class CalendarYear(Base):
    """Whether the year's days off were checked against the official announcement."""

    __tablename__ = "calendar_year"
    __table_args__ = (UniqueConstraint("year"),)

    year: Mapped[int]
    confirmed: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(Text, default="")
