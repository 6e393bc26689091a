"""The table of systems by dimensions, each cell with its number and a link to the answers behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.urls import reverse

from surveys.analysis.scores import Score
from surveys.charts.axis import ScoreAxis
from surveys.queries.results.measures import MeasureName, value_of
from surveys.queries.results.overview import Overview, SystemScores

HEAT_STEPS = 7


@dataclass(frozen=True)
class HeatCell:
    """One score as the component heat_cell.html takes it: the number as people read it, and its step.

    `reason` says why there is none instead. `label` is what the link says to those who do not see the table,
    `count` n of N questions where not every question was answered.
    """

    label: str
    url: str
    value: str = ""
    step: int = 0
    reason: str = ""
    count: str = ""


@dataclass(frozen=True)
class HeatRow:
    """One system; without cells when it did not respond. `region` where the rows do not stand by region.

    `middle` is the median of its scores, empty without one.
    """

    name: str
    url: str
    region: str
    middle: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatGroup:
    """Rows under a heading: the systems of a region, or all of them without one."""

    name: str
    rows: tuple[HeatRow, ...]


def heat_table(page: Overview, lines: Iterable[SystemScores]) -> tuple[HeatGroup, ...]:
    """Return the rows of the table for some of the page's systems, in its order."""
    if not page.by_region:
        return (HeatGroup("", _rows(page, lines)),)
    return tuple(
        HeatGroup(name, _rows(page, systems))
        for name, systems in groupby(lines, key=lambda each: each.system.region_name)
    )


def heat_step(value: Decimal, axis: ScoreAxis) -> int:
    """Return the step, 1 to 7, that a score falls in when its axis is cut in equal parts.

    A score on a cut belongs to the step above it, and the highest score to the last step.
    """
    within = min(max(value, axis.lowest), axis.highest)
    return min(int(HEAT_STEPS * (within - axis.lowest) / (axis.highest - axis.lowest)) + 1, HEAT_STEPS)


def heat_cell(page: Overview, line: SystemScores, name: MeasureName, score: Score | None) -> HeatCell:
    """Return the cell of a system's score; without a response there are no answers to lead to."""
    label = f"{line.system.name}, {name.name}"
    if score is None:
        return HeatCell(label, "", reason="not submitted")
    url = reverse("results_answers", args=[page.head.id, line.system.assessment_id, name.code])
    value = value_of(score)
    count = f"{score.answered} of {score.of}" if score.answered < score.of or value is None else ""
    if value is None:
        return HeatCell(label, url, reason="withheld" if score.withheld else "nothing to score", count=count)
    return HeatCell(label, url, page.axis.write(value), heat_step(value, page.axis), count=count)


def _rows(page: Overview, lines: Iterable[SystemScores]) -> tuple[HeatRow, ...]:
    return tuple(_row(page, line) for line in lines)


def _row(page: Overview, line: SystemScores) -> HeatRow:
    cells = (
        heat_cell(page, line, name, score) for name, score in zip(page.measures, line.scores, strict=True)
    )
    return HeatRow(
        name=line.system.name,
        url=reverse("results_system", args=[page.head.id, line.system.assessment_id]),
        region="" if page.by_region else line.system.region_name,
        middle="" if line.median is None else page.axis.write(line.median),
        cells=tuple(cells) if line.system.responded else (),
    )
