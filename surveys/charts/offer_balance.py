"""How many systems could use help on each dimension, beside how many offer it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from surveys.charts.axis import ScoreAxis
from surveys.charts.lanes import Label, Lanes, label_traces, lay_out
from surveys.charts.table import ChartTable
from surveys.charts.theme import DARK_BLUE, ORANGE, themed_figure

BAR_HEIGHT = 12
_TICKS = 5


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One dimension: how many of ``of`` systems with a score lie ``below`` the middle, how many ``offer``."""

    name: str
    below: int
    offer: int
    of: int


@dataclass(frozen=True, slots=True)
class OfferBalance:
    """Dimensions in the order given. ``below`` and ``offer`` say what the two bars count."""

    title: str
    subtitle: str
    below: str
    offer: str
    rows: tuple[BalanceRow, ...]

    @property
    def table(self) -> ChartTable:
        """Both counts of each dimension."""
        return ChartTable(
            ("Dimension", self.below, self.offer, "Systems with a score"),
            tuple((row.name, str(row.below), str(row.offer), str(row.of)) for row in self.rows),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Which dimensions nobody offers to help with, though some could use it."""
        alone = [row.name for row in self.rows if row.below and not row.offer]
        return (f"Nobody offers to share on: {'; '.join(alone)}.",) if alone else ()


def offer_balance(chart: OfferBalance) -> go.Figure:
    """Return the figure: two bars for each dimension, on one axis of systems."""
    labels = [Label(row.name, f"{row.below} below the middle, {row.offer} offering") for row in chart.rows]
    lanes = lay_out(labels, mark_height=2 * BAR_HEIGHT)
    axis = _axis(max((row.of for row in chart.rows), default=0))
    return themed_figure(
        [
            _bars(chart.below, [row.below for row in chart.rows], lanes, -BAR_HEIGHT / 2, ORANGE),
            _bars(chart.offer, [row.offer for row in chart.rows], lanes, BAR_HEIGHT / 2, DARK_BLUE),
            *label_traces(lanes, axis),
        ],
        axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
    )


def _axis(most: int) -> ScoreAxis:
    step = max(1, -(-most // _TICKS))
    highest = step * max(1, -(-most // step))
    ticks = tuple(Decimal(tick) for tick in range(0, highest + 1, step))
    return ScoreAxis(Decimal(0), Decimal(highest), ticks, title="Systems")


def _bars(name: str, counts: list[int], lanes: Lanes, shift: float, colour: str) -> Any:
    return go.Bar(
        orientation="h",
        name=name,
        x=counts,
        y=[at + shift for at in lanes.mark_centres],
        width=BAR_HEIGHT,
        hovertext=[f"{name}: {count}" for count in counts],
        hoverinfo="text",
        marker={"color": colour},
        showlegend=True,
    )
