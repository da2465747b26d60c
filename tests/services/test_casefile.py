"""Everything an officer's page shows of one dossier."""

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from app.domain.clock import LOCAL
from app.domain.errors import NotAllowed, NotFound
from app.domain.originals import Verdict
from app.domain.states import ClockKind, State
from app.extensions import db
from app.models.handling import ItemKind
from app.services import attachments, casefile, counter, facts, messages, reviews, supplements
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def of(dossier, who=make.officer, **how):
    db.session.rollback()
    return casefile.of(who(), dossier.id, **how)


@contextmanager
def queries():
    """How many questions reach the database."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def everything(case):
    """Ask for each part of a case file."""
    names = [n for n in vars(casefile.CaseFile) if not n.startswith("_") and n != "line"]
    return {name: getattr(case, name) for name in names}


class TestWhoSeesIt:
    def test_officers_of_the_agency_and_the_department_it_was_forwarded_to(self):
        dossier = make.in_appraisal()
        for someone in (make.officer(), make.leader(), make.specialist(dossier)):
            assert casefile.of(someone, dossier.id).dossier.id == dossier.id

    @pytest.mark.parametrize("who", [make.citizen, make.administrator])
    def test_other_roles_are_not_allowed(self, who):
        with pytest.raises(NotAllowed, match="role_may_not"):
            of(make.submitted(), who)

    def test_other_units_find_nothing(self):
        for dossier_id in (make.submitted().id, 999_999):
            with pytest.raises(NotFound, match="no_such_dossier"):
                casefile.of(make.officer("Cẩm Bình"), dossier_id)


class TestOpening:
    """That the receiving officer's page shows a scan counts as having looked at it."""

    def test_a_paper_at_intake_is_noted(self):
        dossier = make.submitted()
        document = facts.documents_with_scans(dossier)[0]
        case = of(dossier, opened=document.id)
        assert reviews.of_dossier(dossier).keys() == {document.id}
        assert case.line(document.id).review.reviewer_id == make.officer().user_id
        assert case.next_unjudged.document.id == document.id

    def test_by_others_later_or_of_nothing_is_not_noted(self):
        dossier = make.submitted()
        scanned = facts.documents_with_scans(dossier)[0]
        empty = next(d for d in dossier.documents if not d.attachments)
        other = facts.documents_with_scans(make.submitted())[0]
        of(dossier, make.leader, opened=scanned.id)
        of(dossier, opened=empty.id)
        of(dossier, opened=other.id)
        make.press(make.officer(), dossier, "refuse", "Không thuộc thẩm quyền")
        of(dossier, opened=scanned.id)
        assert reviews.of_dossier(dossier) == reviews.of_dossier(other.dossier) == {}

    def test_a_paper_of_another_unit_finds_nothing(self):
        foreign = facts.documents_with_scans(make.submitted(make.BIRTH, "Cẩm Bình"))[0]
        with pytest.raises(NotFound, match="no_such_document"):
            of(make.submitted(), opened=foreign.id)
        assert reviews.of_dossier(foreign.dossier) == {}


class TestClocks:
    @pytest.mark.parametrize(
        ("now", "css", "words"),
        [
            ("2026-11-23T16:49", "con", "Còn 2 giờ 1 phút"),
            ("2026-11-23T16:51", "sap", "Còn 1 giờ 59 phút"),
            ("2026-11-25T09:56", "qua", "Quá 35 phút"),
        ],
    )
    def test_say_how_they_stand_and_how_they_were_counted(self, moment, now, css, words):
        moment.move_to(datetime(2026, 11, 23, 9, 20, tzinfo=LOCAL), tick=False)
        dossier = make.submitted()
        moment.move_to(datetime.fromisoformat(now).replace(tzinfo=LOCAL), tick=False)
        [line] = of(dossier).clocks
        assert (line.kind, line.css, line.words, line.confirmed) == (ClockKind.INTAKE, css, words, True)
        assert line.due == dossier.due_at
        assert sum(part.minutes for part in line.trace) == pytest.approx(480)

    def test_stand_still_while_the_citizen_answers(self, moment):
        dossier = make.information_requested()
        processing, supplement = of(dossier).clocks
        assert (processing.kind, processing.css, supplement.css) == (ClockKind.PROCESSING, "dung", "con")
        moment.shift(timedelta(days=3))
        assert of(dossier).clocks[0].words == processing.words

    def test_are_none_when_it_is_closed(self):
        assert of(make.returned()).clocks == []


class TestPapers:
    def test_are_all_listed_and_those_handed_in_are_looked_at(self):
        dossier = make.submitted()
        case = of(dossier)
        assert [line.document.ordinal for line in case.documents] == [1, 2, 3, 4, 5]
        assert [line.document.ordinal for line in case.scanned] == [1, 2]
        assert case.line(case.documents[2].document.id) is None
        first, second = case.scanned
        reviews.judge(make.officer(), first.document.id, acceptable=True)
        assert of(dossier).next_unjudged.document.id == second.document.id
        reviews.judge(make.officer(), second.document.id, acceptable=False, note="Mờ")
        assert of(dossier).next_unjudged is None

    def test_number_their_pages_through_all_files_of_the_newest_version(self):
        draft = make.draft()
        document = draft.documents[0]
        for name in ("a", "b"):
            attachments.add(make.citizen(), document.id, f"{name}.jpg", make.picture(name))
        line = casefile.CaseFile(make.citizen(), draft).documents[0]
        pages = [(page.number, page.attachment.original_name, page.inner) for page in line.pages]
        assert pages == [(1, "a.jpg", 1), (2, "b.jpg", 1)]

    def test_show_what_was_found_at_the_counter(self):
        dossier = make.result_ready()
        first, second = facts.documents_with_scans(dossier)
        assert of(dossier).next_unchecked.document.id == first.id
        counter.compare(make.officer(), first.id, Verdict.DIFFERS, "Khác tên")
        case = of(dossier)
        assert case.next_unchecked.document.id == second.id
        assert [line.document.id for line in case.differing] == [first.id]
        counter.compare(make.officer(), second.id, Verdict.MATCHES)
        assert of(dossier).next_unchecked is None


class TestRest:
    def test_requests_are_being_prepared_or_were_sent(self):
        dossier = make.submitted()
        document = facts.documents_with_scans(dossier)[0]
        supplements.add_item(make.officer(), dossier.id, ItemKind.UNREADABLE, "Trang 1", document.id)
        case = of(dossier)
        assert ([i.description for i in case.prepared.items], case.requests) == (["Trang 1"], [])
        make.press(make.officer(), dossier, "request_supplement", "Mờ")
        case = of(dossier)
        assert (case.prepared, [r.reason for r in case.requests]) == (None, ["Mờ"])

    def test_money_is_due_paid_and_left(self):
        dossier = make.result_ready()
        assert (of(dossier).sums.left, of(dossier).fees_open) == (100_000, True)
        counter.record_payment(make.officer(), dossier.id, 40_000, "BL-1")
        sums = of(dossier).sums
        assert (sums.due, sums.paid, sums.left) == (100_000, 40_000, 60_000)
        assert not of(dossier, make.leader).fees_open
        assert not of(make.returned()).fees_open

    def test_many_looks_at_one_paper_are_one_line_of_the_journal(self):
        dossier = make.submitted()
        first, second = (d.attachments[0].id for d in facts.documents_with_scans(dossier))
        for scan in (first, first, first, second, first):
            attachments.read(make.officer(), scan)
        entries = of(dossier).journal
        assert [(e.row.key, e.times) for e in entries] == [
            ("scan_viewed", 1),
            ("scan_viewed", 1),
            ("scan_viewed", 3),
            ("submit", 1),
        ]

    def test_who_proposed_and_who_has_it(self):
        dossier = make.awaiting_approval()
        case = of(dossier, make.leader)
        assert case.proposer == make.specialist(dossier).name
        assert case.holder == f"Lãnh đạo {dossier.agency.name}"
        assert of(make.submitted()).proposer == ""

    def test_a_void_dossier_shows_its_case_and_authority(self):
        case = of(make.voided())
        assert case.violation.authority_name == case.authority.name
        assert case.result.voided_at is not None
        assert of(make.submitted()).violation is None

    def test_buttons_conversation_and_mails_are_those_of_the_person(self):
        dossier = make.submitted()
        messages.write(make.officer(), dossier.id, "Chào ông, bà.")
        case = of(dossier)
        assert [t.key for t, _ in case.offers] == ["receive", "request_supplement", "refuse"]
        assert [line.body for line, _ in case.messages] == ["Chào ông, bà."]
        assert case.mails[0].template == "office_message"
        assert [t.key for t, _ in of(dossier, make.leader).offers] == []

    def test_only_departments_of_the_agency_are_offered(self):
        dossier = make.received()
        departments = of(dossier).departments
        assert {d.agency_id for d in departments} == {dossier.agency_id}
        assert dossier.department_id in {d.id for d in departments}


@pytest.mark.parametrize("state", [s for s in make.WALKS if s is not State.DRAFT])
def test_a_page_with_everything_costs_few_queries_however_much_there_is(state):
    dossier = make.WALKS[state]()
    dossier_id, scan_id = dossier.id, facts.documents_with_scans(dossier)[0].attachments[0].id
    officer, costs = make.officer(), []
    for _ in range(2):
        db.session.rollback()
        db.session.expunge_all()
        with queries() as seen:
            parts = everything(casefile.of(officer, dossier_id))
        costs.append(len(seen))
        assert parts["documents"]
        for number in range(5):
            messages.write(officer, dossier_id, f"Dòng {number}")
            attachments.read(officer, scan_id)
    assert costs[1] <= costs[0] + 1
    assert costs[1] <= 40
