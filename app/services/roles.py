"""FAB's roles and permissions, derived from the transition table plus a short list of grants."""

from typing import TypeVar

from flask_appbuilder.security.sqla.models import Permission, PermissionView, ViewMenu
from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import select

from app.domain import transitions
from app.domain.roles import Role
from app.extensions import db
from app.services.transaction import transaction

DOSSIERS = "Dossiers"
"""The FAB view that carries one permission per transition."""

READ = ("can_list", "can_show")
WRITE = (*READ, "can_add", "can_edit", "can_delete")

CATALOGUE_API = dict.fromkeys(("ProceduresApi", "FeesApi", "UnitsApi"), ("can_read",))
DESCRIPTION = {"OpenApi": ("can_get",), "SwaggerView": ("can_show",)}
DOSSIER_API = {"DossiersApi": ("can_read", "can_transition"), "AttachmentsApi": ("can_read",)}
PERSON = CATALOGUE_API | DESCRIPTION | DOSSIER_API
OFFICIAL = PERSON | {DOSSIERS: READ}

CONFIGURATION = {
    "AdministrationPages": ("can_index",),
    "ProcedureAdmin": (*WRITE, "can_reorder"),
    "DocumentAdmin": WRITE,
    "FeeAdmin": WRITE,
    "FieldAdmin": WRITE,
    "UnitAdmin": (*WRITE, "can_end"),
    "AgencyAdmin": WRITE,
    "DepartmentAdmin": WRITE,
    "PlaceAdmin": WRITE,
    "AuthorityAdmin": WRITE,
    "RolloutAdmin": ("can_index",),
    "HoursAdmin": ("can_index", "can_common", "can_own"),
    "DayAdmin": ("can_list", "can_add", "can_edit", "can_delete", "can_year", "can_confirm", "can_prefill"),
    "StaffAdmin": ("can_list", "can_show", "can_add", "can_edit", "deactivate", "activate", "end_sessions"),
    "CitizenAdmin": ("can_list", "can_show", "deactivate", "activate", "end_sessions"),
    "NewsAdmin": WRITE,
    "QuestionAdmin": (*READ, "can_edit"),
    "SettingAdmin": ("can_index", "can_change"),
}
"""The pages of app/web/administration.py and its neighbours."""

GRANTS: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.CITIZEN: PERSON,
    Role.RECEIVING_OFFICER: OFFICIAL,
    Role.DEPARTMENT_OFFICER: OFFICIAL,
    Role.LEADER: OFFICIAL,
    Role.ADMINISTRATOR: CATALOGUE_API | DESCRIPTION | CONFIGURATION,
}
"""What a role may do besides transitions: view name -> FAB permission names."""

Grant = tuple[str, str]
Named = TypeVar("Named", Permission, ViewMenu)


def wanted(role: Role) -> set[Grant]:
    """Every (permission, view) of a role: its transitions and its grants."""
    derived = {(t.key, DOSSIERS) for t in transitions.of_role(role)}
    return derived | {(name, view) for view, names in GRANTS.get(role, {}).items() for name in names}


def sync() -> dict[str, int]:
    """Make FAB's roles say exactly what the table says: add what is missing, take away what is too much."""
    counts = {"added": 0, "removed": 0}
    with transaction():
        for role in GRANTS:
            row = role_row(role)
            have = {(p.permission.name, p.view_menu.name): p for p in row.permissions}
            for grant in sorted(wanted(role) - have.keys()):
                row.permissions.append(_permission(*grant))
                counts["added"] += 1
            for grant in have.keys() - wanted(role):
                row.permissions.remove(have[grant])
                counts["removed"] += 1
    return counts


def role_row(role: Role) -> FabRole:
    """FAB's row of a role, made when it is not there yet; part of the running transaction."""
    row = db.session.scalar(select(FabRole).where(FabRole.name == role.value))
    if row is None:
        row = FabRole(name=role.value)
        db.session.add(row)
        db.session.flush()
    return row


def _permission(name: str, view: str) -> PermissionView:
    permission = _named(Permission, name)
    menu = _named(ViewMenu, view)
    query = select(PermissionView).where(
        PermissionView.permission_id == permission.id, PermissionView.view_menu_id == menu.id
    )
    row = db.session.scalar(query)
    if row is None:
        row = PermissionView(permission=permission, view_menu=menu)
        db.session.add(row)
        db.session.flush()
    return row


def _named(model: type[Named], name: str) -> Named:
    row = db.session.scalar(select(model).where(model.name == name))
    if row is None:
        row = model(name=name)
        db.session.add(row)
        db.session.flush()
    return row
