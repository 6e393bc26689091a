"""The axis a score is drawn on, and how a score on it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from surveys.analysis.rounding import half_up

SHOWN_PLACES = 1
"""Pages show scores at this many decimal places; they are kept at four."""


@dataclass(frozen=True, slots=True)
class ScoreAxis:
    """The whole scale a score can lie on, from ``lowest`` to ``highest``, never just the part in use.

    ``ticks`` are the values marked along it, ``title`` says what they mean, ``unit`` follows each written
    score ("" for levels, "%" for percentages).

    Raises ValueError when ``lowest`` is not below ``highest`` or a tick is outside them.
    """

    lowest: Decimal
    highest: Decimal
    ticks: tuple[Decimal, ...]
    title: str
    unit: str = ""

    def __post_init__(self) -> None:
        if self.lowest >= self.highest:
            raise ValueError(f"A scale cannot run from {self.lowest} to {self.highest}.")
        if any(not self.lowest <= tick <= self.highest for tick in self.ticks):
            raise ValueError(f"A tick lies outside the scale {self.lowest} to {self.highest}.")

    def write(self, value: Decimal) -> str:
        """Return ``value`` as people read it: one decimal place, a half rounded up, with the unit."""
        return f"{half_up(value, SHOWN_PLACES)}{self.unit}"

    def percent(self, value: Decimal) -> str:
        """Return where ``value`` lies between the ends, in percent from 0.00 to 100.00, as SVG takes it."""
        within = min(max(value, self.lowest), self.highest)
        return str(half_up(100 * (within - self.lowest) / (self.highest - self.lowest), 2))


def level_axis(levels: Sequence[tuple[int, str]]) -> ScoreAxis:
    """Return the axis of a scale of ``levels``, each a value and a name, in any order.

    Raises ValueError when there are fewer than two levels.
    """
    ordered = sorted(levels)
    if len(ordered) < 2:
        raise ValueError("A scale needs at least two levels to be drawn.")
    (lowest, first), (highest, last) = ordered[0], ordered[-1]
    return ScoreAxis(
        lowest=Decimal(lowest),
        highest=Decimal(highest),
        ticks=tuple(Decimal(value) for value, _ in ordered),
        title=f"Level, {lowest} ({first}) to {highest} ({last})",
    )


def percent_axis(title: str = "Percentage of possible points") -> ScoreAxis:
    """Return the axis of a points scale: 0 to 100 percent of the possible points."""
    return ScoreAxis(
        lowest=Decimal(0),
        highest=Decimal(100),
        ticks=tuple(Decimal(tick) for tick in (0, 25, 50, 75, 100)),
        title=title,
        unit="%",
    )
