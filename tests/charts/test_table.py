from decimal import Decimal

import pytest

from surveys.analysis.scores import Score
from surveys.charts.axis import level_axis
from surveys.charts.table import written_count, written_score

AXIS = level_axis([(1, "Ad hoc"), (5, "Leading")])


@pytest.mark.parametrize(
    ("score", "written", "count"),
    [
        (Score(Decimal("2.6500"), 5, 6), "2.7", "5 of 6"),
        (Score(None, 2, 6, withheld=True), "withheld, 2 of 6 questions answered", "2 of 6"),
        (Score(None, 0, 0), "nothing to score", "0 of 0"),
        (None, "not submitted", "0 of 0"),
    ],
)
def test_a_score_or_the_reason_there_is_none(score: Score | None, written: str, count: str) -> None:
    assert (written_score(score, AXIS), written_count(score)) == (written, count)
