from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.peers import PeerGroup, closest_peers

POPULATION = {"A": 100.0, "B": 121.0, "C": 400.0, "D": 900.0}

amounts = st.lists(st.integers(min_value=0, max_value=10**7), min_size=2, max_size=12)


def named(values: list[int]) -> dict[str, float]:
    return {f"system {number:02}": float(value) for number, value in enumerate(values)}


def test_the_nearest_by_square_root_and_z_score() -> None:
    """Roots 10, 11, 20, 30 have mean 17.75 and standard deviation sqrt(65.1875), about 8.0739."""
    deviation = sqrt(65.1875)
    group = closest_peers("A", {"population": POPULATION}, {"population": 1})
    assert [peer.key for peer in group.peers] == ["B", "C", "D"]
    assert [peer.distance for peer in group.peers] == pytest.approx(
        [1 / deviation, 10 / deviation, 20 / deviation]
    )
    assert (group.variables, group.left_out) == (("population",), ())


def test_weights_say_which_likeness_matters() -> None:
    variables = {"size": {"A": 1.0, "B": 1.0, "C": 9.0}, "age": {"A": 4.0, "B": 16.0, "C": 4.0}}
    by_size = closest_peers("A", variables, {"size": 4, "age": 1})
    by_age = closest_peers("A", variables, {"size": 1, "age": 4})
    assert ([peer.key for peer in by_size.peers], [peer.key for peer in by_age.peers]) == (
        ["B", "C"],
        ["C", "B"],
    )


def test_a_distance_is_the_root_of_the_weighted_sum_of_squares() -> None:
    """Two organisations are two standard deviations apart in each variable: sqrt(1 x 4 + 3 x 4) = 4."""
    variables = {"size": {"A": 1.0, "B": 9.0}, "age": {"A": 16.0, "B": 4.0}}
    group = closest_peers("A", variables, {"size": 1, "age": 3})
    [other] = group.peers
    assert other.distance == pytest.approx(4.0)


def test_five_peers_unless_asked_for_another_number() -> None:
    variables = {"size": named([1, 2, 3, 4, 5, 6, 7, 8])}
    assert len(closest_peers("system 00", variables, {"size": 1}).peers) == 5
    assert len(closest_peers("system 00", variables, {"size": 1}, count=2).peers) == 2
    assert len(closest_peers("system 00", variables, {"size": 1}, count=20).peers) == 7


def test_an_extreme_value_is_capped_at_five_standard_deviations_above_the_mean() -> None:
    """Of 40 alike and one huge H, mean + 5 SD is H/41 + 5 H sqrt(40)/41: about 0.7957 of H."""
    huge = 10_000.0
    values = {f"system {number:02}": 0.0 for number in range(40)} | {"huge": huge}
    capped = sqrt(huge * (1 + 5 * sqrt(40)) / 41)
    deviation = capped * sqrt(40) / 41
    [nearest, *_] = closest_peers("huge", {"size": values}, {"size": 1}).peers
    assert nearest.key == "system 00"
    assert nearest.distance == pytest.approx(capped / deviation)


def test_a_variable_not_held_for_everybody_is_left_out_and_named() -> None:
    variables: dict[str, dict[str, float | None]] = {
        "size": dict(POPULATION),
        "rural": {"A": 1.0, "B": None, "C": 3.0, "D": 4.0},
        "age": {"A": 2.0},
    }
    group = closest_peers("A", variables, {"size": 1, "rural": 1, "age": 1})
    assert (group.variables, group.left_out) == (("size",), ("rural", "age"))


def test_a_variable_without_a_weight_is_neither_used_nor_missed() -> None:
    group = closest_peers("A", {"size": POPULATION, "age": {"A": 2.0}}, {"size": 1, "age": 0})
    assert (group.variables, group.left_out) == (("size",), ())


def test_without_a_usable_variable_there_are_no_peers() -> None:
    assert closest_peers("A", {"size": {"A": 1.0, "B": None}}, {"size": 1}) == PeerGroup((), (), ("size",))


def test_equal_distances_are_in_the_order_of_their_keys() -> None:
    group = closest_peers("A", {"size": {"C": 4.0, "A": 4.0, "B": 4.0}}, {"size": 1})
    assert [(peer.key, peer.distance) for peer in group.peers] == [("B", 0.0), ("C", 0.0)]


def test_an_unknown_organisation_is_refused() -> None:
    with pytest.raises(ValueError, match="Z has no values to find peers by"):
        closest_peers("Z", {"size": POPULATION}, {"size": 1})


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_value_with_no_square_root_is_refused_by_name(value: float) -> None:
    with pytest.raises(ValueError, match=r"Variable size of B is .*; it must be a number of 0 or more"):
        closest_peers("A", {"size": {"A": 1.0, "B": value}}, {"size": 1})


@pytest.mark.parametrize("weight", [-1.0, float("nan")])
def test_a_bad_weight_is_refused_by_name(weight: float) -> None:
    with pytest.raises(
        ValueError, match=r"The weight of variable size is .*; it must be a number of 0 or more"
    ):
        closest_peers("A", {"size": POPULATION}, {"size": weight})


@given(amounts)
def test_the_order_of_organisations_does_not_matter(values: list[int]) -> None:
    sizes = named(values)
    backwards = dict(reversed(sizes.items()))
    forward = closest_peers("system 00", {"size": sizes}, {"size": 1})
    assert closest_peers("system 00", {"size": backwards}, {"size": 1}).peers == forward.peers


@given(amounts)
def test_distances_grow_along_the_list_and_never_include_the_organisation_itself(values: list[int]) -> None:
    peers = closest_peers("system 00", {"size": named(values)}, {"size": 1}).peers
    distances = [peer.distance for peer in peers]
    assert distances == sorted(distances)
    assert [peer.key for peer in peers if peer.key == "system 00"] == []


@given(amounts)
def test_likeness_goes_both_ways(values: list[int]) -> None:
    sizes = {"size": named(values)}
    there = closest_peers("system 00", sizes, {"size": 1}, count=20).peers
    back = closest_peers("system 01", sizes, {"size": 1}, count=20).peers
    distance = {peer.key: peer.distance for peer in there}["system 01"]
    assert {peer.key: peer.distance for peer in back}["system 00"] == pytest.approx(distance)
