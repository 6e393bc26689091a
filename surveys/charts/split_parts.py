"""How each system split a total into parts, as stacked bars, with the median of each part above them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, groupby

import plotly.graph_objects as go

from surveys.charts.axis import ScoreAxis
from surveys.charts.lanes import Label, label_traces, lay_out, place
from surveys.charts.plain_text import plain
from surveys.charts.table import ChartTable
from surveys.charts.theme import DARK_GREY, shades, themed_figure

BAR_HEIGHT = 18


@dataclass(frozen=True, slots=True)
class SplitLane:
    """One bar: the values of the chart's parts in order. ``heading`` stands above it, such as a region."""

    name: str
    values: tuple[Decimal, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class SplitParts:
    """Bars from top to bottom on an axis from 0 to the total of the split.

    ``title`` says what the chart shows; ``subtitle`` gives n of N, the round and the source.
    """

    title: str
    subtitle: str
    axis: ScoreAxis
    parts: tuple[str, ...]
    lanes: tuple[SplitLane, ...]

    @property
    def table(self) -> ChartTable:
        """What the chart draws."""
        return ChartTable(
            ("Systems", *self.parts),
            tuple((lane.name, *(self.axis.write(value) for value in lane.values)) for lane in self.lanes),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Why a bar of medians may not fill the axis."""
        return ("The medians of the parts need not add up to the whole.",)


def split_parts(chart: SplitParts) -> go.Figure:
    """Return the figure: a stacked bar for each lane."""
    headed = [next(same) for _, same in groupby(chart.lanes, key=lambda lane: lane.heading)]
    labels = [
        Label(lane.name, heading=lane.heading if lane in headed else "", bold=not lane.heading)
        for lane in chart.lanes
    ]
    lanes = lay_out(labels, mark_height=BAR_HEIGHT)
    drawn = [
        (at, lane, tuple(accumulate(lane.values, initial=Decimal(0))))
        for at, lane in zip(lanes.mark_centres, chart.lanes, strict=True)
    ]
    return themed_figure(
        [
            *(_part(chart, number, drawn) for number in range(len(chart.parts))),
            *label_traces(lanes, chart.axis),
        ],
        chart.axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
    )


_Drawn = Sequence[tuple[float, SplitLane, tuple[Decimal, ...]]]


def _part(chart: SplitParts, number: int, drawn: _Drawn) -> go.Bar:
    name = plain(chart.parts[number])
    return go.Bar(
        orientation="h",
        name=name,
        base=[place(starts[number]) for _, _, starts in drawn],
        x=[place(lane.values[number]) for _, lane, _ in drawn],
        y=[at for at, _, _ in drawn],
        width=BAR_HEIGHT,
        hovertext=[
            f"{plain(lane.name)}: {name} {chart.axis.write(lane.values[number])}" for _, lane, _ in drawn
        ],
        hoverinfo="text",
        marker={"color": shades(len(chart.parts))[number].fill, "line": {"color": DARK_GREY, "width": 1}},
        cliponaxis=False,
        showlegend=True,
    )
