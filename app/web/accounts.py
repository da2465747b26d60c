"""Pages of accounts: register, confirm, log in and out, forgotten password, one's own profile."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import flash, g, redirect, request
from flask_appbuilder import AppBuilder, expose
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.actor import current_actor, require_actor, status_of
from app.domain.errors import DomainError
from app.domain.roles import STAFF, Actor, Role
from app.reasons import words
from app.services import accounts
from app.services.account_links import Purpose
from app.web import account_forms as forms
from app.web.pages import PageView
from app.web.security import close_session, open_session

HOMES = {
    Role.CITIZEN: "/ho-so-cua-toi",
    Role.RECEIVING_OFFICER: "/hop-thu",
    Role.DEPARTMENT_OFFICER: "/hop-thu",
    Role.LEADER: "/hop-thu",
    Role.ADMINISTRATOR: "/quan-tri/",
}
"""Where each role's work begins."""
SHOWN_TO_THE_OWNER = ("full_name", "phone", "personal_id", "address")
Page = tuple[str, int] | Response


class AccountView(PageView):
    """FAB's log-in view (``sm.auth_view``) and everything else about one's own account."""

    route_base = ""

    @expose("/dang-nhap", methods=["GET", "POST"])
    def login(self) -> Page:
        """Log in by log-in name or mail address."""
        actor = current_actor()
        form = forms.LoginForm()
        if actor:
            return redirect(HOMES[actor.role])
        if form.carries_out(lambda: _enter(form)):
            return redirect(local_path(request.args.get("next")) or HOMES[g.profile.role])
        return self._form("login", form)

    @expose("/dang-xuat", methods=["POST"])
    def logout(self) -> Response:
        """End all sessions of the account, on every device."""
        actor = current_actor()
        if actor:
            accounts.log_out(actor)
        close_session()
        return _go("/", _("Ông, bà đã đăng xuất trên mọi thiết bị."))

    @expose("/dang-ky", methods=["GET", "POST"])
    def register(self) -> Page:
        """Make a citizen's account; whether the address had one already is told by mail only."""
        form = forms.RegisterForm()
        if form.carries_out(lambda: accounts.register(_registration(form), ip=_ip(), locale=_locale())):
            return self._sent("register", form.email.data)
        return self._form("register", form)

    @expose("/gui-lai-xac-nhan", methods=["GET", "POST"])
    def resend(self) -> Page:
        """Mail a new confirmation link."""
        form = forms.EmailForm(email=_own_email())
        if form.carries_out(
            lambda: accounts.resend_confirmation(form.email.data, ip=_ip(), locale=_locale())
        ):
            return self._sent("resend", form.email.data)
        return self._form("resend", form)

    @expose("/quen-mat-khau", methods=["GET", "POST"])
    def forgot(self) -> Page:
        """Mail a link to set a new password."""
        form = forms.EmailForm(email=_own_email())
        if form.carries_out(lambda: accounts.request_reset(form.email.data, ip=_ip(), locale=_locale())):
            return self._sent("forgot", form.email.data)
        return self._form("forgot", form)

    @expose("/xac-nhan/<token>", methods=["GET", "POST"])
    def confirm(self, token: str) -> Page:
        """Confirm the mail address of a registration: the link shows a button, the button confirms."""
        form, done = forms.PressForm(), _("Đã xác nhận địa chỉ thư điện tử. Từ nay ông, bà gửi được hồ sơ.")
        return self._link(Purpose.CONFIRM, token, form, lambda: accounts.confirm(token, ip=_ip()), done)

    @expose("/doi-thu-dien-tu/<token>", methods=["GET", "POST"])
    def confirm_email(self, token: str) -> Page:
        """Put a new mail address in place of the old one."""
        form, done = (
            forms.PressForm(),
            _("Đã đổi địa chỉ thư điện tử. Từ nay ông, bà đăng nhập bằng địa chỉ mới."),
        )
        verb = lambda: accounts.confirm_email(token, ip=_ip(), locale=_locale())  # noqa: E731
        return self._link(Purpose.EMAIL, token, form, verb, done)

    @expose("/dat-lai-mat-khau/<token>", methods=["GET", "POST"])
    def reset(self, token: str) -> Page:
        """Set a new password by a mailed link."""
        return self._new_password(Purpose.RESET, token)

    @expose("/kich-hoat/<token>", methods=["GET", "POST"])
    def invitation(self, token: str) -> Page:
        """Let a new member of staff choose the first password."""
        return self._new_password(Purpose.INVITATION, token)

    @expose("/tai-khoan", methods=["GET", "POST"])
    def profile(self) -> Page:
        """Show and change one's own profile."""
        actor = require_actor()
        form = forms.DeclaredForm(obj=_shown())
        if form.carries_out(lambda: accounts.change_profile(actor, _declared(form))):
            return _go("/tai-khoan", _("Đã lưu thông tin tài khoản."))
        return self._form("profile", form, profile=g.profile, is_staff=actor.role in STAFF)

    @expose("/tai-khoan/thu-dien-tu", methods=["GET", "POST"])
    def email(self) -> Page:
        """Ask for another mail address; it holds once its owner has opened the link."""
        actor = require_actor()
        form = forms.ChangeEmailForm()
        if form.carries_out(lambda: _ask_for_email(actor, form)):
            return self._sent("email", form.email.data)
        return self._form("email", form, profile=g.profile)

    @expose("/doi-mat-khau", methods=["GET", "POST"])
    def password(self) -> Page:
        """Change one's own password; this browser stays logged in, all others do not."""
        actor = require_actor()
        form = forms.ChangePasswordForm()
        if form.carries_out(lambda: _change_password(actor, form)):
            return _go("/tai-khoan", _("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."))
        return self._form("password", form)

    def _new_password(self, purpose: Purpose, token: str) -> Page:
        form, done = forms.NewPasswordForm(), _("Đã đặt mật khẩu mới. Mời ông, bà đăng nhập.")
        verb = lambda: _reset(purpose, token, form)  # noqa: E731
        return self._link(purpose, token, form, verb, done)

    def _link(self, purpose: Purpose, token: str, form: Any, verb: Callable[[], object], done: str) -> Page:
        """The page of a mailed link: asks before it acts, says what is wrong with a dead link."""
        try:
            link = accounts.read_link(purpose, token)
        except DomainError as error:
            return self._page("link_dead", status_of(error), sentence=words(error), purpose=purpose)
        if form.carries_out(verb):
            return _go("/dang-nhap", done)  # which sends on whoever is logged in
        return self._form("link", form, purpose=purpose, name=str(link.profile), email=link.email)

    def _sent(self, kind: str, email: str) -> Page:
        return self._page("sent", 200, kind=kind, email=email)

    def _form(self, template: str, form: Any, **shown: Any) -> Page:
        return self._page(template, form.status, form=form, **shown)

    def _page(self, template: str, status: int, **shown: Any) -> Page:
        return self.render_template(f"accounts/{template}.html", **shown), status


def local_path(target: str | None) -> str | None:
    """The path and query of an address on this site; None for any other text (open redirects)."""
    if not target or not target.isprintable() or "\\" in target:
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    own = not parts.netloc or (parts.scheme in {"http", "https"} and parts.netloc == request.host)
    if not own or not parts.path.startswith("/") or parts.path.startswith("//"):
        return None
    return urlunsplit(("", "", parts.path, parts.query, ""))


def _enter(form: Any) -> None:
    open_session(accounts.log_in(form.username.data, form.password.data, ip=_ip()))


def _change_password(actor: Actor, form: Any) -> None:
    changed = accounts.change_password(actor, form.old_password.data, form.password.data, _locale())
    open_session(changed)


def _ask_for_email(actor: Actor, form: Any) -> None:
    accounts.ask_for_email(actor, form.email.data, form.password.data, _locale())


def _reset(purpose: Purpose, token: str, form: Any) -> None:
    accounts.reset_password(token, form.password.data, ip=_ip(), purpose=purpose, locale=_locale())


def _registration(form: Any) -> accounts.Registration:
    """Field by field: what else stands in the request (a role, an agency) goes nowhere."""
    return accounts.Registration(
        full_name=form.full_name.data,
        phone=form.phone.data,
        personal_id=form.personal_id.data,
        address=form.address.data,
        email=form.email.data,
        password=form.password.data,
        consent=form.consent.data,
    )


def _declared(form: Any) -> accounts.Declared:
    return accounts.Declared(*(getattr(form, name).data for name in SHOWN_TO_THE_OWNER))


def _shown() -> accounts.Declared:
    profile = g.profile
    return accounts.Declared(str(profile), profile.phone, profile.personal_id, profile.address)


def _own_email() -> str:
    return g.profile.user.email if current_actor() else ""


def _go(path: str, message: str) -> Response:
    flash(message, "success")
    return redirect(path)


def _ip() -> str:
    return request.remote_addr or ""


def _locale() -> str:
    return str(get_locale() or "vi")


def register(appbuilder: AppBuilder) -> None:
    """Add the pages; FAB sends people who have to log in here."""
    appbuilder.sm.auth_view = appbuilder.add_view_no_menu(AccountView)
