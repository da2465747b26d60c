"""Each leak of FAB's defaults, tried as another person: nothing is shown, nothing changes."""

import ast
import re
import threading
from collections import Counter
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import request
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy.exc import IntegrityError

from app.domain.errors import Refused
from app.extensions import db
from app.models.organisation import Agency, User
from app.models.outbox import NewsItem, Question
from app.web import listing
from app.web.base import AdminModelView, PageView
from tests.web import throwaway
from tests.web.throwaway import ASKED, ask, browser

LIST = "/thu/cau-hoi"


@pytest.fixture
def app(bare_app):
    return bare_app


def make(app, number, **values):
    with app.app_context():
        return ask(number, **values)


def stored(app, key):
    with app.app_context():
        return db.session.get(Question, key)


def token(client, address):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text).group(1)


def post(client, address, page=f"{LIST}/them", **data):
    return client.post(address, data={"csrf_token": token(client, page), **data})


def names(client, address=LIST):
    return re.findall(r'<a class="chinh"[^>]*>([^<]*)</a>', client.get(address).text)


# -- who may see what


def test_an_anonymous_visitor_is_sent_to_the_log_in_page_and_sees_no_row(app):
    key = make(app, 0, asker_name="Bí mật")
    for address in (LIST, f"{LIST}/{key}", f"{LIST}/{key}/sua", f"{LIST}/{key}/xoa", f"{LIST}/them"):
        answer = browser(app).get(address)
        assert answer.status_code == 302
        assert answer.location.startswith("/dang-nhap?next=")
        assert "Bí mật" not in answer.text


@pytest.mark.parametrize("who", ["chi", "dung"])
def test_a_person_without_the_permission_gets_403_on_every_route(app, who):
    key = make(app, 0, asker_name="Bí mật")
    for address in (LIST, f"{LIST}/{key}", f"{LIST}/{key}/sua", f"{LIST}/{key}/xoa", f"{LIST}/them"):
        answer = browser(app, who).get(address)
        assert answer.status_code == 403
        assert "Bí mật" not in answer.text


def test_the_list_shows_only_rows_of_the_row_filter(app):
    make(app, 0, asker_name="Của An")
    make(app, 1, asker_name="Của Bình")
    assert names(browser(app, "an")) == ["Của An"]
    assert names(browser(app, "binh")) == ["Của Bình"]


@pytest.mark.parametrize("address", ["{}", "{}/sua", "{}/xoa"])
def test_a_foreign_row_and_an_unknown_row_are_both_not_found(app, address):
    foreign = make(app, 1, asker_name="Bí mật")
    client = browser(app, "an")
    for key in (foreign, 999_999, 2**63, 10**30):
        answer = client.get(f"{LIST}/" + address.format(key))
        assert answer.status_code == 404
        assert "Bí mật" not in answer.text


@pytest.mark.parametrize(("address", "data"), [("sua", {"body": "chiếm"}), ("xoa", {})])
def test_a_foreign_row_can_be_neither_changed_nor_deleted(app, address, data):
    foreign = make(app, 1)
    answer = post(browser(app, "an"), f"{LIST}/{foreign}/{address}", **data)
    assert answer.status_code == 404
    assert stored(app, foreign).body == "Hỏi"


# -- actions


def test_an_action_on_a_foreign_row_is_not_found_and_changes_nothing(app):
    foreign = make(app, 1)
    answer = post(browser(app, "an"), f"{LIST}/{foreign}/thao-tac/publish")
    assert answer.status_code == 404
    assert stored(app, foreign).published is False


def test_one_forged_row_among_the_chosen_stops_the_whole_action(app):
    own, foreign = make(app, 0), make(app, 1)
    for forged in (str(foreign), "abc", "999999", "-1", "²"):
        answer = post(browser(app, "an"), f"{LIST}/thao-tac", action="publish", rowid=[str(own), forged])
        assert answer.status_code == 404
        assert stored(app, own).published is False
        assert stored(app, foreign).published is False


def test_an_action_on_own_rows_is_done(app):
    keys = [make(app, 0), make(app, 0)]
    answer = post(browser(app, "an"), f"{LIST}/thao-tac", action="publish", rowid=[str(key) for key in keys])
    assert answer.status_code == 302
    assert all(stored(app, key).published for key in keys)


def test_an_action_by_get_changes_nothing(app):
    own = make(app, 0)
    client = browser(app, "an")
    assert client.get(f"{LIST}/{own}/thao-tac/publish").status_code == 405
    assert client.get(f"{LIST}/thao-tac?action=publish&rowid={own}").status_code == 405
    assert stored(app, own).published is False


def test_an_action_without_the_token_changes_nothing(app):
    own = make(app, 0)
    assert browser(app, "an").post(f"{LIST}/{own}/thao-tac/publish").status_code == 400
    assert stored(app, own).published is False


def test_an_action_meant_for_one_row_cannot_be_done_to_many(app):
    own = make(app, 0, answer="giữ")
    answer = post(browser(app, "an"), f"{LIST}/thao-tac", action="wipe", rowid=str(own), confirmed="1")
    assert answer.status_code == 404
    assert stored(app, own).answer == "giữ"


@pytest.mark.parametrize("name", ["no_such", "delete", "download", "__class__", ""])
def test_an_unknown_action_is_not_found(app, name):
    own = make(app, 0)
    assert post(browser(app, "an"), f"{LIST}/thao-tac", action=name, rowid=str(own)).status_code == 404


def test_an_action_with_a_question_asks_before_it_is_done(app):
    own = make(app, 0, answer="giữ")
    client = browser(app, "an")
    page = post(client, f"{LIST}/{own}/thao-tac/wipe")
    assert "Trả lời sẽ mất." in page.text
    assert stored(app, own).answer == "giữ"
    post(client, f"{LIST}/{own}/thao-tac/wipe", confirmed="1")
    assert stored(app, own).answer == ""


def test_no_actions_means_none_on_list_and_page(app, monkeypatch):
    own = make(app, 0)
    client = browser(app, "an")
    assert "thao-tac/wipe" in client.get(f"{LIST}/{own}").text
    monkeypatch.setattr(throwaway.QuestionView, "offered_actions", lambda _self, **_which: {})
    assert "thao-tac/" not in client.get(f"{LIST}/{own}").text
    assert 'name="rowid"' not in client.get(LIST).text


def test_a_person_without_the_permission_of_an_action_cannot_do_it(app):
    own = make(app, 0)
    answer = post(browser(app, "chi"), f"{LIST}/{own}/thao-tac/publish", page="/thu/co-quan")
    assert answer.status_code == 403
    assert stored(app, own).published is False


# -- downloads and related rows


def test_there_is_no_download_route_nor_permission(app):
    for view in app.appbuilder.baseviews:
        assert "can_download" not in (getattr(view, "base_permissions", None) or [])
    assert browser(app, "an").get(f"{LIST}/download/config.py").status_code == 404
    assert not [rule for rule in app.url_map.iter_rules() if "download" in str(rule)]


def test_a_view_without_verbs_has_neither_routes_nor_permissions_for_them(app):
    view = next(v for v in app.appbuilder.baseviews if isinstance(v, throwaway.AgencyView))
    assert set(view.base_permissions) == {"can_list", "can_show"}
    for end in ("them", "1/sua", "1/xoa"):
        assert browser(app, "an").get(f"/thu/co-quan/{end}").status_code == 404


def test_related_rows_are_shown_only_to_those_who_may_list_them(app):
    make(app, 0, asker_name="Bí mật")
    with app.app_context():
        agency = db.session.scalar(sa.select(Agency.id).where(Agency.identifier == "A0"))
    assert "Bí mật" in browser(app, "an").get(f"/thu/co-quan/{agency}").text
    page = browser(app, "chi").get(f"/thu/co-quan/{agency}")
    assert page.status_code == 200
    assert "Bí mật" not in page.text


def test_related_rows_pass_their_own_row_filter(app):
    make(app, 1, asker_name="Bí mật")
    with app.app_context():
        agency = db.session.scalar(sa.select(Agency.id).where(Agency.identifier == "A1"))
    page = browser(app, "an").get(f"/thu/co-quan/{agency}")
    assert page.status_code == 200
    assert "Bí mật" not in page.text


# -- search, order, pages


@pytest.mark.parametrize(
    "column", ["answered_by.password", "asker_email", "body", "no_such", "__class__", "agency"]
)
def test_an_order_that_was_not_offered_is_refused_and_never_executed(app, column):
    make(app, 0)
    seen = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2].lower()))
    answer = browser(app, "an").get(f"{LIST}?xep={column}")
    assert answer.status_code == 400
    assert not [text for text in seen if "order by" in text and "question" in text]


@pytest.mark.parametrize(
    "query",
    [
        "trang=abc",
        "trang=-5",
        "trang=0",
        "trang=99999999999999999999",
        "trang=²",
        "so_dong=abc",
        "so_dong=0",
        "so_dong=-1",
        "chieu=ngang&xep=asker_name",
        "loc-agency=abc",
        "loc-asked_at__tu=hôm+qua",
        "loc-published=7",
        "loc-asker_name=%00",
        "loc-asker_name=%25%27",
        "xep=",
    ],
)
def test_a_strange_address_is_harmless(app, query):
    make(app, 0)
    assert browser(app, "an").get(f"{LIST}?{query}").status_code == 200


def test_no_more_than_a_hundred_rows_are_shown(app):
    with app.app_context():
        agency = db.session.scalar(sa.select(Agency.id).where(Agency.identifier == "A0"))
        rows = [
            {
                "agency_id": agency,
                "asker_name": f"N{n:03}",
                "asker_email": "a@b.vn",
                "body": "x",
                "asked_at": ASKED,
            }
            for n in range(120)
        ]
        db.session.execute(sa.insert(Question), rows)
        db.session.commit()
    client = browser(app, "an")
    assert len(names(client, f"{LIST}?so_dong=5000")) == 100
    assert len(names(client)) == 25
    assert names(client, f"{LIST}?trang=5") == [f"N{n:03}" for n in range(100, 120)]
    assert names(client, f"{LIST}?xep=asker_name&chieu=desc")[0] == "N119"


def test_counting_stops_where_nobody_reads_on(app, monkeypatch):
    monkeypatch.setattr(listing, "COUNT_CAP", 3)
    for _ in range(5):
        make(app, 0)
    assert "trong hơn 3 mục" in browser(app, "an").get(LIST).text


def test_a_list_can_be_searched_by_a_state_and_an_unknown_state_is_harmless(app):
    client = browser(app, "an")
    assert names(client, "/thu/co-quan?loc-level=ward") == ["Cơ quan 0", "Cơ quan 1"]
    assert names(client, "/thu/co-quan?loc-level=city") == []
    assert client.get("/thu/co-quan?loc-level=WARD;").status_code == 200
    assert "Cấp phường, xã" in client.get("/thu/co-quan").text


def test_a_hidden_column_cannot_be_searched(app):
    make(app, 0, asker_name="Hoa", asker_email="bi-mat@example.vn", answer="mật")
    client = browser(app, "an")
    for query in ("loc-asker_email=khac", "loc-answer=khac", "_flt_2_asker_email=khac", "loc-answered_by=1"):
        assert names(client, f"{LIST}?{query}") == ["Hoa"]


def test_the_search_finds_what_it_says(app):
    make(app, 0, asker_name="Nguyễn Hoa")
    make(app, 0, asker_name="Trần 100%", published=True, answered_at=ASKED, answer="x")
    make(app, 0, asker_name="Lê Mai", asked_at=datetime(2026, 11, 20, 17, 30, tzinfo=UTC))
    client = browser(app, "an")
    assert names(client, f"{LIST}?loc-asker_name=hoa") == ["Nguyễn Hoa"]
    assert names(client, f"{LIST}?loc-asker_name=%25") == ["Trần 100%"]
    assert names(client, f"{LIST}?loc-asker_name=_") == []
    assert names(client, f"{LIST}?loc-published=1") == ["Trần 100%"]
    assert names(client, f"{LIST}?loc-published=0") == ["Lê Mai", "Nguyễn Hoa"]
    assert names(client, f"{LIST}?loc-asked_at__tu=2026-11-21") == ["Lê Mai"]
    assert names(client, f"{LIST}?loc-asked_at__den=2026-11-20") == ["Nguyễn Hoa", "Trần 100%"]


def test_the_search_cannot_reach_past_the_row_filter(app):
    make(app, 1, asker_name="Bí mật")
    with app.app_context():
        agency = db.session.scalar(sa.select(Agency.id).where(Agency.identifier == "A1"))
    for query in ("loc-asker_name=Bí", f"loc-agency={agency}"):
        assert names(browser(app, "an"), f"{LIST}?{query}") == []


def test_four_people_searching_at_once_each_see_their_own_list(app):
    words = ["Một", "Hai", "Ba", "Bốn"]
    for word in words:
        make(app, 0, asker_name=f"{word} Hoa")
    wrong = Counter()

    def search(word):
        client = browser(app, "an")
        for _ in range(15):
            if names(client, f"{LIST}?loc-asker_name={word}") != [f"{word} Hoa"]:
                wrong[word] += 1

    threads = [threading.Thread(target=search, args=(word,)) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def statements(app, client):
    seen = []

    def note(*args):
        seen.append(args[2].lower())

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    assert client.get(LIST).status_code == 200
    sa.event.remove(engine, "before_cursor_execute", note)
    return seen


def test_the_number_of_queries_does_not_grow_with_the_rows(app):
    client = browser(app, "an")
    with app.app_context():
        people = db.session.scalars(sa.select(User.id).order_by(User.id)).all()
    make(app, 0, answered_by_id=people[0])
    few = len(statements(app, client))
    for number in range(20):
        make(app, 0, answered_by_id=people[number % len(people)])
    assert len(statements(app, client)) == few <= 9


def test_counting_never_reads_the_whole_table(app):
    counts = [text for text in statements(app, browser(app, "an")) if "count(" in text]
    assert counts
    assert all("limit" in text for text in counts)


# -- writing


def test_a_refused_edit_leaves_nothing_in_the_session_and_keeps_what_was_typed(app, monkeypatch):
    own = make(app, 0)
    seen = {}

    def after_the_page(response):
        seen["dirty"] = list(db.session.dirty)
        db.session.commit()  # what a later step of the same request would do
        return response

    monkeypatch.setitem(app.after_request_funcs, None, [*app.after_request_funcs[None], after_the_page])
    client = browser(app, "an")
    answer = post(client, f"{LIST}/{own}/sua", body="điều cấm", dau_van=fingerprint(client, own))
    assert answer.status_code == 422
    assert "điều cấm</textarea>" in answer.text
    assert "Nhập giá trị cho tham số." in answer.text
    assert 'id="body-loi"' in answer.text
    assert "<title>Lỗi: Sửa câu hỏi" in answer.text
    assert seen["dirty"] == []
    assert stored(app, own).body == "Hỏi"


def fingerprint(client, key):
    return re.search(r'name="dau_van" value="(\w+)"', client.get(f"{LIST}/{key}/sua").text).group(1)


def test_an_edit_is_saved_and_leads_back_to_the_list(app):
    own = make(app, 0)
    client = browser(app, "an")
    answer = post(client, f"{LIST}/{own}/sua", body="Mới", dau_van=fingerprint(client, own))
    assert (answer.status_code, answer.location) == (302, LIST)
    assert stored(app, own).body == "Mới"
    assert "Đã lưu." in client.get(LIST).text


def test_an_edit_of_a_row_that_somebody_else_changed_meanwhile_is_refused(app):
    own = make(app, 0)
    client = browser(app, "an")
    opened = fingerprint(client, own)
    with app.app_context():
        db.session.get(Question, own).body = "Người khác sửa"
        db.session.commit()
    for mark in (opened, ""):
        answer = post(client, f"{LIST}/{own}/sua", body="Của tôi", dau_van=mark)
        assert answer.status_code == 409
        assert "Người khác vừa cập nhật." in answer.text
        assert "Của tôi</textarea>" in answer.text
        assert stored(app, own).body == "Người khác sửa"


def test_a_database_error_is_told_in_the_form_and_nothing_typed_is_lost(app, monkeypatch):
    def clash(actor, values):
        raise IntegrityError("insert", {}, Exception("unique"))

    monkeypatch.setattr(throwaway.NewsView, "verb_add", staticmethod(clash))
    answer = post(browser(app, "an"), "/thu/tin/them", title="Tin quý", body="Nội dung", published_at="")
    assert answer.status_code == 409
    assert "Chưa lưu được vì trùng" in answer.text
    assert 'value="Tin quý"' in answer.text


def test_an_empty_field_is_named_in_vietnamese_and_nothing_is_stored(app):
    answer = post(browser(app, "an"), "/thu/tin/them", title=" ", body="Nội dung")
    assert answer.status_code == 422
    assert "Nhập tiêu đề." in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(NewsItem.id))) == 0


def test_a_moment_typed_in_the_city_is_stored_in_utc(app):
    answer = post(browser(app, "an"), "/thu/tin/them", title="Tin", body="x", published_at="2026-11-24T09:20")
    assert answer.status_code == 302
    with app.app_context():
        assert db.session.scalar(sa.select(NewsItem.published_at)) == datetime(
            2026, 11, 24, 2, 20, tzinfo=UTC
        )
    assert "09:20, 24/11/2026" in browser(app, "an").get("/thu/tin").text


def test_a_sign_that_no_database_stores_is_left_out(app):
    assert post(browser(app, "an"), "/thu/tin/them", title="T\0in", body="x").status_code == 302
    with app.app_context():
        assert db.session.scalar(sa.select(NewsItem.title)) == "Tin"


@pytest.mark.parametrize("value", ["999999", "abc", "-1", "", "1 OR 1=1"])
def test_a_relation_that_was_not_offered_is_refused(app, value):
    answer = post(browser(app, "an"), f"{LIST}/them", asker_name="Hoa", body="Hỏi", agency=value)
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Question.id))) == 0


def test_deleting_asks_first_and_a_get_deletes_nothing(app):
    own = make(app, 0, asker_name="Hoa")
    client = browser(app, "an")
    assert "không khôi phục được" in client.get(f"{LIST}/{own}/xoa").text
    assert stored(app, own) is not None
    assert client.post(f"{LIST}/{own}/xoa").status_code == 400
    assert stored(app, own) is not None
    assert post(client, f"{LIST}/{own}/xoa").status_code == 302
    assert stored(app, own) is None


def test_a_refused_deletion_says_why_and_deletes_nothing(app, monkeypatch):
    def refuse(actor, key):
        db.session.delete(db.session.get(Question, key))
        raise Refused("setting_empty")

    monkeypatch.setattr(throwaway.QuestionView, "verb_delete", staticmethod(refuse))
    own = make(app, 0)
    answer = post(browser(app, "an"), f"{LIST}/{own}/xoa")
    assert answer.status_code == 422
    assert "Nhập giá trị cho tham số." in answer.text
    assert stored(app, own) is not None


def test_what_a_citizen_wrote_is_never_markup(app):
    own = make(app, 0, asker_name="<script>alert(1)</script>", body='"><img src=x onerror=alert(1)>')
    client = browser(app, "an")
    for address in (LIST, f"{LIST}/{own}", f"{LIST}/{own}/sua", f"{LIST}/{own}/xoa"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert names(client) == ["&lt;script&gt;alert(1)&lt;/script&gt;"]
    assert unescape(names(client)[0]) == "<script>alert(1)</script>"


def test_an_empty_list_says_so_and_offers_the_one_thing_to_do(app):
    client = browser(app, "an")
    assert "Chưa có mục nào" in client.get(LIST).text
    assert "Không có mục nào khớp" in client.get(f"{LIST}?loc-asker_name=x").text


# -- what a view must declare


def declare(**changes):
    body = {
        "datamodel": SQLAInterface(Question),
        "route_base": "/x",
        "list_title": "X",
        "show_title": "X",
        "label_columns": {"body": "Nội dung", "agency": "Cơ quan"},
        "list_columns": ["body"],
        "show_columns": [],
        "add_columns": [],
        "edit_columns": [],
        "search_columns": [],
        "order_columns": [],
    }
    return type("Declared", (AdminModelView,), {k: v for k, v in {**body, **changes}.items() if v is not ...})


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"search_columns": ...}, "search_columns must be a list"),
        ({"show_columns": None}, "show_columns must be a list"),
        ({"order_columns": ...}, "order_columns must be a list"),
        ({"list_title": ""}, "list_title is not set"),
        ({"route_base": None}, "route_base is not set"),
        ({"verb_add": print}, "add_title is not set"),
        ({"base_filters": []}, "override rows"),
        ({"pre_update": print}, "verb_edit"),
        ({"download": print}, "checked route"),
        ({"order_columns": ["answered_by.secret"]}, "no column of the model"),
        ({"order_columns": ["agency"]}, "no column of the model"),
        ({"search_columns": ["agency.name"]}, "no column of the model"),
        ({"list_columns": ["asker_email"]}, "no Vietnamese label"),
        ({"list_load": ["body"]}, "is no relation"),
    ],
)
def test_a_view_that_leaves_something_to_chance_does_not_start(changes, complaint):
    with pytest.raises(TypeError, match=re.escape(complaint)):
        declare(**changes)


def test_rows_of_another_table_cannot_be_shown_as_a_column():
    with pytest.raises(TypeError, match="related_views"):
        declare(datamodel=SQLAInterface(Agency), label_columns={"places": "Nơi"}, list_columns=["places"])


def test_a_property_that_needs_a_request_does_not_stop_the_start(app):
    class Asking(PageView):
        route_base = "/hoi"

        @property
        def asked(self):
            return request.args["x"]

    assert Asking().base_permissions == []


def test_a_view_that_declares_everything_starts():
    assert declare().model is Question


def test_a_page_without_an_address_does_not_start():
    with pytest.raises(TypeError, match="route_base"):
        type("Nowhere", (PageView,), {})


FRAMEWORK_CLASSES = {
    "ModelView",
    "ModelRestApi",
    "MasterDetailView",
    "MultipleView",
    "CompactCRUDMixin",
    "BaseModelView",
    "DirectByChartView",
    "GroupByChartView",
    "ChartView",
}
BASES = {("app/web/base.py", "AdminModelView")}


def test_no_class_stands_directly_on_a_leaking_class_of_the_frameworks():
    """Flask-Admin's and the REST door's own bases are checked where they are written."""
    direct = set()
    for path in Path("app/web").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                parents = {ast.unparse(base).rsplit(".", 1)[-1] for base in node.bases}
                if parents & FRAMEWORK_CLASSES:
                    direct.add((path.as_posix(), node.name))
    assert direct == BASES
