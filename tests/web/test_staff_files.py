"""Scans and results for officers: sealed, checked, journalled."""

import pytest

from app.domain.originals import Verdict
from app.extensions import db
from app.models.photograph import OriginalPhotograph
from app.services import counter
from tests import factories as f
from tests.web.browsing import enter
from tests.web.desks import at, journal_of, strangers


def test_a_scan_is_served_sealed_under_the_name_it_came_with(login):
    made, officer = f.submitted(), enter(login, f.officer())
    attachment = made.documents[0].current_attachments[0]
    answer = officer.get(f"/can-bo/tep/{attachment.id}")
    assert answer.status_code == 200
    assert answer.content_type == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == "inline; filename*=UTF-8''1.jpg"
    saved = officer.get(f"/can-bo/tep/{attachment.id}?tai-ve=1")
    assert saved.headers["Content-Disposition"].startswith("attachment;")


def test_a_page_of_a_scan_is_a_sealed_picture_and_there_is_no_page_past_the_last(login):
    made, officer = f.submitted(), enter(login, f.officer())
    scan = made.documents[0].current_attachments[0].id
    answer = officer.get(f"/can-bo/tep/{scan}/trang/1")
    assert answer.content_type == "image/jpeg"
    assert answer.data.startswith(b"\xff\xd8")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert officer.get(f"/can-bo/tep/{scan}/trang/2").status_code == 404
    assert officer.get(f"/can-bo/tep/{scan}/trang/0").status_code == 404


def test_a_file_that_no_browser_shows_is_offered_for_download(login):
    from app.models.dossier import StoredFile

    made, officer = f.submitted(), enter(login, f.officer())
    attachment = made.documents[0].current_attachments[0]
    db.session.get_one(StoredFile, attachment.file_id).media_type = "image/tiff"
    db.session.commit()
    answer = officer.get(f"/can-bo/tep/{attachment.id}")
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_the_drafted_result_is_shown_to_officers_as_file_and_as_picture(login):
    made = f.awaiting_approval()
    leader = enter(login, f.leader())
    assert leader.get(at(made, "/ket-qua")).content_type == "image/jpeg"
    assert leader.get(at(made, "/ket-qua/trang/1")).status_code == 200
    assert leader.get(at(f.in_appraisal(), "/ket-qua")).status_code == 404


def test_a_thumbnail_is_small_and_no_look_at_the_paper(login):
    made, officer = f.submitted(), enter(login, f.officer())
    scan = made.documents[0].current_attachments[0].id
    small = officer.get(f"/can-bo/tep/{scan}/trang/1?nho=1")
    assert small.status_code == 200
    assert journal_of(made, "scan_viewed") == []
    assert "Chưa xem" in officer.get(at(made)).text
    assert enter(login, f.officer("Cẩm Bình")).get(f"/can-bo/tep/{scan}/trang/1?nho=1").status_code == 404
    officer.get(f"/can-bo/tep/{scan}/trang/1?nho=0")
    assert len(journal_of(made, "scan_viewed")) == 1


@pytest.fixture
def photographed():
    """A dossier at the counter whose first original differs, and the photograph of it."""
    made = f.result_ready()
    taken = [f.picture("original", (900, 1200))]
    counter.compare(f.officer(), made.documents[0].id, Verdict.DIFFERS, "Số nhà 72", taken)
    return made, db.session.scalars(db.select(OriginalPhotograph)).one().id


def test_a_photograph_is_sealed_and_seen_by_officer_and_leader(login, photographed):
    made, photograph = photographed
    for who in (f.officer(), f.leader()):
        browser = enter(login, who)
        answer = browser.get(f"/can-bo/ban-goc/{photograph}")
        assert answer.data == f.picture("original", (900, 1200))
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert f'src="/can-bo/ban-goc/{photograph}/trang/1?nho=1"' in browser.get(at(made)).text
        assert browser.get(f"/can-bo/ban-goc/{photograph}/trang/1?nho=1").content_type == "image/jpeg"
        assert browser.get(f"/can-bo/ban-goc/{photograph}/trang/2").status_code == 404
    assert len(journal_of(made, "photograph_viewed")) == 4  # the thumbnails are none


def test_a_photograph_does_not_exist_for_anybody_else(login, client, photographed):
    made, photograph = photographed
    department = f.specialist(made)
    browsers = strangers(login, made) | {"specialist": enter(login, department)}
    for name, browser in browsers.items():
        for path in (f"/can-bo/ban-goc/{photograph}", f"/can-bo/ban-goc/{photograph}/trang/1?nho=1"):
            answer = browser.get(path)
            assert answer.status_code in {403, 404}, name
            assert answer.content_type.startswith("text/html"), name
    assert "/can-bo/ban-goc/" not in browsers["specialist"].get(at(made)).text
    assert client.get(f"/can-bo/ban-goc/{photograph}").location.startswith("/dang-nhap")
    assert journal_of(made, "photograph_viewed") == []


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "1e3", "-1", "%00"])
def test_a_number_that_is_no_photograph_is_not_found(login, number):
    assert enter(login, f.officer()).get(f"/can-bo/ban-goc/{number}").status_code == 404
