"""How many systems chose each option of a question, the most chosen first."""

from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go

from surveys.charts.axis import ScoreAxis
from surveys.charts.lanes import Label, label_traces, lay_out, place
from surveys.charts.plain_text import plain
from surveys.charts.table import ChartTable
from surveys.charts.theme import DARK_BLUE, themed_figure

BAR_HEIGHT = 16


@dataclass(frozen=True, slots=True)
class OptionCount:
    """One option, and how many systems chose it: in all, and in each of the chart's regions in order."""

    name: str
    count: int
    by_region: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionCounts:
    """Options in the order given, of ``answered`` systems that answered.

    ``title`` says what the chart shows; ``subtitle`` gives n of N, the round and the source.
    """

    title: str
    subtitle: str
    answered: int
    regions: tuple[str, ...]
    rows: tuple[OptionCount, ...]

    @property
    def table(self) -> ChartTable:
        """What the chart draws, and the counts in each region."""
        return ChartTable(
            ("Option", "Systems that chose it", *self.regions),
            tuple(
                (row.name, f"{row.count} of {self.answered}", *(str(count) for count in row.by_region))
                for row in self.rows
            ),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing is left out: an option that nobody chose has a bar without length and its number."""
        return ()


def option_counts(chart: OptionCounts) -> go.Figure:
    """Return the figure: a bar for each option, as long as the number of systems that chose it."""
    lanes = lay_out([Label(row.name, bold=False) for row in chart.rows], mark_height=BAR_HEIGHT)
    drawn = list(zip(lanes.mark_centres, chart.rows, strict=True))
    axis = _axis(chart.answered)
    bars = go.Bar(
        orientation="h",
        base=0,
        x=[row.count for _, row in drawn],
        y=[at for at, _ in drawn],
        width=BAR_HEIGHT,
        hovertext=[f"{plain(row.name)}: {row.count} of {chart.answered} systems" for _, row in drawn],
        hoverinfo="text",
        marker={"color": DARK_BLUE},
        cliponaxis=False,
        showlegend=False,
    )
    values = go.Scatter(
        mode="text",
        x=[place(axis.highest)] * len(drawn),
        y=[at for at, _ in drawn],
        text=[f" {row.count}" for _, row in drawn],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    return themed_figure(
        [bars, values, *label_traces(lanes, axis)],
        axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
        room_at_right=44,
    )


def _axis(answered: int) -> ScoreAxis:
    """Return the axis from no system to all that answered, with a tick at each quarter that is whole."""
    highest = max(answered, 1)
    step = max(highest // 4, 1)
    ticks = sorted({*range(0, highest - step // 2, step), highest})
    return ScoreAxis(
        lowest=Decimal(0),
        highest=Decimal(highest),
        ticks=tuple(Decimal(tick) for tick in ticks),
        title="Systems that chose the option",
    )
