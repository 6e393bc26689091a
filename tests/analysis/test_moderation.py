"""How far final levels agree with the self-assessed ones."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.moderation import LevelAgreement, level_agreement

LEVEL = st.integers(1, 5)
PAIRS = st.lists(st.tuples(LEVEL, LEVEL), max_size=30)


def test_a_worked_example() -> None:
    """Of ten levels four are moderated: one stays, one goes up by one, two go down by one and by two."""
    found = level_agreement(10, [(3, 3), (2, 3), (4, 3), (5, 3)])
    assert found == LevelAgreement(levels=10, moderated=4, equal=1, difference=-2)
    assert (found.changed, found.equal_share, found.equal_share_of_moderated, found.mean_difference) == (
        3,
        Decimal(70),
        Decimal(25),
        Decimal("-0.5"),
    )


def test_nothing_moderated_agrees_and_has_no_difference() -> None:
    found = level_agreement(3, [])
    assert (found.equal_share, found.equal_share_of_moderated, found.mean_difference) == (
        Decimal(100),
        None,
        None,
    )


def test_without_levels_there_is_no_share() -> None:
    assert level_agreement(0, []).equal_share is None


def test_thirds_are_rounded_once() -> None:
    found = level_agreement(3, [(1, 2), (1, 1), (1, 1)])
    assert (found.equal_share, found.mean_difference) == (Decimal("66.6667"), Decimal("0.3333"))


def test_more_moderated_than_there_are_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"2 levels were moderated, of 1\."):
        level_agreement(1, [(1, 2), (1, 2)])


@given(pairs=PAIRS, untouched=st.integers(0, 20))
def test_properties(pairs: list[tuple[int, int]], untouched: int) -> None:
    """Shares lie within 0 and 100, levels that nobody moderated raise only the share of all, and swapping
    both sides turns the sign.
    """
    found = level_agreement(len(pairs) + untouched, pairs)
    swapped = level_agreement(len(pairs) + untouched, [(final, own) for own, final in pairs])
    assert found.difference == -swapped.difference
    assert (found.equal, found.changed) == (swapped.equal, swapped.changed)
    for share in (found.equal_share, found.equal_share_of_moderated):
        assert share is None or 0 <= share <= 100
    if found.equal_share is not None and found.equal_share_of_moderated is not None:
        assert found.equal_share >= found.equal_share_of_moderated
    if found.mean_difference is not None:
        assert -4 <= found.mean_difference <= 4
