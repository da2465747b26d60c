"""Who acts. Five kinds of people and the system itself."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.language import say


class Role(StrEnum):
    """A kind of person, or the worker; the value is the name of the FAB role."""

    CITIZEN = "citizen"
    RECEIVING_OFFICER = "receiving_officer"
    DEPARTMENT_OFFICER = "department_officer"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The Vietnamese name of the role, as the city writes it."""
        return say(ROLE_LABELS[self])


ROLE_LABELS = {
    Role.CITIZEN: "Người nộp hồ sơ",
    Role.RECEIVING_OFFICER: "Công chức tiếp nhận",
    Role.DEPARTMENT_OFFICER: "Chuyên viên thụ lý",
    Role.LEADER: "Lãnh đạo",
    Role.ADMINISTRATOR: "Quản trị viên",
    Role.SYSTEM: "Hệ thống",
}

STAFF = frozenset({Role.RECEIVING_OFFICER, Role.DEPARTMENT_OFFICER, Role.LEADER, Role.ADMINISTRATOR})
"""Roles that belong to an agency."""


@dataclass(frozen=True)
class Actor:
    """Who is asking. Built by a door from its login, taken by every service verb.

    ``agency_id`` is the one-stop agency of a member of staff, ``department_id`` the department of a
    department officer; both None for citizens and for the system.
    """

    user_id: int | None
    role: Role
    agency_id: int | None = None
    department_id: int | None = None
    name: str = ""
    ip: str = ""


SYSTEM = Actor(user_id=None, role=Role.SYSTEM, name="Hệ thống")
"""The worker that closes unanswered dossiers and marks deadlines."""
