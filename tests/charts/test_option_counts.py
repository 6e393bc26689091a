from surveys.charts.option_counts import OptionCount, OptionCounts, option_counts

CHART = OptionCounts(
    title="“Primary care” was chosen most often, by 9 of 10 systems",
    subtitle="10 of 12 systems answered",
    answered=10,
    regions=("London", "South West"),
    rows=(OptionCount("Primary care", 9, (4, 5)), OptionCount("Prisons <i>", 0, (0, 0))),
)


def test_the_table_has_the_counts_in_all_and_in_each_region() -> None:
    assert CHART.table.headers == ("Option", "Systems that chose it", "London", "South West")
    assert CHART.table.rows == (
        ("Primary care", "9 of 10", "4", "5"),
        ("Prisons <i>", "0 of 10", "0", "0"),
    )
    assert CHART.notes == ()


def test_a_bar_is_as_long_as_the_count_on_an_axis_of_all_that_answered() -> None:
    figure = option_counts(CHART)
    bars, values = figure.data[0], figure.data[1]
    assert (bars.base, bars.x, values.text) == (0, (9, 0), (" 9", " 0"))
    assert figure.layout.xaxis.range == (0.0, 10.0)
    assert figure.layout.xaxis.ticktext == ("0", "2", "4", "6", "8", "10")
    assert bars.hovertext[1] == "Prisons &lt;i&gt;: 0 of 10 systems"
