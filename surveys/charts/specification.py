"""A figure as the JSON that the page's script draws."""

import json
from typing import Any

import plotly.graph_objects as go

from surveys.charts.plain_text import plain as plain_text

# plotly.js 4 offers to share a chart with its maker's cloud unless told not to; ours may not leave the page.
CONFIGURATION: dict[str, Any] = {
    "displayModeBar": False,
    "doubleClick": False,
    "responsive": True,
    "scrollZoom": False,
    "showAxisDragHandles": False,
    "showSendToCloud": False,
    "showTips": False,
}


WATERMARK_SIZE = 34
WATERMARK_COLOUR = "rgba(66, 85, 99, 0.22)"
"""Light enough to read the marks through it."""


def figure_spec(figure: go.Figure, watermark: str = "") -> dict[str, Any]:
    """Return ``figure`` as ``data``, ``layout`` and ``config`` for ``Plotly.newPlot``, of JSON types only.

    Any template is left out: without one plotly.js uses none. A ``watermark`` lies across the plot, also of a
    picture of it that has left the page.

    Raises TypeError when the figure holds what JSON cannot (an array, a Decimal, a date), and ValueError when
    it holds a number that is not finite.
    """
    plain = figure.to_plotly_json()
    plain["layout"].pop("template", None)
    if watermark:
        plain["layout"]["annotations"] = [*plain["layout"].get("annotations", ()), _watermark(watermark)]
    spec = {"data": plain["data"], "layout": plain["layout"], "config": CONFIGURATION}
    copied: dict[str, Any] = json.loads(json.dumps(spec, allow_nan=False))
    return copied


def _watermark(text: str) -> dict[str, Any]:
    return {
        "text": plain_text(text),
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "xanchor": "center",
        "yanchor": "middle",
        "showarrow": False,
        "textangle": -20,
        "font": {"size": WATERMARK_SIZE, "color": WATERMARK_COLOUR},
    }
