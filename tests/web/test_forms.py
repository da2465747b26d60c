"""Forms made from columns: every stored type reads, checks and shows what people type."""

from collections import defaultdict
from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.models.dossier import Dossier
from app.models.organisation import (
    AdministrativeUnit,
    Agency,
    CalendarDay,
    DayKind,
    Department,
    Profile,
    WorkSessionRow,
)
from app.models.outbox import NewsItem, OutboxMessage
from app.web import forms
from app.web.forms import FormMaker

ANY = defaultdict(lambda: "Mục này")


@pytest.fixture(autouse=True)
def request_of_an_administrator(bare_app):
    with bare_app.test_request_context("/", method="POST"):
        yield


def made(model, columns, typed=None, data=None, **options):
    form = FormMaker(model, ANY, **options).form("Sample", columns)
    return form(
        formdata=MultiDict(typed or {}) if typed is not None else None, data=data, meta={"csrf": False}
    )


def test_a_day_off_reads_date_kind_and_name():
    typed = {"day": "2026-11-24", "kind": "off", "name": "  Ngày Văn hóa ", "source": ""}
    form = made(CalendarDay, ["day", "kind", "name", "source"], typed)
    assert form.validate(), form.errors
    assert form.data == {"day": date(2026, 11, 24), "kind": DayKind.OFF, "name": "Ngày Văn hóa", "source": ""}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("day", "24-11", "Nhập ngày, ví dụ 24/11/2026."),
        ("day", "", "Nhập mục này."),
        ("kind", "holiday", "Chọn một mục trong danh sách."),
        ("kind", "", "Chọn mục này."),
        ("name", "   ", "Nhập mục này."),
        ("name", "x" * 201, "Nhập nhiều nhất 200 ký tự."),
    ],
)
def test_a_wrong_entry_is_told_at_its_field_and_stays_in_it(field, value, words):
    typed = {"day": "2026-11-24", "kind": "off", "name": "Tết", field: value}
    form = made(CalendarDay, ["day", "kind", "name"], typed)
    assert not form.validate()
    assert form.errors == {field: [words]}
    if field != "kind" and value.strip():
        assert f'value="{value}"' in str(form[field]())


def test_the_stored_row_is_shown_in_the_form():
    form = made(CalendarDay, ["day", "kind"], data={"day": date(2026, 11, 24), "kind": DayKind.WORKING})
    assert 'value="2026-11-24"' in str(form.day())
    assert '<option selected value="working">Ngày làm bù</option>' in str(form.kind())


def test_times_numbers_and_yes_or_no_are_read():
    form = made(WorkSessionRow, ["opens", "weekday"], {"opens": "07:30", "weekday": "0"})
    assert form.validate(), form.errors
    assert form.data == {"opens": time(7, 30), "weekday": 0}
    assert made(Agency, ["active"], {"active": "y"}).active.data is True
    assert made(Agency, ["active"], {}).active.data is False
    assert made(Agency, ["active"]).active.data is True


def test_a_number_too_large_for_the_column_is_refused():
    form = made(WorkSessionRow, ["weekday"], {"weekday": str(2**40)})
    assert not form.validate()


def test_a_moment_is_typed_and_shown_on_the_city_s_clock():
    form = made(NewsItem, ["published_at"], {"published_at": "2026-11-24T09:20"})
    assert form.validate(), form.errors
    assert form.published_at.data == datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
    shown = made(NewsItem, ["published_at"], data={"published_at": datetime(2026, 11, 23, 18, 0, tzinfo=UTC)})
    assert 'value="2026-11-24T01:00"' in str(shown.published_at())
    wrong = made(NewsItem, ["published_at"], {"published_at": "chín giờ"})
    assert not wrong.validate()
    assert 'value="chín giờ"' in str(wrong.published_at())


def test_a_relation_is_a_choice_of_keys_and_may_stay_empty_where_the_column_may():
    key = db.session.scalar(sa.select(Agency.id).order_by(Agency.id))
    form = made(Department, ["agency"], {"agency": str(key)})
    assert form.validate(), form.errors
    assert form.agency.data == key
    assert not made(Department, ["agency"], {"agency": ""}).validate()
    assert made(WorkSessionRow, ["agency"], {"agency": ""}).validate()
    assert f'<option selected value="{key}">' in str(
        made(Department, ["agency"], data={"agency": key}).agency()
    )


def test_several_rows_are_chosen_by_their_keys_and_only_from_those_offered():
    key = db.session.scalar(sa.select(AdministrativeUnit.id))
    form = made(AdministrativeUnit, ["successors"], MultiDict([("successors", str(key))]))
    assert form.validate(), form.errors
    assert form.successors.data == [key]
    assert not made(AdministrativeUnit, ["successors"], {"successors": "999999"}).validate()


def test_a_table_too_large_for_a_select_is_refused_loudly(monkeypatch):
    monkeypatch.setattr(forms, "MOST_CHOICES", 1)
    with pytest.raises(LookupError, match="Agency"):
        made(Department, ["agency"])


@pytest.mark.parametrize(("model", "column"), [(OutboxMessage, "no_such"), (Dossier, "password")])
def test_a_column_that_does_not_exist_is_refused_when_the_view_is_made(model, column):
    with pytest.raises(TypeError, match="has no column"):
        made(model, [column])


def test_a_column_that_no_form_can_hold_is_refused():
    json_columns = [c.key for c in Dossier.__table__.columns if isinstance(c.type, sa.JSON)]
    from app.models.handling import Journal

    model, column = (Dossier, json_columns[0]) if json_columns else (Journal, "details")
    with pytest.raises(TypeError, match="no form field"):
        made(model, [column])


def test_in_a_search_nothing_is_required_and_all_means_all():
    form = made(CalendarDay, ["kind"], {}, search=True)
    assert form.validate(), form.errors
    assert form.kind.data is None
    assert '<option selected value="">Tất cả</option>' in str(form.kind())
    assert made(Profile, ["is_demo"], {"is_demo": ""}, search=True).validate()
