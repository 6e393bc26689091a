from decimal import Decimal
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.rounding import half_up
from surveys.analysis.variation import Spread, spread

WORKED_EXAMPLE = """
1.8 2.0 2.0 2.1 2.2 2.2 2.2 2.3 2.3 2.4 2.4 2.4 2.5 2.5 2.5 2.6 2.6 2.6 2.6 2.7 2.7
2.7 2.8 2.8 2.8 2.9 2.9 2.9 3.0 3.0 3.0 3.1 3.1 3.2 3.2 3.3 3.3 3.4 3.5 3.6 3.8 4.1
"""
SYSTEMS = [Decimal(score) for score in WORKED_EXAMPLE.split()]

scores = st.decimals(min_value=0, max_value=100, places=4)
many_scores = st.lists(scores, min_size=1, max_size=50)


def measured(values: list[Decimal]) -> Spread:
    result = spread(values, len(values))
    assert result is not None
    return result


def test_the_spread_of_42_systems() -> None:
    assert spread(SYSTEMS, 42) == Spread(
        n=42,
        of=42,
        minimum=Decimal("1.8"),
        p10=Decimal("2.2"),
        q1=Decimal("2.4"),
        median=Decimal("2.7"),
        q3=Decimal("3.075"),
        p90=Decimal("3.39"),
        maximum=Decimal("4.1"),
    )


def test_the_widths_of_the_middle_half_and_the_middle_80_percent() -> None:
    result = measured(SYSTEMS)
    assert (result.iqr, result.p90_p10) == (Decimal("0.675"), Decimal("1.19"))


def test_the_coefficient_of_variation_depends_on_the_coding_and_the_iqr_does_not() -> None:
    """Why variation is never headlined by a coefficient: the same answers coded 0 to 4 look more varied."""
    from_nought = [score - 1 for score in SYSTEMS]
    assert (round(fmean(SYSTEMS), 6), round(pstdev(SYSTEMS), 6)) == (2.761905, Decimal("0.501404"))
    assert half_up(pstdev(SYSTEMS) / Decimal(fmean(SYSTEMS)), 3) == Decimal("0.182")
    assert half_up(pstdev(from_nought) / Decimal(fmean(from_nought)), 3) == Decimal("0.285")
    assert measured(from_nought).iqr == measured(SYSTEMS).iqr


def test_participants_without_a_score_are_counted_but_not_measured() -> None:
    result = spread([Decimal(3)], 42)
    assert result == Spread(1, 42, *[Decimal(3)] * 7)


def test_nobody_with_a_score_has_no_spread() -> None:
    assert spread([], 42) is None


def test_more_scores_than_participants_are_refused() -> None:
    with pytest.raises(ValueError, match="There are 2 scores but only 1 participants"):
        spread([Decimal(1), Decimal(2)], 1)


@given(many_scores)
def test_the_marks_of_a_spread_are_in_order(values: list[Decimal]) -> None:
    result = measured(values)
    marks = [result.minimum, result.p10, result.q1, result.median, result.q3, result.p90, result.maximum]
    assert marks == sorted(marks)


@given(many_scores, scores)
def test_adding_a_constant_moves_the_marks_and_keeps_the_widths(
    values: list[Decimal], constant: Decimal
) -> None:
    before, after = measured(values), measured([value + constant for value in values])
    assert (after.iqr, after.p90_p10) == (before.iqr, before.p90_p10)
    assert after.median == before.median + constant


@given(many_scores)
def test_the_order_of_systems_does_not_matter(values: list[Decimal]) -> None:
    assert measured(values[::-1]) == measured(values)


@given(scores, st.integers(min_value=1, max_value=50))
def test_systems_that_are_all_alike_do_not_vary(score: Decimal, count: int) -> None:
    result = measured([score] * count)
    assert [result.iqr, result.p90_p10] == [Decimal(0), Decimal(0)]
