from decimal import Decimal

import pytest

from surveys.charts.axis import ScoreAxis, level_axis, percent_axis


def test_the_axis_of_levels_is_their_whole_scale_whatever_it_is() -> None:
    assert level_axis([(2, "Partly"), (0, "No"), (3, "Fully")]) == ScoreAxis(
        lowest=Decimal(0),
        highest=Decimal(3),
        ticks=(Decimal(0), Decimal(2), Decimal(3)),
        title="Level, 0 (No) to 3 (Fully)",
    )


def test_the_axis_of_points_is_0_to_100_percent() -> None:
    axis = percent_axis()
    assert (axis.lowest, axis.highest, axis.unit) == (Decimal(0), Decimal(100), "%")


@pytest.mark.parametrize(
    ("axis", "value", "written"),
    [
        (level_axis([(1, "Ad hoc"), (5, "Leading")]), "2.25", "2.3"),
        (level_axis([(1, "Ad hoc"), (5, "Leading")]), "3", "3.0"),
        (percent_axis(), "66.6667", "66.7%"),
    ],
)
def test_scores_are_written_with_one_decimal_a_half_rounded_up(
    axis: ScoreAxis, value: str, written: str
) -> None:
    assert axis.write(Decimal(value)) == written


def test_one_level_is_no_scale() -> None:
    with pytest.raises(ValueError, match="A scale needs at least two levels to be drawn"):
        level_axis([(1, "Only")])


def test_a_scale_of_no_width_is_refused() -> None:
    with pytest.raises(ValueError, match="A scale cannot run from 1 to 1"):
        ScoreAxis(Decimal(1), Decimal(1), (), "Level")


def test_a_tick_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="A tick lies outside the scale 1 to 5"):
        ScoreAxis(Decimal(1), Decimal(5), (Decimal(0),), "Level")
