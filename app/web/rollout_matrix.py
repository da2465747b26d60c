"""The roll-out as a matrix: every agency, every level, one date each; what opens and closes is shown before saving."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, render_template, request
from flask import redirect as to
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, validators

from app.actor import require_actor
from app.domain.errors import Conflict, Refused
from app.domain.roles import Role
from app.models.organisation import Level
from app.services import rollout_plan
from app.services.rollout_plan import Effect, Place, Step
from app.web.administration import TEMPLATES
from app.web.base import PageView, add_refusal, allowed
from app.web.writing import status

SEEN = "da_xem"
"""The hidden field with the mark of the preview that the person saw."""
DAY, BEFORE, CHOSEN, SET = "ngay_", "truoc_", "chon", "dat"
TOGETHER = "ngay_chung"


class RolloutAdmin(PageView):
    """``/quan-tri/trien-khai``: from when each agency takes the procedures of its level."""

    route_base = "/quan-tri/trien-khai"

    @expose("", methods=["GET", "POST"])
    @allowed
    def index(self) -> Any:
        """The matrix; the first press shows what would open and close, the second saves it."""
        actor, places = require_actor(Role.ADMINISTRATOR), rollout_plan.places()
        form, plan = _form(places), None
        if SET in request.form:
            _set_together(form)
        elif form.validate_on_submit():
            try:
                wanted, mark = _wanted(form, places), request.form.get(SEEN, "")
                if mark:
                    saved = rollout_plan.save(actor, wanted, mark)
                    flash(_said(saved.steps), "success")
                    return to(self.route_base)
                plan = rollout_plan.look(wanted)
            except Refused as refusal:
                refusal.field = f"{DAY}{refusal.field}"
                add_refusal(form, refusal)
            except Conflict as refusal:
                add_refusal(form, refusal)
                plan = rollout_plan.look(_wanted(form, places))
        return _page(form, places, plan), status(form)


def _page(form: FlaskForm, places: Sequence[Place], plan: Any) -> str:
    words = [(step, consequence(step)) for step in plan.steps] if plan else []
    context = {"form": form, "places": places, "plan": plan, "steps": words, "levels": list(Level)}
    return render_template(TEMPLATES + "rollout.html", **context)


def _form(places: Sequence[Place]) -> FlaskForm:
    """One date for each agency, and one to be given to several."""
    fields: dict[str, Any] = {
        f"{DAY}{place.agency.id}": DateField(
            _("%(agency)s nhận hồ sơ từ ngày", agency=place.agency.name), [validators.Optional()]
        )
        for place in places
    }
    fields[TOGETHER] = DateField(_("Ngày"), [validators.Optional()])
    stored = {f"{DAY}{place.agency.id}": place.opens_on for place in places}
    made: FlaskForm = type("RolloutForm", (FlaskForm,), fields)(data=stored)
    return made


def _set_together(form: FlaskForm) -> None:
    """Write one date into the fields of the agencies that were ticked; nothing is stored yet."""
    form.validate()
    chosen = [form[f"{DAY}{key}"] for key in request.form.getlist(CHOSEN) if f"{DAY}{key}" in form]
    if form[TOGETHER].data is None or not chosen:
        form[TOGETHER].errors = [gettext("Chọn ngày và ít nhất một cơ quan rồi nhấn lại.")]
        return
    for field in chosen:
        field.process_data(form[TOGETHER].data)
        field.raw_data = None


def _wanted(form: FlaskForm, places: Sequence[Place]) -> dict[int, date | None]:
    """The dates that the person changed: what somebody else changed meanwhile is not put back."""
    found = {}
    for place in places:
        seen = request.form.get(f"{BEFORE}{place.agency.id}", "")
        day = form[f"{DAY}{place.agency.id}"].data
        if (day.isoformat() if day else "") != seen:
            found[place.agency.id] = day
    return found


def consequence(step: Step) -> str:
    """What follows from a new date, in one sentence."""
    number = step.procedures
    if step.effect is Effect.OPENS:
        return str(ngettext("Nhận ngay %(num)s thủ tục.", "Nhận ngay %(num)s thủ tục.", number))
    if step.effect is Effect.WILL_OPEN:
        return str(ngettext("Nhận %(num)s thủ tục từ ngày đó.", "Nhận %(num)s thủ tục từ ngày đó.", number))
    if step.effect is Effect.STAYS:
        return str(gettext("Việc gửi hồ sơ hôm nay không đổi."))
    drafts = ngettext(
        "%(num)s bản nháp chưa gửi được cho đến lúc đó.",
        "%(num)s bản nháp chưa gửi được cho đến lúc đó.",
        step.drafts,
    )
    return f"{gettext('Ngừng nhận hồ sơ mới ngay khi lưu.')} {drafts if step.drafts else ''}".strip()


def _said(steps: Sequence[Step]) -> str:
    if not steps:
        return str(gettext("Không có ngày nào thay đổi."))
    return str(ngettext("Đã lưu %(num)s ngày triển khai.", "Đã lưu %(num)s ngày triển khai.", len(steps)))


def register(appbuilder: AppBuilder) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(RolloutAdmin)
