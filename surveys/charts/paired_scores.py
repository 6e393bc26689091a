"""Two scores of each system against each other: one dot a system, with the medians and the line of equals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from surveys.charts.axis import ScoreAxis
from surveys.charts.differences import signed
from surveys.charts.lanes import place
from surveys.charts.plain_text import plain
from surveys.charts.table import ChartTable
from surveys.charts.theme import DARK_BLUE, DARK_GREY, DARK_PINK, GRID, ORANGE, TEXT, WHITE, themed_figure

PLOT_HEIGHT = 440
NAMED_EACH_WAY = 1
"""How many systems furthest from the line of equals are named in the chart, on either side."""

_LARGEST = 36
_SMALLEST = 3
"""The diameters in pixels of the circle with the most systems, and of the smallest that can be seen."""

_NAME_LENGTH = 16
_TITLE_LENGTH = 34
_UPWARD_TITLE_LENGTH = 52
_ROOM_AT_LEFT = 64


@dataclass(frozen=True, slots=True)
class PairedDot:
    """One system with both scores. ``mark`` sets it apart, in words: "your system". Empty for the rest."""

    name: str
    region: str
    across: Decimal
    up: Decimal
    mark: str = ""

    @property
    def difference(self) -> Decimal:
        """How much higher the score drawn upwards is."""
        return self.up - self.across

    @property
    def label(self) -> str:
        """The name, with the words that set it apart."""
        return f"{self.name} ({self.mark})" if self.mark else self.name


@dataclass(frozen=True, slots=True)
class PairedSquare:
    """A square of the plane with ``count`` systems in it. ``sides``: its ends, up and across."""

    sides: tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]
    count: int


@dataclass(frozen=True, slots=True)
class PairedScores:
    """Systems by two scores on the same ``axis``, called ``across`` and ``up``.

    ``medians`` are of all systems with both scores, across and up; None where they may not be shown.
    ``missing`` names each system without a dot, and why. With ``squares`` only marked systems have a dot.
    """

    title: str
    subtitle: str
    axis: ScoreAxis
    across: str
    up: str
    dots: tuple[PairedDot, ...]
    medians: tuple[Decimal, Decimal] | None = None
    missing: tuple[str, ...] = ()
    squares: tuple[PairedSquare, ...] = ()

    @property
    def table(self) -> ChartTable:
        """What the chart draws: both scores of every system and their difference, and last the medians.

        The medians have no difference beside them: it would not be the median of the differences. Squares
        instead of systems have a row each, and no medians.
        """
        if self.squares:
            headers = (self.up, self.across, "Systems")
            between = [
                tuple(f"{self.axis.write(low)} to {self.axis.write(high)}" for low, high in each.sides)
                for each in self.squares
            ]
            counts = (f"{each.count:,}" for each in self.squares)
            return ChartTable(headers, tuple((*row, n) for row, n in zip(between, counts, strict=True)))
        rows = [
            (
                dot.label,
                dot.region,
                self.axis.write(dot.up),
                self.axis.write(dot.across),
                signed(dot.difference),
            )
            for dot in self.dots
        ]
        if self.medians is not None:
            across, up = self.medians
            rows.append(("Median", "All regions", self.axis.write(up), self.axis.write(across), ""))
        return ChartTable(("System", "Region", self.up, self.across, "Difference"), tuple(rows))

    @property
    def notes(self) -> tuple[str, ...]:
        """How to read the chart, and who has no dot."""
        read = f"A dot above the dashed line: “{self.up}” is higher than “{self.across}”. {self.axis.title}."
        if self.squares:
            read = (
                "There are too many systems to draw each one. A circle stands in the middle of a square of "
                f"the plane, and its area says how many systems lie there. {read}"
            )
        return (read, f"No dot for: {'; '.join(self.missing)}.") if self.missing else (read,)


def paired_scores(chart: PairedScores) -> go.Figure:
    """Return the figure: a dot for each system, the line on which both scores are equal, and the medians."""
    own = [dot for dot in chart.dots if dot.mark]
    others = [dot for dot in chart.dots if not dot.mark]
    traces = [_equals(chart.axis)]
    if chart.medians is not None:
        traces.append(_cross(chart.medians, chart.axis))
    if chart.squares:
        traces.append(_circles(chart.squares))
    if others:
        traces.append(_dots("Systems", others, chart.axis, _OTHER))
    if own:
        traces.append(_dots(own[0].mark.capitalize(), own, chart.axis, _OWN))
    named = _named(chart.dots)
    if named:
        traces.append(_names(named, chart.axis))
    figure = themed_figure(
        traces, chart.axis, title=chart.title, subtitle=chart.subtitle, height=PLOT_HEIGHT, room_at_right=16
    )
    figure.update_layout(
        xaxis={"title": {"text": "<br>".join(map(plain, wrap(chart.across, _TITLE_LENGTH)))}},
        yaxis=_upwards(chart),
        margin={"l": _ROOM_AT_LEFT},
    )
    return figure


_OTHER = {"symbol": "circle", "size": 10, "color": DARK_BLUE, "line": {"color": WHITE, "width": 1}}
_OWN = {"symbol": "diamond", "size": 15, "color": DARK_PINK, "line": {"color": WHITE, "width": 1}}


def _upwards(chart: PairedScores) -> dict[str, Any]:
    axis = chart.axis
    return {
        "visible": True,
        "range": [float(axis.lowest), float(axis.highest)],
        "tickvals": [float(tick) for tick in axis.ticks],
        "ticktext": [f"{tick}{axis.unit}" for tick in axis.ticks],
        "title": {"text": "<br>".join(map(plain, wrap(chart.up, _UPWARD_TITLE_LENGTH)))},
        "gridcolor": GRID,
        "linecolor": TEXT,
        "showline": True,
        "ticks": "outside",
        "zeroline": False,
        "fixedrange": True,
    }


def _equals(axis: ScoreAxis) -> go.Scatter:
    ends = [float(axis.lowest), float(axis.highest)]
    return go.Scatter(
        mode="lines",
        name="Both equal",
        x=ends,
        y=ends,
        line={"color": DARK_GREY, "width": 2, "dash": "dash"},
        hoverinfo="skip",
        showlegend=True,
    )


def _cross(medians: tuple[Decimal, Decimal], axis: ScoreAxis) -> go.Scatter:
    across, up = (place(value) for value in medians)
    ends = [float(axis.lowest), float(axis.highest)]
    return go.Scatter(
        mode="lines",
        name="Medians of systems",
        x=[across, across, None, *ends],
        y=[*ends, None, up, up],
        line={"color": ORANGE, "width": 2},
        hoverinfo="skip",
        showlegend=True,
    )


def _dots(name: str, dots: Sequence[PairedDot], axis: ScoreAxis, marker: dict[str, Any]) -> go.Scatter:
    return go.Scatter(
        mode="markers",
        name=plain(name),
        x=[place(dot.across) for dot in dots],
        y=[place(dot.up) for dot in dots],
        hovertext=[f"{plain(dot.label)} {axis.write(dot.up)}, {axis.write(dot.across)}" for dot in dots],
        hoverinfo="text",
        marker=marker,
        cliponaxis=False,
        showlegend=True,
    )


def _circles(squares: Sequence[PairedSquare]) -> go.Scatter:
    """Return a circle in the middle of each square, with an area in proportion to how many lie there."""
    most = max(each.count for each in squares)
    centres = [[place((low + high) / 2) for low, high in each.sides] for each in squares]
    return go.Scatter(
        mode="markers",
        name="Systems, by number",
        x=[across for _, across in centres],
        y=[up for up, _ in centres],
        hovertext=[f"{each.count:,} systems" for each in squares],
        hoverinfo="text",
        marker={
            "symbol": "circle",
            "size": [max(_LARGEST * (each.count / most) ** 0.5, _SMALLEST) for each in squares],
            "color": DARK_BLUE,
        },
        cliponaxis=False,
        showlegend=True,
    )


def _named(dots: Sequence[PairedDot]) -> list[PairedDot]:
    """Return the dots to name: the marked ones and those furthest from the line of equals on either side."""
    ordered = sorted(dots, key=lambda dot: (dot.difference, dot.name))
    below = [dot for dot in ordered[:NAMED_EACH_WAY] if dot.difference < 0]
    above = [dot for dot in ordered[-NAMED_EACH_WAY:] if dot.difference > 0]
    chosen = {*below, *above, *(dot for dot in dots if dot.mark)}
    return [dot for dot in dots if dot in chosen]


def _names(dots: Sequence[PairedDot], axis: ScoreAxis) -> go.Scatter:
    """Return the names beside their dots, turned to where there is room."""
    middle = (axis.lowest + axis.highest) / 2
    return go.Scatter(
        mode="text",
        x=[place(dot.across) for dot in dots],
        y=[place(dot.up) for dot in dots],
        text=["<br>".join(f" {plain(line)} " for line in wrap(dot.name, _NAME_LENGTH)) for dot in dots],
        textposition=[
            f"{'top' if dot.difference > 0 else 'bottom'} {'right' if dot.across < middle else 'left'}"
            for dot in dots
        ],
        textfont={"size": 12},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
