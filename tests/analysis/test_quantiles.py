from decimal import Decimal
from statistics import quantiles as quantiles_of_the_standard_library

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.quantiles import deciles, median, quantile

scores = st.decimals(min_value=0, max_value=100, places=4)
shares = st.decimals(min_value=0, max_value=1, places=3)


@pytest.mark.parametrize(
    ("p", "expected"), [("0", "1"), ("0.25", "1.75"), ("0.5", "2.5"), ("0.9", "3.7"), ("1", "4")]
)
def test_between_two_values_a_quantile_is_linear(p: str, expected: str) -> None:
    assert quantile([Decimal(4), Decimal(1), Decimal(3), Decimal(2)], Decimal(p)) == Decimal(expected)


def test_a_quantile_is_exact_and_not_rounded() -> None:
    assert quantile([Decimal("1.0001"), Decimal("1.0002")], Decimal("0.1")) == Decimal("1.00011")


def test_the_median_of_an_even_count_is_halfway_between_the_middle_two() -> None:
    assert median([Decimal("2.5"), Decimal("2.0")]) == Decimal("2.25")


def test_no_values_have_no_quantile() -> None:
    with pytest.raises(ValueError, match="A quantile needs at least one value"):
        median([])


@pytest.mark.parametrize("p", ["-0.1", "1.01"])
def test_a_quantile_outside_0_to_1_is_refused(p: str) -> None:
    with pytest.raises(ValueError, match="it must be from 0 to 1"):
        quantile([Decimal(1)], Decimal(p))


@given(st.lists(scores, min_size=1), shares)
def test_a_quantile_lies_within_the_values(values: list[Decimal], p: Decimal) -> None:
    assert min(values) <= quantile(values, p) <= max(values)


@given(st.permutations([Decimal(1), Decimal(1), Decimal("2.5"), Decimal(4), Decimal(5)]), shares)
def test_the_order_of_the_values_does_not_matter(values: list[Decimal], p: Decimal) -> None:
    assert quantile(values, p) == quantile(sorted(values), p)


@given(st.lists(scores, min_size=1), shares, scores)
def test_adding_a_constant_moves_a_quantile_by_it(
    values: list[Decimal], p: Decimal, constant: Decimal
) -> None:
    assert quantile([value + constant for value in values], p) == quantile(values, p) + constant


@given(st.lists(scores, min_size=1), shares, shares)
def test_a_larger_share_never_has_a_smaller_quantile(values: list[Decimal], p: Decimal, q: Decimal) -> None:
    low, high = sorted((p, q))
    assert quantile(values, low) <= quantile(values, high)


@given(st.lists(scores, min_size=2))
def test_quartiles_agree_with_the_standard_library(values: list[Decimal]) -> None:
    quarters = [Decimal("0.25"), Decimal("0.5"), Decimal("0.75")]
    assert [quantile(values, p) for p in quarters] == quantiles_of_the_standard_library(
        values, n=4, method="inclusive"
    )


def test_deciles_are_the_nine_quantiles_in_tenths() -> None:
    values = [Decimal(value) for value in (10, 0, 5)]
    assert deciles(values) == tuple(Decimal(value) for value in range(1, 10))


def test_deciles_need_a_value() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        deciles([])
