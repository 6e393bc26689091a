"""How many systems chose each level of a question, as bars that part at the middle of the scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import accumulate

import plotly.graph_objects as go

from surveys.analysis.rounding import half_up
from surveys.charts.axis import ScoreAxis
from surveys.charts.lanes import Label, label_traces, lay_out, place
from surveys.charts.plain_text import plain
from surveys.charts.table import ChartTable
from surveys.charts.theme import DARK_GREY, TEXT, shades, themed_figure

BAR_HEIGHT = 30
STEP = Decimal(50)
"""The axis ends at a multiple of this percentage on either side."""

SMALLEST_TEXT = 11


@dataclass(frozen=True, slots=True)
class LevelLane:
    """How many of ``of`` systems chose each level, in the order of the chart's levels, lowest first.

    ``agreement`` says in words how far they agree.
    """

    name: str
    counts: tuple[int, ...]
    of: int
    agreement: str

    @property
    def answered(self) -> int:
        """How many systems chose a level."""
        return sum(self.counts)

    @property
    def shares(self) -> tuple[Decimal, ...]:
        """Each count as a percentage of the systems that chose a level, 0 to 100; all 0 when none did."""
        return tuple(Decimal(100 * count) / max(self.answered, 1) for count in self.counts)


@dataclass(frozen=True, slots=True)
class LevelCounts:
    """Lanes of systems from top to bottom; ``levels`` are named from the lowest to the highest.

    ``title`` says what the chart shows; ``subtitle`` gives n of N, the round and the source.
    """

    title: str
    subtitle: str
    levels: tuple[str, ...]
    lanes: tuple[LevelLane, ...]

    @property
    def table(self) -> ChartTable:
        """What the chart draws: every count, how many systems answered, and how far they agree."""
        return ChartTable(
            ("Systems", *self.levels, "Systems that chose a level", "Agreement"),
            tuple(
                (
                    lane.name,
                    *(str(count) for count in lane.counts),
                    f"{lane.answered} of {lane.of}",
                    lane.agreement,
                )
                for lane in self.lanes
            ),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for what has no mark."""
        empty = [lane.name for lane in self.lanes if not lane.answered]
        return (f"No bar for: {'; '.join(empty)} (no system chose a level).",) if empty else ()


def level_counts(chart: LevelCounts) -> go.Figure:
    """Return the figure: for each lane a bar as long as 100 %, parted at the middle level.

    The middle of the scale is at zero, so bars that lie to the right stand for higher levels. The number in
    each part is the count.
    """
    labels = [
        Label(lane.name, f"{lane.answered} of {lane.of} systems. {lane.agreement}") for lane in chart.lanes
    ]
    lanes = lay_out(labels, mark_height=BAR_HEIGHT)
    drawn = [
        (at, lane, _starts(lane.shares))
        for at, lane in zip(lanes.mark_centres, chart.lanes, strict=True)
        if lane.answered
    ]
    axis = _axis([(starts[0], starts[-1]) for _, _, starts in drawn])
    figure = themed_figure(
        [
            *(_level(chart.levels, place_, drawn) for place_ in range(len(chart.levels))),
            *label_traces(lanes, axis),
        ],
        axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
    )
    figure.update_xaxes(ticktext=[f"{abs(tick)}%" for tick in axis.ticks], zeroline=True, zerolinecolor=TEXT)
    figure.update_layout(uniformtext={"minsize": SMALLEST_TEXT, "mode": "hide"})
    return figure


_Drawn = list[tuple[float, LevelLane, tuple[Decimal, ...]]]


def _level(levels: Sequence[str], number: int, drawn: _Drawn) -> go.Bar:
    """Return one level's part of every lane."""
    shade = shades(len(levels))[number]
    return go.Bar(
        orientation="h",
        name=plain(levels[number]),
        base=[place(starts[number]) for _, _, starts in drawn],
        x=[place(lane.shares[number]) for _, lane, _ in drawn],
        y=[at for at, _, _ in drawn],
        width=BAR_HEIGHT,
        text=[str(lane.counts[number]) if lane.counts[number] else "" for _, lane, _ in drawn],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={"color": shade.text},
        hovertext=[
            f"{plain(lane.name)}: {lane.counts[number]} of {lane.answered} systems, {plain(levels[number])}"
            f" ({half_up(lane.shares[number], 0)}%)"
            for _, lane, _ in drawn
        ],
        hoverinfo="text",
        marker={"color": shade.fill, "line": {"color": DARK_GREY, "width": 1}},
        cliponaxis=False,
        showlegend=True,
    )


def _starts(shares: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Return where each part begins, and last where the bar ends; the middle of the scale is at 0."""
    below = sum(shares[: len(shares) // 2], Decimal(0))
    middle = shares[len(shares) // 2] / 2 if len(shares) % 2 else Decimal(0)
    return tuple(accumulate(shares, initial=-below - middle))


def _axis(ends: Sequence[tuple[Decimal, Decimal]]) -> ScoreAxis:
    furthest = max((abs(end) for pair in ends for end in pair), default=STEP)
    limit = (furthest / STEP).to_integral_value(ROUND_CEILING) * STEP
    steps = int(2 * limit / STEP) + 1
    return ScoreAxis(
        lowest=-limit,
        highest=limit,
        ticks=tuple(-limit + STEP * number for number in range(steps)),
        title="Lower levels | % of systems | higher levels",
        unit="%",
    )
