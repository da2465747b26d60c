"""Papers by mail and by the worker's jobs, with a real mail server behind them."""

import io
from datetime import datetime, timedelta

import pikepdf
import pytest

from app.domain.clock import LOCAL
from app.extensions import db
from app.jobs import sender, tasks
from app.models.outbox import MailState, OutboxMessage
from app.models.papers import Apology, IssuedPaper
from tests import factories as make
from tests import papers
from tests.mails import row


def letter(template: str) -> int:
    found = db.session.query(OutboxMessage).filter_by(template=template).one()
    return found.id


def test_a_letter_carries_its_paper_with_numbers_covered(server):
    dossier = make.received()
    sender.send_all()
    (mail,) = [m for m in server.accepted if m["To"] == dossier.declared_email and m.is_multipart()]
    (attachment,) = mail.iter_attachments()
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_filename() == f"giay-tiep-nhan-{dossier.code}.pdf"
    said = papers.words(attachment.get_content())
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in said
    assert "022185001234" not in said
    assert "0912345678" not in said
    assert mail.get_body().get_content().replace("\r\n", "\n") == row(letter("form_01_receipt")).body
    assert max(len(line) for line in mail.as_bytes().splitlines()) <= 998


def test_a_letter_without_paper_stays_plain(server):
    make.submitted()
    sender.send_all()
    assert [m.get_content_type() for m in server.accepted] == ["text/plain"] * len(server.accepted)


def test_a_letter_waits_for_its_paper_while_the_file_store_is_out_of_reach(server, monkeypatch, moment):
    make.received()
    key = letter("form_01_receipt")

    def broken(*_args):
        raise OSError("no route to the store")

    with monkeypatch.context() as patch:
        patch.setattr("app.services.storage.Storage.put", broken)
        sender.send_all()
    assert row(key).state is MailState.QUEUED
    assert row(key).last_error == sender.NO_PAPER
    assert row(key).attempts == 1
    moment.shift(timedelta(minutes=2))
    assert sender.send_all().startswith("1 sent")
    assert row(key).state is MailState.SENT


@pytest.fixture
def taken_in(app):
    return make.in_appraisal()


def test_the_worker_sets_papers_and_drafts_apologies(taken_in, moment):
    assert tasks.render_papers(lambda: False) == "1 set"
    assert db.session.query(IssuedPaper).one().file.media_type == "application/pdf"
    assert tasks.draft_apologies(lambda: False) == "0 drafted"
    moment.move_to(datetime(2026, 11, 26, 9, 0, tzinfo=LOCAL))
    assert tasks.draft_apologies(lambda: False) == "1 drafted"
    assert db.session.query(Apology).one().dossier_id == taken_in.id


def test_the_attached_bytes_are_a_whole_pdf(server):
    make.supplement_requested()
    sender.send_all()
    (mail,) = [m for m in server.accepted if m.is_multipart()]
    (attachment,) = mail.iter_attachments()
    with pikepdf.open(io.BytesIO(attachment.get_content())) as document:
        assert len(document.pages) == 1
