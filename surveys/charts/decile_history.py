"""How the scores of all systems moved round by round: a line for each decile, broken where it must be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from typing import Any, Final

import plotly.graph_objects as go

from surveys.charts.axis import ScoreAxis
from surveys.charts.lanes import place
from surveys.charts.plain_text import plain
from surveys.charts.table import NO_SCORE, ChartTable
from surveys.charts.theme import DARK_BLUE, DARK_GREY, DARK_PINK, GRID, TEXT, WHITE, themed_figure

NAMES: Final = ("P10", "P20", "P30", "P40", "Median", "P60", "P70", "P80", "P90")
"""What the nine deciles are called, the lowest first."""

MEDIAN: Final = NAMES.index("Median")
OUTER: Final = (0, len(NAMES) - 1)

PLOT_HEIGHT = 360
_TITLE_LENGTH = 12
_ROOM_AT_LEFT = 44
_ROOM_AT_RIGHT = 62
_LABELS_APART = 20
"""Of how many labels on top of each other the axis has the height."""


@dataclass(frozen=True, slots=True)
class DecileRound:
    """One round: the nine ``deciles`` of the ``n`` systems with a score of ``of``; none without any score.

    ``broken`` says what changed since the round before, so that the lines may not run on; empty for nothing.
    """

    name: str
    deciles: tuple[Decimal, ...]
    n: int
    of: int
    broken: str = ""


@dataclass(frozen=True, slots=True)
class DecileHistory:
    """The deciles of every round, the oldest first.

    ``title`` says what the chart shows; ``subtitle`` gives the rounds and the source.
    """

    title: str
    subtitle: str
    axis: ScoreAxis
    rounds: tuple[DecileRound, ...]

    @property
    def table(self) -> ChartTable:
        """What the chart draws: the deciles of each round, n of N systems, and where the lines break."""
        return ChartTable(
            headers=("Round", "Systems with a score", *NAMES, "Break before it"),
            rows=tuple(
                (
                    each.name,
                    f"{each.n} of {each.of}",
                    *([self.axis.write(value) for value in each.deciles] or [NO_SCORE] * len(NAMES)),
                    each.broken or "none",
                )
                for each in self.rounds
            ),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What the scale is, why lines are broken, and which round has nothing to draw."""
        breaks = [f"Break before {each.name}: {each.broken}." for each in self.rounds if each.broken]
        empty = [f"{each.name}: no system has a score." for each in self.rounds if not each.deciles]
        return (f"{self.axis.title}.", *breaks, *empty)


def decile_history(chart: DecileHistory) -> go.Figure:
    """Return the figure: a line for each decile from round to round, with a gap at each break."""
    others = [place_ for place_ in range(len(NAMES)) if place_ not in {MEDIAN, *OUTER}]
    traces = [
        _lines(chart, others, "P20, P30, P40, P60, P70 and P80", DARK_GREY, 1, "circle", 4),
        _lines(chart, OUTER, "P10 and P90: the middle 80% lies between", DARK_PINK, 2, "square", 8),
        _lines(chart, (MEDIAN,), "Median", DARK_BLUE, 4, "diamond", 11),
        _ends(chart),
    ]
    figure = themed_figure(
        traces,
        chart.axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=PLOT_HEIGHT,
        room_at_right=_ROOM_AT_RIGHT,
    )
    figure.update_layout(
        xaxis=_rounds(chart),
        yaxis=_upwards(chart.axis),
        margin={"l": _ROOM_AT_LEFT, "b": 90},
        shapes=[_break(number) for number, each in enumerate(chart.rounds) if each.broken],
    )
    return figure


def _runs(rounds: Sequence[DecileRound]) -> Iterator[list[int]]:
    """Yield the places of rounds that one line may run through."""
    run: list[int] = []
    for number, each in enumerate(rounds):
        if run and (each.broken or not each.deciles):
            yield run
            run = []
        if each.deciles:
            run.append(number)
    if run:
        yield run


def _lines(
    chart: DecileHistory,
    deciles: Sequence[int],
    name: str,
    colour: str,
    width: int,
    symbol: str,
    size: int,
) -> go.Scatter:
    x: list[int | None] = []
    y: list[float | None] = []
    text: list[str] = []
    for decile in deciles:
        for run in _runs(chart.rounds):
            values = [chart.rounds[number].deciles[decile] for number in run]
            x += [*run, None]
            y += [*map(place, values), None]
            text += [
                *(
                    f"{plain(chart.rounds[number].name)}: {NAMES[decile]} {chart.axis.write(value)}"
                    for number, value in zip(run, values, strict=True)
                ),
                "",
            ]
    return go.Scatter(
        mode="lines+markers",
        name=name,
        x=x,
        y=y,
        hovertext=text,
        hoverinfo="text",
        line={"color": colour, "width": width},
        marker={"symbol": symbol, "size": size, "color": colour, "line": {"color": WHITE, "width": 1}},
        cliponaxis=False,
        showlegend=True,
    )


def _ends(chart: DecileHistory) -> go.Scatter:
    """Return the names of three lines beside where they end, but for those that end beside the median."""
    last = max((number for number, each in enumerate(chart.rounds) if each.deciles), default=0)
    ends = chart.rounds[last].deciles if chart.rounds else ()
    near = (chart.axis.highest - chart.axis.lowest) / _LABELS_APART
    drawn = [
        decile
        for decile in (OUTER[0], MEDIAN, OUTER[1])
        if ends and (decile == MEDIAN or abs(ends[decile] - ends[MEDIAN]) >= near)
    ]
    return go.Scatter(
        mode="text",
        x=[last for _ in drawn],
        y=[place(ends[decile]) for decile in drawn],
        text=[f"  {NAMES[decile]}" for decile in drawn],
        textposition="middle right",
        textfont={"size": 12},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def _break(number: int) -> dict[str, Any]:
    """Return the dashed line between a round and the one before it."""
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": number - 0.5,
        "x1": number - 0.5,
        "y0": 0,
        "y1": 1,
        "line": {"color": TEXT, "width": 2, "dash": "dash"},
        "label": {"text": "break", "textposition": "end", "textangle": 0, "font": {"size": 12}},
    }


def _rounds(chart: DecileHistory) -> dict[str, Any]:
    return {
        "range": [-0.3, len(chart.rounds) - 0.7],
        "tickvals": list(range(len(chart.rounds))),
        "ticktext": ["<br>".join(map(plain, wrap(each.name, _TITLE_LENGTH))) for each in chart.rounds],
        "tickfont": {"size": 12},
        "title": {"text": ""},
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
    }


def _upwards(axis: ScoreAxis) -> dict[str, Any]:
    return {
        "visible": True,
        "range": [float(axis.lowest), float(axis.highest)],
        "tickvals": [float(tick) for tick in axis.ticks],
        "ticktext": [f"{tick}{axis.unit}" for tick in axis.ticks],
        "gridcolor": GRID,
        "linecolor": TEXT,
        "showline": True,
        "ticks": "outside",
        "zeroline": False,
        "fixedrange": True,
    }
