"""Whether one organisation's level lies far from those of its peers."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from surveys.analysis.quantiles import quantile

FENCE: Final = Decimal("1.5")
"""How many interquartile ranges beyond the quartiles the fences stand."""

FEWEST_PEERS: Final = 4
"""With fewer peers, quartiles say next to nothing."""

SMALLEST_DISTANCE: Final = 2
"""How many levels from the peers' median a level lies at least, to be called an outlier."""

FIRST_QUARTER, HALF, THIRD_QUARTER = Decimal("0.25"), Decimal("0.5"), Decimal("0.75")


@dataclass(frozen=True, slots=True)
class Outlier:
    """A level far from those of ``peers`` organisations with the median ``median``, in levels.

    ``distance`` is the level minus the median: above 0 when the level is higher.
    """

    median: Decimal
    distance: Decimal
    peers: int


def outlier(level: int, peers: Iterable[int | None]) -> Outlier | None:
    """Return how a level lies outside those of its peers; None when it does not.

    ``peers``: the levels of the other organisations, None where one has no level (not answered, withheld or
    not applicable): it plays no part. With q1 and q3 the quartiles of the rest, a level is an outlier when
    it is below q1 - 1.5 (q3 - q1) or above q3 + 1.5 (q3 - q1), and at least 2 levels from their median.
    Fewer than 4 levels make no outlier.

    Source: the inner fences are those of Tukey (1977), Exploratory Data Analysis, with quartiles of type 7.
    That the level must also be 2 from the median is our own rule: on a scale of five levels peers are often
    all alike, and then the fences alone would call the next level an outlier.
    """
    held = sorted(Decimal(each) for each in peers if each is not None)
    if len(held) < FEWEST_PEERS:
        return None
    q1, middle, q3 = (quantile(held, p) for p in (FIRST_QUARTER, HALF, THIRD_QUARTER))
    reach = FENCE * (q3 - q1)
    distance = level - middle
    if q1 - reach <= level <= q3 + reach or abs(distance) < SMALLEST_DISTANCE:
        return None
    return Outlier(middle, distance, len(held))
