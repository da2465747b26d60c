"""The apology: drafted a working day ahead, signed once by a leader, promised and still counted."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain import clock
from app.domain.clock import LOCAL
from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.papers import Form
from app.domain.states import State
from app.extensions import db
from app.models.handling import DossierClock, Journal
from app.models.outbox import OutboxMessage
from app.models.papers import Apology, ApologyState
from app.services import apologies, lookup, papers
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=LOCAL)
"""The day before the due time of a dossier of three days taken in on Monday: Tuesday is a day off."""
NEXT_TUESDAY = date(2026, 12, 1)


def mails(template: str) -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == template)))


def drafted(moment, walk=make.in_appraisal):
    dossier = walk()
    moment.move_to(THURSDAY)
    assert apologies.draft_due() == 1
    return dossier


def apology(dossier) -> Apology:
    db.session.expire_all()
    found = apologies.of_dossier(dossier)
    assert found is not None
    return found


class TestDrafting:
    def test_it_is_drafted_a_working_day_ahead_and_not_before(self, moment):
        dossier = make.in_appraisal()
        moment.move_to(datetime(2026, 11, 25, 16, 59, tzinfo=LOCAL))  # due on Friday 17:00
        assert apologies.draft_due() == 0
        moment.move_to(THURSDAY)
        assert apologies.draft_due() == 1
        assert apology(dossier).state is ApologyState.DRAFTED
        assert apology(dossier).due_at == datetime(2026, 11, 27, 17, tzinfo=LOCAL)
        assert len(mails("apology_drafted")) == 2  # the leaders of the city
        assert (
            db.session.scalar(select(Journal.actor_role).where(Journal.key == "apology_drafted")) == "system"
        )

    def test_half_of_a_long_time_is_not_yet_near_its_end(self, moment):
        dossier = make.submitted()
        dossier.processing_time = 5
        db.session.commit()
        make.look_at_all(dossier)
        make.press(make.officer(), dossier, "receive")  # due on Tuesday
        moment.move_to(datetime(2026, 11, 27, 16, 0, tzinfo=LOCAL))
        assert apologies.draft_due() == 0
        moment.move_to(datetime(2026, 11, 30, 8, 0, tzinfo=LOCAL))
        assert apologies.draft_due() == 1

    def test_it_is_drafted_once(self, moment):
        drafted(moment)
        assert apologies.draft_due() == 0

    def test_a_short_procedure_does_not_begin_with_an_apology(self, moment):
        dossier = make.submitted()
        dossier.processing_time = 1
        db.session.commit()
        make.look_at_all(dossier)
        make.press(make.officer(), dossier, "receive")
        assert apologies.draft_due() == 0
        moment.move_to(datetime(2026, 11, 25, 16, 0, tzinfo=LOCAL))
        assert apologies.draft_due() == 1

    def test_an_overdue_dossier_that_was_missed_gets_one_too(self, moment):
        make.in_appraisal()
        moment.move_to(datetime(2026, 12, 3, 9, 0, tzinfo=LOCAL))
        assert apologies.draft_due() == 1

    def test_nobody_apologises_while_the_citizen_is_asked_or_when_it_is_over(self, moment):
        make.information_requested(), make.result_ready(), make.submitted()
        moment.move_to(datetime(2026, 12, 3, 9, 0, tzinfo=LOCAL))
        assert apologies.draft_due() == 0


class TestSigning:
    def test_the_leader_signs_and_the_citizen_gets_the_paper_and_the_new_date(self, moment):
        dossier = drafted(moment)
        due = db.session.scalar(select(DossierClock.due_at).where(DossierClock.kind == "processing"))
        signed = apologies.sign(make.leader(), dossier.id, " Phòng thiếu người ", NEXT_TUESDAY)
        assert (signed.state, signed.reason, signed.promised_on) == (
            ApologyState.SENT, "Phòng thiếu người", NEXT_TUESDAY,
        )  # fmt: skip
        assert signed.paper.form is Form.APOLOGY
        assert signed.paper.number == "01/PXL"
        assert signed.paper.content["promised"] == "ngày 01 tháng 12 năm 2026"
        (mail,) = mails("apology")
        assert mail.paper_id == signed.paper_id
        assert "Ngày trả kết quả mới: 01/12/2026." in mail.body
        assert "17:00 thứ Sáu, 27/11/2026" in mail.body
        assert lookup.by_secret(dossier.secret).promised_on == NEXT_TUESDAY
        # the legal time keeps counting
        assert make.reload(dossier).due_at == due
        assert dossier.state is State.IN_APPRAISAL
        assert papers.read(make.citizen(), signed.paper_id)[1].startswith(b"%PDF")

    def test_it_is_signed_at_most_once(self, moment):
        dossier = drafted(moment)
        apologies.sign(make.leader(), dossier.id, "Thiếu người", NEXT_TUESDAY)
        with pytest.raises(Conflict, match="apology_sent_already"):
            apologies.sign(make.leader(number=1), dossier.id, "Lần nữa", date(2026, 12, 2))
        assert apology(dossier).promised_on == NEXT_TUESDAY
        assert len(mails("apology")) == 1
        assert not apologies.may_sign(make.leader(), apology(dossier), dossier)

    @pytest.mark.parametrize(
        ("reason", "day", "key"),
        [
            ("  ", NEXT_TUESDAY, "apology_reason_required"),
            ("Thiếu người", date(2026, 11, 27), "apology_day_too_early"),
            ("Thiếu người", date(2026, 11, 28), "apology_day_off"),
            ("Thiếu người", date(2226, 12, 1), "apology_day_too_late"),
        ],
    )
    def test_a_reason_and_a_working_day_after_the_due_day_are_wanted(self, moment, reason, day, key):
        dossier = drafted(moment)
        with pytest.raises(Refused, match=key):
            apologies.sign(make.leader(), dossier.id, reason, day)
        assert apology(dossier).state is ApologyState.DRAFTED
        assert mails("apology") == []

    def test_when_it_is_overdue_the_new_day_lies_after_today(self, moment):
        dossier = make.in_appraisal()
        moment.move_to(datetime(2026, 12, 3, 9, 0, tzinfo=LOCAL))
        apologies.draft_due()
        with pytest.raises(Refused, match="apology_day_too_early"):
            apologies.sign(make.leader(), dossier.id, "Thiếu người", date(2026, 12, 3))
        apologies.sign(make.leader(), dossier.id, "Thiếu người", date(2026, 12, 4))

    def test_only_a_leader_of_the_agency_signs(self, moment):
        dossier = drafted(moment)
        for who in (make.officer(), make.specialist(dossier), make.citizen(), make.administrator()):
            with pytest.raises(NotAllowed):
                apologies.sign(who, dossier.id, "Thiếu người", NEXT_TUESDAY)
            assert not apologies.may_sign(who, apology(dossier), dossier)
        with pytest.raises(NotFound):
            apologies.sign(make.leader("Cẩm Bình"), dossier.id, "Thiếu người", NEXT_TUESDAY)
        assert apology(dossier).state is ApologyState.DRAFTED

    def test_a_draft_promises_nothing_to_anybody(self, moment):
        assert lookup.by_secret(drafted(moment).secret).promised_on is None

    def test_without_a_draft_there_is_nothing_to_sign(self):
        dossier = make.in_appraisal()
        with pytest.raises(NotFound, match="no_apology_drafted"):
            apologies.sign(make.leader(), dossier.id, "Thiếu người", NEXT_TUESDAY)
        assert not apologies.may_sign(make.leader(), None, dossier)

    def test_a_dossier_that_was_ready_in_time_needs_none(self, moment):
        dossier = drafted(moment, make.decided)
        make.press(make.officer(), dossier, "announce_result")
        with pytest.raises(Conflict, match="apology_not_needed"):
            apologies.sign(make.leader(), dossier.id, "Thiếu người", NEXT_TUESDAY)
        assert not apologies.may_sign(make.leader(), apology(dossier), dossier)
        assert apologies.of_agency(make.leader(), ApologyState.DRAFTED) == []

    def test_a_calendar_that_moved_the_due_time_is_believed(self, moment):
        dossier = drafted(moment)
        row = db.session.scalars(select(DossierClock).where(DossierClock.kind == "processing")).one()
        row.due_at += timedelta(days=4)
        db.session.commit()
        with pytest.raises(Refused, match="apology_day_too_early"):
            apologies.sign(make.leader(), dossier.id, "Thiếu người", NEXT_TUESDAY)


class TestList:
    def test_the_leader_sees_what_waits_and_what_was_sent_in_the_own_agency(self, moment):
        first, second = make.in_appraisal(), make.in_appraisal()
        moment.move_to(THURSDAY)
        assert apologies.draft_due() == 2
        apologies.sign(make.leader(), second.id, "Thiếu người", NEXT_TUESDAY)
        assert [a.dossier_id for a in apologies.of_agency(make.leader(), ApologyState.DRAFTED)] == [first.id]
        assert [a.dossier_id for a in apologies.of_agency(make.leader(), ApologyState.SENT)] == [second.id]
        assert apologies.of_agency(make.leader("Cẩm Bình"), ApologyState.DRAFTED) == []
        with pytest.raises(NotAllowed):
            apologies.of_agency(make.officer(), ApologyState.DRAFTED)
        assert clock.now() > THURSDAY
