"""Who gets the mails of each step, and that none carries a personal number."""

import re

import pytest
from sqlalchemy import select

from app.domain.roles import Role
from app.domain.states import State
from app.domain.transitions import ALL, BY_KEY
from app.extensions import db
from app.models.catalogue import ViolationAuthority
from app.models.organisation import User
from app.models.outbox import OutboxMessage
from app.services import compose, mailing, receivers
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

PERSONAL = ("022185001234", "0912345678", "022085009876", "0987654321")


def leak(dossier):
    """Let everything that a person may type hold the numbers, spaced as people space them."""
    dossier.representative_name = "Trần Văn Quyết"
    dossier.representative_personal_id, dossier.representative_phone = PERSONAL[2], PERSONAL[3]
    dossier.request_summary = " ".join(PERSONAL)
    db.session.commit()


SPACED = "Số 022185001234, 0912 345 678, 022.085.009.876 và 0987-654-321 khác bản gốc"


@pytest.mark.parametrize("transition", ALL, ids=lambda t: t.key)
def test_no_mail_of_any_step_carries_a_personal_number(transition):
    dossier = make.WALKS[transition.sources[-1]]()
    leak(dossier)
    written = mailing.write_for(
        transition, dossier, reason=SPACED, items=[SPACED], documents=[SPACED], message=SPACED
    )
    assert {(m.receiver, m.template) for m in written} == {(m.receiver, m.template) for m in transition.mail}
    for mail in written:
        digits = re.sub(r"[ .\-]", "", mail.subject + mail.body)
        assert [number for number in PERSONAL if number in digits] == []
        assert make.APPLICANT.address not in mail.body


def test_the_walk_to_every_state_mailed_no_personal_number():
    for state in (State.VOIDED, State.RETURNED, State.INFORMATION_REQUESTED, State.SUPPLEMENT_REQUESTED):
        make.WALKS[state]()
    sent = db.session.scalars(select(OutboxMessage).where(OutboxMessage.dossier_id.is_not(None))).all()
    assert len({mail.template for mail in sent}) > 10
    for mail in sent:
        digits = re.sub(r"[ .\-]", "", mail.subject + mail.body)
        assert [number for number in PERSONAL if number in digits] == []


class TestReceivers:
    def test_the_citizen_is_the_declared_address_not_the_account(self):
        dossier = make.submitted()
        assert receivers.of("citizen", dossier) == [
            receivers.Receiver(dossier.declared_email, "Nguyễn Thị Minh Hằng")
        ]

    @pytest.mark.parametrize(
        ("receiver", "role"),
        [("receiving_officer", Role.RECEIVING_OFFICER), ("leader", Role.LEADER)],
    )
    def test_staff_are_those_of_the_agency(self, receiver, role):
        dossier = make.submitted(make.BIRTH, "Cẩm Bình")
        people = receivers.of(receiver, dossier)
        assert make.person(role, "Cẩm Bình").name in {p.name for p in people}
        assert make.person(role).name not in {p.name for p in people}

    def test_specialists_are_those_of_the_department(self):
        dossier = make.in_appraisal()
        assert make.specialist(dossier).name in {p.name for p in receivers.of("department_officer", dossier)}
        dossier.department_id = None
        assert receivers.of("department_officer", dossier) == []

    def test_who_has_left_gets_no_mail(self):
        dossier = make.submitted()
        before = receivers.of("receiving_officer", dossier)
        db.session.get_one(User, make.officer().user_id).active = False
        db.session.commit()
        assert len(receivers.of("receiving_officer", dossier)) == len(before) - 1

    def test_without_an_authority_nobody_is_written_to(self):
        dossier = make.submitted()
        assert len(receivers.of("violation_authority", dossier)) == 1
        for row in db.session.scalars(select(ViolationAuthority)):
            db.session.delete(row)
        assert receivers.of("violation_authority", dossier) == []


def test_a_changed_account_does_not_change_where_a_sent_dossier_is_written_to():
    dossier = make.submitted()
    declared = dossier.declared_email
    db.session.get_one(User, dossier.citizen_id).email = "moi@example.com"
    db.session.commit()
    mails = mailing.write_for(BY_KEY["receive"], make.reload(dossier))
    assert [m.address for m in mails] == [declared]
    assert compose.applicant_complete(dossier)
