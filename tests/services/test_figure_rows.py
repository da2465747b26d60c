"""The dossiers behind a figure, for those who may see them."""

import pytest

from app.domain import clock
from app.domain.errors import NotAllowed, NotFound
from app.services import figure_rows
from app.services.figures import By
from app.services.report_asked import Asked
from app.services.report_fees import FeeBy
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def today(report=""):
    return Asked(report, clock.today(), clock.today())


def test_a_figure_leads_to_its_dossiers_the_newest_first_and_page_by_page(monkeypatch):
    made = [make.received("KS-01", "Cẩm Bình").id for _ in range(3)]
    make.received("KS-01", "Cẩm Trung")
    leader = make.leader("Cẩm Bình")
    found = figure_rows.behind(leader, today(), "received")
    assert ([row.dossier.id for row in found.rows], found.count, found.following) == (made[::-1], 3, None)
    assert {row.urgency for row in found.rows} == {"con"}
    monkeypatch.setattr(figure_rows, "PAGE", 2)
    first = figure_rows.behind(leader, today(), "received")
    assert ([row.dossier.id for row in first.rows], first.count, first.following) == (made[:0:-1], 3, made[1])
    rest = figure_rows.behind(leader, today(), "received", after=first.following)
    assert [row.dossier.id for row in rest.rows] == made[:1]


def test_a_group_narrows_it_and_never_widens():
    mine = make.in_appraisal()
    department, ward = mine.department_id, make.agency("Cẩm Bình").id
    leader, period = make.leader(), today()
    assert figure_rows.behind(leader, period, "received", (By.DEPARTMENT, department)).count == 1
    assert figure_rows.behind(leader, period, "received", (By.DEPARTMENT, None)).count == 0
    assert figure_rows.behind(leader, period, "received", (By.UNIT, ward)).count == 0
    assert (
        figure_rows.behind(make.leader("Cẩm Bình"), period, "received", (By.UNIT, mine.agency_id)).count == 0
    )


def test_unknown_figures_and_people_without_figures_are_refused():
    with pytest.raises(NotFound, match="no_such_figure"):
        figure_rows.behind(make.leader(), today(), "everything")
    for who in (make.citizen(), make.administrator()):
        with pytest.raises(NotAllowed):
            figure_rows.behind(who, today(), "received")
    with pytest.raises(NotAllowed):
        figure_rows.behind(make.person(make.Role.DEPARTMENT_OFFICER), today(), figure_rows.PAID)
    hidden = make.received("KS-01", "Cẩm Bình")
    assert figure_rows.shown(make.leader(), [hidden.id, 10**9]) == []


def test_a_group_has_a_name_or_none():
    dossier = make.returned()
    officer = make.officer()
    for group, name in (
        ((By.DEPARTMENT, dossier.department_id), dossier.department.name),
        ((By.DEPARTMENT, None), "Chưa chuyển phòng"),
        ((By.FIELD, 9999), ""),
        ((FeeBy.OFFICER, officer.user_id), officer.name),
        ((FeeBy.PROCEDURE, 9999), ""),
        ((FeeBy.DAY, clock.today()), "23/11/2026"),
    ):
        assert figure_rows.called(group) == name
