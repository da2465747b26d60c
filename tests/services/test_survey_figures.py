"""What the surveys say of groups, checked against plain Python; and what must not be found out."""

import random
from collections import defaultdict
from datetime import date

import pytest

from app.domain.survey import Question, Rating
from app.models.organisation import Agency
from app.services import settings
from app.services.survey_figures import named, of_agency, of_city, remarks
from tests import factories as make
from tests.surveys import answered

pytestmark = pytest.mark.usefixtures("app")

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_averages_and_distributions_agree_with_counting_by_hand():
    chance = random.Random(4)  # noqa: S311
    said = defaultdict(list)
    for unit in ("", "Cẩm Bình", "Cẩm Trung"):
        for _ in range(12):
            ratings = [chance.randint(1, 5) for _ in Question]
            said[unit].append(ratings)
            answered(unit, "KS-01", chance.choice((8, 9)), ratings)
    found = of_city(*YEAR)
    everyone = [ratings for of_unit in said.values() for ratings in of_unit]
    for scores, expected in [
        (found.scores, everyone),
        *((found.groups[make.agency(unit).id], of_unit) for unit, of_unit in said.items()),
    ]:
        for place, score in enumerate(scores):
            mine = [ratings[place] for ratings in expected]
            assert score.question is list(Question)[place]
            assert score.answers == len(mine)
            assert score.average == pytest.approx(sum(mine) / len(mine))
            assert score.counts == {rating: mine.count(rating) for rating in Rating}
            assert score.satisfied == pytest.approx(100 * sum(m >= 4 for m in mine) / len(mine))
    assert found.answers == 36
    assert set(found.groups) == {make.agency(unit).id for unit in said}


def test_a_small_unit_is_not_shown_and_cannot_be_subtracted_from_the_whole():
    answered("Cẩm Bình", "KS-01", times=9)
    answered("Cẩm Trung", "KS-01", times=6)
    answered("Cẩm Thạch", "KS-01", ratings=(1, 1, 1, 1, 1))
    found = of_city(*YEAR)
    assert found.answers == 15
    assert [name for name, _scores in named(found.groups, Agency)] == [
        "UBND phường Cẩm Bình", "UBND phường Cẩm Trung",
    ]  # fmt: skip
    assert of_agency(make.agency("Cẩm Thạch").id, *YEAR).scores == ()
    settings.change(make.administrator(), "survey_group", "7")
    assert of_agency(make.agency("Cẩm Trung").id, *YEAR).scores == ()
    assert of_city(*YEAR).answers == 9


def test_a_small_procedure_is_not_shown_and_cannot_be_worked_out_from_the_others():
    answered("Cẩm Bình", "KS-01", times=9)
    answered("Cẩm Bình", "KT-01", times=6)
    answered("Cẩm Bình", "KH-01", ratings=(1, 1, 1, 1, 1))
    found = of_agency(make.agency("Cẩm Bình").id, *YEAR)
    assert found.answers == 16
    assert [scores[0].answers for scores in found.groups.values()] == [
        9
    ]  # 16 - 9 - 6 would be the one answer
    answered("Cẩm Bình", "KH-01", times=4)
    found = of_agency(make.agency("Cẩm Bình").id, *YEAR)
    assert sorted(scores[0].answers for scores in found.groups.values()) == [5, 6, 9]


def test_a_procedure_that_waited_for_the_month_does_not_show_more_than_the_unit_did_in_it():
    answered("Cẩm Bình", "KS-01", month=8, times=7)
    answered("Cẩm Bình", "KT-01", month=8, times=3)
    answered("Cẩm Bình", "KS-01", month=10, times=7)
    answered("Cẩm Bình", "KT-01", month=10, times=3)
    unit = make.agency("Cẩm Bình").id
    october = of_agency(unit, date(2026, 10, 1), date(2026, 10, 31))
    assert (october.answers, october.groups) == (10, {})  # 10 - 7 would be the three of the other procedure
    year = of_agency(unit, *YEAR)
    assert (year.answers, sorted(scores[0].answers for scores in year.groups.values())) == (20, [6, 14])


def test_the_running_month_and_small_months_wait(moment):
    answered(month=11, times=20)
    city = make.agency().id
    assert (of_city(*YEAR).answers, of_agency(city, *YEAR).answers) == (0, 0)
    answered(month=9, times=3)
    answered(month=10, times=2)
    assert of_agency(city, date(2026, 9, 1), date(2026, 9, 30)).answers == 0
    assert of_agency(city, date(2026, 10, 5), date(2026, 10, 6)).answers == 5
    moment.shift(9 * 86400)  # December
    assert of_city(*YEAR).answers == 25
    assert of_city(date(2025, 1, 1), date(2025, 12, 31)).answers == 0


def test_remarks_are_those_of_shown_months_and_of_the_unit_in_pages():
    for n in range(6):
        answered("Cẩm Bình", "KS-01", remark=f"Ý {n}")
    answered("Cẩm Bình", "KS-01", month=11, remark="Chưa hết tháng")
    answered("Cẩm Trung", "KS-01", remark="Nơi nhỏ")
    answered("Cẩm Bình", "KS-01")
    shown = of_agency(make.agency("Cẩm Bình").id, *YEAR).shown
    found = remarks(shown)
    assert sorted(words for _key, words in found) == [f"Ý {n}" for n in range(6)]
    assert remarks(shown, after=found[3][0], limit=1) == [found[4]]
    assert remarks(of_city(*YEAR).shown) == found
    assert remarks({}) == []
