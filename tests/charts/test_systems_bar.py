from dataclasses import replace
from decimal import Decimal

from surveys.analysis.scores import Score
from surveys.charts.axis import level_axis, percent_axis
from surveys.charts.systems_bar import SystemBar, SystemsBar, systems_bar
from surveys.charts.theme import DARK_BLUE, DARK_PINK

CHART = SystemsBar(
    title="Data infrastructure varies most in the South West",
    subtitle="3 of 5 systems, 2025 round, self-assessed",
    axis=level_axis([(1, "Ad hoc"), (5, "Leading")]),
    median=Decimal("2.5000"),
    rows=(
        SystemBar("North East London", "London", Score(Decimal("2.5000"), 6, 6)),
        SystemBar("South East London", "London", Score(None, 2, 6, withheld=True)),
        SystemBar("Devon", "South West", Score(Decimal("1.0000"), 5, 6), mark="your system"),
        SystemBar("Dorset", "South West", None),
        SystemBar("Somerset", "South West", Score(Decimal("4.6667"), 6, 6)),
    ),
)


def test_the_table_lists_every_system_in_the_given_order_and_the_median() -> None:
    assert CHART.table.headers == ("System", "Region", "Score", "Questions answered")
    assert CHART.table.rows == (
        ("North East London", "London", "2.5", "6 of 6"),
        ("South East London", "London", "withheld, 2 of 6 questions answered", "2 of 6"),
        ("Devon (your system)", "South West", "1.0", "5 of 6"),
        ("Dorset", "South West", "not submitted", "0 of 0"),
        ("Somerset", "South West", "4.7", "6 of 6"),
        ("Median", "All regions", "2.5", "3 of 5 systems"),
    )


def test_a_bar_runs_from_the_scales_lowest_value_to_the_score() -> None:
    bars = systems_bar(CHART).data[0]
    assert (bars.base, bars.x) == (1.0, (1.5, 0.0, 3.6667))
    assert bars.hovertext == ("North East London 2.5", "Devon (your system) 1.0", "Somerset 4.7")


def test_on_a_points_scale_bars_start_at_nothing() -> None:
    figure = systems_bar(replace(CHART, axis=percent_axis()))
    assert (figure.data[0].base, figure.data[0].x) == (0.0, (2.5, 1.0, 4.6667))
    assert figure.layout.xaxis.range == (0, 100)


def test_every_bar_has_its_figure_even_where_it_has_no_length() -> None:
    figure = systems_bar(CHART)
    bars, values = figure.data[0], figure.data[1]
    assert values.text == (" 2.5", " 1.0", " 4.7")
    assert values.y == bars.y
    assert set(values.x) == {5.0}


def test_the_median_is_one_line_crossing_each_bar() -> None:
    figure = systems_bar(CHART)
    bars, median = figure.data[0], figure.data[2]
    assert median.name == "Median of systems: 2.5"
    assert median.x == (2.5, 2.5, None) * 3
    assert [(median.y[3 * bar] + median.y[3 * bar + 1]) / 2 for bar in range(3)] == list(bars.y)


def test_a_system_set_apart_is_so_in_words_and_weight_as_well_as_colour() -> None:
    figure = systems_bar(CHART)
    bold = next(each for each in figure.data if each.textfont.weight == 700)
    assert figure.data[0].marker.color == (DARK_BLUE, DARK_PINK, DARK_BLUE)
    assert bold.text == ("London", "South West", "Devon (your system)")


def test_regions_are_headings_when_the_order_keeps_them_together_and_not_otherwise() -> None:
    by_score = replace(CHART, rows=(CHART.rows[4], CHART.rows[0], CHART.rows[2]))
    bold = next(each for each in systems_bar(by_score).data if each.textfont.weight == 700)
    assert bold.text == ("Devon (your system)",)


def test_one_region_needs_no_heading() -> None:
    south_west = replace(CHART, rows=CHART.rows[3:])
    assert [each for each in systems_bar(south_west).data if each.textfont.weight == 700] == []


def test_systems_without_a_bar_are_named_with_the_reason() -> None:
    assert CHART.notes == (
        "No bar for: South East London (withheld, 2 of 6 questions answered); Dorset (not submitted).",
    )
    plain = next(each for each in systems_bar(CHART).select_traces({"mode": "text"}) if "Dorset" in each.text)
    assert plain.text == (
        "North East London",
        "South East London",
        "Withheld, 2 of 6 questions<br>answered",
        "Dorset",
        "Not submitted",
        "Somerset",
    )


def test_when_every_system_has_a_bar_there_is_nothing_to_note() -> None:
    assert replace(CHART, rows=CHART.rows[:1]).notes == ()


def test_without_scores_there_is_no_median() -> None:
    silent = replace(CHART, rows=CHART.rows[3:4], median=None)
    assert silent.table.rows[-1] == ("Median", "All regions", "no score", "0 of 1 systems")
    assert systems_bar(silent).layout.showlegend is False
