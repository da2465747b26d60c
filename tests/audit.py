"""What the reports must say, worked out once more with pen and paper from raw rows, as DOMAIN.md defines it.

Nothing here knows the services of the reports or the rows that they count: a dossier is its journal, its due times,
its fees, receipts, case and apology; working time is added up session by session.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import groupby

import sqlalchemy as sa

from app.domain.clock import LOCAL
from app.domain.states import State
from app.extensions import db
from app.models.catalogue import Procedure
from app.models.dossier import Dossier
from app.models.fees import DossierFee
from app.models.handling import DossierClock, Journal, Payment
from app.models.organisation import CalendarDay, Department, WorkSessionRow
from app.models.papers import Apology
from app.models.violation import ViolationCase
from tests import lives
from tests.lives import Life, Run

ONE_DAY = timedelta(days=1)
EIGHT_HOURS = 8 * 3600
ANSWERS = {"receive", "request_supplement", "refuse", "withdraw"}
"""What ends the waiting for the office after "Gửi"."""
ENDINGS = {"announce_result", "withdraw", "stop", "stop_unanswered"}
"""What ends processing."""


class Hours:
    """Office hours, added up a session at a time."""

    def __init__(self):
        self.rows = db.session.scalars(sa.select(WorkSessionRow)).all()
        self.days = dict(db.session.execute(sa.select(CalendarDay.day, CalendarDay.kind)).all())
        assert all(row.agency_id is None and row.valid_from is row.valid_to is None for row in self.rows)

    def sessions(self, day):
        kind, weekday = self.days.get(day), day.weekday()
        if kind == "off":
            return []
        if kind == "working" and weekday > 4:  # a Saturday that is worked has Monday's hours
            weekday = 0
        found = [(row.opens, row.closes) for row in self.rows if row.weekday == weekday]
        return [tuple(datetime.combine(day, at, LOCAL) for at in span) for span in sorted(found)]

    def between(self, start, end):
        """Seconds."""
        day, total = start.astimezone(LOCAL).date(), 0.0
        while day <= end.astimezone(LOCAL).date():
            for opens, closes in self.sessions(day):
                total += max(0, (min(closes, end) - max(opens, start)).total_seconds())
            day += ONE_DAY
        return int(total)

    def after(self, start, seconds):
        day = start.astimezone(LOCAL).date()
        while True:
            for opens, closes in self.sessions(day):
                begins = max(opens, start)
                if (there := (closes - begins).total_seconds()) >= seconds:
                    return begins + timedelta(seconds=seconds)
                seconds -= max(0, there)
            day += ONE_DAY


@dataclass
class Told:
    """One dossier: its life, and what a report names of it."""

    life: Life
    row: sa.Row
    fees: list = field(default_factory=list)
    receipts: list = field(default_factory=list)
    case: sa.Row | None = None
    apology: str = "Chưa soạn"


def read():
    """Every dossier that was sent, and the office hours."""
    hours = Hours()
    columns = (
        Dossier.id, Dossier.code, Dossier.reference, Dossier.agency_id, Dossier.department_id, Dossier.procedure_id,
        Dossier.procedure_name, Dossier.applicant_name, Dossier.outcome, Dossier.on_supplement, Procedure.field_id,
        Department.name.label("department"),
    )  # fmt: skip
    rows = db.session.execute(sa.select(*columns).join(Dossier.procedure).outerjoin(Dossier.department))
    steps = _many(sa.select(Journal).where(Journal.to_state.is_not(None)).order_by(Journal.id))
    dues = _many(sa.select(DossierClock).where(DossierClock.kind == "processing").order_by(DossierClock.id))
    fees, receipts = _many(sa.select(DossierFee)), _many(sa.select(Payment))
    cases, apologies = _many(sa.select(ViolationCase)), _many(sa.select(Apology))
    found = {}
    for row in rows:
        if any(step.key == "submit" for step in steps[row.id]):
            told = Told(_life(row, steps[row.id], dues[row.id], hours), row, fees[row.id], receipts[row.id])
            told.case = next(iter(cases[row.id]), None)
            for apology in apologies[row.id]:
                told.apology = {"drafted": "Chờ ký", "sent": "Đã gửi"}[apology.state]
            found[row.id] = told
    return found, hours


def _many(query):
    found = defaultdict(list)
    for row in db.session.scalars(query):
        found[row.dossier_id].append(row)
    return found


def _life(row, steps, dues, hours):
    life = Life(row.agency_id, row.procedure_id, row.department_id is not None, [], [], steps[-1].to_state)
    life.id = row.id
    for step in steps:
        key, at = step.key, step.at
        if key in {"submit", "resubmit"}:
            life.intakes.append(Run(at, hours.after(at, EIGHT_HOURS)))
        elif key in ANSWERS and not life.processing and life.intakes[-1].stop is None:
            life.intakes[-1].stop, life.intakes[-1].worked = at, hours.between(life.intakes[-1].start, at)
        if key == "receive":
            life.processing.append(Run(at, dues[-1].due_at))
        elif key == "request_information":
            life.processing[-1].waits.append((at, None))
        elif key == "supply_information" and row.on_supplement == "restart":
            life.processing[-1].stop = at
            life.processing.append(Run(at, dues[-1].due_at))
        elif key == "supply_information":
            life.processing[-1].waits[-1] = (life.processing[-1].waits[-1][0], at)
        elif key in ENDINGS and life.processing:
            life.processing[-1].stop = at
    closed = {"returned", "voided", "refused", "withdrawn", "stopped", "closed_unanswered"}
    life.closed = steps[-1].at if steps[-1].to_state in closed else None
    return life


# --- figures


def figures(told, first, last):
    """The ids behind each figure over these days."""
    found = lives.expected([one.life for one in told], first, last)
    start, end = moments(first, last)
    for one in told:
        if (case := one.case) is not None:
            concluded = case.decided_on is not None and first <= case.decided_on <= last
            tests = {
                "case_forwarded": case.forwarded_at is not None and start <= case.forwarded_at < end,
                "case_decided": concluded,
                "case_cleared": concluded and case.measure == "no_violation",
                "case_pending": case.opened_at < end and (case.decided_on is None or case.decided_on > last),
            }
            for key in (key for key, holds in tests.items() if holds):
                found[key].add(one.life.id)
    return found


def moments(first, last):
    start, end = (datetime.combine(day, time(), LOCAL) for day in (first, last + ONE_DAY))
    return start, end


def shares_and_times(told, found):
    """What the reports work out from figures: the rate of 8 hours, median and ninth decile, the rate of voids."""
    judged = len(found["intake_within"]) + len(found["intake_late"]) + len(found["intake_overdue"])
    seconds = [_answered_in(one.life) for one in told if one.life.id in found["sent"]]
    seconds = [worked for worked in seconds if worked is not None]
    middle, ninth = lives.middle_and_ninth(seconds)[1:] if seconds else (None, None)
    ended = len(found["voided"]) + len(found["returned"])
    return {
        "rate": len(found["intake_within"]) / judged if judged else None,
        "median": middle // 60 if seconds else None,
        "ninth": ninth // 60 if seconds else None,
        "void_rate": len(found["voided"]) / ended if ended else None,
    }


def _answered_in(life):
    """Working time of the round that judges the intake: the first late one, else the last."""
    late = (run for run in life.intakes if run.stop and run.stop > run.due)
    return next(late, life.intakes[-1]).worked


# --- lists and money


def late(told, hours, first, last, now):
    """Cells of the list of the late by dossier, the longest overdue first."""
    _, end = moments(first, last)
    found = figures(told, first, last)["late"]
    lines = {}
    for one in sorted(told, key=lambda one: (one.life.due if one.life.processing else end, one.life.id)):
        if (life := one.life).id not in found:
            continue
        finished = life.finished if life.finished and life.finished < end else None
        waits = life.processing[-1].waits
        stood = waits[-1][0] if waits and waits[-1][1] is None else None
        until = min(moment for moment in (stood, finished, end, now) if moment)
        lines[life.id] = (
            one.row.code, one.row.procedure_name, one.row.applicant_name, one.row.department or "",
            State(life.state).label, life.received, life.due, finished, hours.between(life.due, until) // 60,
            one.apology,
        )  # fmt: skip
    return lines


def receipts(told, first, last, by):
    """The receipts of the period by group; "" is everything."""
    start, end = moments(first, last)
    groups = defaultdict(list)
    for one in told:
        for receipt in one.receipts:
            if start <= receipt.taken_at < end:
                key = {
                    "ngay": receipt.taken_at.astimezone(LOCAL).date(),
                    "cong-chuc": receipt.taken_by_id,
                    "thu-tuc": one.row.procedure_id,
                }[by]
                groups[key].append(receipt)
                groups[""].append(receipt)
    return groups


def taken(told, first, last, by):
    """Cells by group: (dossiers, receipts, đồng)."""
    return {
        key: (len({r.dossier_id for r in some}), len(some), sum(r.amount for r in some))
        for key, some in receipts(told, first, last, by).items()
    }


def reconciled(told, first, last):
    """(due, taken in the period, taken outside it, difference) of each dossier that paid in the period."""
    start, end = moments(first, last)
    found = {}
    for one in told:
        within = sum(r.amount for r in one.receipts if start <= r.taken_at < end)
        outside = sum(r.amount for r in one.receipts) - within
        at_counter = one.row.outcome == "granted" and one.life.state in {State.RESULT_READY, State.RETURNED}
        due = sum(
            fee.amount or 0
            for fee in one.fees
            if not fee.exempt_reason and (fee.timing == "before_processing" or at_counter)
        )
        if within:
            found[one.life.id] = (due, within, outside, due - within - outside)
    return found


# --- satisfaction


def satisfaction(answers, unit, first, last, today, threshold=5):
    """Cells by group ("" is the total) that may be shown: of a unit by procedure, of the city (None) by unit."""
    span = first.replace(day=1), min(last.replace(day=1), (today.replace(day=1) - ONE_DAY).replace(day=1))
    if unit is None:
        groups = {key: _released(own, *span, threshold) for key, own in _split(answers, "agency").items()}
        whole = [answer for own in groups.values() for answer in own]
        return _cells(groups | {"": whole})
    mine = [answer for answer in answers if answer.agency == unit]
    whole = _released(mine, *span, threshold)
    parts = _split(mine, "procedure").items()
    groups = {
        key: _released_of_part(own, {answer.month for answer in whole}, threshold) for key, own in parts
    }
    rest = len(whole) - sum(map(len, groups.values()))
    hidden = _too_few({key: len(own) for key, own in groups.items()} | {"": rest}, threshold)
    return _cells({key: own for key, own in groups.items() if key not in hidden} | {"": whole})


def _split(answers, what):
    ordered = sorted(answers, key=lambda answer: getattr(answer, what))
    return {key: list(own) for key, own in groupby(ordered, lambda answer: getattr(answer, what))}


def _released(answers, first, last, threshold):
    """Months are put together, from January on, until they are enough; a sum counts for its last month."""
    found = _together(answers, threshold)
    return [answer for own in found if first <= own[-1].month <= last for answer in own]


def _released_of_part(answers, months, threshold):
    """A part shows its sums that lie in the months of the whole."""
    found = _together(answers, threshold)
    return [answer for own in found if {answer.month for answer in own} <= months for answer in own]


def _together(answers, threshold):
    waiting, year = [], None
    for month, own in sorted(_split(answers, "month").items()):
        if month.year != year:
            waiting, year = [], month.year
        waiting += own
        if len(waiting) >= threshold:
            yield waiting
            waiting = []


def _too_few(sizes, threshold):
    """The small groups; and the next one as long as the hidden together could be worked out and are too few."""
    hidden = Counter()
    for key, size in sorted(sizes.items(), key=lambda item: item[1]):
        if size < threshold or 0 < hidden.total() < threshold:
            hidden[key] = size
    return hidden


def _cells(groups):
    """(answers, five averages, share that is content with the result)."""
    found = {}
    for key, own in groups.items():
        if own:
            averages = [sum(ratings) / len(own) for ratings in zip(*(a.ratings for a in own), strict=True)]
            content = sum(answer.ratings[-1] >= 4 for answer in own) / len(own)
            found[key] = (len(own), *averages, content)
    return found
