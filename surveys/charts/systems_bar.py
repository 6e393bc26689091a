"""All systems on one dimension, one bar each, in the order given."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

import plotly.graph_objects as go

from surveys.analysis.scores import Score
from surveys.charts.axis import ScoreAxis
from surveys.charts.lanes import GAP, Label, label_traces, lay_out, place, placed
from surveys.charts.plain_text import plain
from surveys.charts.table import NO_SCORE, ChartTable, why_missing, written_count, written_score
from surveys.charts.theme import DARK_BLUE, DARK_PINK, ORANGE, themed_figure

BAR_HEIGHT = 16


@dataclass(frozen=True, slots=True)
class SystemBar:
    """One system's ``score`` on the chart's axis, None when it submitted nothing.

    ``mark`` sets the system apart, in words that are shown with its name: "your system". Empty for the rest.
    """

    name: str
    region: str
    score: Score | None
    mark: str = ""

    @property
    def label(self) -> str:
        """The name, with the words that set it apart."""
        return f"{self.name} ({self.mark})" if self.mark else self.name

    @property
    def value(self) -> Decimal | None:
        """The score's value, None when there is none to draw."""
        return None if self.score is None else self.score.value


@dataclass(frozen=True, slots=True)
class SystemsBar:
    """Systems in the order given, with the ``median`` of those that have a score (None when none has).

    ``title`` says what the chart shows; ``subtitle`` gives n of N, the round and the source. Regions are
    written as headings when the order keeps each of them together.
    """

    title: str
    subtitle: str
    axis: ScoreAxis
    rows: tuple[SystemBar, ...]
    median: Decimal | None = None

    @property
    def table(self) -> ChartTable:
        """What the chart draws: every system's score with n of N questions, and last the median."""
        systems = tuple(
            (row.label, row.region, written_score(row.score, self.axis), written_count(row.score))
            for row in self.rows
        )
        scored = sum(1 for row in self.rows if row.value is not None)
        last = (
            "Median",
            "All regions",
            NO_SCORE if self.median is None else self.axis.write(self.median),
            f"{scored} of {len(self.rows)} systems",
        )
        return ChartTable(("System", "Region", "Score", "Questions answered"), (*systems, last))

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence naming the systems without a bar, and why."""
        missing = [f"{row.name} ({why_missing(row.score)})" for row in self.rows if row.value is None]
        return (f"No bar for: {'; '.join(missing)}.",) if missing else ()


def systems_bar(chart: SystemsBar) -> go.Figure:
    """Return the figure: a bar for each system from the scale's lowest value to its score, and the median."""
    lanes = lay_out(_labels(chart), mark_height=BAR_HEIGHT)
    drawn = placed(lanes, map(_bar, chart.rows))
    median = [] if chart.median is None else [_median_line(chart.median, drawn, chart.axis)]
    return themed_figure(
        [_bars(drawn, chart.axis), _values(drawn, chart.axis), *median, *label_traces(lanes, chart.axis)],
        chart.axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
        room_at_right=52,
    )


def _labels(chart: SystemsBar) -> list[Label]:
    runs = [(region, list(rows)) for region, rows in groupby(chart.rows, key=lambda row: row.region)]
    grouped = 1 < len(runs) == len({region for region, _ in runs})
    return [
        Label(
            row.label,
            detail="" if row.value is not None else why_missing(row.score).capitalize(),
            heading=region if grouped and place_in_region == 0 else "",
            bold=bool(row.mark),
        )
        for region, rows in runs
        for place_in_region, row in enumerate(rows)
    ]


class _Bar(NamedTuple):
    label: str
    value: Decimal
    colour: str


_Drawn = list[tuple[float, _Bar]]


def _bar(row: SystemBar) -> _Bar | None:
    if row.value is None:
        return None
    return _Bar(row.label, row.value, DARK_PINK if row.mark else DARK_BLUE)


def _bars(drawn: _Drawn, axis: ScoreAxis) -> go.Bar:
    return go.Bar(
        orientation="h",
        base=float(axis.lowest),
        x=[place(bar.value - axis.lowest) for _, bar in drawn],
        y=[at for at, _ in drawn],
        width=BAR_HEIGHT,
        hovertext=[f"{plain(bar.label)} {axis.write(bar.value)}" for _, bar in drawn],
        hoverinfo="text",
        marker={"color": [bar.colour for _, bar in drawn]},
        cliponaxis=False,
        showlegend=False,
    )


def _values(drawn: _Drawn, axis: ScoreAxis) -> go.Scatter:
    """Return the scores as a column of figures at the right edge, where no bar or line crosses them."""
    return go.Scatter(
        mode="text",
        x=[float(axis.highest)] * len(drawn),
        y=[at for at, _ in drawn],
        text=[f" {axis.write(bar.value)}" for _, bar in drawn],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def _median_line(median: Decimal, drawn: _Drawn, axis: ScoreAxis) -> go.Scatter:
    """Return the median as a line across every bar that leaves the names above the bars free."""
    reach = (BAR_HEIGHT + GAP) / 2
    return go.Scatter(
        mode="lines",
        name=f"Median of systems: {axis.write(median)}",
        x=[place(median), place(median), None] * len(drawn),
        y=[y for at, _ in drawn for y in (at - reach, at + reach, None)],
        line={"color": ORANGE, "width": 3},
        hoverinfo="skip",
        showlegend=True,
    )
