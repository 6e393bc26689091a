"""Differences as a strip around zero."""

from decimal import Decimal

from surveys.analysis.variation import spread
from surveys.charts.difference_strip import DifferenceStrip, StripDot, StripLane, difference_strip
from surveys.charts.differences import difference_axis

VALUES = [Decimal("-0.5000"), Decimal("0.0000"), Decimal("1.2500")]
DOTS = (StripDot("Ambleshire", VALUES[0]), StripDot("Borderland", VALUES[1], "your system"))
FAR = StripDot("Cliffshire", VALUES[2])
CHART = DifferenceStrip(
    title="The gap by region",
    subtitle="3 of 4 systems",
    axis=difference_axis(VALUES, "Levels"),
    lanes=(
        StripLane("All systems", (*DOTS, FAR), spread(VALUES, 4)),
        StripLane("North", DOTS, spread(VALUES[:2], 2)),
        StripLane("East", (), None),
    ),
)


def test_the_table_counts_systems_on_each_side_of_zero() -> None:
    assert CHART.table.rows == (
        ("All systems", "3", "1", "1", "1", "-0.3", "0.0", "+0.6"),
        ("North", "2", "0", "1", "1", "-0.4", "-0.3", "-0.1"),
        ("East", "0", "0", "0", "0", "no score", "no score", "no score"),
    )


def test_every_system_is_a_ring_and_the_readers_own_a_diamond() -> None:
    traces = {trace.name: trace for trace in difference_strip(CHART).data if trace.name}
    assert traces["System"].x == (-0.5, 1.25, -0.5)
    assert traces["Your system"].x == (0.0, 0.0)
    assert traces["Median of systems"].x == (0.0, -0.25)
    assert set(traces["No difference"].x) == {0, None}


def test_a_lane_without_systems_says_so() -> None:
    assert CHART.notes == ("No system with both scores: East.",)
