"""Texts too long, or written in signs that only look the same."""

import unicodedata

from app.extensions import db
from app.models.dossier import Dossier
from app.models.handling import Message, SupplementItem
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
