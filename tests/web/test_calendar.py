"""Office hours and days off: what would move is shown first, and exactly that is saved."""

from datetime import date, time

import pytest
import sqlalchemy as sa

from app.domain.clock import to_local
from app.domain.errors import Refused
from app.domain.roles import SYSTEM
from app.extensions import db
from app.models.handling import DossierClock, Journal
from app.models.organisation import CalendarDay, CalendarYear, DayKind, WorkSessionRow
from app.services import calendar_edits, calendars
from tests import factories
from tests.web.administering import OTHERS, edit, hidden, keys, picture, post, stored

DAYS = "/quan-tri/ngay-nghi"
HOURS = "/quan-tri/lich-lam-viec"
TABLES = (CalendarDay, CalendarYear, WorkSessionRow, DossierClock)
OFF = {"day": "2026-11-25", "kind": "off", "name": "Nghỉ do bão", "source": "Công điện 1"}


def due(dossier):
    db.session.rollback()
    db.session.expire_all()
    row = db.session.scalars(sa.select(DossierClock).filter_by(dossier_id=dossier.id, stopped_at=None)).one()
    return f"{to_local(row.due_at):%d/%m %H:%M}"


def mark(answer):
    return hidden(answer.text, "da_xem")


def week(closes="17:00", **more):
    found = {"from_day": "2026-11-23"}
    for day in range(5):
        found |= {f"d{day}_0_opens": "07:30", f"d{day}_0_closes": "11:30"}
        found |= {f"d{day}_1_opens": "13:00", f"d{day}_1_closes": closes}
    return found | more


# -- everybody else


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_sees_or_changes_the_calendar(app, login, username):
    key = stored(CalendarDay, day=date(2026, 11, 24)).id
    browser, before = login(username), picture(*TABLES)
    pages = ("", "/them", f"/{key}/sua", f"/{key}/xoa", "/nam/2027")
    for path in (*(DAYS + page for page in pages), HOURS, f"{HOURS}/chung", f"{HOURS}/1"):
        assert browser.get(path).status_code == 403
    for path in ("/them", f"/{key}/sua", f"/{key}/xoa", "/nam/2027/doi-chieu", "/nam/2027/tu-dien"):
        assert post(browser, DAYS + path, **OFF, confirmed="y", da_xem="x").status_code == 403
    for path in ("/chung", "/1"):
        assert post(browser, HOURS + path, **week(), da_xem="x").status_code == 403
    assert picture(*TABLES) == before


def test_a_visitor_is_sent_to_the_log_in_page(app, client):
    for path in (DAYS, f"{DAYS}/nam/2027", HOURS, f"{HOURS}/chung"):
        assert client.get(path).location.startswith("/dang-nhap")


def test_without_the_token_nothing_is_written(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    for path in (f"{DAYS}/them", f"{DAYS}/1/xoa", f"{DAYS}/nam/2027/tu-dien", f"{DAYS}/nam/2027/doi-chieu"):
        assert browser.post(path, data=OFF).status_code == 400
    for path in (f"{HOURS}/chung", f"{HOURS}/1"):
        assert browser.post(path, data=week()).status_code == 400
    assert picture(*TABLES) == before


def test_a_get_changes_nothing(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    for path in (f"{DAYS}/nam/2027/tu-dien", f"{DAYS}/nam/2027/doi-chieu"):
        assert browser.get(path).status_code == 405
    assert browser.get(f"{DAYS}/1/xoa?da_xem=x").status_code == 200
    assert browser.get(f"{DAYS}/them", query_string=OFF).status_code == 200
    assert picture(*TABLES) == before


# -- days off


def test_a_day_off_shows_who_moves_and_saves_nothing_yet(app, login):
    dossier = factories.submitted()
    assert due(dossier) == "25/11 09:20"
    browser, before = login("quantri"), picture(*TABLES)
    answer = post(browser, f"{DAYS}/them", **OFF)
    assert answer.status_code == 200
    assert "1 hồ sơ đang giải quyết đổi hạn." in answer.text
    assert "09:20, 25/11/2026" in answer.text
    assert "09:20, 26/11/2026" in answer.text
    assert "Lưu và đổi hạn 1 hồ sơ" in answer.text
    assert 'value="Nghỉ do bão"' in answer.text
    assert picture(*TABLES) == before


def test_what_was_seen_is_saved_and_every_moved_dossier_has_a_journal_row(app, login):
    dossier = factories.submitted()
    browser = login("quantri")
    seen = mark(post(browser, f"{DAYS}/them", **OFF))
    answer = post(browser, f"{DAYS}/them", **OFF, da_xem=seen)
    assert (answer.status_code, answer.location) == (302, DAYS)
    assert stored(CalendarDay, day=date(2026, 11, 25)).name == "Nghỉ do bão"
    assert due(dossier) == "26/11 09:20"
    moved = db.session.scalars(
        sa.select(Journal).filter_by(key="deadline_moved", dossier_id=dossier.id)
    ).all()
    assert len(moved) == 1
    assert "1 hồ sơ đang giải quyết đã đổi hạn" in browser.get(DAYS).text


def test_a_forged_mark_saves_nothing_and_shows_what_would_move(app, login):
    factories.submitted()
    browser, before = login("quantri"), picture(*TABLES)
    answer = post(browser, f"{DAYS}/them", **OFF, da_xem="0" * 32)
    assert answer.status_code == 409
    assert "đã khác lần xem trước" in answer.text
    assert "1 hồ sơ đang giải quyết đổi hạn." in answer.text
    assert picture(*TABLES) == before


def test_a_dossier_that_came_after_the_preview_must_be_seen_first(app, login):
    browser = login("quantri")
    seen = mark(post(browser, f"{DAYS}/them", **OFF))
    dossier = factories.submitted()
    before = picture(*TABLES)
    answer = post(browser, f"{DAYS}/them", **OFF, da_xem=seen)
    assert answer.status_code == 409
    assert "1 hồ sơ đang giải quyết đổi hạn." in answer.text
    assert picture(*TABLES) == before
    again = post(browser, f"{DAYS}/them", **OFF, da_xem=mark(answer))
    assert again.status_code == 302
    assert due(dossier) == "26/11 09:20"


def test_other_values_than_those_seen_are_not_saved(app, login):
    factories.submitted()
    browser = login("quantri")
    seen = mark(post(browser, f"{DAYS}/them", **OFF))
    before = picture(*TABLES)
    answer = post(browser, f"{DAYS}/them", **{**OFF, "day": "2026-11-26"}, da_xem=seen)
    assert answer.status_code == 409
    assert "Không hồ sơ nào đổi hạn." in answer.text
    assert picture(*TABLES) == before


def test_a_preview_of_an_older_calendar_is_not_saved(app, login):
    browser = login("quantri")
    seen = mark(post(browser, f"{DAYS}/them", **OFF))
    other = (date(2026, 12, 30), DayKind.OFF, "Khác", "")
    calendar_edits.add_days(SYSTEM, [other], dry_run=False)
    before = picture(*TABLES)
    assert post(browser, f"{DAYS}/them", **OFF, da_xem=seen).status_code == 409
    assert picture(*TABLES) == before


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"day": "2026-11-24"}, "day", "Ngày 24/11/2026 đã có trong lịch"),
        ({"day": ""}, "day", "Nhập ngày."),
        ({"day": "hôm nay"}, "day", None),
        ({"name": " "}, "name", "Nhập tên."),
        ({"kind": "party"}, "kind", None),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(app, login, changes, field, said):
    browser, before = login("quantri"), picture(*TABLES)
    answer = post(browser, f"{DAYS}/them", **OFF | changes)
    assert answer.status_code == 422
    assert f'id="{field}-loi"' in answer.text
    assert "Công điện 1</textarea>" in answer.text
    if said:
        assert said in answer.text
    assert picture(*TABLES) == before


def test_a_day_becomes_a_working_day_and_then_an_ordinary_one(app, login):
    dossier = factories.submitted()
    browser, row = login("quantri"), stored(CalendarDay, day=date(2026, 11, 24))
    path = f"{DAYS}/{row.id}/xoa"
    assert "Xem hồ sơ đổi hạn" in browser.get(path).text
    shown = post(browser, path)
    assert "24/11/2026" in shown.text
    assert due(dossier) == "25/11 09:20"
    assert post(browser, path, da_xem=mark(shown)).status_code == 302
    assert stored(CalendarDay, day=date(2026, 11, 24)) is None
    assert due(dossier) == "24/11 09:20"


def test_an_edit_of_a_day_is_previewed_too(app, login):
    dossier = factories.submitted()
    browser, row = login("quantri"), stored(CalendarDay, day=date(2026, 11, 24))
    path, data = f"{DAYS}/{row.id}/sua", {"kind": "working", "name": "Làm bù", "source": ""}
    shown = edit(browser, path, **data)
    assert "Lưu và đổi hạn 1 hồ sơ" in shown.text
    assert edit(browser, path, **data, da_xem=mark(shown)).status_code == 302
    assert due(dossier) == "24/11 09:20"
    assert stored(CalendarDay, id=row.id).kind is DayKind.WORKING


@pytest.mark.parametrize("column", ["source", "id", "kind.label", "day;drop"])
def test_a_column_that_is_not_offered_does_not_sort(app, login, column):
    assert login("quantri").get(f"{DAYS}?xep={column}").status_code == 400


def test_the_days_of_a_year_are_listed(app, login):
    browser = login("quantri")
    assert "Ngày Văn hóa Việt Nam" in browser.get(f"{DAYS}/nam/2026").text
    only = browser.get(f"{DAYS}?loc-day__tu=2026-01-01&loc-day__den=2026-01-31").text
    assert "Tết Dương lịch" in only
    assert "Quốc khánh" not in only


# -- years


def test_a_year_is_confirmed_only_with_its_announcement(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    path = f"{DAYS}/nam/2027/doi-chieu"
    answer = post(browser, path, source=" ", confirmed="y")
    assert answer.status_code == 422
    assert "Ghi thông báo chính thức" in answer.text
    assert 'id="source-loi"' in answer.text
    assert picture(*TABLES) == before
    assert post(browser, path, source="Thông báo 1", confirmed="y").status_code == 302
    row = stored(CalendarYear, year=2027)
    assert (row.confirmed, row.source) == (True, "Thông báo 1")
    assert "Lịch nghỉ năm 2027" not in browser.get("/quan-tri/").text


@pytest.mark.parametrize("year", ["1975", "2200", "abc"])
def test_a_year_outside_all_calendars_is_not_found(app, login, year):
    browser, before = login("quantri"), picture(*TABLES)
    assert browser.get(f"{DAYS}/nam/{year}").status_code == 404
    assert post(browser, f"{DAYS}/nam/{year}/tu-dien").status_code == 404
    assert picture(*TABLES) == before


def test_filling_a_year_in_is_previewed_and_keeps_it_unconfirmed(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    path = f"{DAYS}/nam/2028/tu-dien"
    shown = post(browser, path)
    assert "Không hồ sơ nào đổi hạn." in shown.text
    assert picture(*TABLES) == before
    assert post(browser, path, da_xem=mark(shown)).status_code == 302
    assert len(calendars.days_of(2028)) >= 10
    assert "Chưa đối chiếu" in browser.get(f"{DAYS}/nam/2028").text
    assert keys()[-1] == "calendar_days_added"


# -- office hours


def test_shorter_hours_show_who_moves_and_then_move_them(app, login):
    dossier = factories.submitted()
    browser, before = login("quantri"), picture(*TABLES)
    shown = post(browser, f"{HOURS}/chung", **week(closes="16:00"))
    assert shown.status_code == 200
    assert "1 hồ sơ đang giải quyết đổi hạn." in shown.text
    assert "10:20, 25/11/2026" in shown.text
    assert 'value="16:00"' in shown.text
    assert picture(*TABLES) == before
    answer = post(browser, f"{HOURS}/chung", **week(closes="16:00"), da_xem=mark(shown))
    assert (answer.status_code, answer.location) == (302, HOURS)
    assert due(dossier) == "25/11 10:20"
    assert "sessions_changed" in keys()


def test_hours_of_one_agency_move_its_dossiers_only(app, login):
    city, ward = factories.submitted(), factories.submitted(factories.BIRTH, "Cẩm Bình")
    browser, key = login("quantri"), factories.agency("Cẩm Bình").id
    data = week(closes="16:00")
    shown = post(browser, f"{HOURS}/{key}", **data)
    assert city.display_code not in shown.text.replace("<wbr>", "")
    post(browser, f"{HOURS}/{key}", **data, da_xem=mark(shown))
    assert (due(city), due(ward)) == ("25/11 09:20", "25/11 10:20")
    assert "Giờ riêng" in browser.get(HOURS).text
    shown = post(browser, f"{HOURS}/{key}", from_day="2026-11-23")
    post(browser, f"{HOURS}/{key}", from_day="2026-11-23", da_xem=mark(shown))
    assert due(ward) == "25/11 09:20"
    assert calendars.sessions_of(key) == []


def test_a_forged_mark_does_not_change_hours(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    answer = post(browser, f"{HOURS}/chung", **week(closes="16:00"), da_xem="x")
    assert answer.status_code == 409
    assert "đã khác lần xem trước" in answer.text
    assert picture(*TABLES) == before


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"d0_0_closes": ""}, "d0_0_closes", "Nhập cả giờ bắt đầu và giờ kết thúc"),
        ({"d2_2_closes": "20:00"}, "d2_2_opens", "Nhập cả giờ bắt đầu và giờ kết thúc"),
        ({"d0_0_closes": "07:30"}, "d0_0_closes", "Giờ kết thúc phải sau giờ bắt đầu"),
        ({"d1_2_opens": "16:30", "d1_2_closes": "18:00"}, "d1_2_opens", "trùng giờ nhau"),
        ({"d0_0_opens": "25:00"}, "d0_0_opens", None),
        ({"from_day": ""}, "from_day", "Nhập áp dụng từ ngày"),
        ({"from_day": "1900-01-01"}, "from_day", "từ năm 1976 đến năm 2199"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_field_with_everything_typed(
    app, login, changes, field, said
):
    browser, before = login("quantri"), picture(*TABLES)
    answer = post(browser, f"{HOURS}/chung", **week(closes="16:45") | changes)
    assert answer.status_code == 422
    assert f'id="{field}-loi"' in answer.text
    assert 'value="16:45"' in answer.text
    if said:
        assert said in answer.text
    assert picture(*TABLES) == before


def test_the_common_hours_cannot_be_emptied(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    answer = post(browser, f"{HOURS}/chung", from_day="2026-12-01")
    assert answer.status_code == 422
    assert "ít nhất một buổi làm việc chung" in answer.text
    assert picture(*TABLES) == before


def test_hours_of_an_agency_that_is_none_are_not_found(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    for key in ("999999", "99999999999999999999"):
        assert browser.get(f"{HOURS}/{key}").status_code == 404
        assert post(browser, f"{HOURS}/{key}", **week()).status_code == 404
    assert picture(*TABLES) == before


def test_earlier_hours_stay_readable(app, login):
    browser = login("quantri")
    data = week(closes="16:00", from_day="2026-12-01")
    post(browser, f"{HOURS}/chung", **data, da_xem=mark(post(browser, f"{HOURS}/chung", **data)))
    page = browser.get(f"{HOURS}/chung").text
    assert "Đến hết 30/11/2026" in page
    assert "Từ 01/12/2026" in page
    assert {row.closes for row in calendars.sessions_of(None) if row.opens == time(13)} == {
        time(16),
        time(17),
    }


def test_only_an_administrator_may_even_look(app):
    with pytest.raises(Exception, match="role_may_not"):
        calendar_edits.add_days(factories.leader(), [], dry_run=True)
    with pytest.raises(Refused):
        calendar_edits.prefill_year(factories.administrator(), 1900, dry_run=True)


# -- the calendar of a year


def test_a_year_is_twelve_months_in_which_every_day_leads_to_its_form(app, login):
    page = login("quantri").get(f"{DAYS}/nam/2026").text
    assert page.count('class="mc-lich-thang') == 12
    key = stored(CalendarDay, day=date(2026, 11, 24)).id
    assert f'<td class="off"><a href="{DAYS}/{key}/sua" title="Ngày nghỉ: Ngày Văn hóa Việt Nam"' in page
    assert f'<td class="thuong"><a href="{DAYS}/them?ngay=2026-12-24"' in page
    assert f'<td class="cuoi-tuan"><a href="{DAYS}/them?ngay=2026-12-26"' in page
    assert page.count('aria-current="date"') == 1


def test_a_day_that_was_clicked_stands_in_the_form(app, login):
    browser = login("quantri")
    assert 'value="2026-12-24"' in browser.get(f"{DAYS}/them?ngay=2026-12-24").text
    for odd in ("2026-13-01", "x", "", "9" * 500):
        assert browser.get(f"{DAYS}/them?ngay={odd}").status_code == 200


def test_several_days_are_entered_at_once_after_their_consequence_was_seen(app, login):
    browser, before = login("quantri"), picture(*TABLES)
    several = OFF | {"last_day": "2026-11-27"}
    seen = post(browser, f"{DAYS}/them", **several)
    assert seen.status_code == 200
    assert picture(*TABLES) == before
    assert post(browser, f"{DAYS}/them", da_xem=mark(seen), **several).status_code == 302
    names = {stored(CalendarDay, day=date(2026, 11, day)).name for day in (25, 26, 27)}
    assert names == {"Nghỉ do bão"}
    assert keys()[-1] == "calendar_days_added"


@pytest.mark.parametrize(
    ("last", "said"),
    [("2026-11-24", "Ngày cuối phải bằng hoặc sau ngày đầu."), ("2027-11-25", "nhiều nhất 31 ngày")],
)
def test_days_that_run_backwards_or_too_long_are_refused_at_the_last_one(app, login, last, said):
    browser, before = login("quantri"), picture(*TABLES)
    answer = post(browser, f"{DAYS}/them", **OFF | {"last_day": last})
    assert answer.status_code == 422
    assert 'id="last_day-loi"' in answer.text
    assert said in answer.text
    assert picture(*TABLES) == before
