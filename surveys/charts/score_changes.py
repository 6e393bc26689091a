"""Scores in two rounds as dumbbells: where each stood then and where it stands now, joined by a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from surveys.charts.axis import ScoreAxis
from surveys.charts.differences import signed
from surveys.charts.lanes import Label, Lanes, label_traces, lay_out, place
from surveys.charts.marks import dots
from surveys.charts.table import ChartTable
from surveys.charts.theme import DARK_BLUE, DARK_GREY, DARK_PINK, ORANGE, themed_figure

MARK_HEIGHT = 18
NOT_COMPARED = "not compared"


@dataclass(frozen=True, slots=True)
class Origin:
    """What something was made from, with its score then; shown as context and never joined to it."""

    name: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One system or dimension in two rounds.

    ``before`` and ``after`` are on the chart's axis, None where there is none. They are joined unless
    ``why_not`` says why they cannot be compared. ``count`` says what is behind the change.
    """

    name: str
    group: str
    before: Decimal | None
    after: Decimal | None
    count: str
    difference: Decimal | None = None
    why_not: str = ""
    mark: str = ""
    origins: tuple[Origin, ...] = ()

    @property
    def label(self) -> str:
        """The name, with the words that set it apart."""
        return f"{self.name} ({self.mark})" if self.mark else self.name

    @property
    def change(self) -> str:
        """The difference as people read it, or why there is none."""
        return self.why_not or NOT_COMPARED if self.difference is None else signed(self.difference)


@dataclass(frozen=True, slots=True)
class ScoreChanges:
    """Rows in the order given, between the rounds called ``then`` and ``now``.

    ``kind`` and ``grouping`` head the columns of names and of groups; without a grouping there are no groups.
    """

    title: str
    subtitle: str
    axis: ScoreAxis
    then: str
    now: str
    kind: str
    rows: tuple[ChangeRow, ...]
    grouping: str = ""
    counted: str = "Comparable questions"

    @property
    def table(self) -> ChartTable:
        """Both scores of each row and their difference, and what a system was made from."""
        group = (self.grouping,) if self.grouping else ()
        headers = (self.kind, *group, self.then, self.now, "Change", self.counted)
        return ChartTable(headers, tuple(self._cells(row) for row in self.rows))

    @property
    def notes(self) -> tuple[str, ...]:
        """What new systems were made from, as context."""
        return tuple(
            f"{row.name} starts a new line. Made from: "
            + "; ".join(f"{each.name} ({self.then}: {self.axis.write(each.score)})" for each in row.origins)
            + "."
            for row in self.rows
            if row.origins
        )

    def _cells(self, row: ChangeRow) -> tuple[str, ...]:
        group = (row.group,) if self.grouping else ()
        scores = ("" if value is None else self.axis.write(value) for value in (row.before, row.after))
        return (row.label, *group, *scores, row.change, row.count)


def score_changes(chart: ScoreChanges) -> go.Figure:
    """Return the figure: a ring for the score then, a dot for the score now, a line between them."""
    lanes = lay_out(_labels(chart), mark_height=MARK_HEIGHT)
    return themed_figure(
        [*_traces(chart, lanes), *label_traces(lanes, chart.axis)],
        chart.axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
    )


_THEN = {"symbol": "circle-open", "size": 13, "color": DARK_GREY, "line": {"width": 2}}
_NOW = {"symbol": "circle", "size": 12, "color": DARK_BLUE}
_OWN_NOW = {"symbol": "diamond", "size": 14, "color": DARK_PINK}
_ORIGIN = {"symbol": "square-open", "size": 11, "color": ORANGE, "line": {"width": 2}}


def _traces(chart: ScoreChanges, lanes: Lanes) -> list[Any]:
    rows = list(zip(lanes.mark_centres, chart.rows, strict=True))
    kinds = (
        (chart.then, [(at, row.before) for at, row in rows], _THEN),
        (chart.now, [(at, row.after) for at, row in rows if not row.mark], _NOW),
        (f"{chart.now}, your system", [(at, row.after) for at, row in rows if row.mark], _OWN_NOW),
        (f"Made from, {chart.then}", [(at, each.score) for at, row in rows for each in row.origins], _ORIGIN),
    )
    found = []
    for name, values, marker in kinds:
        known = [(at, value) for at, value in values if value is not None]
        if known:
            found.append(dots(name, known, chart.axis, marker))
    return [*_joins(rows), *found]


def _joins(rows: Sequence[tuple[float, ChangeRow]]) -> list[Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    for at, row in rows:
        if row.difference is not None and row.before is not None and row.after is not None:
            x += [place(row.before), place(row.after), None]
            y += [at, at, None]
    if not x:
        return []
    line = {"color": DARK_GREY, "width": 3}
    return [go.Scatter(mode="lines", x=x, y=y, line=line, hoverinfo="skip", showlegend=False)]


def _labels(chart: ScoreChanges) -> list[Label]:
    found, last = [], ""
    for row in chart.rows:
        heading = row.group if chart.grouping and row.group != last else ""
        last = row.group
        found.append(Label(row.label, detail=row.change, heading=heading, bold=bool(row.mark)))
    return found
