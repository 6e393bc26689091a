from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.bounds import Bounds, median_bounds
from surveys.analysis.quantiles import median

ONE, FIVE = Decimal(1), Decimal(5)
levels = st.integers(min_value=1, max_value=5).map(Decimal)


def test_missing_answers_are_filled_with_the_lowest_then_the_highest_level() -> None:
    known = [Decimal(2), Decimal(3), Decimal(3), Decimal(4)]
    assert median_bounds(known, 6, ONE, FIVE) == Bounds(Decimal("2.5"), Decimal("3.5"))


def test_with_every_answer_in_the_bounds_meet_at_the_median() -> None:
    assert median_bounds([Decimal(2), Decimal(4)], 2, ONE, FIVE) == Bounds(Decimal(3), Decimal(3))


def test_with_no_answer_at_all_the_bounds_are_the_whole_scale() -> None:
    assert median_bounds([], 42, ONE, FIVE) == Bounds(ONE, FIVE)


def test_without_participants_there_are_no_bounds() -> None:
    assert median_bounds([], 0, ONE, FIVE) is None


def test_more_values_than_participants_are_refused() -> None:
    with pytest.raises(ValueError, match="There are 1 values but only 0 participants"):
        median_bounds([ONE], 0, ONE, FIVE)


@pytest.mark.parametrize("outside", ["0.9", "5.1"])
def test_a_value_outside_the_scale_is_refused(outside: str) -> None:
    with pytest.raises(ValueError, match="leave the scale 1 to 5"):
        median_bounds([Decimal(outside)], 1, ONE, FIVE)


def test_a_scale_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValueError, match="lowest value 5 is above its highest 1"):
        median_bounds([], 1, FIVE, ONE)


@given(st.lists(levels, min_size=1), st.lists(levels))
def test_whatever_the_missing_answers_turn_out_to_be_the_median_is_within_the_bounds(
    known: list[Decimal], still_to_come: list[Decimal]
) -> None:
    bounds = median_bounds(known, len(known) + len(still_to_come), ONE, FIVE)
    assert bounds is not None
    assert bounds.lower <= median(known + still_to_come) <= bounds.upper
