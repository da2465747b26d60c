"""A simulated city obeys the laws of the real one."""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.domain import transitions
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.dossier import CodeCounter, Dossier
from app.models.handling import DossierClock, Journal, Payment
from app.models.organisation import Agency, Profile
from app.models.outbox import MailState, OutboxMessage
from app.services import calendars, clocks
from tests.seed.conftest import PLAN
from tests.seed.retelling import Retelling, content

pytestmark = pytest.mark.usefixtures("simulated")


def all_dossiers():
    return db.session.scalars(select(Dossier).order_by(Dossier.id)).all()


def steps_of_all():
    rows = db.session.scalars(select(Journal).where(Journal.dossier_id.is_not(None)).order_by(Journal.id))
    found = defaultdict(list)
    for row in rows:
        found[row.dossier_id].append(row)
    return found


class TestLaws:
    def test_as_many_dossiers_as_asked_for_some_closed_and_some_running(self, simulated):
        states = Counter(dossier.state for dossier in all_dossiers())
        assert sum(states.values()) == PLAN.dossiers == sum(simulated.states.values())
        assert states[State.RETURNED] > PLAN.dossiers / 2
        assert {State.SUBMITTED, State.IN_APPRAISAL, State.RESULT_READY, State.DISCARDED} <= states.keys()

    def test_replaying_the_journal_gives_the_state_and_every_step_is_one_of_the_table(self):
        steps = steps_of_all()
        for dossier in all_dossiers():
            state = State.DRAFT
            for row in steps[dossier.id]:
                if row.to_state is None:
                    assert row.key not in transitions.BY_KEY
                    continue
                transition = transitions.find(row.key)
                assert row.from_state is state
                assert state in transition.sources
                assert row.actor_role == transition.role.value
                assert row.reason.strip() or not transition.needs_reason
                state = row.to_state
            assert dossier.state is state

    def test_the_journal_runs_forward_in_time_and_ends_before_today(self):
        for rows in steps_of_all().values():
            moments = [row.at for row in rows]
            assert moments == sorted(moments)
            assert moments[-1] < datetime(2026, 11, 22, 17, tzinfo=UTC)

    def test_staff_act_for_their_own_agency_in_office_hours(self):
        staff = {
            p.user_id: p for p in db.session.scalars(select(Profile).where(Profile.role != Role.CITIZEN))
        }
        for dossier in all_dossiers():
            calendar = calendars.calendar_for(dossier.agency_id)
            for row in steps_of_all_of(dossier):
                if row.actor_id in staff:
                    assert staff[row.actor_id].agency_id == dossier.agency_id
                    assert calendar.advance(row.at, clocks.timedelta(0)) in {row.at} or _closing(
                        calendar, row.at
                    )

    def test_clocks_stand_as_the_services_count_them(self):
        by_id = {dossier.id: dossier for dossier in all_dossiers()}
        for clock in db.session.scalars(select(DossierClock)):
            dossier = by_id[clock.dossier_id]
            calendar = calendars.calendar_for(dossier.agency_id)
            stored = (clock.due_at, clock.half_at, clock.three_quarters_at, clock.next_sweep_at)
            clocks.set_due(clock, clocks.due_of(clock, dossier, calendar).due, calendar)
            assert (clock.due_at, clock.half_at, clock.three_quarters_at, clock.next_sweep_at) == stored
        db.session.rollback()

    def test_a_closed_dossier_has_no_running_clock_and_lists_sort_by_the_clock_that_runs(self):
        for dossier in all_dossiers():
            due = dossier.due_at
            clocks.refresh_due(dossier)
            assert dossier.due_at == due
            assert (dossier.state in transitions.CLOSED) == (dossier.closed_at is not None)
            if dossier.closed_at:
                assert clocks.running(dossier) == []
        db.session.rollback()

    def test_codes_are_official_and_unique_and_the_counters_stand_where_they_ended(self):
        serials = defaultdict(list)
        agencies = {agency.id: agency.identifier for agency in db.session.scalars(select(Agency))}
        for dossier in all_dossiers():
            assert (dossier.code is None) == (dossier.received_at is None)
            if dossier.code:
                identifier, day, serial = dossier.code.split("-")
                assert identifier == agencies[dossier.agency_id]
                assert day == f"{dossier.received_at.astimezone(calendars.clock.LOCAL):%y%m%d}"
                serials[dossier.agency_id, day].append((dossier.received_at, int(serial)))
        for found in serials.values():
            assert [serial for _, serial in sorted(found)] == list(range(1, len(found) + 1))
        counters = {(c.agency_id, f"{c.day:%y%m%d}"): c.last for c in db.session.scalars(select(CodeCounter))}
        assert counters == {key: len(found) for key, found in serials.items()}

    def test_references_are_unique_and_receipts_pay_what_is_due(self):
        dossiers = all_dossiers()
        assert len({d.reference for d in dossiers}) == len(dossiers)
        assert all(re.fullmatch(r"N-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", d.reference) for d in dossiers)
        paid = Counter()
        for payment in db.session.scalars(select(Payment)):
            paid[payment.dossier_id] += payment.amount
        for dossier in dossiers:
            if dossier.state is State.RETURNED and dossier.outcome == "granted":
                assert paid[dossier.id] == sum(fee.amount for fee in dossier.fees if not fee.exempt)
            else:
                assert not paid[dossier.id]

    def test_mail_lies_in_the_outbox_as_sent_so_that_no_server_ever_gets_it(self):
        query = select(OutboxMessage.state).where(OutboxMessage.dossier_id.is_not(None))
        assert set(db.session.scalars(query)) == {MailState.SENT}


def steps_of_all_of(dossier):
    return db.session.scalars(select(Journal).where(Journal.dossier_id == dossier.id)).all()


def _closing(calendar, at):
    return any(
        at == closes for _, closes in calendar.sessions_on(at.astimezone(calendars.clock.LOCAL).date())
    )


class TestRetelling:
    """The real services, told to do the same at the same moments, write the same."""

    def test_every_kind_of_ending_is_what_the_real_services_make_of_it(self):
        told = Counter()
        for old in all_dossiers():
            if told[old.state] < (5 if old.state is State.RETURNED else 2):
                told[old.state] += 1
                new = Retelling(old).tell()
                assert content(new) == content(old), f"{old.reference}, {old.state}"
        assert told == 1
