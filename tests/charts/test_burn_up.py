"""How many systems had submitted by each day."""

from decimal import Decimal

from surveys.charts.burn_up import BurnUp, BurnUpLine, burn_up, day_in_words
from surveys.charts.specification import figure_spec

NOW = BurnUpLine("This round", systems=4, days=(-10, -3), first=-20, last=-2)
THEN = BurnUpLine("Round before", systems=3, days=(-8, 0, 2), first=-30, last=300)
CHART = BurnUp(title="Systems by day", subtitle="2 of 4", lines=(NOW, THEN))


def test_a_system_counts_from_the_day_on_which_it_submitted() -> None:
    assert [NOW.submitted(day) for day in (-11, -10, -4, -3, -2)] == [0, 1, 1, 2, 2]
    assert [THEN.share(day) for day in (-30, -8, 0, 2)] == [
        Decimal("0.00"),
        Decimal("33.33"),
        Decimal("66.67"),
        Decimal("100.00"),
    ]


def test_the_table_goes_week_by_week_and_says_nothing_of_days_to_come() -> None:
    assert CHART.table.headers == ("By the end of", "This round", "Round before")
    assert CHART.table.rows == (
        ("28 days before closing", "0 of 4 (0%)", "0 of 3 (0%)"),
        ("21 days before closing", "0 of 4 (0%)", "0 of 3 (0%)"),
        ("14 days before closing", "0 of 4 (0%)", "0 of 3 (0%)"),
        ("7 days before closing", "1 of 4 (25%)", "1 of 3 (33%)"),
        ("2 days before closing", "2 of 4 (50%)", "1 of 3 (33%)"),
        ("the closing day", "", "2 of 3 (67%)"),
        ("2 days after closing", "", "3 of 3 (100%)"),
    )


def test_each_round_is_a_line_of_steps_that_differs_by_more_than_its_colour() -> None:
    now, then = burn_up(CHART).data
    assert (now.name, now.line.dash, now.line.shape) == ("This round", "solid", "hv")
    assert (then.name, then.line.dash) == ("Round before", "dash")
    assert list(now.x) == [-20, -10, -3, -2]
    assert list(now.y) == [0.0, 25.0, 50.0, 50.0]
    assert list(then.x) == [-30, -8, 0, 2]
    assert now.hovertext[1] == "This round: 1 of 4 (25%) by 10 days before closing"


def test_the_days_are_marked_in_whole_weeks_with_the_closing() -> None:
    axis = figure_spec(burn_up(CHART))["layout"]["xaxis"]
    assert axis["range"] == [-30.0, 2.0]
    assert axis["tickvals"] == [-28, -21, -14, -7, 0]
    assert axis["ticktext"] == ["-28", "-21", "-14", "-7", "Closing"]


def test_a_round_that_has_just_begun_can_be_drawn() -> None:
    line = BurnUpLine("New", systems=1, days=(), first=0, last=0)
    chart = BurnUp(title="Systems by day", subtitle="0 of 1", lines=(line,))
    assert chart.table.rows == (("the closing day", "0 of 1 (0%)"),)
    assert list(burn_up(chart).data[0].x) == [0]


def test_days_are_written_as_people_say_them() -> None:
    assert [day_in_words(day) for day in (-1, 0, 1, 12)] == [
        "1 day before closing",
        "the closing day",
        "1 day after closing",
        "12 days after closing",
    ]
