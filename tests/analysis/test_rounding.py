from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.rounding import half_up

numbers = st.decimals(min_value=-1000, max_value=1000, places=6)
places = st.integers(min_value=0, max_value=6)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("2.25", 1, "2.3"),
        ("2.35", 1, "2.4"),
        ("2.2499", 1, "2.2"),
        ("-2.25", 1, "-2.3"),
        ("3", 1, "3.0"),
        ("99.95", 1, "100.0"),
        ("2.5", 0, "3"),
        ("3.76190476", 4, "3.7619"),
    ],
)
def test_a_half_goes_away_from_zero_and_the_decimals_are_always_shown(
    value: str, decimals: int, shown: str
) -> None:
    assert str(half_up(Decimal(value), decimals)) == shown


def test_zero_never_carries_a_minus_sign() -> None:
    assert str(half_up(Decimal("-0.04"), 1)) == "0.0"


def test_digits_beyond_the_usual_precision_are_kept() -> None:
    assert half_up(Decimal("123456789012345678901234567890.125"), 2) == Decimal(
        "123456789012345678901234567890.13"
    )


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_not_a_finite_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="it is not a finite number"):
        half_up(Decimal(value), 1)


def test_negative_places_are_refused() -> None:
    with pytest.raises(ValueError, match="Cannot round to -1 decimal places: use 0 or more"):
        half_up(Decimal(1), -1)


@given(numbers, places)
def test_rounding_moves_a_number_by_at_most_half_a_step(value: Decimal, decimals: int) -> None:
    assert abs(half_up(value, decimals) - value) * 2 <= Decimal(1).scaleb(-decimals)


@given(numbers, places)
def test_a_number_and_its_opposite_round_to_opposites(value: Decimal, decimals: int) -> None:
    assert half_up(-value, decimals) == -half_up(value, decimals)


@given(st.lists(numbers, min_size=2, max_size=2), places)
def test_rounding_never_swaps_two_numbers(pair: list[Decimal], decimals: int) -> None:
    low, high = sorted(pair)
    assert half_up(low, decimals) <= half_up(high, decimals)
