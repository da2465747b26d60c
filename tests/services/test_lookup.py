"""Looking a dossier up without logging in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain import clock
from app.domain.errors import NotFound, TooManyAttempts
from app.domain.states import State
from app.extensions import db
from app.models.outbox import Attempt
from app.models.violation import Measure
from app.services import facts, lookup, settings, violations
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

HERE, THERE = "198.51.100.1", "203.0.113.9"
LAST_FOUR = make.APPLICANT.phone[-4:]


def tries():
    query = select(Attempt.kind, Attempt.count).where(Attempt.kind.startswith("lookup"))
    return dict(db.session.execute(query).all())


def miss(code, digits="0000", visitor=HERE):
    with pytest.raises(NotFound, match="lookup_found_nothing"):
        lookup.by_code(code, digits, visitor)


class TestByCode:
    def test_the_reference_finds_it_before_intake_and_code_and_reference_after(self):
        sent = make.submitted()
        assert lookup.by_code(sent.reference, LAST_FOUR, HERE).state is State.SUBMITTED
        make.look_at_all(sent)
        make.press(make.officer(), sent, "receive")
        for typed in (sent.code, sent.reference, f"  {sent.code.lower()} "):
            found = lookup.by_code(typed, f" {LAST_FOUR} ", HERE)
            assert (found.code, found.state) == (sent.code, State.RECEIVED)

    def test_a_code_in_small_letters_is_found_too(self):
        settings.change(make.administrator(), "code_format", "hs-{agency}-{date:%y%m%d}-{serial:04d}")
        received = make.received()
        assert (
            lookup.by_code(f"hs-{received.agency.identifier}-261123-0001", LAST_FOUR, HERE).code
            == received.code
        )

    def test_it_says_what_anyone_with_the_digits_may_know(self):
        dossier = make.submitted()
        found = lookup.by_code(dossier.reference, LAST_FOUR, HERE)
        assert found == lookup.PublicView(
            code=dossier.reference,
            procedure=dossier.procedure_name,
            agency=dossier.agency.name,
            holder=f"Bộ phận tiếp nhận và trả kết quả, {dossier.agency.name}",
            applicant_name="Nguyễn Thị Minh Hằng",
            state=State.SUBMITTED,
            denied=False,
            submitted_at=dossier.submitted_at,
            received_at=None,
            due_at=dossier.due_at,
            closed_at=None,
            place=str(dossier.return_place),
        )

    def test_whoever_holds_a_void_result_learns_which_one_and_not_why(self):
        dossier = make.voided()
        found = lookup.by_secret(dossier.secret)
        result = facts.current_result(dossier)
        assert found.void == lookup.VoidNotice(result.number, result.decided_on, result.voided_at)
        assert result.void_reason not in repr(found)
        assert lookup.by_secret(make.returned().secret).void is None

    def test_a_result_issued_anew_is_named_beside_the_void_one(self):
        dossier = make.voided()
        case = violations.case_of(dossier)
        violations.forward(make.officer(), case.id, "1/CV")
        violations.decide(make.leader(), case.id, Measure.NO_VIOLATION, "2/QĐ", clock.today())
        violations.reissue(make.leader(), case.id, "99/QĐ", clock.today(), make.picture("anew"))
        void = lookup.by_secret(dossier.secret).void
        assert (void.new_number, void.new_decided_on) == ("99/QĐ", clock.today())

    @pytest.mark.parametrize("digits", ["0000", "", LAST_FOUR[:3], "9" + LAST_FOUR, "５６７８", "6 78"])
    def test_wrong_digits_get_the_answer_of_a_wrong_code(self, digits):
        miss(make.submitted().reference, digits)
        miss("N-0000-0000", LAST_FOUR)

    @pytest.mark.parametrize("state", [State.DRAFT, State.DISCARDED])
    def test_what_was_not_sent_does_not_exist(self, state):
        draft = make.draft()
        if state is State.DISCARDED:
            make.press(make.citizen(), draft, "discard")
        miss(draft.reference, LAST_FOUR)

    def test_a_dossier_is_locked_after_a_few_wrong_tries_from_anywhere_and_opens_again(self, moment):
        reference = make.submitted().reference
        for number in range(settings.get("lookup_tries")):
            miss(reference, visitor=f"198.51.100.{number}")
        with pytest.raises(TooManyAttempts) as locked:
            lookup.by_code(reference, LAST_FOUR, THERE)
        assert locked.value.params == {"minutes": 30}
        moment.shift(timedelta(minutes=31))
        assert lookup.by_code(reference, LAST_FOUR, THERE).code == reference

    def test_code_and_reference_of_one_dossier_share_their_tries(self):
        dossier = make.received()
        for number in range(settings.get("lookup_tries")):
            miss(dossier.code if number % 2 else dossier.reference, visitor=f"198.51.100.{number}")
        for name in (dossier.code, dossier.reference):
            with pytest.raises(TooManyAttempts):
                lookup.by_code(name, LAST_FOUR, THERE)

    def test_a_visitor_who_tries_many_codes_is_locked_and_others_are_not(self):
        reference = make.submitted().reference
        for number in range(settings.get("lookup_tries") * lookup.VISITOR_FACTOR):
            miss(f"N-0000-{number:04d}")
        with pytest.raises(TooManyAttempts):
            lookup.by_code(reference, LAST_FOUR, HERE)
        assert lookup.by_code(reference, LAST_FOUR, THERE).code == reference

    def test_success_forgets_the_tries_of_the_dossier_but_not_of_the_visitor(self):
        reference = make.submitted().reference
        miss(reference)
        assert tries() == {"lookup": 1, "lookup_ip": 1}
        lookup.by_code(reference, LAST_FOUR, HERE)
        assert tries() == {"lookup_ip": 1}


class TestBySecret:
    def test_the_link_of_the_qr_finds_it(self):
        dossier = make.result_ready(denied=True)
        found = lookup.by_secret(dossier.secret)
        assert (found.code, found.denied) == (dossier.code, True)

    @pytest.mark.parametrize("secret", ["", "x", "' OR 1=1 --"])
    def test_nothing_else_does(self, secret):
        make.submitted()
        with pytest.raises(NotFound, match="lookup_found_nothing"):
            lookup.by_secret(secret)

    def test_a_draft_is_not_shown(self):
        with pytest.raises(NotFound, match="lookup_found_nothing"):
            lookup.by_secret(make.draft().secret)


@pytest.mark.parametrize(
    ("state", "holder"),
    [
        (State.DRAFT, "Người nộp hồ sơ"),
        (State.SUPPLEMENT_REQUESTED, "Người nộp hồ sơ"),
        (State.INFORMATION_REQUESTED, "Người nộp hồ sơ"),
        (State.RECEIVED, "Bộ phận tiếp nhận và trả kết quả, {agency}"),
        (State.IN_APPRAISAL, "{department}"),
        (State.AWAITING_APPROVAL, "Lãnh đạo {agency}"),
        (State.RESULT_READY, "Bộ phận tiếp nhận và trả kết quả, {agency}"),
    ],
)
def test_who_has_the_dossier_is_said_in_words(state, holder):
    dossier = make.WALKS[state]()
    department = dossier.department.name if dossier.department else ""
    assert lookup.holder_of(dossier) == holder.format(agency=dossier.agency.name, department=department)
