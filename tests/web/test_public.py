"""What anybody may read."""

import re
from datetime import date, datetime

import pytest

from app.domain.clock import LOCAL
from app.domain.states import State
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.dossier import Dossier
from app.models.organisation import Level
from app.services import catalogue, rollout
from tests import factories
from tests.web.browsing import enter, post


def a_ward_that_opens_later():
    agency = factories.agency("Dương Huy")
    rollout.opens(factories.administrator(), agency.id, Level.WARD, date(2026, 12, 1))
    return agency


def test_the_first_page_counts_82_procedures_66_of_the_city_and_16_of_the_wards(client):
    page = client.get("/").text
    for count in ("82 thủ tục", "66 thủ tục", "16 thủ tục", "8 giờ làm việc"):
        assert count in page
    numbers = [int(n) for n in re.findall(r"(\d+) thủ tục</span></a></li>", page)]
    assert sum(numbers) == 82


def test_the_count_of_the_first_page_comes_from_the_data(client):
    catalogue.procedures.edit(
        factories.administrator(), catalogue.by_code("KS-01").id, {"valid_to": date(2026, 11, 22)}
    )
    page = client.get("/").text
    assert "81 thủ tục" in page
    assert "15 thủ tục" in page


def test_the_first_page_names_every_ward_with_the_day_it_began(client):
    page = client.get("/").text
    assert page.count("Đang nhận hồ sơ") == 2
    for words in ("01/7/2016", "01/9/2016", "Cẩm Bình", "Cẩm Trung", "Cẩm Thạch", "Mông Dương", "Dương Huy"):
        assert words in page


def test_a_ward_that_has_not_begun_is_shown_with_the_days_left(client):
    a_ward_that_opens_later()
    page = client.get("/").text
    assert "01/12/2026" in page
    assert "Còn 8 ngày" in page


def test_the_first_page_says_that_the_office_is_open_and_until_when(client):
    page = client.get("/").text
    assert "Đang mở cửa." in page
    assert "Còn 2 giờ 10 phút đến 11:30" in page
    assert "Thứ Ba, 24/11/2026" in page  # tomorrow is a day off


def test_on_a_day_off_the_first_page_says_why_it_is_closed_and_when_it_opens(client, moment):
    moment.move_to(datetime(2026, 11, 24, 10, 0, tzinfo=LOCAL))
    page = client.get("/").text
    assert "Đang đóng cửa." in page
    assert "07:30 thứ Tư, 25/11/2026" in page


def test_every_public_page_bears_the_hotline(client):
    for path in ("/", "/thu-tuc", "/thu-tuc/HKD-01", "/tra-cuu", "/tin-tuc", "/hoi-dap"):
        assert "033.3.502.900" in client.get(path).text


@pytest.mark.parametrize("typed", ["khai sinh", "Khai Sính", "khai sihn", "khaisinh", "KS-01"])
def test_a_procedure_is_found_without_accents_and_with_a_slip(client, typed):
    assert "Đăng ký khai sinh" in client.get("/thu-tuc", query_string={"q": typed}).text


def test_a_search_that_finds_nothing_says_what_to_do(client):
    page = client.get("/thu-tuc?q=zzzzzz").text
    assert "Không có thủ tục nào khớp" in page


def test_the_list_can_be_narrowed_to_a_level_and_a_field(client):
    assert "16 thủ tục" in client.get("/thu-tuc?cap=ward").text
    field = catalogue.by_code("HKD-01").field_id
    page = client.get(f"/thu-tuc?linh_vuc={field}").text
    assert "HKD-01" in page
    assert "KS-01" not in page


@pytest.mark.parametrize(
    "address", ["cap=x&linh_vuc=y&noi=z", "linh_vuc=99999999999999999999999", "q=%00", "noi=%00"]
)
def test_nonsense_in_the_address_of_the_list_is_harmless(client, address):
    assert client.get(f"/thu-tuc?{address}").status_code == 200


def test_the_page_of_a_procedure_tells_time_fee_papers_law_and_that_it_is_not_compared_yet(client):
    page = client.get("/thu-tuc/HKD-01").text
    for words in (
        "3 ngày làm việc",
        "100.000 đồng",
        "nộp khi nhận kết quả",
        "Giấy đề nghị đăng ký hộ kinh doanh",
        "NĐ 78/2015/NĐ-CP",
        "Chưa đối chiếu",
        "kết quả bị hủy và cơ quan chức năng được thông báo",
    ):
        assert words in page


def test_a_fee_without_amount_is_set_by_the_officer_and_a_procedure_without_fee_says_so(client):
    unset = db.session.scalars(db.select(Procedure).where(Procedure.fees.any(amount=None))).first()
    assert "cán bộ xác định" in client.get(f"/thu-tuc/{unset.code}").text
    free = db.session.scalars(db.select(Procedure).where(~Procedure.fees.any())).first()
    assert "Không thu" in client.get(f"/thu-tuc/{free.code}").text


def test_a_confirmed_procedure_bears_no_mark(client):
    catalogue.procedures.edit(factories.administrator(), catalogue.by_code("HKD-01").id, {"confirmed": True})
    assert "Chưa đối chiếu" not in client.get("/thu-tuc/HKD-01").text


@pytest.mark.parametrize("code", ["none", "%00", "<script>"])
def test_an_unknown_procedure_has_no_page(client, code):
    assert client.get(f"/thu-tuc/{code}").status_code == 404


def test_a_procedure_that_is_no_longer_in_force_has_no_page(client):
    ended = catalogue.by_code("HKD-01")
    catalogue.procedures.edit(factories.administrator(), ended.id, {"valid_to": date(2026, 11, 22)})
    assert client.get("/thu-tuc/HKD-01").status_code == 404


def test_a_closed_ward_locks_the_button_and_says_from_when_and_where(client):
    agency = a_ward_that_opens_later()
    page = client.get(f"/thu-tuc/KS-01?noi={agency.id}").text
    assert "nhận từ ngày 01/12/2026" in page
    assert "Hiện có 15 nơi khác nhận" in page
    assert "nộp hồ sơ tại quầy" in page
    assert "Đăng nhập xong" not in page
    assert 'aria-disabled="true" aria-describedby="noi-noi"' in page


def test_a_dossier_cannot_be_begun_at_a_closed_ward(login):
    agency = a_ward_that_opens_later()
    answer = post(enter(login, factories.citizen()), "/thu-tuc/KS-01/nop", agency_id=agency.id)
    assert answer.status_code == 422
    assert "nhận từ ngày 01/12/2026" in answer.text
    assert f'<option value="{agency.id}" selected' in answer.text
    assert db.session.scalar(db.select(db.func.count(Dossier.id))) == 0


def test_without_javascript_a_button_tells_whether_the_ward_takes_it(client):
    agency = factories.agency("Cẩm Bình")
    answer = post(client, "/thu-tuc/KS-01/nop", agency_id=agency.id, check="1")
    assert answer.headers["Location"] == f"/thu-tuc/KS-01?noi={agency.id}#nop"
    assert "nhận hồ sơ qua mạng từ 01/7/2016" in client.get(answer.headers["Location"]).text


def test_whoever_chose_no_ward_is_asked_to(client):
    answer = post(client, "/thu-tuc/KS-01/nop")
    assert answer.status_code == 422
    assert "Chọn nơi gửi hồ sơ" in answer.text


def test_a_visitor_is_sent_to_log_in_and_back_with_the_place_chosen(client):
    agency = factories.agency("Cẩm Bình")
    answer = post(client, "/thu-tuc/KS-01/nop", agency_id=agency.id)
    assert answer.headers["Location"] == f"/dang-nhap?next=/thu-tuc/KS-01%3Fnoi%3D{agency.id}%23nop"


def test_a_citizen_begins_a_dossier_and_lands_on_its_task_list(login):
    browser = enter(login, factories.citizen())
    answer = post(browser, "/thu-tuc/HKD-01/nop", agency_id=factories.agency().id)
    made = db.session.scalars(db.select(Dossier)).one()
    assert answer.headers["Location"] == f"/ho-so/{made.id}/soan"
    assert made.state is State.DRAFT


def test_a_city_procedure_cannot_be_sent_to_a_ward(login):
    browser = enter(login, factories.citizen())
    answer = post(browser, "/thu-tuc/HKD-01/nop", agency_id=factories.agency("Cẩm Bình").id)
    assert answer.status_code == 422
    assert db.session.scalar(db.select(db.func.count(Dossier.id))) == 0


@pytest.mark.parametrize("who", [factories.officer, factories.leader, factories.administrator])
def test_staff_cannot_begin_a_dossier(login, who):
    browser = enter(login, who())
    assert "Tài khoản cán bộ không gửi hồ sơ" in browser.get("/thu-tuc/HKD-01").text
    assert post(browser, "/thu-tuc/HKD-01/nop", agency_id=factories.agency().id).status_code == 404
    assert db.session.scalar(db.select(db.func.count(Dossier.id))) == 0


def test_beginning_a_dossier_needs_the_token(login):
    browser = enter(login, factories.citizen())
    assert browser.post("/thu-tuc/HKD-01/nop", data={"agency_id": factories.agency().id}).status_code == 400
    assert db.session.scalar(db.select(db.func.count(Dossier.id))) == 0


def test_news_are_listed_and_read_and_drafts_do_not_exist(client):
    from app.services import news

    writer = factories.administrator()
    shown = news.create(writer, {"title": "Nghỉ <b>lễ</b>", "body": "Thứ Ba nghỉ.", "published": True})
    hidden = news.create(writer, {"title": "Chưa đăng", "body": "…"})
    assert "Nghỉ &lt;b&gt;lễ&lt;/b&gt;" in client.get("/tin-tuc").text
    assert "Thứ Ba nghỉ." in client.get(f"/tin-tuc/{shown.id}").text
    assert client.get(f"/tin-tuc/{hidden.id}").status_code == 404
    assert "Chưa đăng" not in client.get("/").text


def test_news_are_leafed_through(client):
    from app.services import news

    for number in range(25):
        news.create(factories.administrator(), {"title": f"Tin số {number}", "body": "…", "published": True})
    assert 'rel="next"' in client.get("/tin-tuc").text
    assert 'rel="prev"' in client.get("/tin-tuc?trang=2").text
    assert client.get("/tin-tuc?trang=99999999999999999999").status_code == 200


def test_public_pages_carry_no_inline_script_or_style(client):
    for path in ("/", "/thu-tuc", "/thu-tuc/KS-01", "/tra-cuu", "/tin-tuc", "/hoi-dap"):
        page = client.get(path).text
        assert " style=" not in page
        assert "<script>" not in page
        assert " onclick" not in page
