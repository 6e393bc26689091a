"""The one look that every chart shares.

Colours are the categorical palette of the Government Analysis Function, each at least 3:1 against white.
Source: https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/
"""

from dataclasses import dataclass
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

# From low to high through a grey middle: told apart by lightness as well, never red against green.
_SHADES = ("#F46A25", "#FBC8AA", "#D8DDE0", "#9DB6CE", "#12436D")


@dataclass(frozen=True, slots=True)
class Shade:
    """A fill, and the colour of text on it with a contrast of at least 4.5:1."""

    fill: str
    text: str


def shades(steps: int) -> tuple[Shade, ...]:
    """Return fills for ``steps`` ordered levels, lowest first, that differ to either side of the middle."""
    return tuple(_shade(number / max(steps - 1, 1)) for number in range(steps))


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


def _shade(share: float) -> Shade:
    """Return the fill at ``share`` of the way, 0 to 1, from the lowest level to the highest."""
    at = share * (len(_SHADES) - 1)
    low = min(int(at), len(_SHADES) - 2)
    ends = (_channels(_SHADES[low]), _channels(_SHADES[low + 1]))
    mixed = [round(first + (second - first) * (at - low)) for first, second in zip(*ends, strict=True)]
    fill = "#" + "".join(f"{channel:02X}" for channel in mixed)
    return Shade(fill, max((TEXT, WHITE), key=lambda text: _contrast(fill, text)))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def _contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, relative luminance."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in _channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
