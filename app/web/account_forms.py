"""The forms of the account pages. Rules stand in the domain; a form asks them and keeps what was typed."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, PasswordField, StringField, TelField, ValidationError

from app.actor import status_of
from app.domain import passwords
from app.domain.applicant import clean_personal_id, clean_phone
from app.domain.errors import DomainError, Refused
from app.domain.people import clean_email, split_name
from app.reasons import words
from app.web.forms import Required

INPUT_NEEDS_MENDING = 422


class Rule:
    """Asks a rule of the domain about the field's text."""

    def __init__(self, rule: Callable[[str, str], object]) -> None:
        """``rule`` takes the text and the field's name, and raises Refused."""
        self._rule = rule

    def __call__(self, form: FlaskForm, field: Field) -> None:  # noqa: ARG002 - WTForms' signature
        """Turn a refusal into the message at the field."""
        try:
            self._rule(field.data or "", field.name)
        except Refused as error:
            raise ValidationError(words(error)) from error


def _good_password(text: str, field: str) -> None:
    passwords.check(passwords.normalised(text), field=field)


class AccountForm(FlaskForm):
    """A form whose verb may refuse; ``status`` is the HTTP status of the page that shows it."""

    status = 200

    def carries_out(self, verb: Callable[[], object]) -> bool:
        """Whether the form was sent and the verb accepted it; if not, the reasons stand at the fields."""
        if not self.is_submitted():
            return False
        if not self.validate():
            self.status = INPUT_NEEDS_MENDING
            return False
        try:
            verb()
        except DomainError as error:
            self._show(error)
            return False
        return True

    def _show(self, error: DomainError) -> None:
        self.status = status_of(error)
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors = [words(error)]
        else:
            field.errors = [*field.errors, words(error)]

    def _agree(self, first: Field, again: Field) -> bool:
        if first.data != again.data:
            again.errors = [*again.errors, words(Refused("passwords_differ"))]
        return bool(first.data == again.data)


def _strip(text: str | None) -> str | None:
    return text.strip() if text else text


def _text(
    label: Any, *rules: Any, kind: type[StringField] = StringField, autocomplete: str, **extra: Any
) -> Any:
    longest = extra.pop("longest", 320)
    shown = {"autocomplete": autocomplete, "maxlength": longest}
    return kind(label, validators=list(rules), filters=[_strip], render_kw=shown, **extra)


def _email(label: Any, autocomplete: str = "email") -> Any:
    return _text(label, Required(), Rule(clean_email), kind=EmailField, autocomplete=autocomplete)


def _password(label: Any, autocomplete: str, *rules: Any, **extra: Any) -> Any:
    return PasswordField(
        label, validators=[Required(), *rules], render_kw={"autocomplete": autocomplete}, **extra
    )


def _new_password(label: Any) -> Any:
    rule = _(
        "Ít nhất 10 ký tự, không chứa họ tên, số điện thoại hay địa chỉ thư. Một câu ngắn dễ nhớ là tốt nhất."
    )
    return _password(label, "new-password", Rule(_good_password), description=rule)


class LoginForm(AccountForm):
    """Log-in name or mail address, and password."""

    username = _text(
        _("Tên đăng nhập hoặc địa chỉ thư điện tử"), Required(), autocomplete="username", longest=320
    )
    password = _password(_("Mật khẩu"), "current-password")


class DeclaredForm(AccountForm):
    """What people say of themselves."""

    full_name = _text(
        _("Họ và tên"),
        Required(),
        Rule(split_name),
        autocomplete="name",
        longest=129,
        description=_("Viết đủ họ, tên đệm và tên như trên giấy tờ tùy thân."),
    )
    phone = _text(
        _("Số điện thoại"),
        Required(),
        Rule(clean_phone),
        kind=TelField,
        autocomplete="tel",
        longest=20,
    )
    personal_id = _text(_("Số định danh cá nhân"), Rule(clean_personal_id), autocomplete="off", longest=20)
    address = _text(_("Địa chỉ"), autocomplete="street-address", longest=300)


class RegisterForm(DeclaredForm):
    """A citizen's application for an account. It has no field for a role."""

    email = _email(_("Địa chỉ thư điện tử"))
    password = _new_password(_("Mật khẩu"))
    password_again = _password(_("Mật khẩu lần thứ hai"), "new-password")
    consent = BooleanField(
        _("Tôi đã đọc thông báo xử lý dữ liệu cá nhân và đồng ý để cơ quan dùng khi giải quyết hồ sơ."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """All fields, and what no field knows alone."""
        good = super().validate(extra_validators)
        agreed = self._agree(self.password, self.password_again)
        if not self.consent.data:
            self.consent.errors = [words(Refused("consent_required"))]
        return good and agreed and bool(self.consent.data)


class EmailForm(AccountForm):
    """The address a mail shall go to."""

    email = _email(_("Địa chỉ thư điện tử đã đăng ký"))


class TwiceForm(AccountForm):
    """A form that asks for a new password twice."""

    password: Field
    password_again: Field

    def validate(self, extra_validators: Any = None) -> bool:
        """Both fields, and that they agree."""
        good = super().validate(extra_validators)
        return self._agree(self.password, self.password_again) and good


class NewPasswordForm(TwiceForm):
    """A new password, twice."""

    password = _new_password(_("Mật khẩu mới"))
    password_again = _password(_("Mật khẩu mới lần thứ hai"), "new-password")


class ChangePasswordForm(TwiceForm):
    """The old password, and the new one twice; in the order of the page, so that its errors are, too."""

    old_password = _password(_("Mật khẩu hiện tại"), "current-password")
    password = _new_password(_("Mật khẩu mới"))
    password_again = _password(_("Mật khẩu mới lần thứ hai"), "new-password")


class ChangeEmailForm(AccountForm):
    """A new mail address, with the password: an open browser is not yet its owner."""

    email = _email(_("Địa chỉ thư điện tử mới"))
    password = _password(_("Mật khẩu hiện tại"), "current-password")


class PressForm(AccountForm):
    """Nothing but a button."""
