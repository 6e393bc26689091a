"""How far organisations agree on one question with ordered levels, as a number and in words."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

WORDS = ((0.75, "strong agreement"), (0.5, "moderate agreement"), (0.25, "weak agreement"))
"""The least A for each description, strongest first."""

DIVIDED = -0.25
"""At this A or below, answers are called divided."""


def van_der_eijk(counts: Sequence[int]) -> float | None:
    """Return van der Eijk's agreement A: -1 is half at each end, 0 evenly spread, 1 all alike.

    ``counts`` says how many organisations chose each level, in the order of the levels, zeros included. They
    are peeled into layers, each a pattern of empty and non-empty levels. With S of K levels non-empty,
    U = ((K - 2)TU - (K - 1)TDU) / ((K - 2)(TU + TDU)), where over all ordered triples of the pattern TU
    counts 110 and 011, and TDU counts 101; the layer's agreement is U(1 - (S - 1)/(K - 1)), or 1 when S = 1.
    A is the mean over layers, weighted by the answers in each.

    None when nobody answered or there are fewer than three levels, for which A is not defined.

    Source: van der Eijk (2001), Measuring agreement in ordered rating scales, Quality and Quantity 35(3).
    Raises ValueError when a count is negative.
    """
    if any(count < 0 for count in counts):
        raise ValueError(f"Counts of answers cannot be negative: {list(counts)}.")
    total = sum(counts)
    if total == 0 or len(counts) < 3:
        return None
    weighted = sum((size * _layer_agreement(pattern) for size, pattern in _layers(counts)), Fraction())
    return float(weighted / total)


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
