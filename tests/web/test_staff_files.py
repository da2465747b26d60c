"""Scans and results for officers: sealed, checked, journalled."""

from app.extensions import db
from tests import factories as f
from tests.web.browsing import enter
from tests.web.desks import at


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
