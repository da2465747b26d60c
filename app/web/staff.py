"""Accounts: staff are made, moved and switched off; those of citizens can only be closed and opened again."""

from collections.abc import Callable
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import Select
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField, StringField, validators

from app.domain.errors import DomainError, NotAllowed
from app.domain.roles import STAFF, Actor, Role
from app.extensions import db
from app.models.organisation import Agency, Profile
from app.reasons import words
from app.services import administration, staff
from app.services.staff import StaffAccount
from app.web.administration import TEMPLATES, Configured
from app.web.base import AdminModelView, action
from app.web.forms import Required, RowField, rows_of

SOUGHT = "tim"
"""The parameter of the address with the words to find in names and addresses."""
LONGEST_SOUGHT = 100


def _role(value: Any) -> Role | None:
    return Role(value) if value else None


class RoleField(SelectField):
    """One of the roles of staff."""

    def __init__(self, **kwargs: Any) -> None:
        """A citizen's role and the system's are never offered, so they cannot be chosen."""
        roles = [SelectChoice(role.value, role.label) for role in Role if role in STAFF]
        super().__init__(choices=[SelectChoice("", _("Chọn")), *roles], coerce=_role, **kwargs)


class Accounts(Configured):
    """Mixin: the list with its search by name, and the three actions on an account."""

    list_template = TEMPLATES + "accounts.html"
    show_template = TEMPLATES + "account.html"
    journal_noun = "account"
    journal_events = ("created", "edited", "deactivated", "activated")
    journal_detail = "account"
    label_columns: ClassVar[dict[str, Any]] = {
        "id": _("Họ và tên"),
        "user.username": _("Tên đăng nhập"),
        "user.email": _("Thư điện tử"),
        "user.active": _("Đang hoạt động"),
        "user.last_login": _("Đăng nhập gần nhất"),
        "role": _("Vai trò"),
        "agency": _("Cơ quan"),
        "agency.name": _("Cơ quan"),
        "department.name": _("Phòng"),
        "phone": _("Điện thoại"),
        "is_demo": _("Tài khoản dùng thử"),
    }
    list_load: ClassVar[list[str]] = ["agency", "department"]
    add_columns: ClassVar[list[str]] = []
    edit_columns: ClassVar[list[str]] = []
    roles: frozenset[Role] = frozenset()

    def rows(self, statement: Select[Any], actor: Actor) -> Select[Any]:  # noqa: ARG002 - the base's signature
        """The accounts of these roles; narrowed by the words of the address on the list only."""
        statement = statement.where(Profile.role.in_(self.roles))
        text = request.args.get(SOUGHT, "")[:LONGEST_SOUGHT]
        if text.strip() and not request.view_args:
            statement = statement.where(Profile.id.in_(administration.holding(text)))
        return statement

    def cell(self, row: Profile, column: str) -> Any:
        """The name stands in the column of the key."""
        return str(row) if column == "id" else super().cell(row, column)

    def history(self, key: int) -> list[Any]:
        """The journal knows accounts by their user."""
        profile = db.session.get(Profile, key)
        return super().history(profile.user_id) if profile else []

    def offers_action(self, name: str, row: Profile) -> bool:
        """Deactivating is for active accounts, activating for the others."""
        active = bool(row.user.active)
        return {"activate": not active, "deactivate": active}.get(name, True)

    def _do(self, verb: Callable[[Actor, int], None], row: Profile, said: str) -> Response:
        key = row.id
        try:
            verb(self.actor(), row.user_id)  # type: ignore[attr-defined]
            flash(said, "success")
        except NotAllowed as refusal:
            flash(words(refusal), "danger")
        return redirect(self.address("show", key))  # type: ignore[attr-defined]

    @action(
        "deactivate",
        _("Ngừng hoạt động"),
        _("Người này bị đăng xuất ngay ở mọi nơi và không đăng nhập được cho đến khi được mở lại."),
        multiple=False,
        single=True,
    )
    def deactivate(self, row: Profile) -> Response:
        """Switch the account off."""
        return self._do(staff.deactivate, row, gettext("Đã ngừng hoạt động tài khoản."))

    @action("activate", _("Cho hoạt động lại"), multiple=False, single=True)
    def activate(self, row: Profile) -> Response:
        """Switch it on again."""
        return self._do(staff.activate, row, gettext("Tài khoản hoạt động trở lại."))

    @action(
        "end_sessions",
        _("Kết thúc mọi phiên"),
        _("Người này bị đăng xuất ngay ở mọi nơi và phải đăng nhập lại."),
        multiple=False,
        single=True,
    )
    def end_sessions(self, row: Profile) -> Response:
        """Log the account out everywhere."""
        return self._do(staff.end_sessions, row, gettext("Đã kết thúc mọi phiên đăng nhập của tài khoản."))


def _create(actor: Actor, values: dict[str, Any]) -> None:
    staff.create_staff(actor, StaffAccount(**values))


def _edit(actor: Actor, profile_id: int, values: dict[str, Any]) -> None:
    profile = db.session.get_one(Profile, profile_id)
    account = StaffAccount(username=profile.user.username, **values, is_demo=profile.is_demo)
    staff.edit_staff(actor, profile.user_id, account)


class StaffAdmin(Accounts, AdminModelView):
    """``/quan-tri/tai-khoan``: people who work for the city."""

    datamodel = SQLAInterface(Profile)
    route_base = "/quan-tri/tai-khoan"
    roles = STAFF
    list_title, show_title = _("Tài khoản cán bộ"), _("Tài khoản cán bộ")
    add_title, edit_title = _("Thêm tài khoản"), _("Sửa tài khoản")
    button_add = _("Tạo tài khoản và gửi thư")
    list_intro = _(
        "Mật khẩu do từng người tự đặt qua đường dẫn trong thư; quản trị viên không biết mật khẩu."
    )
    add_row_message = _(
        "Đã tạo tài khoản. Thư có đường dẫn đặt mật khẩu được gửi tới cán bộ, dùng trong ba ngày."
    )
    list_columns = ["id", "user.username", "role", "agency.name", "department.name", "user.active"]
    show_columns = [
        "user.username", "user.email", "phone", "role", "agency.name", "department.name", "user.active",
        "is_demo",
    ]  # fmt: skip
    edit_columns = ["full_name", "email", "phone", "role", "agency", "department"]
    add_columns = ["username", *edit_columns]
    search_columns = ["role", "agency"]
    order_columns = ["role", "agency.name", "user.username", "user.active"]
    base_order = ("agency.name", "asc")
    form_extra_fields = {
        "username": StringField(
            _("Tên đăng nhập"),
            [Required(), validators.Length(max=40)],
            description=_("Chữ cái không dấu, chữ số, dấu chấm hoặc gạch. Không đổi được sau khi tạo."),
        ),
        "full_name": StringField(_("Họ và tên"), [Required(), validators.Length(max=128)]),
        "email": StringField(
            _("Thư điện tử công vụ"),
            [Required(), validators.Length(max=320)],
            description=_("Thư đặt mật khẩu và thông báo về hồ sơ được gửi tới đây."),
        ),
        "phone": StringField(_("Điện thoại"), [validators.Length(max=20)]),
        "role": RoleField(
            label=_("Vai trò"),
            validators=[Required()],
            description=_("Đổi vai trò hoặc nơi làm việc thì người này phải đăng nhập lại."),
        ),
        "agency": RowField(lambda: rows_of(Agency), label=_("Cơ quan"), validators=[Required()]),
        "department": RowField(
            administration.department_choices,
            label=_("Phòng"),
            validators=[validators.Optional()],
            description=_("Chỉ dành cho chuyên viên thụ lý; phòng phải thuộc cơ quan đã chọn."),
        ),
    }
    verb_add, verb_edit = _create, _edit

    def rows(self, statement: Select[Any], actor: Actor) -> Select[Any]:
        """Only staff have an agency: said, so that the index answers and not the accounts of all citizens."""
        return super().rows(statement, actor).where(Profile.agency_id.is_not(None))

    def values_of(self, row: Profile) -> dict[str, Any]:
        """The form of an account holds columns of two tables."""
        return {
            "full_name": str(row),
            "email": row.user.email,
            "phone": row.phone,
            "role": row.role,
            "agency": row.agency_id,
            "department": row.department_id,
        }

    def refuse(self, form: FlaskForm, refusal: DomainError) -> bool:
        """A taken mail address is reported with the log-in name, which the edit form does not have."""
        if refusal.field == "username" and "username" not in form:
            refusal.field = "email"
        return super().refuse(form, refusal)


class CitizenAdmin(Accounts, AdminModelView):
    """``/quan-tri/tai-khoan-nguoi-dan``: to close an account that is abused, or log it out for its owner."""

    datamodel = SQLAInterface(Profile)
    route_base = "/quan-tri/tai-khoan-nguoi-dan"
    roles = frozenset({Role.CITIZEN})
    list_title, show_title = _("Tài khoản người dân"), _("Tài khoản người dân")
    list_intro = _("Quản trị viên không xem được hồ sơ, số định danh và điện thoại của người dân.")
    list_columns = ["id", "user.username", "user.email", "user.active"]
    show_columns = ["user.username", "user.email", "email_confirmed_at", "user.active"]
    label_columns = Accounts.label_columns | {"email_confirmed_at": _("Xác nhận thư lúc")}
    search_columns: list[str] = []
    order_columns = ["user.username"]
    base_order = ("id", "desc")


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(StaffAdmin)
    appbuilder.add_view_no_menu(CitizenAdmin)
