"""The inbox: the right dossiers in the right order, at a price that does not grow."""

import re
from datetime import timedelta

import pytest

from app.domain import transitions
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import DossierClock
from app.models.organisation import Department
from app.services import appraisal, queues
from tests import factories as f
from tests.web.browsing import enter, hidden, post
from tests.web.desks import everything, is_hidden, journal_of, statements, strangers

RECEIVED = "/hop-thu?nhom=received"
FORWARD = "/hop-thu/hang-loat?nhom=received"


def codes(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'href="/can-bo/ho-so/(\d+)" class="mc-ma"', page)]


def copies(dossier: Dossier, number: int) -> None:
    """More of the same in the list, without walking each: own code, own clock."""
    columns = {c.key: getattr(dossier, c.key) for c in Dossier.__mapper__.column_attrs if c.key != "id"}
    running = db.session.scalars(db.select(DossierClock).where(DossierClock.dossier_id == dossier.id)).all()
    clock = next(c for c in running if c.stopped_at is None)
    plain = {c.key: getattr(clock, c.key) for c in DossierClock.__mapper__.column_attrs if c.key != "id"}
    for n in range(number):
        due = dossier.due_at + timedelta(minutes=n)
        own = {"reference": f"N-{n:04d}-COPY", "code": f"x-{n}-y", "secret": f"s{n}", "due_at": due}
        copy = Dossier(**columns | own)
        db.session.add(copy)
        db.session.flush()
        db.session.add(DossierClock(**plain | {"dossier_id": copy.id, "due_at": due}))
    db.session.commit()


def test_a_dossier_waits_in_the_tab_of_its_state_with_counter_deadline_and_words(login):
    made = f.submitted()
    page = enter(login, f.officer()).get("/hop-thu").text
    assert codes(page) == [made.id]
    assert 'aria-current="page">Chờ tiếp nhận<span class="mc-dem">1</span>' in page
    assert "mc-han con" in page
    assert "Còn 7 giờ 59 phút" in page, "eight working hours, a moment ago"
    assert made.applicant_name in page
    assert made.procedure_name in page


def test_the_most_urgent_dossier_comes_first_and_a_late_one_says_so(login, moment):
    first = f.submitted()
    moment.shift(timedelta(minutes=10))
    second = f.submitted()
    officer = enter(login, f.officer())
    assert codes(officer.get("/hop-thu").text) == [first.id, second.id]
    moment.shift(timedelta(days=3))
    page = enter(login, f.officer()).get("/hop-thu").text
    assert page.count("mc-han qua") == 2
    assert page.count('<tr class="qua">') == 2
    assert "Quá " in page


def test_an_inbox_costs_the_same_for_three_and_for_sixty_dossiers(login):
    made = f.received()
    copies(made, 2)
    officer = enter(login, f.officer())
    assert len(codes(officer.get(RECEIVED).text)) == 3
    few = statements(officer, RECEIVED)
    for n, clone in enumerate(db.session.scalars(db.select(Dossier).where(Dossier.reference.like("%COPY")))):
        clone.reference, clone.code, clone.secret = f"N-OLD-{n}", f"old-{n}-y", f"old{n}"
    db.session.commit()
    copies(made, 57)
    assert len(codes(officer.get(RECEIVED).text)) == queues.PAGE
    many = statements(officer, RECEIVED)
    assert few == many
    assert many <= 15


def test_the_next_page_begins_where_the_last_one_ended_and_no_dossier_is_shown_twice(login):
    made = f.received()
    copies(made, 59)
    officer, path, seen = enter(login, f.officer()), RECEIVED, []
    for _page in range(3):
        page = officer.get(path).text
        seen += codes(page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = following.group(1).replace("&amp;", "&") if following else ""
    assert len(seen) == 60
    assert len(set(seen)) == 60
    assert path == ""


def test_searching_without_accents_finds_by_name_and_by_code(login):
    made, officer = f.received(), enter(login, f.officer())
    serial = made.code[-11:]
    assert codes(officer.get(f"{RECEIVED}&tim=minh hang").text) == [made.id]
    assert codes(officer.get(f"{RECEIVED}&tim={serial}").text) == [made.id]
    page = officer.get(f"{RECEIVED}&tim=khong-co").text
    assert codes(page) == []
    assert "Không có hồ sơ nào khớp" in page


@pytest.mark.parametrize(
    "query", ["nhom=khong-co", "sau=rac", "sau=2026_x", "tim=%25%00_", "nhom=closed&sau=-1"]
)
def test_an_address_nobody_made_shows_a_page_all_the_same(login, query):
    f.submitted()
    assert enter(login, f.officer()).get(f"/hop-thu?{query}").status_code == 200


def test_an_empty_inbox_says_so_and_a_page_past_the_end_leads_back(login):
    officer = enter(login, f.officer())
    assert "Không có hồ sơ nào chờ tiếp nhận." in officer.get("/hop-thu").text
    assert "Không còn hồ sơ nào" in officer.get("/hop-thu?sau=2030-01-01T00:00:00%2B00:00_9").text


def test_closed_dossiers_stand_in_their_own_tab_newest_first(login):
    first, second = f.returned(), f.voided()
    page = enter(login, f.officer()).get("/hop-thu?nhom=closed").text
    assert codes(page) == [second.id, first.id]
    assert "Kết thúc " in page


def test_nobody_sees_the_inbox_of_another_ward_department_or_role(login):
    made = f.in_appraisal()
    for name, browser in strangers(login, made).items():
        for queue in ("", "?nhom=appraisal", "?nhom=elsewhere", "?nhom=running", "?tim=minh+hang"):
            answer = browser.get("/hop-thu" + queue)
            assert answer.status_code == (403 if name.startswith(("citizen", "admin")) else 200), name
            assert is_hidden(made, answer.text), name


def test_a_visitor_is_sent_to_log_in(client):
    answer = client.get("/hop-thu")
    assert answer.status_code == 302
    assert answer.location.startswith("/dang-nhap?next=")


def test_chosen_dossiers_are_forwarded_each_with_its_own_answer(login):
    good, bare = f.received(), f.received()
    bare.department_id = None
    db.session.commit()
    officer = enter(login, f.officer())
    page = officer.get(RECEIVED).text
    key = hidden(page, "idempotency_key")
    answer = post(officer, FORWARD, dossier=[good.id, bare.id], idempotency_key=key)
    assert answer.status_code == 302
    shown = officer.get(answer.location).text
    assert f"Đã thực hiện “{transitions.find('forward').label}” cho 1 hồ sơ: {good.code}." in shown
    assert f"{bare.code} chưa thực hiện được. Chọn phòng thẩm định trước khi chuyển hồ sơ." in shown
    assert f.reload(good).state is State.IN_APPRAISAL
    assert f.reload(bare).state is State.RECEIVED


def test_pressing_with_nothing_chosen_says_what_to_do_and_keeps_the_list(login):
    made, officer = f.received(), enter(login, f.officer())
    answer = post(officer, f"{FORWARD}&tim=hang")
    assert answer.location == f"{RECEIVED}&tim=hang"
    assert "Chọn ít nhất một hồ sơ rồi thực hiện lại." in officer.get(answer.location).text
    assert f.reload(made).state is State.RECEIVED


def test_pressing_twice_forwards_once(login):
    made, officer = f.received(), enter(login, f.officer())
    key = hidden(officer.get(RECEIVED).text, "idempotency_key")
    for _press in range(2):
        assert post(officer, FORWARD, dossier=[made.id], idempotency_key=key).status_code == 302
    assert len(journal_of(made, "forward")) == 1


def test_a_pile_of_results_is_announced_and_only_the_tabs_own_step_is_made(login):
    made, officer = f.decided(), enter(login, f.officer())
    for tab in ("intake", "received", "counter", "closed", "late", "khong-co", ""):
        answer = post(officer, f"/hop-thu/hang-loat?nhom={tab}", dossier=[made.id], step="approve")
        assert answer.status_code == (302 if tab == "received" else 404), tab
        assert f.reload(made).state is State.DECIDED
    answer = post(officer, "/hop-thu/hang-loat?nhom=decided&tim=hang&tu=2026-11-01", dossier=[made.id])
    assert answer.location == "/hop-thu?nhom=decided&tim=hang&tu=2026-11-01"
    assert f.reload(made).state is State.RESULT_READY


def test_filters_stand_in_the_address_and_in_the_fields_again(login):
    made, officer = f.received(), enter(login, f.officer())
    path = f"{RECEIVED}&thu-tuc={made.procedure_id}&phong={made.department_id}&tu=2026-11-01&tim=hang"
    page = officer.get(path).text
    assert codes(page) == [made.id]
    for field in (
        f'value="{made.procedure_id}" selected', f'value="{made.department_id}" selected',
        'name="tu" value="2026-11-01"', 'name="tim" value="hang"',
    ):  # fmt: skip
        assert field in page, field
    assert "nhom=intake&amp;tim=hang&amp;thu-tuc=" in page, "another tab keeps what narrows"
    assert codes(officer.get(f"{RECEIVED}&thu-tuc={made.procedure_id + 1}").text) == []


@pytest.mark.parametrize(
    "query",
    ["thu-tuc=x&phong=-1", "tu=0001-01-01", "tu=9999-12-31", "tu=hom-qua", f"thu-tuc={2**63}&phong=%00"],
)
def test_a_filter_nobody_offered_shows_a_page_all_the_same(login, query):
    f.received()
    assert enter(login, f.officer()).get(f"{RECEIVED}&{query}").status_code == 200


def test_a_line_invites_to_what_its_tab_is_for(login):
    made = f.result_ready()
    page = enter(login, f.officer()).get("/hop-thu?nhom=counter").text
    assert f'href="/can-bo/ho-so/{made.id}/doi-chieu">Đối chiếu bản gốc<' in page
    waiting = f.awaiting_approval()
    page = enter(login, f.leader()).get("/hop-thu").text
    assert f'href="/can-bo/ho-so/{waiting.id}/phe-duyet">Xem và phê duyệt<' in page
    assert f'src="/can-bo/ho-so/{waiting.id}/ket-qua/trang/1?nho=1"' in page


@pytest.mark.parametrize("forged", ["foreign", "unknown", "nonsense", "too many"])
def test_a_forged_choice_forwards_nothing_at_all(login, forged):
    own, foreign = f.received(), f.received("KS-01", "Cẩm Bình")
    officer = enter(login, f.officer())
    choice = {
        "foreign": [own.id, foreign.id],
        "unknown": [own.id, 999_999],
        "nonsense": [own.id, "1 OR 1=1"],
        "too many": list(range(1, 200)),
    }[forged]
    before = everything()
    answer = post(officer, FORWARD, dossier=choice)
    assert answer.status_code == 404
    assert everything() == before
    assert is_hidden(foreign, answer.text)


def test_only_the_receiving_officer_forwards(login):
    made = f.received()
    appraisal.assign_department(f.officer(), made.id, db.session.scalars(db.select(Department.id)).first())
    leader = enter(login, f.leader())
    before = everything()
    assert post(leader, FORWARD, dossier=[made.id]).status_code == 404  # has no such tab
    assert everything() == before


def test_without_its_token_the_form_does_nothing(login):
    made, officer = f.received(), enter(login, f.officer())
    before = everything()
    assert officer.post(FORWARD, data={"dossier": [made.id]}).status_code == 400
    assert officer.get(FORWARD).status_code == 405
    assert everything() == before
