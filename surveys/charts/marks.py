"""Marks for a spread: a line from P10 to P90, a box from Q1 to Q3, a bar at the median."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from surveys.analysis.variation import Spread
from surveys.charts.axis import ScoreAxis
from surveys.charts.lanes import place
from surveys.charts.plain_text import plain
from surveys.charts.theme import DARK_BLUE, DARK_GREY, TINT

BOX_HEIGHT = 20
MARK_HEIGHT = 28
"""How tall the tallest mark is, in pixels."""

# Plotly draws a line-ns symbol 1.4 times as far each way as half its size.
MEDIAN_SIZE = MARK_HEIGHT / 1.4

Placed = Sequence[tuple[float, Spread]]
"""Spreads with the pixel from the top at which each is drawn."""


def spread_traces(placed: Placed, axis: ScoreAxis, *, of: str) -> list[Any]:
    """Return the three marks of every spread, the widest first so that the median is drawn on top.

    ``of`` says in the key whose spread it is: "systems". Without spreads there is nothing to draw.
    """
    if not placed:
        return []
    return [_middle_80_percent(placed, axis, of), _middle_half(placed, axis, of), _median(placed, axis, of)]


def dots(
    name: str, placed: Sequence[tuple[float, Decimal]], axis: ScoreAxis, marker: dict[str, Any]
) -> go.Scatter:
    """Return one mark for each value, at its pixel from the top, called ``name`` in the key."""
    return go.Scatter(
        mode="markers",
        name=plain(name),
        x=[place(value) for _, value in placed],
        y=[at for at, _ in placed],
        hovertext=[f"{plain(name)} {axis.write(value)}" for _, value in placed],
        hoverinfo="text",
        marker=marker,
        cliponaxis=False,
        showlegend=True,
    )


def _middle_80_percent(placed: Placed, axis: ScoreAxis, of: str) -> go.Scatter:
    x: list[float | None] = []
    y: list[float | None] = []
    text: list[str] = []
    for at, spread in placed:
        for end, box in ((("P10", spread.p10), ("Q1", spread.q1)), (("P90", spread.p90), ("Q3", spread.q3))):
            x += [place(end[1]), place(box[1]), None]
            y += [at, at, None]
            text += [*(f"{name} {axis.write(value)}" for name, value in (end, box)), ""]
    return go.Scatter(
        mode="lines+markers",
        name=f"P10 to P90: middle 80% of {of}",
        x=x,
        y=y,
        hovertext=text,
        hoverinfo="text",
        line={"color": DARK_GREY, "width": 2},
        marker={"symbol": "line-ns", "size": 12, "line": {"color": DARK_GREY, "width": 2}},
        cliponaxis=False,
        showlegend=True,
    )


def _middle_half(placed: Placed, axis: ScoreAxis, of: str) -> go.Bar:
    return go.Bar(
        orientation="h",
        name=f"Q1 to Q3: middle half of {of}",
        base=[place(spread.q1) for _, spread in placed],
        x=[place(spread.iqr) for _, spread in placed],
        y=[at for at, _ in placed],
        width=BOX_HEIGHT,
        hovertext=[f"Q1 {axis.write(spread.q1)} to Q3 {axis.write(spread.q3)}" for _, spread in placed],
        hoverinfo="text",
        marker={"color": TINT, "line": {"color": DARK_BLUE, "width": 2}},
        cliponaxis=False,
        showlegend=True,
    )


def _median(placed: Placed, axis: ScoreAxis, of: str) -> go.Scatter:
    marker = {
        "symbol": "line-ns",
        "size": MEDIAN_SIZE,
        "line": {"color": DARK_BLUE, "width": 5},
    }
    return dots(f"Median of {of}", [(at, spread.median) for at, spread in placed], axis, marker)
