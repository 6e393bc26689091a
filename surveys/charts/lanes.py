"""Lanes: one row of a chart each, its name written above its marks so that it fits a phone.

Positions are pixels from the top of the plot.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from typing import TypeVar

import plotly.graph_objects as go

from surveys.analysis.rounding import half_up
from surveys.charts.axis import ScoreAxis
from surveys.charts.plain_text import plain

LINE = 18
GAP = 10
CHARACTERS_A_LINE = 34
BOLD = 700

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Label:
    """What is written above a lane's marks: a group's ``heading``, the ``name``, and a line of ``detail``.

    Headings are bold; the name is when ``bold`` says so.
    """

    name: str
    detail: str = ""
    heading: str = ""
    bold: bool = True

    @property
    def paragraphs(self) -> list[tuple[list[str], bool]]:
        """The lines to write and whether they are bold, from top to bottom."""
        written = ((self.heading, True), (self.name, self.bold), (self.detail, False))
        return [(wrap(text, CHARACTERS_A_LINE), bold) for text, bold in written if text]


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of text, as people typed them, and the pixel at which the middle of them is."""

    lines: tuple[str, ...]
    centre: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where everything is: the texts, the middle of each lane's marks, and the height of all the lanes."""

    texts: tuple[Text, ...]
    mark_centres: tuple[float, ...]
    height: int


def lay_out(labels: Sequence[Label], mark_height: int) -> Lanes:
    """Return the lanes for ``labels`` from top to bottom, with room for marks ``mark_height`` pixels tall."""
    top = 0
    texts: list[Text] = []
    mark_centres: list[float] = []
    for label in labels:
        top += GAP if label.heading else 0
        for lines, bold in label.paragraphs:
            texts.append(Text(tuple(lines), top + LINE * len(lines) / 2, bold))
            top += LINE * len(lines)
        mark_centres.append(top + mark_height / 2)
        top += mark_height + GAP
    return Lanes(tuple(texts), tuple(mark_centres), top)


def label_traces(lanes: Lanes, axis: ScoreAxis) -> Iterator[go.Scatter]:
    """Yield the texts of the lanes, at the left edge of the plot: the bold ones, then the others.

    They are two traces because bold inside a text would be an inline style, which our Content-Security-Policy
    refuses.
    """
    for bold in (True, False):
        texts = [text for text in lanes.texts if text.bold is bold]
        if texts:
            yield go.Scatter(
                mode="text",
                x=[float(axis.lowest)] * len(texts),
                y=[text.centre for text in texts],
                text=["<br>".join(plain(line) for line in text.lines) for text in texts],
                textposition="middle right",
                textfont={"weight": BOLD} if bold else None,
                cliponaxis=False,
                hoverinfo="skip",
                showlegend=False,
            )


def placed(lanes: Lanes, values: Iterable[Value | None]) -> list[tuple[float, Value]]:
    """Return each of ``values`` that there is, one a lane in order, with the middle of its lane's marks.

    Raises ValueError when there are more or fewer values than lanes.
    """
    pairs = zip(lanes.mark_centres, values, strict=True)
    return [(at, value) for at, value in pairs if value is not None]


def place(value: Decimal) -> float:
    """Return where ``value`` is drawn: the float of its four decimal places, which JSON keeps short."""
    return float(half_up(value, 4))
