"""The working calendar: rows, versions, changes, and the running dossiers that move with them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import delete, func, select

import config as configuration
from app import create_app
from app.domain.calendar import WorkSession
from app.domain.clock import LOCAL
from app.domain.errors import DomainError, NotAllowed, NotFound, Refused
from app.domain.roles import SYSTEM
from app.domain.working_time import add_working
from app.extensions import db
from app.models.handling import Journal
from app.models.organisation import CalendarDay, DayKind, WorkSessionRow
from app.models.outbox import Setting
from app.services import calendar_edits, calendars
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
NEXT_MONDAY = date(2026, 11, 30)
SHORT = [WorkSession(weekday, time(8), time(12)) for weekday in range(6)]
"""A counter that opens in the mornings, Saturdays too."""


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LOCAL)


def hours_on(day: date, agency_id: int | None = None) -> list[tuple[int, int]]:
    return [(a.hour, b.hour) for a, b in calendars.calendar_for(agency_id).sessions_on(day)]


def day_row(day: date) -> CalendarDay:
    return db.session.scalars(select(CalendarDay).where(CalendarDay.day == day)).one()


def state() -> tuple[Any, ...]:
    """Everything a refused or dry change must leave alone."""
    version = db.session.scalar(select(Setting.value).where(Setting.key == calendars.VERSION))
    rows = [
        db.session.scalar(select(func.count()).select_from(m)) for m in (CalendarDay, WorkSessionRow, Journal)
    ]
    return version, *rows


def refused(kind: type[DomainError], key: str, call: Callable[[], object]) -> None:
    before = state()
    with pytest.raises(kind) as caught:
        call()
    assert caught.value.key == key
    assert state() == before


# --- reading


def test_all_work_monday_to_friday_in_two_sessions() -> None:
    calendar = calendars.calendar_for(factories.agency("Cẩm Bình").id)

    assert hours_on(MONDAY) == [(7, 11), (13, 17)]
    assert not calendar.is_working_day(date(2026, 11, 28))
    assert calendar.confirmed_years == frozenset(range(2016, 2027))


def test_days_off_and_make_up_days_carry_their_names() -> None:
    calendar = calendars.calendar_for(None)

    assert calendar.note_on(TUESDAY) == "Ngày Văn hóa Việt Nam"
    assert calendar.is_working_day(date(2026, 8, 22))
    assert calendar.extra_days[date(2026, 8, 22)] == "Làm bù cho ngày nghỉ 31/08/2026"
    assert not calendar.is_working_day(date(2016, 9, 2))


def test_a_unit_with_hours_of_its_own_keeps_the_common_ones_until_they_begin() -> None:
    agency, other = factories.agency("Cẩm Bình"), factories.agency("Cửa Ông")

    calendar_edits.replace_sessions(factories.administrator(), agency.id, SHORT, NEXT_MONDAY, dry_run=False)

    assert hours_on(MONDAY, agency.id) == [(7, 11), (13, 17)]
    assert hours_on(NEXT_MONDAY, agency.id) == [(8, 12)]
    assert hours_on(date(2026, 12, 5), agency.id) == [(8, 12)]
    assert hours_on(NEXT_MONDAY, other.id) == hours_on(NEXT_MONDAY) == [(7, 11), (13, 17)]


def test_a_unit_with_other_hours_is_due_at_another_moment() -> None:
    agency = factories.agency("Cẩm Bình")
    calendar_edits.replace_sessions(SYSTEM, agency.id, SHORT, MONDAY, dry_run=False)
    start, limit = at(MONDAY, 9, 20), timedelta(hours=8)

    common = add_working(calendars.calendar_for(None), start, limit).due
    own = add_working(calendars.calendar_for(agency.id), start, limit).due

    assert common == at(WEDNESDAY, 9, 20)
    assert own == at(date(2026, 11, 26), 9, 20)


def test_the_rows_are_listed_for_the_screens() -> None:
    assert len(calendars.sessions_of(None)) == 10
    assert calendars.sessions_of(factories.agency().id) == []
    assert [row.day for row in calendars.days_of(2026)][:2] == [date(2026, 1, 1), date(2026, 1, 2)]
    assert [(row.year, row.confirmed) for row in calendars.years()][:2] == [(2027, False), (2026, True)]


def test_the_version_is_asked_once_per_unit_of_work_and_the_rows_not_at_all_when_it_is_known() -> None:
    calendars.calendar_for(None)
    db.session.rollback()
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        for _ in range(3):
            calendars.calendar_for(None)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)

    assert len([s for s in statements if s.startswith("SELECT")]) == 1


def test_without_a_version_rows_are_read_every_time() -> None:
    db.session.execute(delete(Setting).where(Setting.key == calendars.VERSION))
    db.session.commit()
    assert hours_on(MONDAY) == [(7, 11), (13, 17)]

    db.session.execute(delete(WorkSessionRow).where(WorkSessionRow.opens == time(13)))
    db.session.commit()

    assert hours_on(MONDAY) == [(7, 11)]


def test_the_store_of_built_calendars_stays_small() -> None:
    for number in range(calendars.MOST_KEPT + 5):
        calendar_edits.confirm_year(SYSTEM, 2027, confirmed=False, source=str(number))
        calendars.calendar_for(None)

    assert len(calendars._built) <= calendars.MOST_KEPT


# --- changes reach everybody


def test_a_changed_day_reaches_a_second_app_at_once(app: Flask, settings: configuration.Config) -> None:
    second = create_app(settings)
    with second.app_context():
        assert not calendars.calendar_for(None).is_working_day(TUESDAY)
        db.session.remove()

    calendar_edits.remove_day(factories.administrator(), day_row(TUESDAY).id, dry_run=False)

    with second.app_context():
        assert calendars.calendar_for(None).is_working_day(TUESDAY)
        db.session.remove()
        db.engine.dispose()


def test_a_dry_run_is_forgotten_by_the_process_that_made_it() -> None:
    before = calendars.calendar_for(None).version

    calendar_edits.remove_day(factories.administrator(), day_row(TUESDAY).id, dry_run=True)

    assert not calendars.calendar_for(None).is_working_day(TUESDAY)
    assert calendars.calendar_for(None).version == before


def test_every_change_gives_the_calendar_a_new_version() -> None:
    seen = {calendars.calendar_for(None).version}
    actor = factories.administrator()
    new = date(2026, 12, 24)
    for change in (
        lambda: calendar_edits.add_days(actor, [(new, DayKind.OFF, "Nghỉ bão", "CV 1")], dry_run=False),
        lambda: calendar_edits.edit_day(
            actor, day_row(new).id, kind=DayKind.OFF, name="Nghỉ bão số 9", source="CV 1", dry_run=False
        ),
        lambda: calendar_edits.remove_day(actor, day_row(new).id, dry_run=False),
        lambda: calendar_edits.replace_sessions(actor, None, SHORT, NEXT_MONDAY, dry_run=False),
        lambda: calendar_edits.confirm_year(actor, 2027, confirmed=True, source="CV 2"),
        lambda: calendar_edits.prefill_year(actor, 2028, dry_run=False),
    ):
        change()
        version = calendars.calendar_for(None).version
        assert version not in seen
        seen.add(version)


# --- running dossiers


def test_a_removed_day_off_shows_first_and_then_moves_the_running_dossiers() -> None:
    dossier, actor = factories.submitted(), factories.administrator()
    assert dossier.due_at == at(WEDNESDAY, 9, 20).replace(
        second=dossier.due_at.second, microsecond=dossier.due_at.microsecond
    )
    before, old = state(), dossier.due_at

    preview = calendar_edits.remove_day(actor, day_row(TUESDAY).id, dry_run=True)

    assert [(m.dossier_id, m.old_due, m.new_due) for m in preview] == [
        (dossier.id, old, old - timedelta(days=1))
    ]
    assert state() == before
    assert factories.reload(dossier).due_at == old

    moved = calendar_edits.remove_day(actor, day_row(TUESDAY).id, dry_run=False)

    assert moved == preview
    assert factories.reload(dossier).due_at == old - timedelta(days=1)
    keys = db.session.scalars(select(Journal.key).where(Journal.dossier_id == dossier.id)).all()
    assert keys.count("deadline_moved") == 1


def test_a_new_day_off_moves_the_running_dossiers_of_all() -> None:
    city, ward = factories.submitted(), factories.submitted("KS-01", "Cẩm Bình")
    day = (WEDNESDAY, DayKind.OFF, "Nghỉ bão", "CV 1")

    moved = calendar_edits.add_days(factories.administrator(), [day], dry_run=False)

    assert {m.dossier_id for m in moved} == {city.id, ward.id}


def test_hours_of_one_unit_move_only_its_own_dossiers() -> None:
    ward, other = factories.submitted("KS-01", "Cẩm Bình"), factories.submitted("KS-01", "Cửa Ông")
    agency = factories.agency("Cẩm Bình")

    moved = calendar_edits.replace_sessions(
        factories.administrator(), agency.id, SHORT, TUESDAY, dry_run=False
    )

    assert [m.dossier_id for m in moved] == [ward.id]
    assert factories.reload(other).due_at > at(WEDNESDAY, 9)


def test_a_change_is_journalled_with_the_number_of_dossiers_moved() -> None:
    factories.submitted()

    calendar_edits.remove_day(factories.administrator(), day_row(TUESDAY).id, dry_run=False)

    row = db.session.scalars(select(Journal).where(Journal.key == "calendar_day_removed")).one()
    assert (row.details["moved"], row.details["old"]["day"]) == (1, "2026-11-24")


# --- sessions


def test_new_hours_end_the_old_ones_the_day_before() -> None:
    actor, agency = factories.administrator(), factories.agency("Cẩm Bình")
    calendar_edits.replace_sessions(actor, agency.id, SHORT, NEXT_MONDAY, dry_run=False)

    afternoon = [WorkSession(0, time(13), time(17))]
    calendar_edits.replace_sessions(actor, agency.id, afternoon, date(2026, 12, 7), dry_run=False)

    assert hours_on(NEXT_MONDAY, agency.id) == [(8, 12)]
    assert hours_on(date(2026, 12, 7), agency.id) == [(13, 17)]
    assert hours_on(date(2026, 12, 8), agency.id) == []


def test_hours_planned_for_later_give_way_to_earlier_new_ones() -> None:
    actor, agency = factories.administrator(), factories.agency("Cẩm Bình")
    calendar_edits.replace_sessions(actor, agency.id, SHORT, date(2027, 1, 4), dry_run=False)

    calendar_edits.replace_sessions(
        actor, agency.id, [WorkSession(0, time(13), time(17))], NEXT_MONDAY, dry_run=False
    )

    assert hours_on(date(2027, 1, 4), agency.id) == [(13, 17)]
    assert len(calendars.sessions_of(agency.id)) == 1


def test_hours_that_ended_earlier_stay_as_they_were() -> None:
    actor, agency = factories.administrator(), factories.agency("Cẩm Bình")
    calendar_edits.replace_sessions(actor, agency.id, SHORT, date(2020, 1, 6), dry_run=False)
    calendar_edits.replace_sessions(actor, agency.id, [], date(2021, 1, 4), dry_run=False)

    calendar_edits.replace_sessions(actor, agency.id, SHORT, NEXT_MONDAY, dry_run=False)

    assert hours_on(date(2020, 1, 6), agency.id) == [(8, 12)]
    assert hours_on(date(2021, 1, 4), agency.id) == [(7, 11), (13, 17)]


def test_a_unit_without_hours_of_its_own_returns_to_the_common_ones() -> None:
    actor, agency = factories.administrator(), factories.agency("Cẩm Bình")
    calendar_edits.replace_sessions(actor, agency.id, SHORT, MONDAY, dry_run=False)

    calendar_edits.replace_sessions(actor, agency.id, [], NEXT_MONDAY, dry_run=False)

    assert hours_on(MONDAY, agency.id) == [(8, 12)]
    assert hours_on(NEXT_MONDAY, agency.id) == [(7, 11), (13, 17)]


def test_hours_that_cannot_be_are_refused() -> None:
    actor = factories.administrator()
    overlapping = [WorkSession(0, time(8), time(12)), WorkSession(0, time(11), time(17))]

    def replace(agency_id: int | None, sessions: list[WorkSession], day: date) -> Callable[[], object]:
        return lambda: calendar_edits.replace_sessions(actor, agency_id, sessions, day, dry_run=False)

    refused(Refused, "common_sessions_needed", replace(None, [], NEXT_MONDAY))
    refused(Refused, "sessions_overlap", replace(None, overlapping, NEXT_MONDAY))
    refused(Refused, "date_out_of_range", replace(None, SHORT, date(1900, 1, 1)))
    refused(NotFound, "no_such_agency", replace(999_999, SHORT, NEXT_MONDAY))


# --- days and years


def test_a_day_is_changed_from_off_to_worked() -> None:
    saturday = date(2026, 12, 26)
    actor = factories.administrator()
    calendar_edits.add_days(actor, [(saturday, DayKind.OFF, "Nghỉ", "")], dry_run=False)

    row = day_row(saturday)
    calendar_edits.edit_day(
        actor, row.id, kind=DayKind.WORKING, name=" Làm bù ", source="CV 3", dry_run=False
    )

    assert calendars.calendar_for(None).extra_days[saturday] == "Làm bù"
    assert not calendars.calendar_for(None).days_off.keys() & {saturday}


def test_days_that_cannot_be_are_refused() -> None:
    actor, row = factories.administrator(), day_row(TUESDAY)

    def add(day: date, name: str) -> Callable[[], object]:
        return lambda: calendar_edits.add_days(actor, [(day, DayKind.OFF, name, "")], dry_run=False)

    def edit(day_id: int, name: str) -> Callable[[], object]:
        return lambda: calendar_edits.edit_day(
            actor, day_id, kind=DayKind.OFF, name=name, source="", dry_run=False
        )

    refused(Refused, "day_there_already", add(TUESDAY, "Nghỉ"))
    for slip in (date(206, 11, 27), date(1975, 12, 31), date(2200, 1, 1)):
        refused(Refused, "date_out_of_range", add(slip, "Nghỉ"))
    refused(Refused, "field_required", add(WEDNESDAY, "  "))
    refused(Refused, "text_too_long", add(WEDNESDAY, "x" * 201))
    refused(Refused, "field_required", edit(row.id, ""))
    refused(NotFound, "no_such_row", edit(999_999, "Nghỉ"))
    refused(NotFound, "no_such_row", lambda: calendar_edits.remove_day(actor, 999_999, dry_run=False))
    assert day_row(TUESDAY).name == "Ngày Văn hóa Việt Nam"


def test_a_year_is_confirmed_with_its_source() -> None:
    calendar_edits.confirm_year(factories.administrator(), 2027, confirmed=True, source="CV 12/2026")
    calendar_edits.confirm_year(factories.administrator(), 2028, confirmed=True, source="CV 13/2027")

    assert {2027, 2028} <= calendars.calendar_for(None).confirmed_years
    row = db.session.scalars(select(Journal).order_by(Journal.id.desc()).limit(1)).one()
    assert row.details == {"year": 2028, "old": False, "new": True, "source": "CV 13/2027"}


def test_a_year_without_source_or_out_of_range_is_not_confirmed() -> None:
    actor = factories.administrator()

    refused(
        Refused,
        "year_needs_source",
        lambda: calendar_edits.confirm_year(actor, 2027, confirmed=True, source=" "),
    )
    refused(
        Refused,
        "date_out_of_range",
        lambda: calendar_edits.confirm_year(actor, 1, confirmed=True, source="x"),
    )
    assert 2027 not in calendars.calendar_for(None).confirmed_years


def test_a_year_is_prefilled_where_nothing_is_entered_yet_and_stays_unconfirmed() -> None:
    actor = factories.administrator()
    calendar_edits.add_days(actor, [(date(2028, 1, 1), DayKind.OFF, "Tết của tôi", "")], dry_run=False)

    assert calendar_edits.prefill_year(actor, 2028, dry_run=True) == []
    assert len(calendars.days_of(2028)) == 1
    calendar_edits.prefill_year(actor, 2028, dry_run=False)

    names = {row.day: row.name for row in calendars.days_of(2028)}
    assert names[date(2028, 1, 1)] == "Tết của tôi"
    assert names[date(2028, 4, 30)] == "Ngày Chiến thắng"
    assert 2028 not in calendars.calendar_for(None).confirmed_years


def test_prefilling_enters_make_up_days_too() -> None:
    for row in calendars.days_of(2019):
        calendar_edits.remove_day(SYSTEM, row.id, dry_run=False)

    calendar_edits.prefill_year(factories.administrator(), 2019, dry_run=False)

    assert calendars.calendar_for(None).is_working_day(date(2019, 1, 5))


def test_a_year_out_of_range_is_not_prefilled() -> None:
    actor = factories.administrator()
    refused(Refused, "date_out_of_range", lambda: calendar_edits.prefill_year(actor, 9999, dry_run=False))


@pytest.mark.parametrize("role", ["citizen", "officer", "leader"])
def test_only_administrators_change_the_calendar(role: str) -> None:
    actor, row = getattr(factories, role)(), day_row(TUESDAY)
    for call in (
        lambda: calendar_edits.replace_sessions(actor, None, SHORT, NEXT_MONDAY, dry_run=True),
        lambda: calendar_edits.add_days(actor, [(WEDNESDAY, DayKind.OFF, "Nghỉ", "")], dry_run=True),
        lambda: calendar_edits.edit_day(actor, row.id, kind=DayKind.OFF, name="x", source="", dry_run=True),
        lambda: calendar_edits.remove_day(actor, row.id, dry_run=True),
        lambda: calendar_edits.confirm_year(actor, 2027, confirmed=True, source="x"),
        lambda: calendar_edits.prefill_year(actor, 2028, dry_run=True),
    ):
        refused(NotAllowed, "role_may_not", call)
