from decimal import Decimal

import pytest

from surveys.charts.differences import difference_axis, signed


@pytest.mark.parametrize(
    ("value", "written"),
    [("0.45", "+0.5"), ("-0.45", "-0.5"), ("0.04", "0.0"), ("-0.04", "0.0"), ("12", "+12.0")],
)
def test_a_difference_shows_its_sign_unless_it_rounds_to_nothing(value: str, written: str) -> None:
    assert signed(Decimal(value)) == written


@pytest.mark.parametrize(
    ("values", "step", "ticks"),
    [
        ([], 1, (-1, 0, 1)),
        (["0.3", "-0.7"], 1, (-1, 0, 1)),
        (["1.2"], 1, (-2, -1, 0, 1, 2)),
        (["-34", "5"], 10, (-40, -30, -20, -10, 0, 10, 20, 30, 40)),
        (["61"], 10, (-60, -40, -20, 0, 20, 40, 60)),
    ],
)
def test_the_axis_reaches_equally_far_either_side_of_zero(
    values: list[str], step: int, ticks: tuple[int, ...]
) -> None:
    axis = difference_axis([Decimal(value) for value in values], "Levels", Decimal(step))
    assert axis.ticks == ticks
    assert axis.highest == -axis.lowest
    assert axis.highest >= max((abs(Decimal(value)) for value in values), default=0)
