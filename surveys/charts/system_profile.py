"""One system's scores against the nation, its region and its own previous round."""

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
from surveys.charts.table import NO_SCORE, ChartTable, why_missing, written_count, written_score
from surveys.charts.theme import DARK_GREY, DARK_PINK, ORANGE, WHITE, themed_figure


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One dimension of a system's profile; every value is on the chart's axis.

    ``score``: the system's own, None when it submitted nothing. ``national``: the spread of all systems,
    this one included. ``region_median`` and ``previous``: None when there is none to show, for the previous
    round also when the two rounds cannot be compared. ``peer_median`` is of the systems most like this one.
    """

    name: str
    score: Score | None
    national: Spread | None
    region_median: Decimal | None = None
    previous: Decimal | None = None
    peer_median: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SystemProfile:
    """A system's dimensions in the order given.

    ``title`` says what the chart shows; ``subtitle`` gives n of N, the round and the source. ``system``,
    ``region`` and ``previous_round`` are the names to call them by; an empty region or previous round is
    left out of the chart, its key and its table, and so is the nation where no row has its spread.
    ``peers`` is what the systems most like this one are called together; empty for none.
    """

    title: str
    subtitle: str
    axis: ScoreAxis
    system: str
    rows: tuple[ProfileRow, ...]
    region: str = ""
    previous_round: str = ""
    peers: str = ""

    @property
    def table(self) -> ChartTable:
        """What the chart draws: the system's score, the national marks, its region's and its earlier one."""
        headers = [self.system, "Questions answered"]
        if self._shows_nation:
            headers += ["P10", "Q1", "National median", "Q3", "P90"]
        if self.region:
            headers.append(f"{self.region} median")
        if self.peers:
            headers.append(f"Median of {self.peers}")
        if self.previous_round:
            headers.append(f"{self.system}, {self.previous_round}")
        return ChartTable(("Dimension", *headers), tuple(tuple(self._cells(row)) for row in self.rows))

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each kind of mark that some dimensions lack, naming them."""
        scores = [f"{row.name} ({why_missing(row.score)})" for row in self.rows if _value(row) is None]
        national = [row.name for row in self.rows if self._shows_nation and row.national is None]
        region = [row.name for row in self.rows if self.region and row.region_median is None]
        previous = [row.name for row in self.rows if self.previous_round and row.previous is None]
        return tuple(
            f"No mark for {what}: {'; '.join(names)}."
            for what, names in (
                (self.system, scores),
                ("the national spread", national),
                (f"the {self.region} median", region),
                (self.previous_round, previous),
            )
            if names
        )

    @property
    def _shows_nation(self) -> bool:
        return any(row.national is not None for row in self.rows)

    def _cells(self, row: ProfileRow) -> Iterator[str]:
        yield from (row.name, written_score(row.score, self.axis), written_count(row.score))
        if self._shows_nation and row.national is None:
            yield from [NO_SCORE] * 5
        elif row.national is not None:
            yield from (self.axis.write(mark) for mark in _marks(row.national))
        if self.region:
            yield self._written(row.region_median)
        if self.peers:
            yield self._written(row.peer_median)
        if self.previous_round:
            yield self._written(row.previous)

    def _written(self, value: Decimal | None) -> str:
        return NO_SCORE if value is None else self.axis.write(value)


def system_profile(chart: SystemProfile) -> go.Figure:
    """Return the figure: the national spread, the system's own dot, its region's and its previous one."""
    lanes = lay_out([_label(row, chart.axis) for row in chart.rows], mark_height=MARK_HEIGHT)
    national = placed(lanes, (row.national for row in chart.rows))
    return themed_figure(
        [
            *spread_traces(national, chart.axis, of="systems"),
            *_dots(chart, lanes),
            *label_traces(lanes, chart.axis),
        ],
        chart.axis,
        title=chart.title,
        subtitle=chart.subtitle,
        height=lanes.height,
    )


# Told apart by shape as well as colour. The previous round is hollow and larger, so that an unchanged score
# shows as a ring round the dot.
_REGION = {"symbol": "diamond", "size": 13, "color": ORANGE, "line": {"color": DARK_GREY, "width": 1.5}}
_PEERS = {"symbol": "square-open", "size": 13, "color": DARK_GREY, "line": {"width": 2.5}}
_PREVIOUS = {"symbol": "circle-open", "size": 19, "color": DARK_PINK, "line": {"width": 3}}
_OWN = {"symbol": "circle", "size": 15, "color": DARK_PINK, "line": {"color": WHITE, "width": 1.5}}


def _dots(chart: SystemProfile, lanes: Lanes) -> list[Any]:
    kinds: list[tuple[str, list[tuple[float, Decimal]], dict[str, Any]]] = []
    if chart.region:
        medians = placed(lanes, (row.region_median for row in chart.rows))
        kinds.append((f"Median of {chart.region}", medians, _REGION))
    if chart.peers:
        peers = placed(lanes, (row.peer_median for row in chart.rows))
        kinds.append((f"Median of {chart.peers}", peers, _PEERS))
    if chart.previous_round:
        previous = placed(lanes, (row.previous for row in chart.rows))
        kinds.append((f"This system, {chart.previous_round}", previous, _PREVIOUS))
    kinds.append(("This system", placed(lanes, map(_value, chart.rows)), _OWN))
    return [dots(name, values, chart.axis, marker) for name, values, marker in kinds if values]


def _label(row: ProfileRow, axis: ScoreAxis) -> Label:
    national = f", national median {axis.write(row.national.median)}" if row.national else ""
    return Label(row.name, f"{written_score(row.score, axis).capitalize()}{national}")


def _value(row: ProfileRow) -> Decimal | None:
    return None if row.score is None else row.score.value


def _marks(spread: Spread) -> tuple[Decimal, ...]:
    return (spread.p10, spread.q1, spread.median, spread.q3, spread.p90)
