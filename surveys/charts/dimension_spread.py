"""How far systems differ on each dimension: the chart of the overview."""

from dataclasses import dataclass

import plotly.graph_objects as go

from surveys.analysis.variation import Spread
from surveys.charts.axis import ScoreAxis
from surveys.charts.lanes import Label, label_traces, lay_out, placed
from surveys.charts.marks import MARK_HEIGHT, spread_traces
from surveys.charts.table import NO_SCORE, ChartTable
from surveys.charts.theme import themed_figure


@dataclass(frozen=True, slots=True)
class DimensionSpreadRow:
    """One dimension and the ``spread`` of the systems' scores on it; None when no system has a score."""

    name: str
    spread: Spread | None


@dataclass(frozen=True, slots=True)
class DimensionSpread:
    """Each dimension's spread across systems, in the order given.

    ``title`` says what the chart shows; ``subtitle`` gives n of N, the round and the source.
    """

    title: str
    subtitle: str
    axis: ScoreAxis
    rows: tuple[DimensionSpreadRow, ...]

    @property
    def table(self) -> ChartTable:
        """What the chart draws: the five marks of each dimension, their widths, and n of N systems."""
        return ChartTable(
            headers=(
                "Dimension",
                "Systems with a score",
                "P10",
                "Q1",
                "Median",
                "Q3",
                "P90",
                "Middle half (Q3 minus Q1)",
                "P90 minus P10",
            ),
            rows=tuple(self._table_row(row) for row in self.rows),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for what has no mark."""
        return tuple(f"{row.name}: no system has a score." for row in self.rows if row.spread is None)

    def _table_row(self, row: DimensionSpreadRow) -> tuple[str, ...]:
        found = row.spread
        if found is None:
            return (row.name, *[NO_SCORE] * 8)
        marks = (found.p10, found.q1, found.median, found.q3, found.p90, found.iqr, found.p90_p10)
        return (row.name, f"{found.n} of {found.of}", *(self.axis.write(mark) for mark in marks))


def dimension_spread(chart: DimensionSpread) -> go.Figure:
    """Return the figure: for each dimension a line P10 to P90, a box Q1 to Q3 and a bar at the median."""
    lanes = lay_out([_label(row, chart.axis) for row in chart.rows], mark_height=MARK_HEIGHT)
    spreads = placed(lanes, (row.spread for row in chart.rows))
    return themed_figure(
        [*spread_traces(spreads, chart.axis, of="systems"), *label_traces(lanes, chart.axis)],
        chart.axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
    )


def _label(row: DimensionSpreadRow, axis: ScoreAxis) -> Label:
    if row.spread is None:
        return Label(row.name, "No system has a score")
    return Label(
        row.name, f"Median {axis.write(row.spread.median)}, {row.spread.n} of {row.spread.of} systems"
    )
