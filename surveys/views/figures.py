"""A chart as the component figure.html takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from surveys.charts.dimension_spread import DimensionSpread, dimension_spread
from surveys.charts.specification import figure_spec
from surveys.charts.system_profile import SystemProfile, system_profile
from surveys.charts.systems_bar import SystemsBar, systems_bar

Chart = DimensionSpread | SystemProfile | SystemsBar


@dataclass(frozen=True)
class Figure:
    """A chart, its Plotly specification, its id on the page, and where its figures can be downloaded."""

    id: str
    chart: Chart
    spec: dict[str, Any]
    csv_url: str


def figure(chart: Chart, *, id_: str, csv_url: str) -> Figure:
    """Return the figure of a chart."""
    return Figure(id_, chart, _specification(chart), csv_url)


def _specification(chart: Chart) -> dict[str, Any]:
    match chart:
        case DimensionSpread():
            return figure_spec(dimension_spread(chart))
        case SystemProfile():
            return figure_spec(system_profile(chart))
        case SystemsBar():
            return figure_spec(systems_bar(chart))
