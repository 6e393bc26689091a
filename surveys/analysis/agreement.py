"""How far organisations agree on one question with ordered levels.

Every function takes ``counts``: how many organisations chose each level, in the order of the levels, zeros
included. All return None when nobody answered or when the question has too few levels for the measure.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from math import log2

WORDS = ((0.75, "strong agreement"), (0.5, "moderate agreement"), (0.25, "weak agreement"))
"""The least A for each description, strongest first."""

DIVIDED = -0.25
"""At this A or below, answers are called divided."""


def van_der_eijk(counts: Sequence[int]) -> float | None:
    """Return van der Eijk's agreement A: -1 is half at each end, 0 evenly spread, 1 all alike.

    The counts are peeled into layers, each a pattern of empty and non-empty levels. With S of K levels
    non-empty, U = ((K - 2)TU - (K - 1)TDU) / ((K - 2)(TU + TDU)), where over all ordered triples of the
    pattern TU counts 110 and 011, and TDU counts 101; the layer's agreement is U(1 - (S - 1)/(K - 1)), or 1
    when S = 1. A is the mean over layers, weighted by the answers in each.

    None when nobody answered or there are fewer than three levels, for which A is not defined.

    Source: van der Eijk (2001), Measuring agreement in ordered rating scales, Quality and Quantity 35(3).
    Raises ValueError when a count is negative.
    """
    total = _total(counts)
    if total == 0 or len(counts) < 3:
        return None
    weighted = sum((size * _layer_agreement(pattern) for size, pattern in _layers(counts)), Fraction())
    return float(weighted / total)


def consensus(counts: Sequence[int]) -> float | None:
    """Return Tastle and Wierman's consensus, from 0 (half at each end) to 1 (all alike).

    1 + sum of p_i log2(1 - |i - mean| / (K - 1)), over the levels i that somebody chose. None when nobody
    answered or there are fewer than two levels.

    Source: Tastle and Wierman (2007), Consensus and dissention, International Journal of Approximate
    Reasoning 45(3).
    Raises ValueError when a count is negative.
    """
    total = _total(counts)
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
    Raises ValueError when a count is negative.
    """
    if _total(counts) == 0 or len(counts) < 2:
        return None
    return float(sum(min(share, 1 - share) for share in _cumulative(counts)) * 2 / (len(counts) - 1))


def blair_lacy(counts: Sequence[int]) -> float | None:
    """Return Blair and Lacy's concentration l squared, from 0 (half at each end) to 1 (all alike).

    Sum of (F_i - 1/2) squared for every level but the highest, over (K - 1)/4, with F_i the share at level i
    or below. None when nobody answered or there are fewer than two levels.

    Source: Blair and Lacy (2000), Statistics of ordinal variation, Sociological Methods and Research 28(3).
    Raises ValueError when a count is negative.
    """
    if _total(counts) == 0 or len(counts) < 2:
        return None
    return float(sum((share - Fraction(1, 2)) ** 2 for share in _cumulative(counts)) * 4 / (len(counts) - 1))


def agreement_words(a: float | None) -> str:
    """Return van der Eijk's A in words, for the page.

    The literature has no accepted cut points, so ours are tied to answers a reader can picture on five
    levels: A is exactly 0.75, 0.5 or 0.25 when answers are shared equally by two, three or four neighbouring
    levels. From -0.25 down, answers gather at opposite ends.

    Raises ValueError when ``a`` is outside -1 to 1.
    """
    if a is None:
        return "not measured"
    if not -1 <= a <= 1:
        raise ValueError(f"Agreement is {a}; it must be from -1 to 1.")
    if a <= DIVIDED:
        return "divided"
    return next((words for least, words in WORDS if a >= least), "no clear agreement")


def _total(counts: Sequence[int]) -> int:
    if any(count < 0 for count in counts):
        raise ValueError(f"Counts of answers cannot be negative: {list(counts)}.")
    return sum(counts)


def _layers(counts: Sequence[int]) -> Iterator[tuple[int, tuple[bool, ...]]]:
    """Yield each layer as the number of answers in it and which levels it fills."""
    remaining = list(counts)
    while any(remaining):
        pattern = tuple(count > 0 for count in remaining)
        height = min(count for count in remaining if count > 0)
        yield height * sum(pattern), pattern
        remaining = [count - height if count > 0 else 0 for count in remaining]


def _layer_agreement(pattern: tuple[bool, ...]) -> Fraction:
    levels, filled = len(pattern), sum(pattern)
    if filled == 1:
        return Fraction(1)
    if filled == levels:
        return Fraction(0)
    triples = list(combinations(pattern, 3))
    together = triples.count((True, True, False)) + triples.count((False, True, True))
    apart = triples.count((True, False, True))
    unimodality = Fraction((levels - 2) * together - (levels - 1) * apart, (levels - 2) * (together + apart))
    return unimodality * (1 - Fraction(filled - 1, levels - 1))


def _cumulative(counts: Sequence[int]) -> list[Fraction]:
    """Return the share at or below each level but the highest, where it is always 1."""
    total, so_far, shares = sum(counts), 0, []
    for count in counts[:-1]:
        so_far += count
        shares.append(Fraction(so_far, total))
    return shares
