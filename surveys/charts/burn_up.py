"""A burn-up: the share of a round's systems that had submitted, day by day up to its closing and after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from surveys.analysis.rounding import half_up
from surveys.charts.axis import ScoreAxis
from surveys.charts.plain_text import plain
from surveys.charts.table import ChartTable
from surveys.charts.theme import DARK_BLUE, DARK_GREY, GRID, ORANGE, TEXT, themed_figure

HEIGHT = 300
WEEK = 7
LONGEST_TABLE = 26
"""The most weeks that the table goes back."""


@dataclass(frozen=True, slots=True)
class BurnUpLine:
    """One round: on which days before its closing day its systems first submitted.

    ``days`` has a number for each system that submitted, 0 for the closing day, negative before it and
    positive after. ``first`` is the day on which answering began and ``last`` the last that has come, today.
    """

    name: str
    systems: int
    days: tuple[int, ...]
    first: int
    last: int

    def submitted(self, day: int) -> int:
        """Return how many had submitted by the end of a day."""
        return sum(each <= day for each in self.days)

    def share(self, day: int) -> Decimal:
        """Return the same in percent of the systems, 0 to 100, at two decimal places."""
        return half_up(Decimal(100 * self.submitted(day)) / self.systems, 2)


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Lines on one axis of days, the round that is shown first. Each has at least one system."""

    title: str
    subtitle: str
    lines: tuple[BurnUpLine, ...]
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> ChartTable:
        """How many systems of each round had submitted, week by week before the closing day and after it."""
        return ChartTable(
            ("By the end of", *(line.name for line in self.lines)),
            tuple((day_in_words(day), *(_cell(line, day) for line in self.lines)) for day in self._marks),
        )

    @property
    def first(self) -> int:
        """The first day that is drawn."""
        return min(-1, *(line.first for line in self.lines))

    @property
    def last(self) -> int:
        """The last day that is drawn, the closing day or later."""
        return max(0, *(day for line in self.lines for day in line.days), 0)

    @property
    def _marks(self) -> Iterator[int]:
        """The days of the table: whole weeks before the closing day, the day before it, it, and the end."""
        weeks = min(-self.first // WEEK, LONGEST_TABLE)
        today = {self.lines[0].last} if self.lines[0].last < 0 else set()
        yield from sorted({*(-WEEK * week for week in range(weeks + 1)), *today, self.last})


def day_in_words(day: int) -> str:
    """Return a day counted from the closing day: "7 days before closing", "the closing day"."""
    if day == 0:
        return "the closing day"
    return f"{abs(day)} day{'s' * (abs(day) != 1)} {'before' if day < 0 else 'after'} closing"


def burn_up(chart: BurnUp) -> go.Figure:
    """Return the figure: a line of steps for each round, the first solid and the earlier ones dashed."""
    marks = _ticks(chart.first, chart.last)
    axis = ScoreAxis(Decimal(chart.first), Decimal(chart.last or 1), (), "Days before or after closing")
    figure = themed_figure(
        [_trace(line, chart.last, *look) for line, look in zip(chart.lines, _LOOKS, strict=False)],
        axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=HEIGHT,
    )
    figure.update_layout(
        xaxis={"tickvals": marks, "ticktext": [str(mark) if mark else "Closing" for mark in marks]},
        yaxis={
            "range": [0, 104],
            "visible": True,
            "tickvals": [0, 25, 50, 75, 100],
            "ticktext": ["0%", "25%", "50%", "75%", "100%"],
            "gridcolor": GRID,
            "linecolor": TEXT,
            "zeroline": False,
        },
        margin={"l": 52},
    )
    return figure


_LOOKS: tuple[tuple[str, str, int], ...] = (
    (DARK_BLUE, "solid", 4),
    (ORANGE, "dash", 3),
    (DARK_GREY, "dot", 3),
)


def _trace(line: BurnUpLine, end: int, colour: str, dash: str, width: int) -> Any:
    days = sorted({line.first, *line.days, min(line.last, end)})
    return go.Scatter(
        mode="lines",
        name=plain(line.name),
        x=days,
        y=[float(line.share(day)) for day in days],
        line={"color": colour, "dash": dash, "width": width, "shape": "hv"},
        hovertext=[f"{plain(line.name)}: {_cell(line, day)} by {day_in_words(day)}" for day in days],
        hoverinfo="text",
        cliponaxis=False,
        showlegend=True,
    )


def _cell(line: BurnUpLine, day: int) -> str:
    if day > line.last:
        return ""
    return f"{line.submitted(day)} of {line.systems} ({half_up(line.share(day), 0)}%)"


def _ticks(first: int, last: int) -> Sequence[int]:
    """Return at most seven whole weeks from the first day to the last, always with the closing day."""
    step = WEEK * max(1, -(-(last - first) // (WEEK * 6)))
    return [day for day in range(step * (first // step), last + 1, step) if day >= first]
