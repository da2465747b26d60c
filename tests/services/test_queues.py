"""Inboxes: every dossier in one tab of each role, the most urgent first, page by page, in a few queries."""

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from app.domain import clock
from app.domain.clock import LOCAL
from app.domain.roles import Role
from app.domain.states import State
from app.domain.transitions import CLOSED
from app.extensions import db
from app.models.dossier import Dossier
from app.services import access, clocks, messages, queues
from app.services.queues import CLOSED_QUEUE, Sought
from app.services.tabs import QUEUES
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

INTAKE = QUEUES[Role.RECEIVING_OFFICER][0]
OPEN = [state for state in make.WALKS if state not in CLOSED and state is not State.DRAFT]


@contextmanager
def queries():
    """The statements that reach the database."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def copies(dossier, number):
    """More dossiers like this one, each with a clock; two and two are due at the same moment."""
    made = []
    [clock] = clocks.running(dossier)
    for n in range(number):
        due = dossier.due_at + timedelta(minutes=n // 2)
        skip = {"id", "reference", "secret", "code", "version", "due_at"}
        values = {
            c.key: getattr(dossier, c.key) for c in Dossier.__mapper__.column_attrs if c.key not in skip
        }
        more = Dossier(**values, reference=f"N-{n:04d}", secret=f"s{n}", due_at=due)
        db.session.add(more)
        db.session.flush()
        skip = {"id", "dossier_id", "due_at"}
        values = {
            c.key: getattr(clock, c.key) for c in type(clock).__mapper__.column_attrs if c.key not in skip
        }
        db.session.add(type(clock)(**values, dossier_id=more.id, due_at=due))
        made.append(more)
    db.session.commit()
    return made


def walk(actor, queue, **how):
    """The dossiers of every page of a queue, and how many pages there were."""
    found, cursor, pages = [], None, 0
    while cursor or not pages:
        page = queues.page(actor, queue, cursor=cursor, **how)
        found += [row.dossier for row in page.rows]
        cursor, pages = page.next_cursor, pages + 1
    return found, pages


class TestTabs:
    @pytest.mark.parametrize("role", QUEUES)
    def test_show_every_state_that_the_role_sees_once(self, role):
        shown = [state for queue in (*QUEUES[role], CLOSED_QUEUE) for state in queue.states]
        assert len(set(shown)) == len(shown)
        hidden = {State.DRAFT, State.DISCARDED}
        if role is Role.DEPARTMENT_OFFICER:  # sees nothing before it was forwarded and leaves when decided
            hidden |= {State.SUBMITTED, State.SUPPLEMENT_REQUESTED, State.RECEIVED}
            hidden |= {State.DECIDED, State.RESULT_READY}
        assert set(shown) == set(State) - hidden

    @pytest.mark.parametrize("role", [Role.CITIZEN, Role.ADMINISTRATOR])
    def test_are_for_officers_only(self, role):
        assert queues.of(make.person(role)) == ()
        assert queues.counts(make.person(role)) == {}

    def test_have_keys_of_their_own(self):
        for actor in (make.officer(), make.leader(), make.person(Role.DEPARTMENT_OFFICER)):
            keys = [queue.key for queue in queues.of(actor)]
            assert len(set(keys)) == len(keys)
            assert queues.of(actor)[-1] is CLOSED_QUEUE


class TestCounts:
    def test_are_those_of_the_persons_own_dossiers(self):
        make.submitted(), make.submitted(), make.returned()
        make.submitted(make.BIRTH, "Cẩm Bình")
        assert queues.counts(make.officer()) == {
            "intake": 2,
            "received": 0,
            "decided": 0,
            "counter": 0,
            "elsewhere": 0,
            "soon": 0,
            "late": 0,
        }
        assert queues.counts(make.officer("Cẩm Bình"))["intake"] == 1
        assert queues.counts(make.leader()) == {
            "approval": 0,
            "running": 2,
            "soon": 0,
            "late": 0,
        }

    def test_stop_at_the_cap(self, monkeypatch):
        monkeypatch.setattr(queues, "COUNT_CAP", 3)
        copies(make.submitted(), 9)
        assert queues.counts(make.officer())["intake"] == 4

    def test_are_one_query(self):
        actor = make.officer()
        with queries() as seen:
            queues.counts(actor)
        assert len([s for s in seen if s.startswith("SELECT")]) == 1


class TestPages:
    @pytest.mark.parametrize("state", OPEN)
    def test_every_open_dossier_is_due_some_time_and_stands_in_one_tab(self, state):
        dossier = make.WALKS[state]()
        assert make.reload(dossier).due_at is not None
        for actor in (make.officer(), make.leader()):
            tabs = [q.key for q in queues.of(actor) if dossier in walk(actor, q)[0]]
            assert len(tabs) == 1

    def test_give_every_dossier_once_the_most_urgent_first(self):
        first = make.submitted()
        copies(first, 59)
        found, pages = walk(make.officer(), INTAKE)
        assert (len(found), pages) == (60, 3)
        assert [d.id for d in found] == [d.id for d in sorted(found, key=lambda d: (d.due_at, d.id))]
        assert len({d.id for d in found}) == 60

    @pytest.mark.parametrize("size", [1, 7, 59, 60, 61])
    def test_of_any_size_give_the_same(self, size):
        copies(make.submitted(), 59)
        found, pages = walk(make.officer(), INTAKE, size=size)
        assert len({d.id for d in found}) == len(found) == 60
        assert pages == -(-60 // size)

    def test_of_closed_dossiers_show_the_newest_first(self):
        done = [make.submitted() for _ in range(3)]
        for dossier in done:
            make.press(make.officer(), dossier, "refuse", "Không thuộc thẩm quyền")
        found, pages = walk(make.officer(), CLOSED_QUEUE, size=2)
        assert ([d.id for d in found], pages) == ([d.id for d in reversed(done)], 2)

    @pytest.mark.parametrize("queue", [INTAKE, CLOSED_QUEUE])
    @pytest.mark.parametrize(
        "cursor",
        [
            "", "x", "_", "_5", "2026-11-25_x", "2026-11-25T09:20:00+00:00", "2026-11-25T09:20:00+00:00_",
            "2026-11-25T09:20:00+00:00_-1", "2016-11-25T09:20:00+00:00_" + "9" * 30, "9" * 30, "-1", "1.5",
            "0001-01-01T00:00:00+14:00_1", "9999-12-31T23:00:00-14:00_1", "' OR 1=1 --", "\x00", "²",
        ],
    )  # fmt: skip
    def test_begin_from_the_beginning_when_the_cursor_cannot_be_read(self, queue, cursor):
        kept, refused = make.submitted(), make.submitted()
        make.press(make.officer(), refused, "refuse", "Không thuộc thẩm quyền")
        [row] = queues.page(make.officer(), queue, cursor=cursor).rows
        assert row.dossier.id == (kept if queue is INTAKE else refused).id

    def test_do_not_let_a_cursor_of_another_queue_leak_anything(self):
        make.submitted()
        cursor = queues.page(make.officer(), INTAKE, size=1).next_cursor
        assert cursor is None
        other = queues.page(make.officer("Cẩm Bình"), INTAKE, cursor="2016-01-01T00:00:00+00:00_0")
        assert (list(other.rows), other.next_cursor) == ([], None)

    def test_cost_the_same_number_of_queries_for_one_dossier_and_for_many(self):
        actor = make.officer()
        first = make.submitted()
        costs = []
        for more in (0, 40):
            copies(first, more)
            db.session.expire_all()
            db.session.rollback()
            with queries() as seen:
                page = queues.page(actor, INTAKE, size=50)
                for row in page.rows:
                    assert row.dossier.return_place.name
                    assert row.dossier.department is None
                    assert row.remaining
            costs.append(len([s for s in seen if s.startswith("SELECT")]))
        assert len(page.rows) == 41
        assert costs[1] <= costs[0] <= 5


class TestSearch:
    @pytest.fixture
    def dossier(self):
        make.submitted(make.BIRTH, "Cẩm Bình")
        return make.submitted()

    @pytest.mark.parametrize(
        "typed",
        [
            "nguyen thi minh hang",
            "HẰNG",
            "hang nguyen",
            "ho kinh doanh",
            "  Hộ   Kinh  ",
            "đăng ký",
            "",
            "%",
            "…",
        ],
    )
    def test_finds_name_and_procedure_without_accents_in_any_order(self, dossier, typed):
        assert [d.id for d in walk(make.officer(), INTAKE, sought=Sought(typed))[0]] == [dossier.id]

    def test_finds_the_reference_and_after_intake_the_code(self, dossier):
        assert walk(make.officer(), INTAKE, sought=Sought(dossier.reference))[0] == [dossier]
        make.look_at_all(dossier)
        make.press(make.officer(), dossier, "receive")
        received = QUEUES[Role.RECEIVING_OFFICER][1]
        assert walk(make.officer(), received, sought=Sought(dossier.code))[0] == [dossier]
        assert walk(make.officer(), received, sought=Sought(dossier.code[:-1] + "2"))[0] == []

    @pytest.mark.parametrize("typed", ["hang tran", "karaoke", "nguyen_thi karaoke", "100%hang"])
    def test_wants_every_word(self, dossier, typed):
        assert walk(make.officer(), INTAKE, sought=Sought(typed))[0] == []

    def test_finds_nothing_of_another_unit(self, dossier):
        assert walk(make.officer("Cẩm Trung"), INTAKE, sought=Sought(dossier.reference))[0] == []


class TestFilters:
    def test_narrow_by_procedure_department_and_day(self):
        dossier = make.received()
        received = QUEUES[Role.RECEIVING_OFFICER][1]
        day = clock.to_local(dossier.submitted_at).date()
        for fits in (
            Sought(procedure_id=dossier.procedure_id),
            Sought(department_id=dossier.department_id),
            Sought(since=day),
        ):
            assert walk(make.officer(), received, sought=fits)[0] == [dossier]
        for other in (
            Sought(procedure_id=0),
            Sought(department_id=2**62),
            Sought(since=day + timedelta(days=1)),
        ):
            assert walk(make.officer(), received, sought=other)[0] == []
            assert other.anything

    def test_offer_the_procedures_of_the_own_level_only(self):
        city, ward = (
            dict(queues.procedures(make.officer())),
            dict(queues.procedures(make.officer("Cẩm Bình"))),
        )
        assert (len(city), len(ward)) == (66, 16)
        assert not city.keys() & ward.keys()


class TestTiming:
    def test_nearly_late_and_late_have_a_tab_and_a_counter_each(self, moment):
        dossier = make.submitted()
        soon, late = (next(q for q in queues.of(make.officer()) if q.key == key) for key in ("soon", "late"))
        assert walk(make.officer(), soon)[0] == walk(make.officer(), late)[0] == []
        moment.move_to(datetime.fromisoformat("2026-11-25T08:30").replace(tzinfo=LOCAL))
        assert walk(make.officer(), soon)[0] == [dossier]
        assert (queues.counts(make.officer())["soon"], queues.counts(make.officer())["late"]) == (1, 0)
        moment.move_to(datetime.fromisoformat("2026-11-25T10:00").replace(tzinfo=LOCAL))
        assert walk(make.officer(), late)[0] == [dossier]
        assert (queues.counts(make.leader())["soon"], queues.counts(make.leader())["late"]) == (0, 1)

    def test_what_waits_for_the_citizen_presses_nobody(self, moment):
        make.supplement_requested(), make.information_requested(), make.result_ready()
        moment.move_to(datetime.fromisoformat("2027-03-01T10:00").replace(tzinfo=LOCAL))
        counts = queues.counts(make.officer())
        assert (counts["soon"], counts["late"], counts["elsewhere"], counts["counter"]) == (0, 0, 2, 1)


class TestLines:
    def test_count_the_papers_and_show_who_waits_for_an_answer(self):
        dossier = make.submitted()
        [row] = queues.page(make.officer(), INTAKE).rows
        assert (row.papers, row.asks) == (2, False)
        messages.write(make.citizen(), dossier.id, "Khi nào có kết quả?")
        assert queues.page(make.officer(), INTAKE).rows[0].asks
        messages.write(make.officer(), dossier.id, "Sáng thứ Tư.")
        assert not queues.page(make.officer(), INTAKE).rows[0].asks

    def test_say_from_when_it_counts_what_was_sent_at_night(self, moment):
        make.submitted()
        assert queues.page(make.officer(), INTAKE).rows[0].counted_from is None
        moment.move_to(datetime.fromisoformat("2026-11-25T20:14").replace(tzinfo=LOCAL))
        night = make.submitted()
        row = next(row for row in queues.page(make.officer(), INTAKE).rows if row.dossier == night)
        assert row.counted_from == datetime.fromisoformat("2026-11-26T07:30").replace(tzinfo=LOCAL)
        make.look_at_all(night)
        make.press(make.officer(), night, "receive")
        assert queues.page(make.officer(), QUEUES[Role.RECEIVING_OFFICER][1]).rows[0].counted_from is None


class TestAround:
    def test_a_dossier_knows_its_neighbours_in_the_order_of_the_tab(self):
        first = make.submitted()
        second, third = copies(first, 2)
        assert queues.around(make.officer(), second) == queues.Around(2, 3, first.id, third.id)
        assert queues.around(make.officer(), first).previous is None
        assert queues.around(make.officer(), third).following is None

    def test_closed_dossiers_foreign_ones_and_those_far_down_have_none(self, monkeypatch):
        dossier = make.submitted()
        assert queues.around(make.officer(), make.returned()) is None
        assert queues.around(make.officer("Cẩm Bình"), dossier) is None
        assert queues.around(make.citizen(), dossier) is None
        monkeypatch.setattr(queues, "COUNT_CAP", 0)
        assert queues.around(make.officer(), dossier) is None


class TestTimeLeft:
    @pytest.mark.parametrize(
        ("now", "words", "urgency"),
        [
            ("2026-11-23T09:20", "Còn 1 ngày", "con"),
            ("2026-11-23T16:49", "Còn 2 giờ 1 phút", "con"),
            ("2026-11-23T16:51", "Còn 1 giờ 59 phút", "sap"),
            ("2026-11-24T12:00", "Còn 1 giờ 50 phút", "sap"),
            ("2026-11-25T09:56", "Quá 35 phút", "qua"),
        ],
    )
    def test_is_working_time_in_words_with_its_urgency(self, moment, now, words, urgency):
        moment.move_to(datetime.fromisoformat("2026-11-23T09:20").replace(tzinfo=LOCAL), tick=False)
        make.submitted()
        moment.move_to(datetime.fromisoformat(now).replace(tzinfo=LOCAL), tick=False)
        [row] = queues.page(make.officer(), INTAKE).rows
        assert (row.remaining, row.urgency) == (words, urgency)

    def test_presses_nobody_while_a_result_waits_to_be_fetched(self, moment):
        make.result_ready()
        moment.shift(timedelta(days=60))
        counter = QUEUES[Role.RECEIVING_OFFICER][3]
        [row] = queues.page(make.officer(), counter).rows
        assert (row.remaining, row.urgency) == ("", "")

    def test_is_that_of_the_supplement_while_processing_is_paused(self):
        dossier = make.information_requested()
        running = clocks.running(dossier)
        assert len(running) == 2
        assert queues.time_left(dossier, running) == queues.time_left(dossier, running[1:])
        assert queues.time_left(dossier, running[1:])[1] == "con"
        assert queues.time_left(dossier, running[:1]) == ("", "")


def test_the_copies_of_this_test_are_rows_like_any_other():
    dossier = make.submitted()
    copies(dossier, 3)
    assert (
        db.session.scalar(select(func.count()).select_from(Dossier).where(access.visible(make.officer())))
        == 4
    )
