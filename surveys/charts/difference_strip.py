"""Differences of two scores as a strip: one ring a system around zero, region by region."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from surveys.analysis.variation import Spread
from surveys.charts.axis import ScoreAxis
from surveys.charts.differences import signed
from surveys.charts.lanes import Label, label_traces, lay_out, place
from surveys.charts.marks import MARK_HEIGHT, spread_traces
from surveys.charts.plain_text import plain
from surveys.charts.system_strips import TOO_MANY
from surveys.charts.table import NO_SCORE, ChartTable
from surveys.charts.theme import DARK_BLUE, DARK_GREY, DARK_PINK, themed_figure


@dataclass(frozen=True, slots=True)
class StripDot:
    """One system's difference. ``mark`` sets it apart, in words: "your system". Empty for the rest."""

    name: str
    value: Decimal
    mark: str = ""


@dataclass(frozen=True, slots=True)
class StripLane:
    """Some of the systems, called ``name``, with the ``spread`` of their differences; None for too few.

    Where not every system has a dot, ``counts`` says how many have a difference, and how many of these lie
    above and below zero.
    """

    name: str
    dots: tuple[StripDot, ...]
    spread: Spread | None
    counts: tuple[int, int, int] | None = None

    @property
    def number(self) -> int:
        """How many have a difference."""
        return self.counts[0] if self.counts else len(self.dots)

    @property
    def above(self) -> int:
        """How many lie above zero."""
        return self.counts[1] if self.counts else sum(dot.value > 0 for dot in self.dots)

    @property
    def below(self) -> int:
        """How many lie below zero."""
        return self.counts[2] if self.counts else sum(dot.value < 0 for dot in self.dots)


@dataclass(frozen=True, slots=True)
class DifferenceStrip:
    """Lanes from top to bottom on one ``axis`` of differences. Only a lane with a spread has it drawn.

    ``each``: every system has a dot. Otherwise there are too many, and few or none have.
    """

    title: str
    subtitle: str
    axis: ScoreAxis
    lanes: tuple[StripLane, ...]
    each: bool = True

    @property
    def table(self) -> ChartTable:
        """How many systems of each lane lie above, at and below zero, and how their differences spread."""
        return ChartTable(
            ("Systems", "With both scores", "Above 0", "At 0", "Below 0", "Q1", "Median", "Q3"),
            tuple(self._row(lane) for lane in self.lanes),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """That systems are not drawn one by one, where they are not; and the lanes without any system."""
        empty = [lane.name for lane in self.lanes if not lane.number]
        missing = (f"No system with both scores: {'; '.join(empty)}.",) if empty else ()
        return missing if self.each else (TOO_MANY, *missing)

    def _row(self, lane: StripLane) -> tuple[str, ...]:
        counts = (lane.number, lane.above, lane.number - lane.above - lane.below, lane.below)
        found = lane.spread
        marks = (found.q1, found.median, found.q3) if found else ()
        written = tuple(signed(mark) for mark in marks) or (NO_SCORE,) * 3
        return (lane.name, *map(str, counts), *written)


def difference_strip(chart: DifferenceStrip) -> go.Figure:
    """Return the figure: for each lane a ring for each system, over its spread, and a line at zero."""
    lanes = lay_out([_label(lane) for lane in chart.lanes], mark_height=MARK_HEIGHT)
    placed = list(zip(lanes.mark_centres, chart.lanes, strict=True))
    spreads = [(at, lane.spread) for at, lane in placed if lane.spread is not None]
    reach = MARK_HEIGHT / 2
    zero = go.Scatter(
        mode="lines",
        name="No difference",
        x=[0, 0, None] * len(placed),
        y=[y for at, _ in placed for y in (at - reach, at + reach, None)],
        line={"color": DARK_GREY, "width": 2, "dash": "dot"},
        hoverinfo="skip",
        showlegend=True,
    )
    kinds = (("System", _RING, False), ("Your system", _OWN, True))
    return themed_figure(
        [
            *spread_traces(spreads, chart.axis, of="systems"),
            zero,
            *(trace for kind in kinds for trace in _dots(placed, *kind)),
            *label_traces(lanes, chart.axis),
        ],
        chart.axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
    )


# Rings show one another where systems have the same difference.
_RING = {"symbol": "circle-open", "size": 11, "color": DARK_BLUE, "line": {"width": 2}}
_OWN = {"symbol": "diamond", "size": 14, "color": DARK_PINK}


def _dots(
    placed: list[tuple[float, StripLane]], name: str, marker: dict[str, Any], marked: bool
) -> list[go.Scatter]:
    found = [(at, dot) for at, lane in placed for dot in lane.dots if bool(dot.mark) is marked]
    if not found:
        return []
    return [
        go.Scatter(
            mode="markers",
            name=name,
            x=[place(dot.value) for _, dot in found],
            y=[at for at, _ in found],
            hovertext=[f"{plain(dot.name)} {signed(dot.value)}" for _, dot in found],
            hoverinfo="text",
            marker=marker,
            cliponaxis=False,
            showlegend=True,
        )
    ]


def _label(lane: StripLane) -> Label:
    if not lane.number:
        return Label(lane.name, "No system with both scores")
    return Label(lane.name, f"{lane.above} of {lane.number} above 0")
