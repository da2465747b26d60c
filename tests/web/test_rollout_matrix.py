"""The matrix of roll-out dates on the administrator's page."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.domain.errors import Refused
from app.domain.states import State
from app.extensions import db
from app.models.catalogue import Rollout
from tests import factories
from tests.web.administering import OTHERS, hidden, keys, picture, post, stored

PATH = "/quan-tri/trien-khai"


def agency(name="Cẩm Bình"):
    return factories.agency(name).id


def day(name="Cẩm Bình"):
    row = stored(Rollout, agency_id=agency(name))
    return row.opens_on if row else None


def typed(**changes):
    """The form with every date as stored, but for these agencies (by key)."""
    db.session.rollback()
    rows = {str(row.agency_id): row.opens_on.isoformat() for row in db.session.scalars(sa.select(Rollout))}
    data = {f"truoc_{key}": value for key, value in rows.items()}
    data |= {f"ngay_{key}": value for key, value in rows.items()}
    return data | changes


def change(browser, **wanted):
    """Look, then save what was seen."""
    data = typed(**wanted)
    seen = post(browser, PATH, **data)
    assert seen.status_code == 200
    return post(browser, PATH, da_xem=hidden(seen.text, "da_xem"), **data)


@pytest.mark.parametrize("username", OTHERS)
def test_nobody_else_sees_or_changes_the_dates(app, login, username):
    browser, before = login(username), picture(Rollout)
    assert browser.get(PATH).status_code == 403
    assert post(browser, PATH, **typed(**{f"ngay_{agency()}": "2030-01-01"})).status_code == 403
    assert picture(Rollout) == before


def test_the_matrix_has_a_date_for_every_agency_in_the_column_of_its_level(app, login):
    page = login("quantri").get(PATH).text
    assert page.count('type="date"') == 18  # 17 agencies, and one date for several
    assert page.count("không thuộc cấp này") == 17
    assert "Thủ tục cấp thành phố" in page


def test_nothing_is_saved_before_the_consequence_was_seen(app, login):
    browser, key, before = login("quantri"), agency(), picture(Rollout)
    factories.complete_draft(factories.BIRTH, "Cẩm Bình")
    answer = post(browser, PATH, **typed(**{f"ngay_{key}": "2026-12-01"}))
    assert "Ngừng nhận hồ sơ mới ngay khi lưu." in answer.text
    assert "1 bản nháp chưa gửi được" in answer.text
    assert "Lưu 1 ngày" in answer.text
    assert picture(Rollout)[0] == before[0]


def test_a_later_date_closes_submission_at_once_and_says_from_when(app, login):
    browser = login("quantri")
    complete = factories.complete_draft(factories.BIRTH, "Cẩm Bình")
    answer = change(browser, **{f"ngay_{agency()}": "2026-12-01"})
    assert (answer.status_code, answer.location) == (302, PATH)
    with pytest.raises(Refused) as refusal:
        factories.press(factories.citizen(), factories.reload(complete), "submit")
    assert refusal.value.key == "procedure_not_open_here"
    assert "01/12/2026" in str(refusal.value.params)
    assert factories.reload(complete).state is State.DRAFT
    assert "01/12/2026" in app.test_client().get(f"/thu-tuc/{factories.BIRTH}").text


def test_an_earlier_date_opens_submission_at_once(app, login):
    browser, key = login("quantri"), agency()
    change(browser, **{f"ngay_{key}": "2026-12-01"})
    assert change(browser, **{f"ngay_{key}": "2026-11-23"}).status_code == 302
    assert factories.submitted(factories.BIRTH, "Cẩm Bình").state is State.SUBMITTED
    assert keys().count("rollout_changed") == 2


def test_an_agency_without_a_date_takes_nothing_until_one_is_entered(app, login):
    browser, key = login("quantri"), agency()
    change(browser, **{f"ngay_{key}": ""})
    assert day() is None
    with pytest.raises(Refused):
        factories.submitted(factories.BIRTH, "Cẩm Bình")
    change(browser, **{f"truoc_{key}": "", f"ngay_{key}": "2026-11-01"})
    assert factories.submitted(factories.BIRTH, "Cẩm Bình").state is State.SUBMITTED


def test_one_date_is_written_into_the_fields_of_several_agencies_and_not_stored(app, login):
    browser, before = login("quantri"), picture(Rollout)
    data = typed(chon=[agency(), agency("Cẩm Trung")], ngay_chung="2027-01-04", dat="1")
    page = post(browser, PATH, **data).text
    assert page.count('value="2027-01-04"') == 3
    assert picture(Rollout) == before
    for missing in ({"ngay_chung": ""}, {"chon": "999"}):
        answer = post(browser, PATH, **data | missing)
        assert answer.status_code == 422
        assert "Chọn ngày và ít nhất một cơ quan" in answer.text


@pytest.mark.parametrize("said", ["31/31/2026", "2026-02-30", "0001-01-01"])
def test_a_date_that_is_none_is_refused_at_its_agency(app, login, said):
    browser, key, before = login("quantri"), agency(), picture(Rollout)
    answer = post(browser, PATH, **typed(**{f"ngay_{key}": said}))
    assert answer.status_code == 422
    assert f'id="ngay_{key}-loi"' in answer.text
    assert picture(Rollout) == before


def test_two_administrators_do_not_overwrite_each_other(app, login):
    browser, key = login("quantri"), agency()
    data = typed(**{f"ngay_{key}": "2027-01-01"})
    mark = hidden(post(browser, PATH, **data).text, "da_xem")
    change(browser, **{f"ngay_{key}": "2026-12-01"})
    answer = post(browser, PATH, da_xem=mark, **data)
    assert answer.status_code == 409
    assert "01/12/2026" in answer.text  # the new preview says what it is now
    assert day() == date(2026, 12, 1)
    other = agency("Cẩm Trung")
    stale = data | {f"ngay_{key}": data[f"truoc_{key}"], f"ngay_{other}": "2027-01-01"}
    mark = hidden(post(browser, PATH, **stale).text, "da_xem")
    post(browser, PATH, da_xem=mark, **stale)
    assert (day("Cẩm Trung"), day()) == (date(2027, 1, 1), date(2026, 12, 1))  # only what this person changed


def test_saving_without_a_change_says_so(app, login):
    browser = login("quantri")
    assert "Không có ngày nào thay đổi." in post(browser, PATH, **typed()).text
