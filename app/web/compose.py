"""Composing a dossier: the task list, one page per step, checking, sending. Saved at each step."""

from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.wrappers import Response
from wtforms import BooleanField, EmailField, RadioField, SelectChoice, StringField, TelField, TextAreaField

from app.domain.errors import Conflict, DomainError, NotFound, Refused
from app.domain.roles import Actor
from app.models.dossier import ApplicantKind, Dossier, DossierDocument
from app.reasons import words
from app.services import access, compose, dossiers, messages, opening, organisation, progress, tasks
from app.web.base import PageView
from app.web.visitors import (
    KEY,
    PressForm,
    accepted,
    add_scans,
    blame,
    chosen,
    citizen,
    draft,
    limits,
    plain,
    qr,
    secret_link,
    shown,
    sort_scans,
    uploads,
)

_ = lazy_gettext
RECEIPT = "submission_receipt"

SEND_REFUSALS: dict[str, DomainError] = {
    "truth_not_declared": Refused("truth_not_declared", field="truth"),
    "stale_version": Conflict("stale_version"),
}
"""Refusals of Send that the check does not show by itself."""


def _kinds() -> list[SelectChoice]:
    return [SelectChoice(kind.value, kind.label) for kind in ApplicantKind]


class PlaceForm(FlaskForm):
    """Where originals are shown and the result is handed over."""

    place_id = RadioField(_("Nơi đối chiếu bản gốc và nhận kết quả"), coerce=chosen, validate_choice=False)


class ApplicantForm(FlaskForm):
    """Who applies, how to reach them, and who stands in for them."""

    kind = RadioField(_("Người nộp hồ sơ là"), choices=_kinds)
    name = StringField(_("Họ và tên, hoặc tên tổ chức"), filters=[plain], render_kw={"autocomplete": "name"})
    personal_id = StringField(
        _("Số định danh cá nhân hoặc số chứng minh nhân dân"),
        filters=[plain],
        description=_("12 số trên thẻ căn cước, hoặc 9 số trên chứng minh nhân dân."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    phone = TelField(
        _("Điện thoại"),
        filters=[plain],
        description=_("4 số cuối dùng để tra cứu hồ sơ khi không đăng nhập."),
        render_kw={"autocomplete": "tel"},
    )
    address = StringField(_("Địa chỉ"), filters=[plain], render_kw={"autocomplete": "street-address"})
    email = EmailField(
        _("Thư điện tử"),
        filters=[plain],
        description=_("Mọi trao đổi về hồ sơ gửi đến địa chỉ này. Không đổi được sau khi gửi hồ sơ."),
        render_kw={"autocomplete": "email"},
    )
    request_summary = TextAreaField(
        _("Nội dung đề nghị"),
        filters=[plain],
        description=_("Ghi ngắn gọn việc ông, bà đề nghị giải quyết."),
        render_kw={"rows": 4},
    )
    representative_name = StringField(_("Họ và tên người được ủy quyền"), filters=[plain])
    representative_personal_id = StringField(
        _("Số định danh của người được ủy quyền"), filters=[plain], render_kw={"inputmode": "numeric"}
    )
    representative_phone = TelField(_("Điện thoại của người được ủy quyền"), filters=[plain])

    @classmethod
    def of(cls, dossier: Dossier) -> "ApplicantForm":
        """The form with what is saved, or what was typed."""
        names = ("name", "personal_id", "phone", "address")
        saved = {name: getattr(dossier, f"applicant_{name}") for name in names}
        return cls(obj=dossier, kind=dossier.applicant_kind.value, email=dossier.declared_email, **saved)

    def declared(self) -> compose.Applicant:
        """What was typed, for the service."""
        typed = {name: field.data or "" for name, field in self._fields.items()}
        typed.pop("csrf_token", None)
        return compose.Applicant(kind=ApplicantKind(typed.pop("kind")), **typed)


class ScansForm(FlaskForm):
    """Files of one document."""

    files = MultipleFileField(_("Thêm ảnh hoặc tệp"))


class SendForm(PressForm):
    """The declaration, and Send."""

    truth = BooleanField(
        _(
            "Tôi xác nhận ảnh, tệp đã tải lên được chụp từ bản gốc. Tôi hiểu rằng nếu bản gốc không khớp, "
            "kết quả bị hủy và cơ quan chức năng được thông báo."
        )
    )


class ComposePages(PageView):
    """The pages of a draft."""

    route_base = "/ho-so"

    @expose(f"/<{KEY}:dossier_id>/soan")
    def tasks(self, dossier_id: int) -> Response:
        """List what there is to do, in any order, and what still keeps Send locked."""
        dossier = draft(dossier_id)
        rows = tasks.of(dossier)
        return shown(
            "citizen/tasks.html",
            dossier=dossier,
            tasks=rows,
            left=tasks.left(rows),
            kept_until=tasks.kept_until(dossier),
        )

    @expose(f"/<{KEY}:dossier_id>/soan/noi-nhan", methods=("GET", "POST"))
    def place(self, dossier_id: int) -> Response:
        """Choose the counter."""
        dossier = draft(dossier_id)
        form = PlaceForm(place_id=dossier.return_place_id)
        places = organisation.places_of(dossier.agency_id)
        form.place_id.choices = [SelectChoice(str(place.id), str(place)) for place in places]
        if accepted(form, lambda: compose.choose_place(citizen(), dossier_id, form.place_id.data or 0)):
            return redirect(f"/ho-so/{dossier_id}/soan")
        return shown("citizen/place.html", form, dossier=dossier)

    @expose(f"/<{KEY}:dossier_id>/soan/nguoi-nop", methods=("GET", "POST"))
    def applicant(self, dossier_id: int) -> Response:
        """Declare the applicant."""
        dossier = draft(dossier_id)
        form = ApplicantForm.of(dossier)
        if accepted(form, lambda: compose.declare_applicant(citizen(), dossier_id, form.declared())):
            return redirect(f"/ho-so/{dossier_id}/soan")
        return shown("citizen/applicant.html", form, dossier=dossier)

    @expose(f"/<{KEY}:dossier_id>/soan/nguoi-nop/tu-luu", methods=("POST",))
    def note_applicant(self, dossier_id: int) -> Response:
        """Save what is fit to be saved while the citizen is still typing."""
        form = ApplicantForm.of(draft(dossier_id))
        if form.validate():
            compose.note_applicant(citizen(), dossier_id, form.declared())
        return Response(status=204)

    @expose(f"/<{KEY}:dossier_id>/soan/giay-to/<{KEY}:document_id>", methods=("GET", "POST"))
    def document(self, dossier_id: int, document_id: int) -> Response:
        """Add, order and remove the scans of one document."""
        dossier = draft(dossier_id)
        document = _own_document(dossier, document_id)
        form = ScansForm()
        if accepted(form, lambda: _take_scans(form, document)):
            done = request.form.get("act") == "done"
            return redirect(f"/ho-so/{dossier_id}/soan" + ("" if done else f"/giay-to/{document_id}"))
        return shown("citizen/document.html", form, dossier=dossier, document=document, limits=limits())

    @expose(f"/<{KEY}:dossier_id>/kiem-tra")
    def check(self, dossier_id: int) -> Response:
        """Read everything once more, with the promise of when it is taken in."""
        dossier, form = draft(dossier_id), SendForm()
        if refusal := SEND_REFUSALS.get(request.args.get("vi", "")):
            blame(form, refusal)
        return _check_page(dossier, form)

    @expose(f"/<{KEY}:dossier_id>/loi-hua")
    def promise(self, dossier_id: int) -> Response:
        """Give the promise alone, as of now, for the page that renews it each minute."""
        return shown("citizen/promise.html", promise=tasks.promise(draft(dossier_id)))

    @expose(f"/<{KEY}:dossier_id>/gui", methods=("POST",))
    def send(self, dossier_id: int) -> Response:
        """Send; a second press ends on the confirmation of the first.

        A refusal leads back to the check by a redirection: else the browser's back button, pressed after the
        dossier was sent at last, would come upon a page that only a second posting could bring back.
        """
        actor, form = citizen(), SendForm()
        try:
            tasks.send(actor, dossier_id, declared=form.truth.data, **form.seen())
        except (Refused, Conflict) as refusal:
            return redirect(f"/ho-so/{dossier_id}/kiem-tra?vi={refusal.key}")
        return redirect(f"/ho-so/{dossier_id}/da-gui")

    @expose(f"/<{KEY}:dossier_id>/da-gui")
    def sent(self, dossier_id: int) -> Response:
        """Confirm: the code, the QR, and what happens next."""
        actor = citizen()
        dossier = access.dossier_for(actor, dossier_id)
        if dossier.submitted_at is None:
            raise NotFound("no_such_dossier")
        return _sent_page(actor, dossier)

    @expose(f"/<{KEY}:dossier_id>/huy-nhap", methods=("GET", "POST"))
    def discard(self, dossier_id: int) -> Response:
        """Throw a draft away, after saying what is lost."""
        dossier = draft(dossier_id)
        form = PressForm.of(dossier)
        if accepted(form, lambda: dossiers.apply(citizen(), dossier_id, "discard", **form.seen())):
            flash(gettext("Đã hủy bản nháp."), "success")
            return redirect("/ho-so-cua-toi")
        form.renew(dossier)
        return shown("citizen/discard.html", form, dossier=dossier)


def _own_document(dossier: Dossier, document_id: int) -> DossierDocument:
    document = next((d for d in dossier.documents if d.id == document_id), None)
    if document is None:
        raise NotFound("no_such_document")
    return document


def _take_scans(form: ScansForm, document: DossierDocument) -> None:
    """Do what the button of a scan says, keep the files that open, and name those that do not."""
    actor = citizen()
    if ":" in (act := request.form.get("act", "")):
        sort_scans(actor, {document.id}, act)
    form.files.errors = [*form.files.errors, *add_scans(actor, document.id, uploads(form.files.name))]


def _check_page(dossier: Dossier, form: SendForm) -> Response:
    form.renew(dossier)
    return shown(
        "citizen/check.html",
        form,
        dossier=dossier,
        promise=tasks.promise(dossier),
        reasons=_reasons(dossier),
    )


def _reasons(dossier: Dossier) -> list[str]:
    """Why it cannot be sent yet; the declaration is made on this very page."""
    offers = dossiers.offers(citizen(), dossier)
    submit = next(refusals for offer, refusals in offers if offer.key == "submit")
    unfinished = [r.as_error() for r in submit if r.key != "truth_not_declared"]
    if not compose.applicant_complete(dossier):
        unfinished.insert(0, Refused("applicant_incomplete"))
    if not dossier.return_place_id:
        unfinished.insert(0, Refused("place_not_chosen"))
    return [words(error) for error in unfinished]


def _sent_page(actor: Actor, dossier: Dossier) -> Response:
    link = secret_link(dossier)
    mails = [mail for mail in messages.mails_of(dossier, actor) if mail.template == RECEIPT]
    return shown(
        "citizen/sent.html",
        dossier=dossier,
        link=link,
        qr=qr(link),
        mail=mails[-1] if mails else None,
        clock=progress.running_clock(dossier),
        hours=opening.at_present(dossier.agency_id),
    )


def register(appbuilder: Any) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(ComposePages)
