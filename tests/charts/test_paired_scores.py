"""Two scores of each system against each other."""

from dataclasses import replace
from decimal import Decimal

import pytest

from surveys.charts.axis import level_axis
from surveys.charts.paired_scores import PairedDot, PairedScores, PairedSquare, paired_scores
from surveys.charts.specification import figure_spec

CHART = PairedScores(
    title="Tools are ahead of people in 3 of 4 systems",
    subtitle="4 of 5 systems with both",
    axis=level_axis([(1, "Ad hoc"), (5, "Leading")]),
    across="People",
    up="Tools",
    dots=(
        PairedDot("Ambleshire", "North", Decimal("2.0000"), Decimal("3.5000")),
        PairedDot("Borderland", "North", Decimal("3.0000"), Decimal("3.1000"), mark="your system"),
        PairedDot("Cliffshire", "South", Decimal("4.0000"), Decimal("2.6667")),
        PairedDot("Dale <b>", "South", Decimal("2.6000"), Decimal("2.6000")),
    ),
    medians=(Decimal("2.7500"), Decimal("2.8834")),
    missing=("Eastvale (not submitted)",),
)


def test_the_table_has_both_scores_of_each_system_and_the_medians() -> None:
    assert CHART.table.headers == ("System", "Region", "Tools", "People", "Difference")
    assert CHART.table.rows == (
        ("Ambleshire", "North", "3.5", "2.0", "+1.5"),
        ("Borderland (your system)", "North", "3.1", "3.0", "+0.1"),
        ("Cliffshire", "South", "2.7", "4.0", "-1.3"),
        ("Dale <b>", "South", "2.6", "2.6", "0.0"),
        ("Median", "All regions", "2.9", "2.8", ""),
    )


def test_a_dot_stands_where_the_table_says() -> None:
    traces = {trace.name: trace for trace in paired_scores(CHART).data if trace.name}
    assert list(traces) == ["Both equal", "Medians of systems", "Systems", "Your system"]
    assert (traces["Systems"].x, traces["Systems"].y) == ((2.0, 4.0, 2.6), (3.5, 2.6667, 2.6))
    assert (traces["Your system"].x, traces["Your system"].y) == ((3.0,), (3.1,))
    assert traces["Medians of systems"].x[:2] == (2.75, 2.75)
    assert traces["Medians of systems"].y[-2:] == (2.8834, 2.8834)
    assert traces["Both equal"].x == traces["Both equal"].y == (1.0, 5.0)


def test_the_furthest_systems_and_the_readers_own_are_named() -> None:
    names = next(trace for trace in paired_scores(CHART).data if trace.mode == "text")
    assert [text.strip() for text in names.text] == ["Ambleshire", "Borderland", "Cliffshire"]


def test_without_medians_there_is_no_cross() -> None:
    figure = paired_scores(replace(CHART, medians=None))
    assert "Medians of systems" not in {trace.name for trace in figure.data}
    assert replace(CHART, medians=None).table.rows[-1][0] == "Dale <b>"


def test_the_notes_say_how_to_read_it_and_who_is_missing() -> None:
    assert CHART.notes == (
        "A dot above the dashed line: “Tools” is higher than “People”. Level, 1 (Ad hoc) to 5 (Leading).",
        "No dot for: Eastvale (not submitted).",
    )
    assert len(replace(CHART, missing=()).notes) == 1


def test_both_axes_are_the_whole_scale_and_nothing_typed_is_markup() -> None:
    spec = figure_spec(paired_scores(replace(CHART, up="Tools <i>", across="People <i>")))
    layout = spec["layout"]
    assert (layout["xaxis"]["range"], layout["yaxis"]["range"]) == ([1, 5], [1, 5])
    assert (layout["xaxis"]["fixedrange"], layout["yaxis"]["fixedrange"]) == (True, True)
    assert layout["yaxis"]["title"]["text"] == "Tools &lt;i&gt;"
    assert "<i>" not in str(spec)


def test_too_many_systems_are_circles_whose_areas_say_how_many() -> None:
    half = Decimal("0.5")
    squares = tuple(
        PairedSquare(((low, low + half), (Decimal(2), Decimal(2) + half)), count)
        for low, count in ((Decimal(1), 100), (Decimal(3), 1_600))
    )
    chart = replace(CHART, dots=(), missing=("42 systems, which the download names",), squares=squares)
    assert chart.table.rows == (
        ("1.0 to 1.5", "2.0 to 2.5", "100"),
        ("3.0 to 3.5", "2.0 to 2.5", "1,600"),
    )
    assert chart.notes[0].startswith("There are too many systems to draw each one.")
    assert chart.notes[1] == "No dot for: 42 systems, which the download names."
    (circles,) = [trace for trace in paired_scores(chart).data if trace.name == "Systems, by number"]
    assert (list(circles.x), list(circles.y)) == ([2.25, 2.25], [1.25, 3.25])
    small, large = circles.marker.size
    assert large / small == pytest.approx(4)
