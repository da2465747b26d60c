"""A simulated city obeys the laws of the real one."""

import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime

import click
import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app.domain import clock, transitions
from app.domain.clock import LOCAL
from app.domain.roles import Role
from app.domain.states import State
from app.domain.survey import Question, Rating
from app.extensions import db, verify_password
from app.models.base import Model
from app.models.dossier import CodeCounter, Dossier
from app.models.figures import CountedDossier
from app.models.handling import DossierClock, Journal, Payment
from app.models.organisation import Agency, Profile, User
from app.models.outbox import MailState, OutboxMessage
from app.models.survey import SurveyAnswer
from app.services import appraisal, calendars, clocks, counting, dossiers, facts, reviews, survey_figures
from seed.simulation import fingerprint, people, run, store, survey
from seed.simulation import words as sentences
from seed.simulation.demand import Demand
from tests import factories as make
from tests.seed.conftest import PLAN, silent
from tests.seed.retelling import Retelling, content

pytestmark = pytest.mark.usefixtures("simulated")


def figures():
    table = CountedDossier.__table__
    return [dict(row) for row in db.session.execute(select(table).order_by(table.c.id)).mappings()]


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
        query = select(Profile).where(Profile.role != Role.CITIZEN)
        staff = {profile.user_id: profile for profile in db.session.scalars(query)}
        steps = steps_of_all()
        for dossier in all_dossiers():
            calendar = calendars.calendar_for(dossier.agency_id)
            for row in steps[dossier.id]:
                if row.actor_id in staff:
                    assert staff[row.actor_id].agency_id == dossier.agency_id
                    sessions = calendar.sessions_on(row.at.astimezone(LOCAL).date())
                    assert any(opens <= row.at <= closes for opens, closes in sessions)

    def test_clocks_stand_as_the_services_count_them(self):
        by_id = {dossier.id: dossier for dossier in all_dossiers()}
        for row in db.session.scalars(select(DossierClock)):
            dossier = by_id[row.dossier_id]
            calendar = calendars.calendar_for(dossier.agency_id)
            stored = (row.due_at, row.half_at, row.three_quarters_at, row.next_sweep_at)
            clocks.set_due(row, clocks.due_of(row, dossier, calendar).due, calendar)
            assert (row.due_at, row.half_at, row.three_quarters_at, row.next_sweep_at) == stored
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
                assert day == f"{dossier.received_at.astimezone(LOCAL):%y%m%d}"
                serials[dossier.agency_id, day].append((dossier.received_at, int(serial)))
        for found in serials.values():
            assert [serial for _, serial in sorted(found)] == list(range(1, len(found) + 1))
        counters = {(c.agency_id, f"{c.day:%y%m%d}"): c.last for c in db.session.scalars(select(CodeCounter))}
        assert counters == {key: len(found) for key, found in serials.items()}

    def test_references_are_unique_and_receipts_pay_what_is_due(self):
        everything = all_dossiers()
        assert len({d.reference for d in everything}) == len(everything)
        assert all(re.fullmatch(r"N-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", d.reference) for d in everything)
        paid = Counter()
        for payment in db.session.scalars(select(Payment)):
            paid[payment.dossier_id] += payment.amount
        for dossier in everything:
            if dossier.state is State.RETURNED and dossier.outcome == "granted":
                assert paid[dossier.id] == sum(fee.amount for fee in dossier.fees if not fee.exempt)
            else:
                assert not paid[dossier.id]

    def test_figures_are_what_counting_makes_of_the_dossiers(self):
        told = figures()
        assert len(told) == sum(dossier.submitted_at is not None for dossier in all_dossiers())
        for column in ("waiting_since", "timeliness", "waiting_seconds", "intake_done_at"):
            assert {row[column] is None for row in told} == {True, False}, column
        db.session.execute(sa.delete(CountedDossier))
        db.session.commit()
        assert counting.fill_missing() == len(told)
        assert figures() == told

    def test_mail_lies_in_the_outbox_as_sent_so_that_no_server_ever_gets_it(self):
        query = select(OutboxMessage.state).where(OutboxMessage.dossier_id.is_not(None))
        assert set(db.session.scalars(query)) == {MailState.SENT}

    def test_the_survey_is_answered_about_returned_dossiers_by_some_and_after_their_return(self):
        returned = [d for d in all_dossiers() if d.state is State.RETURNED]
        answers = db.session.scalars(select(SurveyAnswer)).all()
        assert len(returned) / 5 < len(answers) < len(returned) / 2
        about = Counter((a.agency_id, a.procedure_id) for a in answers)
        assert about <= Counter((d.agency_id, d.procedure_id) for d in returned)
        assert {a.month for a in answers} <= {date(2026, month, 1) for month in (9, 10, 11)}
        assert all(
            a.remark in {"", *sentences.words("survey_praise"), *sentences.words("survey_complaint")}
            for a in answers
        )
        assert len({getattr(a, q) for a in answers for q in Question}) == len(Rating)
        shown = survey_figures.of_city(date(2026, 9, 1), date(2026, 10, 31))
        assert [score.question for score in shown.scores] == list(Question)


class TestFingerprint:
    def test_what_was_told_is_what_the_database_holds(self, simulated):
        with db.engine.connect() as connection:
            assert fingerprint.words(fingerprint.stored(connection, simulated.bases)) == simulated.fingerprint

    def test_another_database_has_the_same_content_and_another_seed_has_another(self, simulated, tmp_path):
        for seed, same in ((PLAN.seed, True), (PLAN.seed + 1, False)):
            url = sa.make_url(f"sqlite:///{tmp_path / str(seed)}.db")
            engine = store.engine_of(url)
            Model.metadata.create_all(engine)
            plan = replace(PLAN, seed=seed)
            demand = Demand(survey.read(), seed, plan.first_day, plan.last_day, plan.dossiers)
            made = run.Simulation(plan, demand, url, above=simulated.bases).run(1, silent, silent)
            with engine.connect() as connection:
                stored = fingerprint.words(fingerprint.stored(connection, simulated.bases))
            assert (stored == made.fingerprint == simulated.fingerprint) is same
            assert stored == made.fingerprint


class TestRetelling:
    """The real services, told to do the same at the same moments, write the same."""

    def test_every_kind_of_ending_is_what_the_real_services_make_of_it(self):
        told = Counter()
        for old in all_dossiers():
            if told[old.state] < (3 if old.state is State.RETURNED else 1):
                told[old.state] += 1
                new = Retelling(old).tell()
                assert content(new) == content(old), f"{old.reference}, {old.state}"
        assert {State.RETURNED, State.RESULT_READY, State.REFUSED, State.DISCARDED} <= told.keys()
        assert len(told) >= 8


class TestAfterwards:
    """A simulated city goes on as a real one."""

    def test_a_running_dossier_is_carried_to_its_end_by_real_steps(self):
        dossier = next(d for d in all_dossiers() if d.state is State.SUBMITTED)
        officer = staff_of(dossier, Role.RECEIVING_OFFICER)
        counter_before = (
            db.session.scalar(
                select(CodeCounter.last).where(
                    CodeCounter.agency_id == dossier.agency_id, CodeCounter.day == clock.today()
                )
            )
            or 0
        )
        for document in facts.documents_with_scans(dossier):
            reviews.judge(officer, document.id, acceptable=True)
        dossiers.apply(officer, dossier.id, "receive")
        assert dossier.code.endswith(f"-{counter_before + 1:04d}")
        dossiers.apply(officer, dossier.id, "forward")
        specialist = make.specialist(dossier)
        appraisal.write_opinion(specialist, dossier.id, "Đủ điều kiện")
        appraisal.draft_result(specialist, dossier.id, "Giải quyết", make.picture())
        dossiers.apply(specialist, dossier.id, "propose_grant")
        leader = staff_of(dossier, Role.LEADER)
        appraisal.sign_result(leader, dossier.id, "1/QĐ", clock.today())
        dossiers.apply(leader, dossier.id, "approve")
        dossiers.apply(officer, dossier.id, "announce_result")
        assert dossier.state is State.RESULT_READY

    def test_people_who_were_not_simulated_compose_beside_them(self):
        known = {d.id for d in all_dossiers()}
        new = make.submitted()
        assert new.id > max(known)

    def test_the_pages_show_simulated_dossiers(self, built_app):
        here = [d for d in all_dossiers() if d.agency_id == make.agency().id]
        ready = next(d for d in here if d.state is State.RESULT_READY)
        taken = next(d for d in here if d.state is State.RETURNED)
        pages = (
            ("/hop-thu?nhom=counter", f"/can-bo/ho-so/{ready.id}"),
            (f"/can-bo/ho-so/{ready.id}", ready.applicant_name),
            (f"/can-bo/ho-so/{ready.id}/doi-chieu", ready.documents[0].name),
            (f"/can-bo/ho-so/{taken.id}", taken.applicant_name),
        )
        browser = built_app.test_client()
        token = make.csrf_token(browser.get("/dang-nhap").text)
        account = {
            "username": make.username(make.officer()),
            "password": make.DEMO_PASSWORD,
            "csrf_token": token,
        }
        assert browser.post("/dang-nhap", data=account).status_code == 302
        for address, words in pages:
            page = browser.get(address)
            assert page.status_code == 200, address
            assert words in page.text, address

    def test_nobody_can_log_in_as_a_simulated_citizen(self):
        profile = db.session.scalars(
            select(Profile).join(Profile.user).where(User.email.like(f"%@{people.HOST}"))
        ).first()
        assert profile.is_demo
        for password in ("!", "", make.DEMO_PASSWORD):
            assert not verify_password(profile.user.password, password)

    def test_a_second_simulation_is_refused_and_changes_nothing(self):
        before = len(all_dossiers())
        with pytest.raises(click.UsageError, match="already"):
            run.simulate(PLAN, silent, silent)
        assert len(all_dossiers()) == before


def staff_of(dossier, role):
    query = (
        select(Profile)
        .where(Profile.role == role, Profile.agency_id == dossier.agency_id)
        .order_by(Profile.id)
    )
    return make.as_actor(db.session.scalars(query).first())
