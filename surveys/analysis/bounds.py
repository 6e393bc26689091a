"""What a median could have been had everybody answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from surveys.analysis.quantiles import median


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and highest a median could be, in the unit of the values; lower <= upper."""

    lower: Decimal
    upper: Decimal


def median_bounds(values: Iterable[Decimal], of: int, lowest: Decimal, highest: Decimal) -> Bounds | None:
    """Return how low and how high the median could be once the missing answers are in.

    Each of the ``of`` participants without a value is given first the ``lowest`` and then the ``highest``
    value of the scale. Nothing is assumed about who did not answer, so the true median cannot lie outside.
    None when there are no participants.

    Source: worst-case bounds without assumptions, Manski (1989), Journal of Human Resources 24(3).
    Raises ValueError when there are more values than participants, the scale's ends are the wrong way
    round, or a value lies outside the scale.
    """
    known = sorted(values)
    missing = of - len(known)
    if missing < 0:
        raise ValueError(f"There are {len(known)} values but only {of} participants.")
    if lowest > highest:
        raise ValueError(f"The scale's lowest value {lowest} is above its highest {highest}.")
    if known and not lowest <= known[0] <= known[-1] <= highest:
        raise ValueError(f"Values from {known[0]} to {known[-1]} leave the scale {lowest} to {highest}.")
    if of == 0:
        return None
    return Bounds(lower=median(known + [lowest] * missing), upper=median(known + [highest] * missing))
