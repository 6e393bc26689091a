from decimal import Decimal

from surveys.charts.axis import percent_axis
from surveys.charts.split_parts import SplitLane, SplitParts, split_parts

CHART = SplitParts(
    title="The largest median is that of “Reporting”: 60%",
    subtitle="2 of 3 systems answered",
    axis=percent_axis("Share"),
    parts=("Reporting", "Strategy"),
    lanes=(
        SplitLane("Median of all systems", (Decimal(60), Decimal(35))),
        SplitLane("Devon", (Decimal(70), Decimal(30)), "South West"),
        SplitLane("Dorset", (Decimal(50), Decimal(50)), "South West"),
    ),
)


def test_the_table_has_the_medians_first() -> None:
    assert CHART.table.headers == ("Systems", "Reporting", "Strategy")
    assert CHART.table.rows == (
        ("Median of all systems", "60.0%", "35.0%"),
        ("Devon", "70.0%", "30.0%"),
        ("Dorset", "50.0%", "50.0%"),
    )
    assert CHART.notes == ("The medians of the parts need not add up to the whole.",)


def test_each_part_begins_where_the_one_before_ends() -> None:
    reporting, strategy, *_ = split_parts(CHART).data
    assert (reporting.base, reporting.x) == ((0.0, 0.0, 0.0), (60.0, 70.0, 50.0))
    assert (strategy.base, strategy.x) == ((60.0, 70.0, 50.0), (35.0, 30.0, 50.0))
    assert strategy.hovertext[1] == "Devon: Strategy 30.0%"


def test_a_region_is_a_heading_over_its_first_system() -> None:
    bold = next(trace for trace in split_parts(CHART).data if trace.textfont.weight == 700)
    assert bold.text == ("Median of all systems", "South West")
