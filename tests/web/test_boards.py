"""The leaders' board, the dossiers behind its figures, the officers' day, and the public page of real times."""

import html
import re

import pytest

from app.domain.roles import Role
from app.extensions import db
from app.models.organisation import Profile
from tests import factories as make
from tests.web.browsing import enter

HOUR, DAY = 3600, 86400
FIGURE = "/so-lieu?so-lieu={}&tu=2026-11-01&den=2026-11-30"
LINK = re.compile(r'<a href="(/so-lieu\?[^"]+)">([\d.]+)</a>')
COUNT = re.compile(r">([\d.]+) hồ sơ</p>")


@pytest.fixture
def busy(moment):
    """A result that came late, one that came at once, one overdue, one of a ward, one that waits."""
    late, overdue = make.decided(), make.in_appraisal()
    moment.shift(7 * DAY)
    make.press(make.officer(), late, "announce_result")
    made = [make.result_ready(), make.submitted(), make.result_ready("KS-01", "Cẩm Bình")]
    return {"late": late, "overdue": overdue, "ward": made[2], "ready": made[0]}


@pytest.fixture
def leader(app, login):
    return lambda unit="": enter(login, make.leader(unit))


def test_every_number_of_the_page_leads_to_as_many_dossiers(app, busy, leader):
    browser = leader()
    page = browser.get("/dieu-hanh").text
    links = {(html.unescape(href), number) for href, number in LINK.findall(page)}
    assert len(links) > 15
    for href, number in links:
        behind = browser.get(href)
        assert COUNT.search(behind.text).group(1) == number, href
        assert behind.text.count('<a href="/can-bo/ho-so/') == int(number), href


def test_the_page_shows_figures_charts_with_tables_and_the_worst_dossiers(app, busy, leader):
    page = leader().get("/dieu-hanh").text
    for heading in (
        "Kết quả giải quyết theo phòng",
        "Hồ sơ không trễ hạn theo tuần",
        "Thời gian ở từng bước",
    ):
        assert heading in page
    assert page.count("<svg") - page.count('aria-hidden="true"><rect') == page.count("Xem dạng bảng") == 5
    assert busy["overdue"].code in html.unescape(re.sub(r"<[^>]+>", "", page))
    assert "Chưa đạt chỉ tiêu không quá 4%" in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


def test_the_city_sees_the_numbers_of_a_ward_and_no_way_to_its_dossiers(app, busy, leader):
    browser, ward = leader(), make.agency("Cẩm Bình")
    for chosen in (ward.id, "tat-ca"):
        page = browser.get(f"/dieu-hanh?don-vi={chosen}&tuan=4").text
        assert "Hồ sơ của đơn vị khác do đơn vị đó quản lý" in page
        assert "/so-lieu?" not in page
        assert "/can-bo/ho-so/" not in page
        assert busy["ward"].code not in page
    found = browser.get(FIGURE.format("done") + f"&theo=don-vi&nhom={ward.id}")
    assert COUNT.search(found.text).group(1) == "0"
    assert busy["ward"].code not in re.sub(r"<[^>]+>", "", found.text)


def test_a_ward_sees_itself_alone(app, busy, leader):
    browser = leader("Cẩm Bình")
    page = browser.get("/dieu-hanh").text
    assert 'name="don-vi"' not in page
    assert busy["ward"].code in re.sub(r"<[^>]+>", "", browser.get(FIGURE.format("done")).text)
    assert browser.get(f"/dieu-hanh?don-vi={make.agency().id}").status_code == 404
    assert browser.get("/dieu-hanh?don-vi=tat-ca").status_code == 403
    assert browser.get(f"/dieu-hanh/hai-long?don-vi={make.agency().id}").status_code == 404
    assert browser.get("/dieu-hanh/hai-long?don-vi=tat-ca").status_code == 403


@pytest.mark.parametrize(
    ("role", "answers"),
    [
        (Role.RECEIVING_OFFICER, (403, 403, 200, 200)),
        (Role.DEPARTMENT_OFFICER, (403, 403, 200, 200)),
        (Role.LEADER, (200, 200, 403, 200)),
        (Role.ADMINISTRATOR, (403, 403, 403, 403)),
        (Role.CITIZEN, (403, 403, 403, 403)),
    ],
)
def test_each_role_opens_its_own_pages_only(app, login, role, answers):
    browser = enter(login, make.person(role))
    pages = ("/dieu-hanh", "/dieu-hanh/hai-long", "/ngay-lam-viec", FIGURE.format("received"))
    assert tuple(browser.get(page).status_code for page in pages) == answers


def test_visitors_are_asked_to_log_in(client):
    for page in ("/dieu-hanh", "/dieu-hanh/hai-long", "/ngay-lam-viec", FIGURE.format("received")):
        assert client.get(page).status_code == 302


def test_figures_of_a_department_officer_are_those_forwarded_to_the_department(app, busy, login):
    mine = make.specialist(busy["overdue"])
    query = db.select(Profile).where(
        Profile.role == Role.DEPARTMENT_OFFICER,
        Profile.agency_id == mine.agency_id,
        Profile.department_id != mine.department_id,
    )
    other = make.as_actor(db.session.scalars(query.order_by(Profile.id)).first())
    address = FIGURE.format("open_overdue")
    assert "1 hồ sơ" in enter(login, mine).get(address).text
    assert "0 hồ sơ" in enter(login, other).get(address).text
    forged = f"{address}&theo=phong&nhom={mine.department_id}"
    assert busy["overdue"].code not in re.sub(r"<[^>]+>", "", enter(login, other).get(forged).text)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/dieu-hanh?tuan=x&don-vi=", 200),
        ("/dieu-hanh?tuan=7", 200),
        ("/dieu-hanh?don-vi=99999", 404),
        ("/dieu-hanh/hai-long?thang=0&sau=x", 200),
        ("/so-lieu", 404),
        ("/so-lieu?so-lieu=received", 200),
        (FIGURE.format("everything"), 404),
        (FIGURE.format("received") + "&theo=nguoi-nop&nhom=1", 422),
        (FIGURE.format("received") + "&theo=phong&nhom=x", 404),
        (FIGURE.format("received") + "&sau=x", 200),
        ("/so-lieu?so-lieu=received&tu=2026-11-30&den=2026-11-01", 422),
        ("/so-lieu?so-lieu=received&tu=0001-01-01&den=9999-12-31", 422),
    ],
)
def test_odd_addresses_are_answered(app, leader, address, status):
    assert leader().get(address).status_code == status


def test_long_lists_go_on_from_page_to_page(app, leader, monkeypatch):
    monkeypatch.setattr("app.services.figure_rows.PAGE", 2)
    made = {make.received("KS-01", "Cẩm Bình").code for _ in range(5)}
    browser, address, seen = leader("Cẩm Bình"), FIGURE.format("received"), []
    while address:
        page = browser.get(address).text
        seen += re.findall(r"H49[\d.-]*-<wbr>|<bdi>([\d-]+<b>\d+)</b>", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = html.unescape(following.group(1)) if following else ""
    assert len(seen) == len(set(seen)) == len(made)


def test_the_day_of_an_officer_lists_what_there_is_to_do(app, busy, login):
    page = enter(login, make.officer()).get("/ngay-lam-viec").text
    for heading in ("Đến hạn hôm nay", "Mới đến hôm nay", "Chờ người dân đến nhận", "Hôm nay tôi đã làm"):
        assert heading in page
    assert "Thông báo đến nhận kết quả" in page
    theirs = enter(login, make.specialist(busy["overdue"])).get("/ngay-lam-viec").text
    assert "Chờ người dân đến nhận" not in theirs
    assert f'href="/can-bo/ho-so/{busy["overdue"].id}"' in theirs


def test_anybody_reads_how_long_it_really_takes(app, busy, client):
    page = client.get("/thoi-gian-giai-quyet").text
    assert "Mới có 2 kết quả, số liệu chỉ để tham khảo." in page
    ward = make.agency("Cẩm Bình").id
    assert "Đăng ký khai sinh" in client.get(f"/thoi-gian-giai-quyet?noi={ward}").text
    empty = client.get(f"/thoi-gian-giai-quyet?noi={make.agency('Cộng Hòa').id}").text
    assert "Chưa có kết quả nào trong 90 ngày qua" in empty
    for odd in ("x", "99999"):
        assert client.get(f"/thoi-gian-giai-quyet?noi={odd}").status_code == 404


def test_the_page_of_a_procedure_says_it_too(app, busy, client, monkeypatch):
    ward = make.agency("Cẩm Bình").id
    assert "Một nửa hồ sơ có kết quả trong" in client.get(f"/thu-tuc/KS-01?noi={ward}").text
    assert "UBND phường Cẩm Bình" in client.get("/thu-tuc/KS-01").text.split('id="thuc-te"')[1]
    assert 'id="thuc-te"' not in client.get("/thu-tuc/KS-02").text
    monkeypatch.setattr("app.services.expectations.SMALL", 1)
    assert "Tính trên 2 kết quả." in client.get("/thu-tuc/HKD-01").text


def test_the_board_is_said_in_english_too(app, busy, leader):
    browser = leader()
    browser.get("/lang/en")
    page = browser.get("/dieu-hanh").text
    assert "Kết quả giải quyết" not in page
