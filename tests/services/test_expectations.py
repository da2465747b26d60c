"""What a citizen can expect, from the results of the last 90 days."""

import pytest

from app.extensions import db
from app.models.catalogue import Procedure
from app.services import expectations
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

HOUR = 3600


def key(code):
    return db.session.scalar(db.select(Procedure.id).where(Procedure.code == code))


def result_after(moment, hours, unit="Cẩm Bình", code="KS-01"):
    dossier = make.decided(code, unit)
    moment.shift(hours * HOUR)
    make.press(make.officer(unit), dossier, "announce_result")


def test_half_and_nine_tenths_of_the_results_per_procedure_and_unit(moment):
    for hours in (1, 1, 1, 3):  # the last from 12:20 to 15:20, over noon: 140 minutes
        result_after(moment, hours)
    result_after(moment, 0, "Cẩm Trung")
    result_after(moment, 0, "", "HKD-01")
    of_birth = expectations.of_procedure(key("KS-01"))
    assert set(of_birth) == {make.agency("Cẩm Bình").id, make.agency("Cẩm Trung").id}
    here = of_birth[make.agency("Cẩm Bình").id]
    assert (here.results, here.small) == (4, True)
    assert here.half == pytest.approx(60, abs=2)
    assert here.most == pytest.approx(140, abs=2)
    assert expectations.of_agency(make.agency("Cẩm Bình").id) == {key("KS-01"): here}
    assert set(expectations.of_agency(make.agency().id)) == {key("HKD-01")}


def test_withdrawn_dossiers_and_old_results_tell_nothing(moment):
    dossier = make.received("KS-01", "Cẩm Bình")
    make.press(make.citizen(), dossier, "withdraw", "Đổi ý")
    assert expectations.of_procedure(key("KS-01")) == {}
    result_after(moment, 0)
    moment.shift(89 * 24 * HOUR)
    assert set(expectations.of_procedure(key("KS-01"))) == {make.agency("Cẩm Bình").id}
    moment.shift(24 * HOUR)
    assert expectations.of_procedure(key("KS-01")) == {}


def test_enough_results_are_no_small_sample():
    assert not expectations.Expectation(expectations.SMALL, 1, 1).small
    assert expectations.Expectation(expectations.SMALL - 1, 1, 1).small
