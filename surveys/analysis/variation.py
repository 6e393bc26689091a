"""How far organisations differ on one score."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from surveys.analysis.quantiles import median, quantile


@dataclass(frozen=True, slots=True)
class Spread:
    """Where ``n`` scores of ``of`` participants lie, in the unit of the scores (levels or percent).

    ``p10`` and ``p90`` hold the middle 80 % between them, ``q1`` and ``q3`` the middle half.
    """

    n: int
    of: int
    minimum: Decimal
    p10: Decimal
    q1: Decimal
    median: Decimal
    q3: Decimal
    p90: Decimal
    maximum: Decimal

    @property
    def iqr(self) -> Decimal:
        """The interquartile range q3 - q1: the width of the middle half. 0 or more, in the scores' unit."""
        return self.q3 - self.q1

    @property
    def p90_p10(self) -> Decimal:
        """p90 - p10: the width of the middle 80 %. 0 or more, in the scores' unit."""
        return self.p90 - self.p10


def spread(values: Iterable[Decimal], of: int) -> Spread | None:
    """Return the spread of ``values``, one for each participant with a score, or None when there are none.

    ``of`` is how many participants there are, with a score or without. Quantiles are type 7, exact.

    Raises ValueError when there are more values than participants.
    """
    ordered = sorted(values)
    if len(ordered) > of:
        raise ValueError(f"There are {len(ordered)} scores but only {of} participants.")
    if not ordered:
        return None
    return Spread(
        n=len(ordered),
        of=of,
        minimum=ordered[0],
        p10=quantile(ordered, Decimal("0.1")),
        q1=quantile(ordered, Decimal("0.25")),
        median=median(ordered),
        q3=quantile(ordered, Decimal("0.75")),
        p90=quantile(ordered, Decimal("0.9")),
        maximum=ordered[-1],
    )
