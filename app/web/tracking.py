"""Following a dossier: with an account, with its code and four digits, or with the secret link of the QR."""

from typing import Any

from flask import flash, redirect
from flask_appbuilder import expose
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from app.domain.errors import NotFound
from app.domain.roles import Actor
from app.domain.states import State
from app.models.dossier import Dossier
from app.models.handling import Result
from app.reasons import words
from app.services import (
    access,
    apologies,
    counter,
    dossiers,
    facts,
    lookup,
    messages,
    opening,
    ownership,
    progress,
    supplements,
)
from app.services import papers as issued
from app.web.base import PageView
from app.web.forms import Required
from app.web.visitors import KEY, PressForm, accepted, citizen, leave, plain, qr, secret_link, shown, visitor

_ = lazy_gettext
LONGEST_CODE = 60


class LookupForm(FlaskForm):
    """What is needed to look a dossier up without an account."""

    code = StringField(
        _("Mã hồ sơ"),
        [Required()],
        id="tra-ma",
        filters=[plain],
        description=_("Mã có trong thư xác nhận và trên giấy tiếp nhận."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": LONGEST_CODE},
    )
    last_four = StringField(
        _("4 số cuối điện thoại người nộp"),
        [Required()],
        id="tra-so",
        filters=[plain],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4},
    )


class MessageForm(FlaskForm):
    """A line to the office."""

    body = TextAreaField(_("Gửi câu hỏi về hồ sơ này"), id="tin-nhan", filters=[plain], render_kw={"rows": 3})


class WithdrawForm(PressForm):
    """Why the citizen takes the dossier back."""

    reason = TextAreaField(_("Lý do rút hồ sơ"), filters=[plain], render_kw={"rows": 3})


class TrackingPages(PageView):
    """A citizen's own dossiers."""

    route_base = ""

    @expose("/ho-so-cua-toi")
    def mine(self) -> Response:
        """List the citizen's dossiers and drafts."""
        return shown("citizen/mine.html", own=ownership.of(citizen()))

    @expose(f"/ho-so/<{KEY}:dossier_id>")
    def show(self, dossier_id: int) -> Response:
        """Show where the dossier is, until when, and what there is to do."""
        return _dossier_page(citizen(), _sent(dossier_id), MessageForm())

    @expose(f"/ho-so/<{KEY}:dossier_id>/tin-nhan", methods=("POST",))
    def write(self, dossier_id: int) -> Response:
        """Write to whoever handles the dossier."""
        actor, dossier, form = citizen(), _sent(dossier_id), MessageForm()
        if accepted(form, lambda: messages.write(actor, dossier_id, form.body.data)):
            flash(gettext("Đã gửi câu hỏi tới cơ quan giải quyết hồ sơ."), "success")
            return redirect(f"/ho-so/{dossier_id}#trao-doi")
        return _dossier_page(actor, dossier, form)

    @expose(f"/ho-so/<{KEY}:dossier_id>/rut", methods=("GET", "POST"))
    def withdraw(self, dossier_id: int) -> Response:
        """Take the dossier back, with a reason and after saying what that means."""
        actor, dossier, form = citizen(), _sent(dossier_id), WithdrawForm()
        if accepted(form, lambda: _withdraw(actor, dossier_id, form)):
            flash(gettext("Đã rút hồ sơ."), "success")
            return redirect(f"/ho-so/{dossier_id}")
        if "withdraw" not in {offer.key for offer, _refusals in dossiers.offers(actor, dossier)}:
            leave(f"/ho-so/{dossier_id}")
        form.renew(dossier)
        return shown("citizen/withdraw.html", form, dossier=dossier)


class LookupPages(PageView):
    """Looking up without an account; nothing here is kept by browsers or found by search engines."""

    route_base = "/tra-cuu"

    @expose("", methods=("GET", "POST"))
    def find(self) -> Response:
        """Look up by code and the last four digits of the telephone."""
        form, found = LookupForm(), []
        if accepted(form, lambda: found.append(_look_up(form))):
            return _unlisted(shown("public/found.html", found=found[0], hours=opening.at_present()))
        return _unlisted(shown("public/lookup.html", form))

    @expose("/<secret>")
    def by_secret(self, secret: str) -> Response:
        """Look up by the secret link."""
        found = lookup.by_secret(plain(secret))
        return _unlisted(shown("public/found.html", found=found, hours=opening.at_present()))


def _withdraw(actor: Actor, dossier_id: int, form: WithdrawForm) -> None:
    dossiers.apply(actor, dossier_id, "withdraw", reason=form.reason.data, **form.seen())


def _look_up(form: LookupForm) -> lookup.PublicView:
    """NotFound becomes a sentence on the form: the person may have mistyped."""
    try:
        return lookup.by_code(form.code.data[:LONGEST_CODE], form.last_four.data, visitor())
    except NotFound as error:
        form.form_errors.append(words(error))
        return None  # type: ignore[return-value]  # the form has an error, nobody reads this


def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    return response


def _sent(dossier_id: int) -> Dossier:
    """The citizen's dossier; a draft has its own pages."""
    dossier = access.dossier_for(citizen(), dossier_id)
    if dossier.state is State.DRAFT:
        leave(f"/ho-so/{dossier_id}/soan")
    if dossier.submitted_at is None:
        raise NotFound("no_such_dossier")
    return dossier


def _dossier_page(actor: Actor, dossier: Dossier, form: MessageForm) -> Response:
    link, result, papers = secret_link(dossier), facts.current_result(dossier), ownership.papers(dossier)
    return shown(
        "citizen/dossier.html",
        form,
        dossier=dossier,
        holder=lookup.holder_of(dossier),
        clock=progress.running_clock(dossier),
        steps=progress.steps(dossier),
        offers={offer.key: refusals for offer, refusals in dossiers.offers(actor, dossier)},
        documents=[document for document in papers if document.attachments],
        requests=supplements.of_dossier(dossier),
        lines=messages.of_dossier(dossier),
        mails=messages.mails_of(dossier, actor),
        fees=facts.fee_facts(dossier),
        payments=counter.payments_of(dossier),
        reason=progress.last_reason(dossier),
        printed=issued.of_dossier(actor, dossier),
        apology=apologies.of_dossier(dossier),
        result=result,
        void=_void_result(result),
        hours=opening.at_present(dossier.agency_id),
        link=link,
        qr=qr(link),
    )


def _void_result(result: Result | None) -> Result | None:
    return result if result is not None and result.voided_at else None


def register(appbuilder: Any) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(TrackingPages)
    appbuilder.add_view_no_menu(LookupPages)
