"""The four verdicts at the counter."""

import pytest

from app.domain.originals import VERDICT_LABELS, Verdict

pytestmark = pytest.mark.no_database


def test_there_are_four_each_with_a_word_of_its_own():
    assert {verdict.label for verdict in Verdict} == set(VERDICT_LABELS.values())
    assert len(set(VERDICT_LABELS.values())) == len(Verdict) == 4
