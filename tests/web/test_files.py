"""Messages on a dossier, and its files."""

import pytest

from app.services import attachments, messages
from tests import factories
from tests.web.browsing import enter, post, stored

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def browser(login):
    return enter(login, factories.citizen())


@pytest.fixture
def stranger(login):
    return enter(login, factories.citizen(1))


def test_a_message_reaches_the_office_and_the_answer_shows_whether_it_was_mailed(browser):
    made = factories.submitted()
    assert post(browser, f"/ho-so/{made.id}/tin-nhan", body=f"Em tôi nhận thay? {EVIL}").status_code == 302
    messages.write(factories.officer(), made.id, "Được, mang theo ủy quyền.")
    page = browser.get(f"/ho-so/{made.id}").text
    assert EVIL not in page
    assert "Em tôi nhận thay?" in page
    assert "Được, mang theo ủy quyền." in page
    assert "Thư điện tử: Đang giữ" in page


@pytest.mark.parametrize(
    ("body", "words"), [("  ", "Viết nội dung trước khi gửi"), ("a" * 5001, "nhiều nhất 5000")]
)
def test_a_refused_message_is_kept_in_the_field(browser, body, words):
    made = factories.submitted()
    before = stored(made)
    answer = post(browser, f"/ho-so/{made.id}/tin-nhan", body=body)
    assert answer.status_code == 422
    assert words in answer.text
    assert body in answer.text
    assert stored(made) == before


def test_a_scan_is_served_with_the_type_of_its_bytes_and_locked_up(browser):
    made = factories.draft()
    attachments.add(
        factories.citizen(), made.documents[0].id, "căn cước\r\nX: y.html", factories.picture("x")
    )
    scan = made.documents[0].attachments[0]
    answer = browser.get(f"/ho-so/tep/{scan.id}")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    assert ".jpg" in answer.headers["Content-Disposition"]
    assert "html" not in answer.headers["Content-Disposition"]
    assert "filename*=UTF-8''c%C4%83n%20c" in answer.headers["Content-Disposition"]
    assert answer.data == factories.picture("x")
    assert browser.get(f"/ho-so/tep/{scan.id}?tai=1").headers["Content-Disposition"].startswith("attachment")


def test_a_sent_scan_is_seen_by_its_citizen_and_officer_and_by_nobody_else(login, browser, stranger):
    made = factories.submitted()
    path = f"/ho-so/tep/{made.documents[0].attachments[0].id}"
    assert browser.get(path).status_code == 200
    assert enter(login, factories.officer()).get(path).status_code == 200
    assert stranger.get(path).status_code == 404
    for who in (factories.administrator(), factories.officer("Cẩm Bình"), factories.leader("Cẩm Bình")):
        assert enter(login, who).get(path).status_code == 404


def test_the_result_is_given_out_only_after_it_was_handed_over(browser, stranger):
    ready = factories.result_ready()
    assert browser.get(f"/ho-so/{ready.id}/ket-qua").status_code == 404
    void = factories.voided()
    assert browser.get(f"/ho-so/{void.id}/ket-qua").status_code == 404
    done = factories.returned()
    answer = browser.get(f"/ho-so/{done.id}/ket-qua")
    assert answer.status_code == 200
    assert answer.data == factories.picture(f"result {done.id}")
    assert stranger.get(f"/ho-so/{done.id}/ket-qua").status_code == 404
