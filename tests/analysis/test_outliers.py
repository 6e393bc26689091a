import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.outliers import FEWEST_PEERS, SMALLEST_DISTANCE, Outlier, outlier

LEVELS = st.integers(min_value=1, max_value=5)
PEERS = st.lists(LEVELS | st.none(), max_size=42)


@pytest.mark.parametrize(
    ("level", "peers", "expected"),
    [
        # All alike: the fences stand at 3, and 4 is only one level away.
        (4, [3, 3, 3, 3, 3], None),
        (5, [3, 3, 3, 3, 3], Outlier(Decimal(3), Decimal(2), 5)),
        (1, [3, 3, 3, 3, 3], Outlier(Decimal(3), Decimal(-2), 5)),
        # Quartiles 2 and 3: the fences stand at 0.5 and 4.5.
        (5, [1, 2, 2, 3, 3], Outlier(Decimal(2), Decimal(3), 5)),
        (4, [1, 2, 2, 3, 3], None),
        # Quartiles 1.75 and 3.25, median 2.5: the upper fence stands at 5.5.
        (5, [1, 2, 3, 4], None),
        # Quartiles 2 and 2.25, median 2: the upper fence stands at 2.625.
        (4, [2, 2, 2, 3], Outlier(Decimal(2), Decimal(2), 4)),
    ],
)
def test_a_level_beyond_the_fences_and_two_from_the_median_is_an_outlier(
    level: int, peers: list[int], expected: Outlier | None
) -> None:
    assert outlier(level, peers) == expected


def test_too_few_peers_make_no_outlier() -> None:
    assert outlier(5, [1, 1, 1]) is None
    assert outlier(5, []) is None


def test_peers_without_a_level_play_no_part() -> None:
    assert outlier(5, [1, None, 1, 1, None]) is None
    assert outlier(5, [1, None, 1, 1, 1]) == Outlier(Decimal(1), Decimal(4), 4)


@given(LEVELS, PEERS)
def test_an_outlier_is_far_from_the_median_and_beyond_the_middle_half(
    level: int, peers: list[int | None]
) -> None:
    found = outlier(level, peers)
    if found:
        held = sorted(each for each in peers if each is not None)
        assert found.peers == len(held) >= FEWEST_PEERS
        assert abs(found.distance) >= SMALLEST_DISTANCE
        assert found.median + found.distance == level
        beyond = [each for each in held if each >= level] if found.distance > 0 else []
        beyond = beyond or [each for each in held if found.distance < 0 and each <= level]
        assert len(beyond) * 4 <= len(held)


@given(LEVELS, PEERS, st.randoms())
def test_neither_the_order_of_the_peers_nor_those_without_a_level_matter(
    level: int, peers: list[int | None], chance: random.Random
) -> None:
    shuffled = [*peers, None]
    chance.shuffle(shuffled)
    assert outlier(level, shuffled) == outlier(level, peers)


@given(LEVELS, PEERS)
def test_up_and_down_are_alike(level: int, peers: list[int | None]) -> None:
    found = outlier(level, peers)
    mirrored = outlier(6 - level, [None if each is None else 6 - each for each in peers])
    assert mirrored == (found and Outlier(6 - found.median, -found.distance, found.peers))


@given(LEVELS, LEVELS, st.integers(min_value=FEWEST_PEERS, max_value=42))
def test_among_peers_that_are_all_alike_only_the_distance_counts(level: int, alike: int, count: int) -> None:
    assert (outlier(level, [alike] * count) is None) == (abs(level - alike) < SMALLEST_DISTANCE)
