from dataclasses import replace

import plotly.graph_objects as go
import pytest

from surveys.charts.level_counts import LevelCounts, LevelLane, level_counts

CHART = LevelCounts(
    title="Weak agreement: 3 Established was chosen most often",
    subtitle="10 of 12 systems answered, 2025 round, self-assessed",
    levels=("1 Ad hoc", "2 Patchy", "3 Established", "4 Embedded", "5 Leading"),
    lanes=(
        LevelLane("All systems", (1, 2, 4, 2, 1), 12, "Moderate agreement (A = 0.58)"),
        LevelLane("London <b>", (0, 0, 0, 0, 2), 3, "Strong agreement (A = 1.00)"),
        LevelLane("South West", (0, 0, 0, 0, 0), 1, "Not measured"),
    ),
)


def bars(figure: go.Figure) -> list[go.Bar]:
    return [trace for trace in figure.data if trace.type == "bar"]


def test_the_table_has_every_count() -> None:
    assert CHART.table.headers == (
        "Systems",
        "1 Ad hoc",
        "2 Patchy",
        "3 Established",
        "4 Embedded",
        "5 Leading",
        "Systems that chose a level",
        "Agreement",
    )
    assert CHART.table.rows == (
        ("All systems", "1", "2", "4", "2", "1", "10 of 12", "Moderate agreement (A = 0.58)"),
        ("London <b>", "0", "0", "0", "0", "2", "2 of 3", "Strong agreement (A = 1.00)"),
        ("South West", "0", "0", "0", "0", "0", "0 of 1", "Not measured"),
    )
    assert CHART.notes == ("No bar for: South West (no system chose a level).",)


def test_the_middle_of_the_middle_level_is_at_zero() -> None:
    drawn = bars(level_counts(CHART))
    assert [bar.base[0] for bar in drawn] == [-50, -40, -20, 20, 40]
    assert [bar.x[0] for bar in drawn] == [10, 20, 40, 20, 10]
    assert [bar.base[1] + bar.x[1] for bar in drawn] == [0, 0, 0, 0, 100]


def test_with_an_even_number_of_levels_the_bar_parts_between_two() -> None:
    even = replace(CHART, levels=CHART.levels[:4], lanes=(LevelLane("All", (1, 1, 1, 1), 4, ""),))
    assert [bar.base[0] for bar in bars(level_counts(even))] == [-50, -25, 0, 25]


def test_the_number_in_each_part_is_its_count_and_nothing_for_none() -> None:
    drawn = bars(level_counts(CHART))
    assert [bar.text for bar in drawn] == [("1", ""), ("2", ""), ("4", ""), ("2", ""), ("1", "2")]
    assert drawn[4].hovertext == (
        "All systems: 1 of 10 systems, 5 Leading (10%)",
        "London &lt;b&gt;: 2 of 2 systems, 5 Leading (100%)",
    )


def test_the_axis_counts_away_from_the_middle_on_both_sides() -> None:
    axis = level_counts(CHART).layout.xaxis
    assert (axis.range, axis.ticktext) == ((-100.0, 100.0), ("100%", "50%", "0%", "50%", "100%"))


def test_without_answers_there_is_still_a_figure() -> None:
    figure = level_counts(replace(CHART, lanes=CHART.lanes[2:]))
    assert [len(bar.x) for bar in bars(figure)] == [0] * 5


@pytest.mark.parametrize("levels", [2, 3, 4, 5, 7])
def test_levels_differ_in_colour(levels: int) -> None:
    lanes = (LevelLane("All", (1,) * levels, levels, ""),)
    chart = replace(CHART, levels=tuple(str(level) for level in range(levels)), lanes=lanes)
    assert len({bar.marker.color for bar in bars(level_counts(chart))}) == levels
