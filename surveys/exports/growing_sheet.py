"""A worksheet whose rows are as tall as their texts, and grow with what people type."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

_LINE: Final = 13
_MARGIN: Final = 4
_TALLEST: Final = 405
_CHARACTERS_OF_A_WIDTH: Final = 1.15
"""How many characters of running text fit where a column is one figure wide."""


class GrowingSheet(Worksheet):  # type: ignore[misc]  # the package ships no types
    """A worksheet with rows of a height that the program which opens it goes on adjusting.

    xlsxwriter marks every height that it is given as set by hand; a row then keeps it when somebody types a
    long comment. Without any height some programs show one line of each row.
    """

    def __init__(self) -> None:
        super().__init__()
        self._growing: set[str] = set()

    def grow(self, row: int, texts: Iterable[tuple[str, float]]) -> None:
        """Make a row (from 0) as tall as the tallest text, each given with the width of its cell."""
        self.set_row(row, height_of(texts))
        self._growing.add(str(row + 1))

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        if tag == "row" and str(dict(attributes)["r"]) in self._growing:
            attributes = [pair for pair in attributes if pair[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)


def height_of(texts: Iterable[tuple[str, float]]) -> int:
    """Return the height in points of a row that shows each text in a cell of the given width, in figures."""
    lines = max((_lines(text, width) for text, width in texts), default=1)
    return min(lines * _LINE + _MARGIN, _TALLEST)


def _lines(text: str, width: float) -> int:
    most = math.floor(width * _CHARACTERS_OF_A_WIDTH)
    return sum(max(len(textwrap.wrap(line, most)), 1) for line in text.split("\n"))
