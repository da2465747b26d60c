"""Texts too long, or written in signs that only look the same."""

import unicodedata

from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import Message, OriginalCheck, SupplementItem
from tests import factories as make
from tests.web.browsing import APPLICANT, enter, post, stored

PARTED = unicodedata.normalize("NFD", "Nguyễn Thị Thùy Dương")
"""As some keyboards write it: letters, hats and tones each by themselves."""


def test_a_name_is_stored_composed_so_that_it_is_found(login):
    draft = make.draft()
    page = f"/ho-so/{draft.id}/soan/nguoi-nop"
    answer = post(enter(login, make.citizen()), page, **APPLICANT | {"name": PARTED})
    assert answer.status_code == 302
    db.session.expire_all()
    assert db.session.get_one(Dossier, draft.id).applicant_name == "Nguyễn Thị Thùy Dương"


def test_an_officers_words_are_stored_composed(login):
    dossier = make.submitted()
    post(enter(login, make.officer()), f"/can-bo/ho-so/{dossier.id}/tin-nhan", body=PARTED)
    db.session.expire_all()
    assert db.session.scalars(db.select(Message.body)).all() == ["Nguyễn Thị Thùy Dương"]


def test_an_answer_as_long_as_a_book_is_refused(login):
    dossier = make.supplement_requested()
    before = stored(dossier)
    item_id = db.session.scalars(db.select(SupplementItem.id)).one()
    answers = {f"answer-{item_id}": "a" * 5001, "act": "save"}
    answer = post(enter(login, make.citizen()), f"/ho-so/{dossier.id}/bo-sung", **answers)
    assert answer.status_code == 422
    assert "5.000" in answer.text or "5000" in answer.text
    assert [*stored(dossier)[:2], stored(dossier)[3]] == [*before[:2], before[3]]


def test_a_mismatch_described_in_signs_that_nobody_sees_is_not_described(login):
    dossier = make.result_ready()
    document = next(d for d in dossier.documents if d.attachments)
    page = f"/can-bo/ho-so/{dossier.id}/doi-chieu/{document.id}"
    answer = post(enter(login, make.officer()), page, verdict="differs", description=" \u200b ")
    assert answer.status_code == 422
    assert db.session.query(OriginalCheck).count() == 0


def test_a_reason_that_nobody_sees_is_no_reason_to_withdraw(login):
    dossier = make.submitted()
    post(enter(login, make.citizen()), f"/ho-so/{dossier.id}/rut", reason="\u200b\u2060")
    assert make.reload(dossier).state is State.SUBMITTED
