"""A figure as the JSON that the page's script draws."""

import json
from typing import Any

import plotly.graph_objects as go

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


def figure_spec(figure: go.Figure) -> dict[str, Any]:
    """Return ``figure`` as ``data``, ``layout`` and ``config`` for ``Plotly.newPlot``, of JSON types only.

    Any template is left out: without one plotly.js uses none.

    Raises TypeError when the figure holds what JSON cannot (an array, a Decimal, a date), and ValueError when
    it holds a number that is not finite.
    """
    plain = figure.to_plotly_json()
    plain["layout"].pop("template", None)
    spec = {"data": plain["data"], "layout": plain["layout"], "config": CONFIGURATION}
    copied: dict[str, Any] = json.loads(json.dumps(spec, allow_nan=False))
    return copied
