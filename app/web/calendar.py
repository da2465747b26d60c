"""Days off and make-up days, as a list and as a calendar. The dossiers that move are shown before saving."""

from datetime import date
from functools import partial
from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, StringField, validators

from app.domain import clock
from app.domain.errors import Refused
from app.domain.roles import Actor
from app.models.organisation import CalendarDay, CalendarYear
from app.services import calendar_edits, calendars
from app.services.deadlines import MovedDeadline
from app.web import year_grid
from app.web.administration import TEMPLATES
from app.web.base import AdminModelView, add_refusal, allowed, expose
from app.web.forms import Required
from app.web.previewing import Moving, confirmed, saved_words
from app.web.writing import status

YEAR = "<int(min=1976,max=2199):year>"
DAY_ASKED_FOR = "ngay"
"""The parameter of an address with the day of a new entry, from a click on the calendar."""


def _add(actor: Actor, values: dict[str, Any], *, dry_run: bool) -> list[MovedDeadline]:
    days = calendar_edits.span(values["day"], values["last_day"] or values["day"])
    rows = [(day, values["kind"], values["name"], values["source"]) for day in days]
    return calendar_edits.add_days(actor, rows, dry_run=dry_run)


def _day_asked_for() -> date | None:
    try:
        return date.fromisoformat(request.args.get(DAY_ASKED_FOR, ""))
    except ValueError:
        return None


def _edit(actor: Actor, day_id: int, values: dict[str, Any], *, dry_run: bool) -> list[MovedDeadline]:
    return calendar_edits.edit_day(actor, day_id, **values, dry_run=dry_run)


class ConfirmForm(FlaskForm):
    """Whether a year was compared with the official announcement, and with which."""

    source = StringField(
        _("Thông báo đã dùng để đối chiếu"),
        [validators.Length(max=500)],
        description=_("Ghi số, ngày và nơi ban hành."),
    )
    confirmed = BooleanField(_("Lịch nghỉ năm này đã khớp thông báo chính thức"))


class DayAdmin(Moving, AdminModelView):
    """``/quan-tri/ngay-nghi``: the days that are not like their weekday."""

    datamodel = SQLAInterface(CalendarDay)
    route_base = "/quan-tri/ngay-nghi"
    list_template = TEMPLATES + "days.html"
    year_template = TEMPLATES + "year.html"
    list_title, show_title = _("Ngày nghỉ, ngày làm bù"), _("Ngày nghỉ, ngày làm bù")
    add_title, edit_title = _("Thêm ngày"), _("Sửa ngày")
    list_intro = _("Mọi hạn đều tính theo lịch này. Trước khi lưu, hệ thống cho xem hồ sơ nào đổi hạn.")
    delete_warning = _("Ngày này trở lại như mọi ngày cùng thứ trong tuần.")
    label_columns = {"day": _("Ngày"), "kind": _("Loại"), "name": _("Tên"), "source": _("Căn cứ")}
    description_columns = {
        "name": _("Ví dụ Quốc khánh, hoặc Làm bù cho ngày 02/01/2026."),
        "source": _("Văn bản làm căn cứ: số, ngày và nơi ban hành."),
    }
    list_columns = ["name", "day", "kind", "source"]
    show_columns: list[str] = []
    form_extra_fields = {
        "day": DateField(_("Ngày"), [Required()], default=_day_asked_for),
        "last_day": DateField(
            _("Đến hết ngày"), [validators.Optional()], description=_("Để trống nếu chỉ một ngày.")
        ),
    }
    add_columns = ["day", "last_day", "kind", "name", "source"]
    add_fieldsets = [(None, {"fields": [("day", "last_day"), "kind", "name", "source"]})]
    edit_columns = ["kind", "name", "source"]
    search_columns = ["name", "kind", "day"]
    order_columns = ["name", "day", "kind"]
    base_order = ("day", "desc")
    verb_add, verb_edit = _add, _edit
    verb_delete = calendar_edits.remove_day

    def years(self) -> list[CalendarYear]:
        """The years entered so far, and this one and the next, newest first."""
        found = {row.year: row for row in calendars.years()}
        this_year = clock.today().year
        for year in (this_year, this_year + 1):
            found.setdefault(year, CalendarYear(year=year, confirmed=False, source=""))
        return [found[year] for year in sorted(found, reverse=True)]

    @expose(f"/nam/{YEAR}")
    @allowed
    def year(self, year: int) -> Any:
        """One year: its days, and whether it was compared with the announcement."""
        return self._year_page(year, ConfirmForm(formdata=None, obj=_row(year)), FlaskForm(formdata=None))

    @expose(f"/nam/{YEAR}/doi-chieu", methods=["POST"])
    @allowed
    def confirm(self, year: int) -> Any:
        """Store the mark; it moves no deadline."""
        form = ConfirmForm()
        try:
            if form.validate_on_submit():
                said = {"confirmed": form.confirmed.data, "source": form.source.data or ""}
                calendar_edits.confirm_year(self.actor(), year, **said)
                flash(gettext("Đã ghi tình trạng đối chiếu của năm %(year)s.", year=year), "success")
                return redirect(self.address("year", year=year))
        except Refused as refusal:
            add_refusal(form, refusal)
        return self._year_page(year, form, FlaskForm(formdata=None))

    @expose(f"/nam/{YEAR}/tu-dien", methods=["POST"])
    @allowed
    def prefill(self, year: int) -> Any:
        """Enter the days that the law gives, after showing what would move."""
        form = FlaskForm()
        change = partial(calendar_edits.prefill_year, self.actor(), year)
        if form.validate_on_submit() and confirmed(form, change, ("prefill", year)):
            flash(saved_words(), "success")
            return redirect(self.address("year", year=year))
        return self._year_page(year, ConfirmForm(formdata=None, obj=_row(year)), form)

    @property
    def this_year(self) -> int:
        """The year that the tab of the list leads to."""
        return clock.today().year

    def _year_page(self, year: int, form: FlaskForm, filling: FlaskForm) -> Any:
        title = gettext("Lịch nghỉ năm %(year)s", year=year)
        days = calendars.days_of(year)
        shown = {"year": year, "row": _row(year), "days": days, "months": year_grid.months(year, days)}
        code = max(status(form), status(filling))
        return self.page(self.year_template, title, form=form, filling=filling, **shown), code


def _row(year: int) -> CalendarYear | None:
    return next((row for row in calendars.years() if row.year == year), None)


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(DayAdmin)
