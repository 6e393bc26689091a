"""A chart as the component figure.html takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from surveys.charts.burn_up import BurnUp, burn_up
from surveys.charts.compared_systems import ComparedSystems, compared_systems
from surveys.charts.decile_history import DecileHistory, decile_history
from surveys.charts.difference_strip import DifferenceStrip, difference_strip
from surveys.charts.dimension_spread import DimensionSpread, dimension_spread
from surveys.charts.level_counts import LevelCounts, level_counts
from surveys.charts.offer_balance import OfferBalance, offer_balance
from surveys.charts.option_counts import OptionCounts, option_counts
from surveys.charts.paired_scores import PairedScores, paired_scores
from surveys.charts.score_changes import ScoreChanges, score_changes
from surveys.charts.specification import figure_spec
from surveys.charts.split_parts import SplitParts, split_parts
from surveys.charts.system_profile import SystemProfile, system_profile
from surveys.charts.system_strips import SystemStrips, system_strips

Chart = (
    BurnUp
    | ComparedSystems
    | DecileHistory
    | DifferenceStrip
    | DimensionSpread
    | LevelCounts
    | OfferBalance
    | OptionCounts
    | PairedScores
    | ScoreChanges
    | SplitParts
    | SystemProfile
    | SystemStrips
)

WATERMARK = "Provisional"


@dataclass(frozen=True)
class Figure:
    """A chart, its Plotly specification, its id on the page, and where its figures can be downloaded."""

    id: str
    chart: Chart
    spec: dict[str, Any]
    csv_url: str


def figure(chart: Chart, *, id_: str, csv_url: str, provisional: bool = False) -> Figure:
    """Return the figure of a chart. A provisional one says so across the picture."""
    return Figure(id_, chart, _specification(chart, WATERMARK if provisional else ""), csv_url)


@lru_cache(maxsize=256)
def _specification(chart: Chart, watermark: str) -> dict[str, Any]:
    """Return the specification. What is drawn follows from the chart alone, so each is made once."""
    return figure_spec(_DRAWN_BY[type(chart)](chart), watermark)


_DRAWN_BY: dict[type[Any], Callable[[Any], Any]] = {
    BurnUp: burn_up,
    ComparedSystems: compared_systems,
    DecileHistory: decile_history,
    DifferenceStrip: difference_strip,
    DimensionSpread: dimension_spread,
    LevelCounts: level_counts,
    OfferBalance: offer_balance,
    OptionCounts: option_counts,
    PairedScores: paired_scores,
    ScoreChanges: score_changes,
    SplitParts: split_parts,
    SystemProfile: system_profile,
    SystemStrips: system_strips,
}
