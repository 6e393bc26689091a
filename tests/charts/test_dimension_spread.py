from decimal import Decimal

import plotly.graph_objects as go
import pytest

from surveys.analysis.variation import spread
from surveys.charts.axis import ScoreAxis, level_axis, percent_axis
from surveys.charts.dimension_spread import DimensionSpread, DimensionSpreadRow, dimension_spread

LEVELS = level_axis([(1, "Ad hoc"), (2, "Patchy"), (3, "Established"), (4, "Embedded"), (5, "Leading")])
SCORES = [Decimal(score) for score in ("1.5", "2", "2.5", "3", "4.5")]


def chart(axis: ScoreAxis = LEVELS) -> DimensionSpread:
    return DimensionSpread(
        title="Systems differ most on data infrastructure",
        subtitle="5 of 6 systems, 2025 round, self-assessed",
        axis=axis,
        rows=(
            DimensionSpreadRow("Data infrastructure", spread(SCORES, 6)),
            DimensionSpreadRow("Shared care records", None),
            DimensionSpreadRow("Data workforce and skills", spread([Decimal(3)], 6)),
        ),
    )


def trace(figure: go.Figure, name: str) -> go.Scatter | go.Bar:
    [found] = [each for each in figure.data if each.name == name]
    return found


def test_the_table_has_the_marks_the_widths_and_how_many_systems() -> None:
    table = chart().table
    assert table.headers == (
        "Dimension",
        "Systems with a score",
        "P10",
        "Q1",
        "Median",
        "Q3",
        "P90",
        "Middle half (Q3 minus Q1)",
        "P90 minus P10",
    )
    assert table.rows == (
        ("Data infrastructure", "5 of 6", "1.7", "2.0", "2.5", "3.0", "3.9", "1.0", "2.2"),
        ("Shared care records", *["no score"] * 8),
        ("Data workforce and skills", "1 of 6", "3.0", "3.0", "3.0", "3.0", "3.0", "0.0", "0.0"),
    )


def test_each_dimension_with_a_score_has_a_line_a_box_and_a_bar_at_the_median() -> None:
    figure = dimension_spread(chart())
    line = trace(figure, "P10 to P90: middle 80% of systems")
    box = trace(figure, "Q1 to Q3: middle half of systems")
    bar = trace(figure, "Median of systems")
    assert line.x == (1.7, 2.0, None, 3.9, 3.0, None, 3.0, 3.0, None, 3.0, 3.0, None)
    assert (box.base, box.x) == ((2.0, 3.0), (1.0, 0.0))
    assert bar.x == (2.5, 3.0)
    assert box.y == bar.y == (line.y[0], line.y[6])


def test_pointing_at_a_mark_says_what_the_table_says() -> None:
    figure = dimension_spread(chart())
    assert trace(figure, "Median of systems").hovertext == ("Median of systems 2.5", "Median of systems 3.0")
    assert trace(figure, "Q1 to Q3: middle half of systems").hovertext[0] == "Q1 2.0 to Q3 3.0"
    assert trace(figure, "P10 to P90: middle 80% of systems").hovertext[:6] == (
        *("P10 1.7", "Q1 2.0", ""),
        *("P90 3.9", "Q3 3.0", ""),
    )


def test_what_has_no_mark_is_said_in_the_chart_and_in_a_note() -> None:
    bold, plain = dimension_spread(chart()).select_traces({"mode": "text"})
    assert bold.text == ("Data infrastructure", "Shared care records", "Data workforce and skills")
    assert plain.text == ("Median 2.5, 5 of 6 systems", "No system has a score", "Median 3.0, 1 of 6 systems")
    assert chart().notes == ("Shared care records: no system has a score.",)


def test_without_any_score_only_the_names_are_drawn() -> None:
    empty = DimensionSpread("None yet", "0 of 6 systems", LEVELS, (DimensionSpreadRow("Skills", None),))
    figure = dimension_spread(empty)
    assert [each.mode for each in figure.data] == ["text", "text"]
    assert empty.table.rows == (("Skills", *["no score"] * 8),)
    assert figure.layout.showlegend is False


@pytest.mark.parametrize(
    ("axis", "drawn"),
    [
        (LEVELS, (1, 5)),
        (level_axis([(0, "No"), (4, "Yes")]), (0, 4)),
        (percent_axis(), (0, 100)),
    ],
)
def test_the_axis_is_the_whole_scale_of_the_data_and_not_a_constant(
    axis: ScoreAxis, drawn: tuple[float, float]
) -> None:
    layout = dimension_spread(chart(axis)).layout
    assert layout.xaxis.range == drawn
    assert layout.xaxis.title.text == axis.title


def test_the_title_travels_with_the_figure_for_the_downloaded_image() -> None:
    assert dimension_spread(chart()).layout.meta == {
        "title": "Systems differ most on data infrastructure",
        "subtitle": "5 of 6 systems, 2025 round, self-assessed",
    }
