"""The generated list: own rows only, and one action per row of the transition table."""

from collections import defaultdict

import pytest
from flask_appbuilder import BaseView

from app.domain import transitions
from app.domain.states import State
from tests import factories as f
from tests.web.browsing import enter, post
from tests.web.desks import at, everything, is_hidden


def test_every_row_of_the_table_is_an_action_and_a_permission_of_the_generated_list(app):
    view = next(v for v in app.appbuilder.baseviews if type(v).__name__ == "Dossiers")
    assert set(view.actions) == set(transitions.BY_KEY)
    assert set(transitions.BY_KEY) <= set(view.base_permissions)
    assert view.class_permission_name == "Dossiers"
    many = {name for name, action in view.actions.items() if action.multiple}
    assert many == {"forward", "announce_result"}
    assert not any(transitions.find(name).needs_reason for name in many)


def test_the_list_shows_own_dossiers_only_and_offers_the_roles_steps(login):
    made, foreign = f.received(), f.received("KS-01", "Cẩm Bình")
    page = enter(login, f.officer()).get("/can-bo/danh-sach").text
    assert made.code[-11:] in page
    assert is_hidden(foreign, page)
    shown = enter(login, f.officer()).get(f"/can-bo/danh-sach/{made.id}").text
    assert "Chuyển thẩm định" in shown
    assert "Tiếp nhận</button>" not in shown
    assert f'href="/can-bo/ho-so/{made.id}"' in shown
    assert enter(login, f.leader()).get(f"/can-bo/danh-sach/{made.id}").text.count("Chuyển thẩm định") == 0


def test_an_action_of_the_list_makes_the_step_for_each_chosen_dossier(login):
    first, second = f.decided(), f.received()
    officer = enter(login, f.officer())
    answer = post(
        officer, "/can-bo/danh-sach/thao-tac", action="announce_result", rowid=[first.id, second.id]
    )
    assert answer.status_code == 302
    shown = officer.get(answer.location).text
    assert f"Đã thực hiện “{transitions.find('announce_result').label}” cho 1 hồ sơ" in shown
    assert f"{second.code} chưa thực hiện được." in shown
    assert f.reload(first).state is State.RESULT_READY
    assert f.reload(second).state is State.RECEIVED


def test_a_step_with_a_reason_started_from_the_list_takes_the_reason_on_its_page(login):
    made, officer = f.submitted(), enter(login, f.officer())
    asked = post(officer, f"/can-bo/danh-sach/{made.id}/thao-tac/refuse")
    assert asked.status_code == 200
    assert f'action="{at(made, "/thao-tac/refuse")}"' in asked.text
    assert f.reload(made).state is State.SUBMITTED


def test_views_of_one_name_say_all_its_permissions(app):
    """FAB deletes, at each start, the permissions that the last of them does not say."""
    of_name = defaultdict(list)
    for view in app.appbuilder.baseviews:
        if isinstance(view, BaseView):
            of_name[view.class_permission_name].append(set(view.base_permissions or ()))
    assert not [name for name, said in of_name.items() if any(one != said[0] for one in said)]


def test_an_action_of_the_list_on_one_dossier_makes_the_step_or_says_why_not(login):
    made, officer = f.received(), enter(login, f.officer())
    refused = post(officer, f"/can-bo/danh-sach/{made.id}/thao-tac/receive")
    assert "không thể “Tiếp nhận”" in officer.get(refused.location).text
    assert f.reload(made).state is State.RECEIVED
    post(officer, f"/can-bo/danh-sach/{made.id}/thao-tac/forward")
    assert f.reload(made).state is State.IN_APPRAISAL


def test_a_step_for_one_is_not_taken_for_many_by_a_forged_form(login):
    made, officer = f.submitted(), enter(login, f.officer())
    f.look_at_all(made)
    before = everything()
    assert post(officer, "/can-bo/danh-sach/thao-tac", action="receive", rowid=made.id).status_code == 404
    assert post(officer, "/can-bo/danh-sach/thao-tac", action="nothing", rowid=made.id).status_code == 404
    assert everything() == before


def test_one_foreign_row_among_the_chosen_and_nothing_is_done(login):
    made, foreign = f.received(), f.received("KS-01", "Cẩm Bình")
    officer = enter(login, f.officer())
    before = everything()
    answer = post(officer, "/can-bo/danh-sach/thao-tac", action="forward", rowid=[made.id, foreign.id])
    assert answer.status_code == 404
    assert is_hidden(foreign, answer.text)
    assert everything() == before


@pytest.mark.parametrize(
    "query",
    [
        "_flt_0_applicant_personal_id=022185001234",
        "_flt_3_secret=x",
        "loc-declared_email=hang",
        "loc-applicant_personal_id=0",
    ],
)
def test_search_by_a_hidden_column_is_no_oracle(login, query):
    f.received()
    officer = enter(login, f.officer())
    rows = officer.get("/can-bo/danh-sach").text.count('name="rowid"')
    page = officer.get(f"/can-bo/danh-sach?{query}")
    assert page.status_code == 200
    assert page.text.count('name="rowid"') == rows


def test_search_never_reaches_past_the_row_filter(login):
    foreign = f.received("KS-01", "Cẩm Bình")
    officer = enter(login, f.officer())
    for query in (
        f"loc-code={foreign.code}",
        f"loc-applicant_name={foreign.applicant_name}",
        "loc-state=received",
    ):
        page = officer.get(f"/can-bo/danh-sach?{query}").text
        assert is_hidden(foreign, page.partition('class="mc-o mc-danh-sach"')[2])  # below what was typed


@pytest.mark.parametrize(
    "column", ["secret", "applicant_personal_id", "citizen.password", "declared_email", "1; DROP"]
)
def test_sorting_by_a_column_that_is_not_offered_is_refused(login, column):
    officer = enter(login, f.officer())
    assert officer.get("/can-bo/danh-sach", query_string={"xep": column}).status_code == 400
    assert officer.get("/can-bo/danh-sach", query_string={"_oc_Dossiers": column}).status_code == 200


@pytest.mark.parametrize("path", ["/them", "/1/sua", "/1/xoa", "/download/x"])
def test_nothing_is_added_edited_deleted_or_downloaded_from_the_list(login, path):
    f.received()
    officer = enter(login, f.officer())
    before = everything()
    assert officer.get("/can-bo/danh-sach" + path).status_code in {403, 404}
    assert post(officer, "/can-bo/danh-sach" + path).status_code in {403, 404, 405}
    assert everything() == before
