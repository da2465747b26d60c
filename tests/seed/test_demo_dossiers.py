"""Demo dossiers: what a visitor finds of them."""

from datetime import date

import pytest

from app.domain import clock
from app.extensions import db
from app.models.handling import Journal
from app.services import reports
from app.services.report_asked import Asked
from seed import dossiers, files
from tests import factories as make
from tests.surveys import counted


@pytest.mark.usefixtures("app")
def test_the_returned_ones_have_answered_so_that_satisfaction_can_be_shown(monkeypatch):
    lines = [line for line in files.read("demo_dossiers") if line["survey"]]
    monkeypatch.setattr(dossiers, "read", lambda _: lines)
    assert dossiers.load() == len(lines)
    assert counted() == [len(lines), len(lines)]
    asked = Asked("hai-long", date(clock.today().year, 1, 1), clock.today())
    sheet = reports.make(make.leader(), asked)
    answers = sum(line["agency"] == "195" for line in lines)
    assert sheet.total.cells[1] == answers >= 5
    assert all(1 <= average <= 5 for average in sheet.total.cells[2:7])
    assert max(db.session.scalars(db.select(Journal.at))) < clock.now()
