"""The row that reports count follows the dossier and its clocks, also when a deadline moves."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from app.domain.clock import LOCAL
from app.domain.states import State
from app.domain.timeliness import Timeliness
from app.extensions import db
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from app.models.handling import ItemKind
from app.models.organisation import DayKind
from app.services import appraisal, calendar_edits, counting, facts, supplements
from app.services.transaction import transaction
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def counted(dossier):
    db.session.expire_all()
    return db.session.get(CountedDossier, dossier.id)


def rows():
    return db.session.execute(select(*CountedDossier.__table__.columns).order_by(CountedDossier.id)).all()


def replay():
    """Make every row anew from the dossiers and their clocks."""
    with transaction():
        db.session.execute(delete(CountedDossier))
    counting.fill_missing()
    return rows()


def test_a_draft_is_not_counted():
    assert counted(make.complete_draft()) is None
    assert counting.fill_missing() == 0


def test_a_life_is_counted_step_by_step(moment):
    dossier = make.submitted()  # Monday 09:20
    assert (counted(dossier).state, counted(dossier).intake_done_at) == (State.SUBMITTED, None)
    moment.move_to(at("2026-11-23T13:20"))
    make.look_at_all(dossier)
    make.press(make.officer(), dossier, "receive")
    assert counted(dossier).intake_seconds == pytest.approx(150 * 60, abs=5)  # noon is no working time
    due = counted(dossier).due_at
    moment.move_to(due + timedelta(minutes=1))
    make.press(make.officer(), dossier, "forward")
    supplements.add_item(make.specialist(dossier), dossier.id, ItemKind.QUESTION, "Giải trình")
    make.press(make.specialist(dossier), dossier, "request_information", "Cần làm rõ")
    assert counted(dossier).waiting_since is not None
    moment.shift(timedelta(days=2))
    supplements.answer_item(make.citizen(), facts.open_request(dossier).items[0].id, "Đây")
    make.press(make.citizen(), dossier, "supply_information")
    assert counted(dossier).waiting_since is None
    make.press(make.leader(), dossier, "stop", "Theo yêu cầu")
    found = counted(dossier)
    assert (found.state, found.timeliness, found.due_at) == (State.STOPPED, Timeliness.LATE, due)
    assert found.finished_at == found.closed_at == make.reload(dossier).closed_at


def test_a_late_intake_is_not_mended_by_the_next_one(moment):
    dossier = make.submitted()
    moment.shift(timedelta(days=7))
    document = facts.documents_with_scans(dossier)[0]
    supplements.add_item(make.officer(), dossier.id, ItemKind.UNREADABLE, "Chụp lại", document.id)
    make.press(make.officer(), dossier, "request_supplement", "Mờ")
    late = counted(dossier).intake_done_at
    supplements.answer_item(make.citizen(), facts.open_request(dossier).items[0].id, "Ảnh đã rõ")
    make.press(make.citizen(), dossier, "resubmit")
    found = counted(dossier)
    assert found.intake_done_at == late > found.intake_due_at
    assert found.submitted_at < late


def test_time_that_a_withdrawn_dossier_waited_for_the_citizen_is_nobodys(moment):
    dossier = make.information_requested()
    moment.shift(timedelta(days=60))
    make.press(make.citizen(), dossier, "withdraw", "Không cần nữa")
    found = counted(dossier)
    assert found.timeliness is Timeliness.ON_TIME
    assert found.processing_seconds < 60


def test_a_moved_deadline_moves_in_the_figures_and_a_replay_gives_the_same(moment):
    made = [
        make.in_appraisal(),
        make.submitted(),
        make.information_requested(),
        make.returned(),
        make.voided(),
    ]
    made.append(make.received(make.BIRTH, "Cẩm Bình"))
    before = [counted(dossier).due_at for dossier in made]
    storm = (date(2026, 11, 25), DayKind.OFF, "Bão số 12", "Công điện")
    calendar_edits.add_days(make.administrator(), [storm], dry_run=False)
    moved = [counted(dossier).due_at != due for dossier, due in zip(made, before, strict=True)]
    assert moved == [
        True,
        False,
        False,
        False,
        False,
        True,
    ]  # the second waits for intake, the third for the citizen
    assert counted(made[0]).due_at == make.reload(made[0]).due_at
    assert counted(made[1]).intake_due_at == make.reload(made[1]).due_at
    kept = rows()
    assert replay() == kept
    assert len(kept) == len(made)


def test_another_department_is_counted_at_once():
    dossier = make.received()
    other = next(d for d in dossier.agency.departments if d.id != dossier.department_id)
    appraisal.assign_department(make.officer(), dossier.id, other.id)
    assert counted(dossier).department_id == other.id


def test_a_procedure_filed_elsewhere_does_not_change_what_was_counted():
    dossier = make.received()
    field = counted(dossier).field_id
    dossier = db.session.get_one(Dossier, dossier.id)
    dossier.procedure.field_id = field % 2 + 1
    db.session.commit()
    make.press(make.officer(), dossier, "forward")
    assert counted(dossier).field_id == field
