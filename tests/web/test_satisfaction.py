"""What leaders read of the surveys."""

import re

import pytest

from app.services import survey_figures
from tests import factories as make
from tests.services.test_survey_figures import answered
from tests.web.browsing import enter


@pytest.fixture
def leader(app, login):
    return lambda unit="": enter(login, make.leader(unit))


def test_leaders_read_averages_groups_and_remarks_of_their_unit(leader):
    answered("Cẩm Bình", "KS-01", ratings=(5, 4, 3, 2, 1), remark="Chờ lâu <b>", times=6)
    answered("Cẩm Trung", "KS-01", ratings=(5, 5, 5, 5, 5), times=5)
    page = leader("Cẩm Bình").get("/hai-long").text
    assert "6 ý kiến" in page
    assert "Đăng ký khai sinh" in page
    assert "Chờ lâu &lt;b&gt;" in page
    assert re.search(r"<title>Mức độ hài lòng theo từng mục[^<]*Thấp nhất: Kết quả nhận được, 0,0%", page)
    assert "Cẩm Trung" not in page
    whole = leader().get("/hai-long?don-vi=tat-ca").text
    assert "11 ý kiến" in whole
    assert re.search(r"UBND phường Cẩm Trung</th><td class=\"so\">5</td><td class=\"so\">100,0%", whole)
    one = leader().get(f"/hai-long?don-vi={make.agency('Cẩm Trung').id}&thang=3").text
    assert "5 ý kiến" in one


def test_too_few_answers_are_no_figures(leader):
    answered("Cẩm Bình", "KS-01", remark="Một mình", times=4)
    page = leader("Cẩm Bình").get("/hai-long").text
    assert "Chưa đủ ý kiến để hiện số liệu" in page
    assert "Một mình" not in page


def test_many_remarks_go_on_from_page_to_page(leader, monkeypatch):
    for n in range(6):
        answered("Cẩm Bình", "KS-01", remark=f"Ý kiến số {n}.")
    monkeypatch.setattr(survey_figures.remarks, "__defaults__", (0, 4))
    monkeypatch.setattr(survey_figures, "REMARKS", 4)
    browser = leader("Cẩm Bình")
    first = browser.get("/hai-long").text
    more = re.search(r'href="(/hai-long\?[^"]*sau=\d+)"', first).group(1).replace("&amp;", "&")
    found = re.findall(r"Ý kiến số \d\.", first + browser.get(more).text)
    assert len(found) == len(set(found)) == 6
