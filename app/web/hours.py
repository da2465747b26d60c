"""Office hours of the city and of agencies with hours of their own. What would move is shown before saving."""

from datetime import date, time
from functools import partial
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request
from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, TimeField, validators
from wtforms.widgets import TextInput

from app.actor import require_actor
from app.domain import clock
from app.domain.calendar import WEEKDAYS, WorkSession
from app.domain.errors import Refused
from app.models.organisation import Agency, WorkSessionRow
from app.services import calendar_edits, calendars, organisation
from app.services.validity import is_valid
from app.web.administration import TEMPLATES
from app.web.base import PageView, add_refusal, allowed, expose
from app.web.forms import Required
from app.web.previewing import confirmed, saved_words
from app.web.writing import status

AGENCY = "<int(max=9223372036854775807):agency_id>"
DAYS = tuple(_(name) for name in WEEKDAYS)
SLOTS = 3
"""Sessions of one day that the form offers; nobody was seen with more."""


class HoursForm(FlaskForm):
    """The hours of a week from a day on: fields ``d<weekday>_<slot>_opens`` and ``…_closes``."""

    from_day = DateField(
        _("Áp dụng từ ngày"), [Required()], description=_("Giờ làm việc trước ngày này giữ nguyên.")
    )

    def week(self) -> list[tuple[str, list[tuple[Any, Any]]]]:
        """For each weekday its name and its pairs of fields."""
        slots = [[self._pair(day, slot) for slot in range(SLOTS)] for day in range(len(DAYS))]
        return list(zip(map(str, DAYS), slots, strict=True))

    def sessions(self) -> list[WorkSession]:
        """What was typed, or Refused with the field."""
        return [
            self._session(day, opens, closes)
            for day, (_name, pairs) in enumerate(self.week())
            for opens, closes in pairs
            if opens.data or closes.data
        ]

    def _pair(self, day: int, slot: int) -> tuple[Any, Any]:
        return self[f"d{day}_{slot}_opens"], self[f"d{day}_{slot}_closes"]

    @staticmethod
    def _session(day: int, opens: Any, closes: Any) -> WorkSession:
        missing = next((field for field in (opens, closes) if field.data is None), None)
        if missing is not None:
            raise Refused("session_incomplete", field=missing.short_name)
        try:
            return WorkSession(day, opens.data, closes.data)
        except Refused as refusal:
            refusal.field = closes.short_name
            raise

    def field_of(self, weekday: int, opens: time) -> str | None:
        """The field in which the session that opens then was typed, the last one of that day."""
        pairs = self.week()[weekday][1]
        return next((o.short_name for o, _closes in reversed(pairs) if o.data == opens), None)


for _day, _name in enumerate(DAYS):
    for _slot in range(SLOTS):
        for _end, _words in (("opens", _("mở cửa")), ("closes", _("đóng cửa"))):
            _label = _("%(day)s, buổi %(n)s, %(what)s", day=_name, n=_slot + 1, what=_words)
            setattr(
                HoursForm,
                f"d{_day}_{_slot}_{_end}",
                TimeField(_label, [validators.Optional()], widget=TextInput()),
            )


class HoursAdmin(PageView):
    """``/quan-tri/lich-lam-viec``: the common hours, and those of agencies that have their own."""

    route_base = "/quan-tri/lich-lam-viec"

    @expose("")
    @allowed
    def index(self) -> str:
        """Whose hours are in force today."""
        found = [(agency, _now(calendars.sessions_of(agency.id))) for agency in organisation.agencies()]
        common = _now(calendars.sessions_of(None))
        return render_template(TEMPLATES + "hours.html", agencies=found, common=common)

    @expose("/chung", methods=["GET", "POST"])
    @allowed
    def common(self) -> Any:
        """The hours of all agencies without hours of their own."""
        return _edit_hours(None)

    @expose(f"/{AGENCY}", methods=["GET", "POST"])
    @allowed
    def own(self, agency_id: int) -> Any:
        """The hours of one agency."""
        return _edit_hours(organisation.agency(agency_id))


def _edit_hours(agency: Agency | None) -> Any:
    key = agency.id if agency else None
    rows = calendars.sessions_of(key)
    shown = _now(rows) or _now(calendars.sessions_of(None))
    form = HoursForm(data=_typed(shown) if request.method == "GET" else None)
    try:
        if form.validate_on_submit() and _saved(form, key):
            flash(saved_words(), "success")
            return redirect(HoursAdmin.route_base)
    except Refused as refusal:
        _point_out(form, refusal)
    periods = [(span, _by_day(found)) for span, found in groupby(sorted(rows, key=_begins), _span)]
    body = render_template(TEMPLATES + "hours_form.html", form=form, agency=agency, periods=periods)
    return body, status(form)


def _saved(form: HoursForm, agency_id: int | None) -> bool:
    sessions, day = form.sessions(), form.from_day.data
    change = partial(calendar_edits.replace_sessions, require_actor(), agency_id, sessions, day)
    return confirmed(form, change, (agency_id, sessions, day))


def _point_out(form: HoursForm, refusal: Refused) -> None:
    """Two overlapping sessions are named by weekday and opening; the form knows where that was typed."""
    if refusal.key == "sessions_overlap":
        refusal.field = form.field_of(refusal.params["weekday"], refusal.params["opens"])
    elif refusal.key == "date_out_of_range":
        refusal.field = "from_day"
    add_refusal(form, refusal)


def _typed(rows: list[WorkSessionRow]) -> dict[str, Any]:
    found: dict[str, Any] = {"from_day": clock.today()}
    for weekday, sessions in groupby(
        sorted(rows, key=lambda row: (row.weekday, row.opens)), lambda row: row.weekday
    ):
        for slot, row in enumerate(sessions):
            found |= {f"d{weekday}_{slot}_opens": row.opens, f"d{weekday}_{slot}_closes": row.closes}
    return found


def _now(rows: list[WorkSessionRow]) -> list[WorkSessionRow]:
    return [row for row in rows if is_valid(row, clock.today())]


def _span(row: WorkSessionRow) -> tuple[date | None, date | None]:
    return row.valid_from, row.valid_to


def _begins(row: WorkSessionRow) -> tuple[date, date]:
    return row.valid_from or date.min, row.valid_to or date.max


def _by_day(rows: Any) -> list[tuple[str, list[WorkSessionRow]]]:
    ordered = sorted(rows, key=lambda row: (row.weekday, row.opens))
    return [(str(DAYS[day]), list(found)) for day, found in groupby(ordered, lambda row: row.weekday)]


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(HoursAdmin)
