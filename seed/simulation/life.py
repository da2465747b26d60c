"""How people behave: the life of one dossier as a story that waits for its moments.

Every ``yield`` names the moment of what comes next; between two moments the sweep of deadlines has its turn. A
story that is over, or that will wait for a person who never comes, simply ends.
"""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta

from app.domain.fees import FeeTiming
from app.domain.originals import Verdict
from app.domain.states import State
from app.domain.timeline import midnight
from seed.simulation import acts, satisfaction
from seed.simulation.case import Case
from seed.simulation.chance import one_of
from seed.simulation.demand import Habit
from seed.simulation.things import Violation
from seed.simulation.words import words

Story = Generator[datetime, None, None]
Chapter = Generator[datetime, None, bool]
"""Answers whether the story goes on."""

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# Shares of dossiers, as one-stop reports of Vietnamese districts give them, rounded.
NEVER_SENT = 0.03
REFUSED, SUPPLEMENTED, WITHDRAWN_AT_INTAKE = 0.02, 0.09, 0.006
ANSWERED, MOST_SUPPLEMENTS = 0.86, 2
ASKED_IN_APPRAISAL, WITHDRAWN_IN_APPRAISAL, STOPPED = 0.04, 0.006, 0.003
DENIED, SENT_BACK = 0.03, 0.03
LATE_AT_INTAKE, LATE_IN_PROCESSING = 0.03, 0.045
NEVER_FETCHED, INCOMPLETE_VISIT, MISMATCH = 0.01, 0.02, 0.007
TALKS = 0.07
SURVEYED = 0.34


def life(case: Case, sent: datetime, habit: Habit) -> Story:
    """From the draft to the end."""
    throw = case.throw
    open_since = midnight(max(case.office.opens_on, case.procedure.first_day))
    begun = max(sent - MINUTE * int(6 + throw.random() ** 3 * 2000), open_since)
    yield begun
    acts.compose(case, begun, sent, habit.household, habit.firm)
    if throw.random() < NEVER_SENT:
        yield from _given_up(case, sent)
        return
    yield sent
    case.truth_declared_at = sent
    case.press(case.actor, "submit", sent)
    if (yield from _intake(case)) and (yield from _appraisal(case)) and (yield from _signature(case)):
        yield from _counter(case)


def _given_up(case: Case, sent: datetime) -> Story:
    """A draft that is discarded by its citizen, or by the service after the days of the setting."""
    forgotten = case.throw.random() < 0.6  # noqa: PLR2004 - most are forgotten
    at = sent + DAY * case.world.city.draft_days if forgotten else sent + HOUR
    yield at
    reason = words("discard_reason")[0] if forgotten else ""
    case.press(case.actor, "discard", at, reason)


def _intake(case: Case) -> Chapter:
    """8 working hours from "Gửi hồ sơ" to take it in, refuse it or ask for what is missing."""
    throw, asked = case.throw, 0
    while True:
        officer = one_of(throw, case.office.officers)
        late = throw.random() < LATE_AT_INTAKE
        share = 1.02 + throw.random() if late else 0.03 + 0.9 * throw.random() ** 2
        at = _office_time(case, case.world.city.intake * share)
        if throw.random() < WITHDRAWN_AT_INTAKE:
            yield from _withdrawn(case, at)
            return False
        yield from _until(case, at)
        what = throw.random()
        if what < REFUSED:
            case.press(officer.actor, "refuse", at, one_of(throw, words("refusal")))
            return False
        if what > REFUSED + SUPPLEMENTED or asked >= MOST_SUPPLEMENTS:
            acts.look(case, officer, at)
            case.press(officer.actor, "receive", at)
            return True
        asked += 1
        acts.ask_for_supplement(case, officer, at)
        if not (yield from _answered(case, "resubmit")):
            return False


def _answered(case: Case, key: str) -> Chapter:
    """The citizen answers within days, or the sweep closes the dossier."""
    answers = case.throw.random() < ANSWERED
    days = 0.1 + case.throw.random() ** 2 * 12
    at = (case.at + DAY * days).replace(microsecond=0) if answers else NEVER
    yield from _until(case, at)
    if case.closed:
        return False
    acts.answer(case, at)
    case.press(case.actor, key, at)
    return True


def _appraisal(case: Case) -> Chapter:
    """Forwarded to the department, appraised, proposed."""
    throw = case.throw
    officer, specialist = one_of(throw, case.office.officers), one_of(throw, case.desk.officers)
    whole = case.office.calendar.worked_between(case.at, case.timer.due() or case.at)
    pace = whole * (1.1 + 0.8 * throw.random() if throw.random() < LATE_IN_PROCESSING else 0.75)
    at = _office_time(case, min(pace * 0.05, 3 * HOUR))
    yield from _until(case, at)
    acts.settle(case, officer, at, FeeTiming.BEFORE_PROCESSING)
    case.press(officer.actor, "forward", at)
    if throw.random() < TALKS:
        yield from _talk(case)
    at = _office_time(case, pace * (0.1 + 0.2 * throw.random()))
    yield from _until(case, at)
    left = throw.random()
    if left < WITHDRAWN_IN_APPRAISAL:
        yield from _withdrawn(case, at)
        return False
    if left < WITHDRAWN_IN_APPRAISAL + STOPPED:
        leader = one_of(throw, case.office.leaders)
        case.press(leader.actor, "stop", at, one_of(throw, words("stop")))
        return False
    if throw.random() < ASKED_IN_APPRAISAL and case.world.city.information_requests:
        acts.ask_for_information(case, specialist, at)
        if not (yield from _answered(case, "supply_information")):
            return False
    at = _office_time(case, pace * (0.2 + 0.4 * throw.random()))
    yield from _until(case, at)
    acts.propose(case, specialist, at, denied=throw.random() < DENIED)
    return True


def _signature(case: Case) -> Chapter:
    """The leader sends back or signs, the counter announces the result."""
    throw, pace = case.throw, HOUR * (0.5 + 4 * case.throw.random() ** 2)
    leader = one_of(throw, case.office.leaders)
    while throw.random() < SENT_BACK:
        at = _office_time(case, pace)
        yield from _until(case, at)
        case.press(leader.actor, "send_back", at, one_of(throw, words("send_back")))
        specialist = one_of(throw, case.desk.officers)
        denied = case.denied
        at = _office_time(case, pace)
        yield from _until(case, at)
        acts.propose(case, specialist, at, denied=denied)
    at = _office_time(case, pace)
    yield from _until(case, at)
    acts.sign(case, leader, at)
    at = _office_time(case, pace * 0.4)
    yield from _until(case, at)
    officer = one_of(throw, case.office.officers)
    case.press(officer.actor, "announce_result", at)
    return True


def _counter(case: Case) -> Story:
    """The citizen comes with the originals; everything matches, or the result is void for good."""
    throw = case.throw
    at = NEVER if throw.random() < NEVER_FETCHED else _visit(case, 0.3 + 9 * throw.random() ** 2)
    yield from _until(case, at)
    officer = one_of(throw, case.office.officers)
    granted = case.state is State.RESULT_READY and not case.denied
    if granted and throw.random() < INCOMPLETE_VISIT:
        acts.compare(case, officer, at, Verdict.MISSING)
        case.at = at
        at = _visit(case, 1 + 3 * throw.random())
        yield from _until(case, at)
    if granted and throw.random() < MISMATCH:
        acts.compare(case, officer, at, Verdict.DIFFERS)
        reason = words("void_reason")[0]
        case.press(officer.actor, "void_on_mismatch", at, reason)
        if case.violation is not None:
            yield from _violation(case, case.violation)
        return
    if granted:
        acts.compare(case, officer, at)
        acts.settle(case, officer, at)
    case.press(officer.actor, "return_result", at)
    yield from _survey(case)


def _survey(case: Case) -> Story:
    """One in three follows the link of the last letter, most on the same day."""
    if case.throw.random() < SURVEYED:
        at = case.at + HOUR * (1 + 120 * case.throw.random() ** 3)
        yield at
        case.answer = satisfaction.answer(case, at)


def _violation(case: Case, found: Violation) -> Story:
    """The case file goes to the authority; weeks later its decision comes back."""
    throw = case.throw
    at = _office_time(case, HOUR * (1 + 12 * throw.random()))
    yield at
    case.at = at
    acts.forward_case(case, found, one_of(throw, case.office.officers), at)
    at = _office_time(case, HOUR * (60 + 200 * throw.random()))
    yield at
    acts.decide_case(case, found, one_of(throw, case.office.leaders), at)


def _withdrawn(case: Case, at: datetime) -> Story:
    yield from _until(case, at)
    case.press(case.actor, "withdraw", at, one_of(case.throw, words("withdrawal")))


def _talk(case: Case) -> Story:
    at = case.at + MINUTE * int(10 + 600 * case.throw.random())
    yield from _until(case, at)
    acts.ask(case, at)
    case.at = at
    at = _office_time(case, MINUTE * (5 + 100 * case.throw.random()))
    yield from _until(case, at)
    acts.reply(case, one_of(case.throw, case.office.officers), at)
    case.at = at


def _office_time(case: Case, work: timedelta) -> datetime:
    """The moment after so much working time since the last step: officers act in office hours."""
    seconds = int(work.total_seconds()) + 60 + int(case.throw.random() * 60)
    return case.office.calendar.advance(case.at, timedelta(seconds=seconds))


def _visit(case: Case, days: float) -> datetime:
    """Some days later, in office hours."""
    later = case.at + DAY * days
    work = timedelta(seconds=60 + int(case.throw.random() * 7200))
    return case.office.calendar.advance(later.replace(microsecond=0), work)


def _until(case: Case, at: datetime) -> Story:
    """Wait; the sweep, which runs every minute, has its turn whenever a clock asks for it."""
    while (look := case.timer.next_look()) is not None:
        swept = look.replace(second=0, microsecond=0) + MINUTE
        if swept >= at:
            break
        yield swept
        case.sweep(swept)
        if case.closed:
            return
    yield at
