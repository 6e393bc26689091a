"""The one look that every chart shares.

Colours are the categorical palette of the Government Analysis Function, each at least 3:1 against white.
Source: https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/
"""

from typing import Any

import plotly.graph_objects as go

from surveys.charts.axis import ScoreAxis
from surveys.charts.plain_text import plain

DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"
PALETTE = (DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE)

WHITE = "#FFFFFF"
TEXT = "#212B32"
# Both only ever sit behind or inside a mark that has its own outline, so they carry no meaning of their own.
TINT = "#DFE7EE"
GRID = "#D8DDE0"

FONT = {"family": "Arial, sans-serif", "size": 14, "color": TEXT}

LEGEND_LINE = 22
AXIS_HEIGHT = 62
EDGE = 12


def themed_figure(
    traces: list[Any], axis: ScoreAxis, *, title: str, subtitle: str, height: int, room_at_right: int = 20
) -> go.Figure:
    """Return ``traces`` as a figure in our look, ``height`` pixels tall without its key and its axis.

    The vertical axis counts pixels from the top, so text and marks keep their distance at every width. The
    width is the page's. The title stays out of the picture, because the page shows it as text, and travels
    in ``layout.meta``, already safe for Plotly to write, for the downloaded image.
    """
    keys = sum(1 for trace in traces if trace.showlegend is not False)
    above = keys * LEGEND_LINE + EDGE
    return go.Figure(
        data=traces,
        layout={
            "template": "none",
            "meta": {"title": plain(title), "subtitle": plain(subtitle)},
            "font": FONT,
            "paper_bgcolor": WHITE,
            "plot_bgcolor": WHITE,
            "autosize": True,
            "height": above + height + AXIS_HEIGHT,
            "margin": {"t": above, "b": AXIS_HEIGHT, "l": EDGE, "r": room_at_right, "pad": 0},
            "dragmode": False,
            "hovermode": "closest",
            "hoverlabel": {"bgcolor": WHITE, "bordercolor": TEXT, "font": FONT},
            "barmode": "overlay",
            "showlegend": keys > 0,
            "legend": _KEY,
            "xaxis": _score_axis(axis),
            "yaxis": {"range": [height, 0], "visible": False, "fixedrange": True},
        },
    )


# One entry a line: the key is then as tall on a phone as on a desk, and never pushes the plot about.
_KEY = {
    "orientation": "v",
    "x": 0,
    "xanchor": "left",
    "y": 1,
    "yanchor": "bottom",
    "itemclick": False,
    "itemdoubleclick": False,
    "traceorder": "normal",
}


def _score_axis(axis: ScoreAxis) -> dict[str, Any]:
    return {
        "range": [float(axis.lowest), float(axis.highest)],
        "tickvals": [float(tick) for tick in axis.ticks],
        "ticktext": [f"{tick}{axis.unit}" for tick in axis.ticks],
        "title": {"text": plain(axis.title), "standoff": 8, "font": {"size": FONT["size"]}},
        "gridcolor": GRID,
        "linecolor": TEXT,
        "showline": True,
        "ticks": "outside",
        "zeroline": False,
        "fixedrange": True,
    }
