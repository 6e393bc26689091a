"""A few systems side by side: their marks on each dimension, over the spread of all systems."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from surveys.analysis.scores import Score
from surveys.analysis.variation import Spread
from surveys.charts.axis import ScoreAxis
from surveys.charts.lanes import Label, Lanes, label_traces, lay_out, placed
from surveys.charts.marks import MARK_HEIGHT, dots, spread_traces
from surveys.charts.table import NO_SCORE, ChartTable, written_score
from surveys.charts.theme import DARK_BLUE, DARK_GREY, DARK_PINK, ORANGE, TURQUOISE, themed_figure

_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "triangle-down", "star")
_COLOURS = (DARK_PINK, ORANGE, TURQUOISE, DARK_BLUE)

NAMED = len(_SYMBOLS) * len(_COLOURS) // 2
"""How many systems have a mark of their own; more would not be told apart, and share one."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One dimension: the ``scores`` of the systems in the chart's order, None for one that did not submit."""

    name: str
    spread: Spread | None
    scores: tuple[Score | None, ...]


@dataclass(frozen=True, slots=True)
class ComparedSystems:
    """``systems`` by name on each row; ``kind`` says what the rows are.

    The spread of all systems is left out where no row has it.
    """

    title: str
    subtitle: str
    axis: ScoreAxis
    systems: tuple[str, ...]
    rows: tuple[ComparedRow, ...]
    kind: str = "Dimension"

    @property
    def table(self) -> ChartTable:
        """The score of each system on each dimension, and the median of all systems."""
        national = ("Median of all systems",) if self.shows_nation else ()
        return ChartTable(
            (self.kind, *self.systems, *national), tuple(tuple(self._cells(row)) for row in self.rows)
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Which systems share a mark."""
        if len(self.systems) <= NAMED:
            return ()
        return (f"{len(self.systems)} systems cannot be told apart by their marks: the table names them.",)

    @property
    def shows_nation(self) -> bool:
        """Whether any row has the spread of all systems."""
        return any(row.spread is not None for row in self.rows)

    def _cells(self, row: ComparedRow) -> Iterator[str]:
        yield row.name
        yield from (written_score(score, self.axis) for score in row.scores)
        if self.shows_nation:
            yield NO_SCORE if row.spread is None else self.axis.write(row.spread.median)


def compared_systems(chart: ComparedSystems) -> go.Figure:
    """Return the figure: the spread of all systems, and one mark for each chosen system in each lane."""
    lanes = lay_out([_label(row, chart.axis) for row in chart.rows], mark_height=MARK_HEIGHT)
    spreads = placed(lanes, (row.spread for row in chart.rows))
    return themed_figure(
        [
            *spread_traces(spreads, chart.axis, of="all systems"),
            *_marks(chart, lanes),
            *label_traces(lanes, chart.axis),
        ],
        chart.axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
    )


def _marks(chart: ComparedSystems, lanes: Lanes) -> list[Any]:
    if len(chart.systems) > NAMED:
        values = [
            (at, value)
            for at, row in zip(lanes.mark_centres, chart.rows, strict=True)
            for score in row.scores
            if (value := _value(score)) is not None
        ]
        marker = {"symbol": "circle-open", "size": 11, "color": DARK_GREY, "line": {"width": 2}}
        return [dots("A chosen system", values, chart.axis, marker)] if values else []
    found = []
    for number, name in enumerate(chart.systems):
        values = placed(lanes, (_value(row.scores[number]) for row in chart.rows))
        if values:
            found.append(dots(name, values, chart.axis, _marker(number)))
    return found


def _marker(number: int) -> dict[str, Any]:
    return {
        "symbol": _SYMBOLS[number % len(_SYMBOLS)],
        "size": 13,
        "color": _COLOURS[(number + number // len(_SYMBOLS)) % len(_COLOURS)],
        "line": {"color": DARK_GREY, "width": 1},
    }


def _value(score: Score | None) -> Decimal | None:
    return None if score is None else score.value


def _label(row: ComparedRow, axis: ScoreAxis) -> Label:
    return Label(row.name, f"Median of all systems {axis.write(row.spread.median)}" if row.spread else "")
