"""Every report over a generated year against a second computation (tests.audit), for whatever is asked of it."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain import clock
from app.domain.errors import NotAllowed
from app.domain.sheets import TOTAL
from app.extensions import db
from app.services import figure_rows, reports
from app.services.figure_list import FIGURES
from app.services.report_asked import Asked
from app.web.figure_pages import NAMES
from tests import audit, year
from tests import factories as make
from tests.conftest import MONDAY_MORNING

FORMS = {
    "ii-06a": "total received 0 carried_over done done_early done_on_time done_late open open_in_time open_overdue",
    "tong-hop": "total carried_over received received 0 0 done done_early done_on_time done_late running "
    "running_in_time running_overdue paused paused_in_time paused_overdue",
    "tiep-nhan-8-gio": "sent intake_within intake_late intake_waiting intake_overdue intake_taken_back "
    "rate median ninth",
    "huy-ket-qua": "returned voided void_rate case_forwarded case_decided case_cleared case_pending",
}
"""What each column from the third on holds, by DOMAIN.md 6.1 and 6.2 and decision 0017."""
BYS = ("agency_id", "department_id", "field_id", "procedure_id")
FEW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
EDGES = st.none() | st.integers(0, 500)
PERIODS = st.one_of(
    st.tuples(*[st.dates(date(2025, 11, 20), date(2026, 12, 5))] * 2).map(sorted),
    st.just([date(2025, 11, 1), date(2026, 11, 30)]),
)


class City:
    """The year, once told by the services and once by hand."""

    def __init__(self):
        self.answers = year.lived()
        self.told, self.hours = audit.read()
        self.leader = make.leader()
        self.days = sorted(
            {one.case.decided_on for one in self.told.values() if one.case and one.case.decided_on}
            | {clock.to_local(one.life.due).date() for one in self.told.values() if one.life.processing}
        )

    def at(self, question, edge):
        """The question with a period that ends on a day on which something came to an end."""
        if edge is None:
            return question
        last = self.days[edge % len(self.days)]
        return replace(question, first=min(question.first, last), last=last)

    def scope(self, actor, asked):
        """The dossiers that are asked about."""
        unit = actor.agency_id if asked.unit is None else asked.unit
        wanted = {"agency_id": unit or None}
        wanted |= {name: getattr(asked, name) for name in ("department_id", "field_id", "procedure_id")}
        return [
            one
            for one in self.told.values()
            if all(value is None or getattr(one.row, name) == value for name, value in wanted.items())
        ]


@pytest.fixture(scope="module")
def city_of_a_year(built_app, city):
    with built_app.app_context():
        db.engine.dispose()
    city.restore()
    with built_app.app_context(), time_machine.travel(MONDAY_MORNING, tick=False):
        yield City()
        db.session.remove()
        db.engine.dispose()


@st.composite
def asked(draw, *names):
    """A question of the city's leader about the own agency, a ward or all; of a ward's leader about the ward."""
    name = draw(st.sampled_from(names))
    first, last = draw(PERIODS)
    by = draw(st.sampled_from([str(by) for by in reports.REPORTS[name].bys] or [""]))
    narrow = {
        "department_id": draw(st.sampled_from([None] * 5 + [1, 2, 3, 4])),
        "field_id": draw(st.sampled_from([None] * 5 + [1, 2, 3, 4])),
        "procedure_id": draw(st.sampled_from([None] * 9 + [1, 2, 3])),
    }
    opened = name in {"ho-so-tre-han", "doi-chieu-phi"}  # lists of dossiers: only of the own agency
    unit = None if opened else draw(st.sampled_from([None, 0, 0, 2, 3]))
    return Asked(name, first, last, by=by, unit=unit, **({} if name == "hai-long" else narrow))


def said(city, question):
    """The lines of the sheet by key; the total; the dossiers that it is about."""
    actor = city.leader
    sheet = reports.make(actor, question)
    assert all(check.holds for check in sheet.checks)
    lines = {line.key: line.cells for line in sheet.lines}
    assert sheet.size == len(lines)
    return lines, sheet.total and sheet.total.cells, city.scope(actor, question)


@FEW
@given(question=asked(*FORMS), edge=EDGES)
def test_figures_are_what_pen_and_paper_finds(city_of_a_year, question, edge):
    question = city_of_a_year.at(question, edge)
    lines, total, told = said(city_of_a_year, question)
    groups = defaultdict(list)
    for one in told:
        groups[getattr(one.row, question.by)].append(one)
    wanted = {key: _cells(question, own) for key, own in groups.items()}
    wanted = {key: cells for key, cells in wanted.items() if any(cells)}
    assert {key: cells[2:] for key, cells in lines.items()} == wanted
    assert total[2:] == _cells(question, told)


def _cells(question, told):
    found = audit.figures(told, question.first, question.last)
    worked_out = audit.shares_and_times(told, found)
    return tuple(
        0 if key == "0" else worked_out[key] if key in worked_out else len(found[key])
        for key in FORMS[question.report].split()
    )


@pytest.mark.parametrize("name", [*FORMS, "phi-le-phi"])
@settings(FEW, max_examples=8)
@given(data=st.data(), unit=st.sampled_from([None, None, 0]), edge=EDGES)
def test_every_cell_leads_to_exactly_its_dossiers(city_of_a_year, name, data, unit, edge):
    question = replace(city_of_a_year.at(data.draw(asked(name)), edge), unit=unit)
    actor = city_of_a_year.leader
    sheet = reports.make(actor, question)
    for line in [*sheet.lines, sheet.total]:
        group = None if line.key == TOTAL else (question.by, line.key)
        told = [one for one in city_of_a_year.scope(actor, question) if not group or _belongs(one, *group)]
        wanted = _behind(question, told, group)
        opens = unit is None or group == ("agency_id", actor.agency_id)
        for column, cell in zip(sheet.columns, line.cells, strict=True):
            if column.figure and opens:
                query = figure_rows.keys(actor, question, column.figure, group)
                found = db.session.scalars(query).all()
                assert len(found) == len(set(found)) == cell, (column.key, line.key)
                assert set(found) == wanted[column.figure], (column.key, line.key)
            elif column.figure:
                with pytest.raises(NotAllowed):
                    figure_rows.keys(actor, question, column.figure, group)


def _belongs(one, by, key):
    return by not in BYS or getattr(one.row, by) == key


def _behind(question, told, group):
    """The ids behind each figure of a line; receipts belong to a day or an officer, dossiers do not."""
    if question.report != "phi-le-phi":
        return audit.figures(told, question.first, question.last)
    receipts = audit.receipts(told, question.first, question.last, question.by)
    return {"paid": {receipt.dossier_id for receipt in receipts.get(group[1] if group else "", ())}}


def test_every_figure_there_is_has_its_dossiers(city_of_a_year):
    """Those of the boards too, and some that no page shows."""
    whole = Asked("", date(2025, 11, 24), date(2026, 11, 23))
    told = city_of_a_year.scope(city_of_a_year.leader, whole)
    decided = next(one.case.decided_on for one in told if one.case and one.case.decided_on)
    for question in (whole, replace(whole, last=decided), replace(whole, first=date(2026, 3, 2))):
        wanted = audit.figures(told, question.first, question.last)
        found = {key: figure_rows.keys(city_of_a_year.leader, question, key) for key in FIGURES}
        assert {key: set(db.session.scalars(query)) for key, query in found.items()} == {
            key: wanted[key] for key in FIGURES
        }
    assert set(NAMES) <= FIGURES.keys()


@FEW
@given(question=asked("phi-le-phi"), edge=EDGES)
def test_money_taken_is_what_the_receipts_add_up_to(city_of_a_year, question, edge):
    question = city_of_a_year.at(question, edge)
    lines, total, told = said(city_of_a_year, question)
    wanted = audit.taken(told, question.first, question.last, question.by)
    assert total[1:] == wanted.pop("", (0, 0, 0))
    assert {key: cells[1:] for key, cells in lines.items()} == wanted


@FEW
@given(question=asked("doi-chieu-phi"), edge=EDGES)
def test_what_was_due_is_set_against_every_receipt(city_of_a_year, question, edge):
    question = city_of_a_year.at(question, edge)
    lines, total, told = said(city_of_a_year, question)
    wanted = audit.reconciled(told, question.first, question.last)
    assert {key: cells[3:] for key, cells in lines.items()} == wanted
    assert list(lines) == sorted(wanted, key=lambda key: (wanted[key][3] == 0, key))
    assert total[3:] == tuple(map(sum, zip(*wanted.values(), strict=True))) or total[3:] == (0, 0, 0, 0)


@FEW
@given(question=asked("ho-so-tre-han"), edge=EDGES)
def test_the_late_are_listed_with_their_apologies(city_of_a_year, question, edge):
    question = city_of_a_year.at(question, edge)
    lines, _, told = said(city_of_a_year, question)
    wanted = audit.late(told, city_of_a_year.hours, question.first, question.last, clock.now())
    assert list(lines.items()) == list(wanted.items())


@FEW
@given(question=asked("hai-long"), edge=EDGES)
def test_satisfaction_is_the_mean_of_what_may_be_shown(city_of_a_year, question, edge):
    question = city_of_a_year.at(question, edge)
    actor = city_of_a_year.leader
    sheet = reports.make(actor, question)
    unit = actor.agency_id if question.unit is None else question.unit or None
    wanted = audit.satisfaction(city_of_a_year.answers, unit, question.first, question.last, clock.today())
    total = wanted.pop("", (0, *[None] * 6))
    assert sheet.total.cells[1:] == pytest.approx(total)
    assert sorted(line.cells[1:] for line in sheet.lines) == [
        pytest.approx(cells) for cells in sorted(wanted.values())
    ]
