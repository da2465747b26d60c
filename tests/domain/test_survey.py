"""The survey with pen and paper: the scale, the groups that stay hidden, the words that say whose it is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.survey import (
    QUESTIONS,
    RATINGS,
    SATISFIED,
    Question,
    Rating,
    blotted,
    hidden,
    released,
    released_of_part,
)

pytestmark = [pytest.mark.domain, pytest.mark.no_database]

THRESHOLD = 5


def test_every_question_and_every_answer_has_words():
    assert {q.label for q in Question} == set(QUESTIONS.values())
    assert [r.label for r in Rating] == list(RATINGS.values())
    assert [int(r) for r in Rating] == [5, 4, 3, 2, 1]
    assert min(SATISFIED) > Rating.NEUTRAL


@pytest.mark.parametrize(
    ("sizes", "gone"),
    [
        ({}, set()),
        ({"a": 5, "b": 9}, set()),
        ({"a": 4, "b": 9, "c": 20}, {"a", "b"}),  # b is hidden so that total - b - c does not give a
        ({"a": 4, "b": 1, "c": 20}, {"a", "b"}),  # together enough: neither can be told from the other
        ({"a": 1}, {"a"}),
        ({"a": 0, "b": 7}, {"a"}),
    ],
)
def test_small_groups_are_hidden_and_with_them_what_would_give_them_away(sizes, gone):
    assert hidden(sizes, THRESHOLD) == gone


@given(st.dictionaries(st.integers(), st.integers(0, 12), max_size=8), st.integers(1, 8))
def test_nothing_shown_is_small_and_nothing_small_is_left_over(sizes, threshold):
    gone = hidden(sizes, threshold)
    shown = {group: size for group, size in sizes.items() if group not in gone}
    assert all(size >= threshold for size in shown.values())
    left = sum(sizes[group] for group in gone)
    assert left == 0 or left >= threshold or not shown


def month(number):
    """Counted from January 2026 on, over the end of the year."""
    return date(2026 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


MONTHS = st.dictionaries(st.integers(1, 24).map(month), st.integers(0, 9))


def test_a_month_with_few_answers_waits_for_the_next():
    sizes = {month(1): 3, month(2): 1, month(3): 4, month(4): 6, month(5): 2}
    assert released(sizes, THRESHOLD, month(1), month(2)) == set()
    assert released(sizes, THRESHOLD, month(3), month(3)) == {month(1), month(2), month(3)}
    assert released(sizes, THRESHOLD, month(4), month(12)) == {month(4)}
    assert released(sizes, THRESHOLD, month(1), month(12)) == set(sizes) - {month(5)}


def test_what_is_left_of_a_year_does_not_wait_for_the_next():
    sizes = {month(11): 5, month(12): 4, month(13): 4, month(14): 1}
    assert released(sizes, THRESHOLD, month(1), month(24)) == set(sizes) - {month(12)}


@given(MONTHS, *(st.integers(1, 24) for _ in range(4)))
def test_two_ranges_never_differ_by_a_few_answers(sizes, a, b, c, d):
    one, two = (of_range(sizes, month(x), month(y)) for x, y in ((a, b), (c, d)))
    for only in (one - two, two - one):
        assert sum(sizes[m] for m in only) not in range(1, THRESHOLD)


def of_range(sizes, first, last):
    """As the services ask: with what was answered from the January before the range on."""
    known = {m: size for m, size in sizes.items() if m >= first.replace(month=1)}
    return released(known, THRESHOLD, first, last)


def test_joined_months_of_a_part_are_shown_when_the_whole_shows_all_of_them():
    sizes = {month(1): 3, month(2): 2, month(3): 6}
    assert released_of_part(sizes, THRESHOLD, {month(2)}) == set()
    assert released_of_part(sizes, THRESHOLD, {month(2), month(3)}) == {month(3)}
    assert released_of_part(sizes, THRESHOLD, set(sizes)) == set(sizes)


@given(MONTHS, MONTHS, *(st.integers(1, 24) for _ in range(4)))
def test_a_part_is_in_its_whole_and_two_ranges_of_it_never_differ_by_a_few_answers(part, rest, a, b, c, d):
    whole = {m: part.get(m, 0) + rest.get(m, 0) for m in part.keys() | rest.keys()}
    shown = [of_range(whole, month(x), month(y)) for x, y in ((a, b), (c, d))]
    one, two = (released_of_part(part, THRESHOLD, months) for months in shown)
    assert one <= shown[0]
    for only in (one - two, two - one):
        assert sum(part[m] for m in only) not in range(1, THRESHOLD)


@given(MONTHS, st.integers(0, 9))
def test_a_later_month_changes_nothing_of_the_earlier_ones(sizes, later):
    grown = {**sizes, month(25): later}
    assert released(sizes, THRESHOLD, month(1), month(24)) == released(grown, THRESHOLD, month(1), month(24))


def test_what_says_whose_it_is_is_blotted_out_however_it_is_typed():
    words = ("Nguyễn Thị  Hằng", "000.00.15.H49-261123-0001", "", "hang@example.com")
    remark = "Tôi là nguyễn thị\nhằng (hang@EXAMPLE.com), hồ sơ 000.00.15.H49-261123-0001."
    assert blotted(remark, words, "•") == "Tôi là • (•), hồ sơ •."
    assert blotted("Ông Hằngg và bà Nguyễn Thị Hằnga", words, "•") == "Ông Hằngg và bà Nguyễn Thị Hằnga"
