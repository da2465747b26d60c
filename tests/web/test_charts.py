"""Charts: pictures that state their finding and obey the policy of no inline code."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.charts import Mark, Row, bars, dots, ticks, trend

pytestmark = pytest.mark.no_database

ODD = "Phòng “Một” & <script>alert(1)</script>"


def drawn(name="Tư pháp", href="/bao-cao?a=1&b=2"):
    rows = [
        Row(name, [Mark(142, f"{name}: 142", href), Mark(None), Mark(17, "17 trễ", href)], "17 trễ", "nguy"),
        Row("Văn hóa", [Mark(0), Mark(1), Mark(0)]),
    ]
    points = [Mark(94.1, "tuần 1", href), Mark(None), Mark(97.9)]
    return [
        bars(f"Kết quả của {name}", ["tot", "giua", "nguy"], rows),
        trend(f"Tuần của {name}", ["16/11", "23/11", name], [("vinh", points)], str, low=92, target=96),
        dots(
            name, [Row(name, [Mark(94.5, "x", href)], "94,5%", "nguy"), Row("B", [Mark(100)])], 90, 100, str
        ),
    ]


@pytest.mark.parametrize("svg", drawn(ODD), ids=["bars", "trend", "dots"])
def test_a_chart_carries_no_code_no_style_and_nothing_of_others(svg):
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|<\?xml|<!--|https?://(?!www\.w3\.org/)", svg)
    assert 'target="' not in svg
    assert ' id="' not in svg
    assert "&lt;script&gt;" in svg


@pytest.mark.parametrize("svg", drawn(), ids=["bars", "trend", "dots"])
def test_a_chart_is_one_picture_whose_title_states_the_finding(svg):
    assert re.match(r'<svg [^>]*role="img"[^>]*><title>[^<]*Tư pháp', svg)


@pytest.mark.parametrize("svg", drawn(), ids=["bars", "trend", "dots"])
def test_marks_lead_to_the_dossiers_for_the_mouse_and_leave_the_tab_order_to_the_table(svg):
    links = re.findall(r"<a [^>]*>", svg)
    assert links
    for link in links:
        assert 'xlink:href="/bao-cao?a=1&amp;b=2"' in link
        assert 'tabindex="-1"' in link


def test_rows_stand_in_the_order_given_with_their_numbers_and_notes():
    svg = drawn()[0]
    names = re.findall(r'<text x="[\d.-]+" y="([\d.]+)" class="">(Tư pháp|Văn hóa)<', svg)
    assert [name for _y, name in sorted(names, key=lambda found: float(found[0]))] == ["Tư pháp", "Văn hóa"]
    assert re.search(r'class="value">142<', svg)
    assert re.search(r'class="ghi-chu nguy">17 trễ<', svg)
    assert "<title>17 trễ</title>" in svg


def test_only_the_last_known_point_says_its_value():
    svg = drawn()[1]
    assert re.findall(r'class="value">([^<]*)<', svg) == ["97.9"]
    assert svg.count("<circle") == 2  # the gap has none, nor has the target
    assert "chi-tieu" in svg


@pytest.mark.parametrize("weeks", [4, 26, 52])
def test_a_week_is_named_in_full_however_many_there_are(weeks):
    names = [f"{week % 28 + 1:02d}/{week % 12 + 1}" for week in range(weeks)]
    svg = trend("Tuần", names, [("vinh", [Mark(90) for _ in names])])
    said = re.findall(r'class="major">(\d\d/\d+)<', svg)
    assert 4 <= len(said) <= 7
    assert names[-1] in said
    assert "…" not in svg


def test_a_chart_of_nothing_is_still_a_picture():
    assert "<svg" in bars("Không có gì", ["tot"], [Row("A", [Mark(0)])])
    assert "<svg" in trend("Không có gì", ["1"], [("vinh", [Mark(None)])])


def test_long_names_are_shortened_in_the_picture():
    svg = bars("x", ["tot"], [Row("Chi nhánh Văn phòng Đăng ký đất đai thành phố", [Mark(1)])])
    assert "Chi nhánh Văn phòng Đăng ký đất đ…" in svg


@given(st.floats(0.1, 10**7), st.floats(0, 1))
def test_ticks_are_few_even_and_cover_what_is_drawn(top, part):
    low = top * part * 0.99
    found = ticks(top, low)
    assert 2 <= len(found) <= 7
    assert found[0] <= low + 1e-6
    assert found[-1] >= top - 1e-6
    steps = {round(b - a, 5) for a, b in pairwise(found)}
    assert len(steps) == 1
