"""Every system as a dot over the median and the middle half of its region and of all systems."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go

from surveys.analysis.variation import Spread
from surveys.charts.axis import ScoreAxis
from surveys.charts.lanes import Label, label_traces, lay_out, place, placed
from surveys.charts.marks import spread_traces
from surveys.charts.plain_text import plain
from surveys.charts.table import NO_SCORE, ChartTable
from surveys.charts.theme import DARK_PINK, WHITE, themed_figure

LANE_HEIGHT = 44
DOT = 9
COLUMNS = 60
"""Dots that fall into the same one of so many columns of the axis are set one above the other."""


TOO_MANY = "There are too many systems to draw each one, so the chart shows how they spread."


@dataclass(frozen=True, slots=True)
class NamedValue:
    """One system and its value on the chart's axis."""

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class StripRow:
    """Some systems: each with a value, by name, and their ``spread``; None when no system has a value."""

    name: str
    of: int
    systems: tuple[NamedValue, ...]
    spread: Spread | None


@dataclass(frozen=True, slots=True)
class SystemStrips:
    """Strips from top to bottom. ``what`` a system has is "a score" or "an answer".

    ``title`` says what the chart shows; ``subtitle`` gives n of N, the round and the source; ``missing`` are
    sentences that name the systems without a dot. Without ``each`` the rows have no systems, because dots of
    so many would hide each other: only their spread is drawn.
    """

    title: str
    subtitle: str
    axis: ScoreAxis
    what: str
    rows: tuple[StripRow, ...]
    missing: tuple[str, ...] = ()
    each: bool = True

    @property
    def table(self) -> ChartTable:
        """What the chart draws: how many dots, the ends, the middle half, the median, every dot by name."""
        headers: tuple[str, ...] = ("Systems", f"With {self.what}", "Lowest", "Q1", "Median", "Q3", "Highest")
        if self.each:
            headers += ("Each system",)
        return ChartTable(headers, tuple(self._cells(row) for row in self.rows))

    @property
    def notes(self) -> tuple[str, ...]:
        """That systems are not drawn one by one, where they are not; and those without a dot."""
        return self.missing if self.each else (TOO_MANY, *self.missing)

    def _cells(self, row: StripRow) -> tuple[str, ...]:
        found = row.spread
        if found is None:
            return (row.name, f"0 of {row.of}", *[NO_SCORE] * 5, *([""] if self.each else []))
        marks = (found.minimum, found.q1, found.median, found.q3, found.maximum)
        cells = (row.name, f"{found.n} of {row.of}", *(self.axis.write(mark) for mark in marks))
        if not self.each:
            return cells
        return (*cells, "; ".join(f"{one.name} {self.axis.write(one.value)}" for one in row.systems))


def system_strips(chart: SystemStrips) -> go.Figure:
    """Return the figure: for each strip the spread, and over it a dot for each system."""
    lanes = lay_out([_label(row, chart) for row in chart.rows], mark_height=LANE_HEIGHT)
    spreads = placed(lanes, (row.spread for row in chart.rows))
    dots = [
        dot
        for at, row in zip(lanes.mark_centres, chart.rows, strict=True)
        for dot in _stacked(at, row.systems, chart.axis)
    ]
    return themed_figure(
        [
            *spread_traces(spreads, chart.axis, of="systems"),
            *([_dots(dots, chart.axis)] if dots else []),
            *label_traces(lanes, chart.axis),
        ],
        chart.axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
    )


_Placed = list[tuple[float, NamedValue]]


def _label(row: StripRow, chart: SystemStrips) -> Label:
    if row.spread is None:
        return Label(row.name, f"No system has {chart.what}")
    return Label(
        row.name, f"Median {chart.axis.write(row.spread.median)}, {row.spread.n} of {row.of} systems"
    )


def _stacked(at: float, systems: tuple[NamedValue, ...], axis: ScoreAxis) -> _Placed:
    """Return the dots of a lane whose middle is at ``at``, so that none hides another while there is room."""
    columns: dict[int, list[NamedValue]] = defaultdict(list)
    for system in systems:
        share = (system.value - axis.lowest) / (axis.highest - axis.lowest)
        columns[int(share * COLUMNS)].append(system)
    found = []
    for column in columns.values():
        step = min(DOT, (LANE_HEIGHT - DOT) / max(len(column) - 1, 1))
        top = at - step * (len(column) - 1) / 2
        found += [(top + step * number, system) for number, system in enumerate(column)]
    return found


def _dots(dots: _Placed, axis: ScoreAxis) -> go.Scatter:
    return go.Scatter(
        mode="markers",
        name="One system",
        x=[place(system.value) for _, system in dots],
        y=[at for at, _ in dots],
        hovertext=[f"{plain(system.name)} {axis.write(system.value)}" for _, system in dots],
        hoverinfo="text",
        marker={"symbol": "circle", "size": DOT, "color": DARK_PINK, "line": {"color": WHITE, "width": 1}},
        cliponaxis=False,
        showlegend=True,
    )
