"""Which figures a sentence states, and whether they stand in the table that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

_FIGURE: Final = re.compile(r"(?<![\w.])[+-]?\d[\d,]*(?:\.\d+)?(?!\w)")
CONSTANT: Final = ("middle 80%",)
"""Words with a figure in them that are the name of something."""


def figures_in(text: str, names: Collection[str] = ()) -> tuple[str, ...]:
    """Return the figures of a text in their order, without thousands separators, units and a plus sign.

    `names` of systems, regions, rounds or questions may hold figures, and are passed over.
    """
    for name in sorted({*names, *CONSTANT}, key=len, reverse=True):
        text = text.replace(name, " ")
    return tuple(found.replace(",", "").removeprefix("+") for found in _FIGURE.findall(text))


def without_a_place(
    sentences: Iterable[str], cells: Iterable[str], names: Collection[str] = ()
) -> tuple[str, ...]:
    """Return a fault for each figure of the sentences that stands in no cell, in their order."""
    known = {figure for cell in cells for figure in figures_in(cell, names)}
    return tuple(
        f"{figure} in “{sentence}” does not stand in its table."
        for sentence in sentences
        for figure in figures_in(sentence, names)
        if figure not in known
    )
