"""Other measures of agreement, worked out in tests alone, to check the direction of van der Eijk's A.

Every function takes ``counts``: how many organisations chose each level, in the order of the levels, zeros
included. All return None when nobody answered or there are fewer than two levels.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import log2


def consensus(counts: Sequence[int]) -> float | None:
    """Return Tastle and Wierman's consensus, from 0 (half at each end) to 1 (all alike).

    1 + sum of p_i log2(1 - |i - mean| / (K - 1)), over the levels i that somebody chose. None when nobody
    answered or there are fewer than two levels.

    Source: Tastle and Wierman (2007), Consensus and dissention, International Journal of Approximate
    Reasoning 45(3).
    """
    total = sum(counts)
    width = len(counts) - 1
    if total == 0 or width < 1:
        return None
    mean = Fraction(sum(level * count for level, count in enumerate(counts)), total)
    return 1 + sum(
        count / total * log2(1 - abs(level - mean) / width) for level, count in enumerate(counts) if count
    )


def leik(counts: Sequence[int]) -> float | None:
    """Return Leik's dispersion D, from 0 (all alike) to 1 (half at each end).

    Sum of min(F_i, 1 - F_i), over (K - 1)/2, with F_i the share at level i or below. None when nobody
    answered or there are fewer than two levels.

    Source: Leik (1966), A measure of ordinal consensus, Pacific Sociological Review 9(2).
    """
    if sum(counts) == 0 or len(counts) < 2:
        return None
    return float(sum(min(share, 1 - share) for share in _cumulative(counts)) * 2 / (len(counts) - 1))


def blair_lacy(counts: Sequence[int]) -> float | None:
    """Return Blair and Lacy's concentration l squared, from 0 (half at each end) to 1 (all alike).

    Sum of (F_i - 1/2) squared for every level but the highest, over (K - 1)/4, with F_i the share at level i
    or below. None when nobody answered or there are fewer than two levels.

    Source: Blair and Lacy (2000), Statistics of ordinal variation, Sociological Methods and Research 28(3).
    """
    if sum(counts) == 0 or len(counts) < 2:
        return None
    return float(sum((share - Fraction(1, 2)) ** 2 for share in _cumulative(counts)) * 4 / (len(counts) - 1))


def _cumulative(counts: Sequence[int]) -> list[Fraction]:
    """Return the share at or below each level but the highest, where it is always 1."""
    total, so_far, shares = sum(counts), 0, []
    for count in counts[:-1]:
        so_far += count
        shares.append(Fraction(so_far, total))
    return shares
