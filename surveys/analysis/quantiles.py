"""Quantiles, in the definition that PostgreSQL and most statistics software use by default."""

from collections.abc import Iterable
from decimal import Decimal
from math import floor

HALF = Decimal("0.5")
TENTHS = tuple(Decimal(tenth) / 10 for tenth in range(1, 10))


def quantile(values: Iterable[Decimal], p: Decimal) -> Decimal:
    """Return the ``p`` quantile (p from 0 to 1) of ``values``, in their unit, by type 7 of Hyndman and Fan.

    With the n values sorted from x0, h = (n - 1)p and the result lies linearly between the two values
    around position h. This is PostgreSQL's ``percentile_cont`` and NumPy's default. The result is exact,
    not rounded.

    Source: Hyndman and Fan (1996), Sample quantiles in statistical packages, The American Statistician 50(4).
    Raises ValueError when there are no values or ``p`` is outside 0 to 1.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"The quantile {p} was asked for; it must be from 0 to 1.")
    ordered = sorted(values)
    if not ordered:
        raise ValueError("A quantile needs at least one value.")
    position = (len(ordered) - 1) * p
    below = floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def median(values: Iterable[Decimal]) -> Decimal:
    """Return the middle of ``values``, in their unit: the quantile at one half.

    Raises ValueError when there are no values.
    """
    return quantile(values, HALF)


def deciles(values: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """Return the nine values that part ``values`` into tenths, the lowest first, in their unit.

    They are the quantiles at 0.1, 0.2 and so on to 0.9. Raises ValueError when there are no values.
    """
    ordered = sorted(values)
    return tuple(quantile(ordered, tenth) for tenth in TENTHS)
