"""The table of systems by dimensions, each cell with its number and a link to the answers behind it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.urls import reverse

from surveys.charts.axis import ScoreAxis
from surveys.queries.results.measures import MeasureName, value_of
from surveys.queries.results.overview import Overview
from surveys.queries.results.released import System


@dataclass(frozen=True)
class HeatCell:
    """One score. `text` is the number as people read it, or why there is none, where `value` is None.

    `count` is n of N questions; `partial` when not every question was answered.
    """

    measure: str
    value: Decimal | None
    text: str
    count: str
    partial: bool
    url: str


@dataclass(frozen=True)
class HeatRow:
    """One system; without cells when it did not respond."""

    name: str
    url: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatRegion:
    """The systems of a region, by name."""

    name: str
    rows: tuple[HeatRow, ...]


def heat_table(page: Overview) -> tuple[HeatRegion, ...]:
    """Return the rows of the table, by region and then name."""
    return tuple(
        HeatRegion(name, tuple(_row(page, system) for system in systems))
        for name, systems in groupby(page.released.systems, key=lambda each: each.region_name)
    )


def _row(page: Overview, system: System) -> HeatRow:
    cells = (_cell(page.head.id, system, name, page.axis) for name in page.measures)
    return HeatRow(
        name=system.name,
        url=reverse("results_system", args=[page.head.id, system.assessment_id]),
        cells=tuple(cells) if system.responded else (),
    )


def _cell(release_id: int, system: System, name: MeasureName, axis: ScoreAxis) -> HeatCell:
    score = system.score(name.measure, name.code)
    value = value_of(score)
    answered, of = (score.answered, score.of) if score else (0, 0)
    missing = "withheld" if score and score.withheld else "nothing to score"
    return HeatCell(
        measure=name.name,
        value=value,
        text=missing if value is None else axis.write(value),
        count=f"{answered} of {of}",
        partial=answered < of,
        url=reverse("results_answers", args=[release_id, system.assessment_id, name.code]),
    )
