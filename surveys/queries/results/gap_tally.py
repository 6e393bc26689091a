"""What is counted of the gap between two scores: how many systems lie where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from surveys.analysis.variation import Spread, spread
from surveys.charts.axis import ScoreAxis
from surveys.charts.paired_scores import PairedSquare
from surveys.queries.results.pairs import Both

SQUARES = 8
"""The plane of both scores is parted into so many rows, and as many columns."""


@dataclass(frozen=True)
class Tally:
    """Of some systems: how many have both scores, how many of these differences lie above and below zero.

    `medians` are those of the scores across and up. None, as `spread`, without any difference. `squares` are
    those with a system in them, from the bottom left; none unless they were asked for.
    """

    known: int
    above: int
    below: int
    spread: Spread | None
    medians: tuple[Decimal, Decimal] | None
    squares: tuple[PairedSquare, ...]


def tally(scores: Sequence[Both], axis: ScoreAxis, *, in_squares: bool) -> Tally:
    """Return what is counted of these systems' scores, which lie on the axis."""
    known = [
        (each.first, each.second, each.difference)
        for each in scores
        if each.first is not None and each.second is not None and each.difference is not None
    ]
    first, second, differences = zip(*known, strict=True) if known else ((), (), ())
    up, across = spread(first, len(scores)), spread(second, len(scores))
    return Tally(
        known=len(known),
        above=sum(each > 0 for each in differences),
        below=sum(each < 0 for each in differences),
        spread=spread(differences, len(scores)),
        medians=None if up is None or across is None else (across.median, up.median),
        squares=_squares(first, second, axis) if in_squares else (),
    )


def _squares(up: Sequence[Decimal], across: Sequence[Decimal], axis: ScoreAxis) -> tuple[PairedSquare, ...]:
    """Return how many lie in each square. What lies on a line belongs above it and to its right."""
    side = (axis.highest - axis.lowest) / SQUARES

    def at(value: Decimal) -> int:
        return min(max(int((value - axis.lowest) / side), 0), SQUARES - 1)

    def ends(number: int) -> tuple[Decimal, Decimal]:
        return axis.lowest + number * side, axis.lowest + (number + 1) * side

    counts = Counter((at(first), at(second)) for first, second in zip(up, across, strict=True))
    return tuple(
        PairedSquare((ends(row), ends(column)), count) for (row, column), count in sorted(counts.items())
    )
