from decimal import Decimal

from surveys.analysis.variation import spread
from surveys.charts.axis import level_axis
from surveys.charts.system_strips import NamedValue, StripRow, SystemStrips, system_strips

VALUES = [Decimal(value) for value in ("2", "2", "3.3333", "4")]
NAMES = ("Devon", "Dorset <b>", "Somerset", "Cornwall")
DOTS = tuple(NamedValue(name, value) for name, value in zip(NAMES, VALUES, strict=True))
CHART = SystemStrips(
    title="Skills: the middle half of systems spans 1.5 levels",
    subtitle="4 of 5 systems with a score",
    axis=level_axis([(1, "Ad hoc"), (5, "Leading")]),
    what="a score",
    rows=(StripRow("South West", 5, DOTS, spread(VALUES, 5)), StripRow("London", 2, (), None)),
    missing=("Not submitted: Gloucestershire.",),
)


def test_the_table_has_the_spread_and_names_every_system() -> None:
    assert CHART.table.headers == (
        "Systems",
        "With a score",
        "Lowest",
        "Q1",
        "Median",
        "Q3",
        "Highest",
        "Each system",
    )
    assert CHART.table.rows == (
        (
            "South West",
            "4 of 5",
            "2.0",
            "2.0",
            "2.7",
            "3.5",
            "4.0",
            "Devon 2.0; Dorset <b> 2.0; Somerset 3.3; Cornwall 4.0",
        ),
        ("London", "0 of 2", *["no score"] * 5, ""),
    )
    assert CHART.notes == ("Not submitted: Gloucestershire.",)


def test_there_is_a_dot_for_each_system_at_its_value() -> None:
    (dots,) = (trace for trace in system_strips(CHART).data if trace.name == "One system")
    assert sorted(dots.x) == [2.0, 2.0, 3.3333, 4.0]
    assert "Dorset &lt;b&gt; 2.0" in dots.hovertext


def test_dots_of_the_same_value_do_not_hide_each_other() -> None:
    (dots,) = (trace for trace in system_strips(CHART).data if trace.name == "One system")
    places = list(zip(dots.x, dots.y, strict=True))
    assert len(set(places)) == 4
    first, second = (y for x, y in places if x == 2.0)
    assert second - first == 9


def test_without_a_value_there_are_no_dots() -> None:
    figure = system_strips(
        SystemStrips("No system has a score", "0 of 2", CHART.axis, "a score", CHART.rows[1:])
    )
    assert [trace.name for trace in figure.data if trace.name] == []
