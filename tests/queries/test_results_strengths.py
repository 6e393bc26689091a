"""Strengths, gaps and the lowest questions of a system's profile."""

from __future__ import annotations

from decimal import Decimal

from surveys.queries.results.profile import Profile, profile
from surveys.queries.results.strengths import Distance, gaps, strengths
from tests.queries.test_results_nearest import hold_all
from tests.signed import OWN, levels, release, release_for_good, submit, submit_north
from tests.world import World

FAR = levels(linked_data=2, shared_platform=2, training=4, recruitment=4)


def read_profile(world: World) -> Profile:
    """Own has 3.5 and 2.5, sister a withheld score and 4.5, far 2 and 4."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, FAR)
    return profile(world.lead, release_for_good(world.round).pk, world.assessment.pk)


def shown(found: tuple[Distance, ...]) -> list[tuple[str, str]]:
    """Name and difference as people read them."""
    return [(each.name, each.shown) for each in found]


def test_without_peers_a_system_is_held_against_all(world: World) -> None:
    page = read_profile(world)
    assert page.held_against == "all systems"
    assert (shown(page.strengths), shown(page.gaps)) == ([("Data platform", "+0.8")], [("Skills", "-1.5")])
    assert page.finding == (
        "Ambleshire lies furthest above on “Data platform” and furthest below on “Skills”, against the "
        "median of all systems"
    )


def test_with_peers_it_is_held_against_the_nearest(world: World) -> None:
    """The median of far and sister, without own."""
    hold_all(world)
    submit(world.assessment, world.approver, OWN)
    sister = levels(linked_data=2, shared_platform=2, training=5, recruitment=4)
    submit(world.sister_assessment, world.sister_approver, sister)
    submit(world.far_assessment, world.far_approver, FAR)
    page = profile(world.lead, release_for_good(world.round).pk, world.assessment.pk)
    assert page.held_against == "the nearest systems"
    assert (shown(page.strengths), shown(page.gaps)) == ([("Data platform", "+1.5")], [("Skills", "-1.8")])
    assert [row.peer_median for row in page.chart.rows] == [Decimal("2.0000"), Decimal("4.25")]
    assert page.chart.table.headers[-1] == "Median of the nearest systems"
    assert [row[-1] for row in page.chart.table.rows] == ["2.0", "4.3"]


def test_where_half_of_the_nearest_have_no_score_it_is_held_against_all(world: World) -> None:
    """Sister, one of the two, has a withheld score on the platform."""
    hold_all(world)
    page = read_profile(world)
    assert [line.peers.count for line in page.dimensions if line.peers] == ["1 of 2", "2 of 2"]
    assert page.held_against == "all systems"


def test_what_rounds_to_nothing_is_neither(world: World) -> None:
    near = (Distance("a", "A", Decimal("0.04")), Distance("b", "B", Decimal("-0.04")))
    assert (strengths(near), gaps(near)) == ((), ())


def test_the_lowest_questions_come_first_and_say_how_many_stand_higher(world: World) -> None:
    page = read_profile(world)
    assert [(each.code, each.value, each.level, each.above, each.of) for each in page.lowest] == [
        ("training", 2, "Patchy", 2, 3),
        ("recruitment", 3, "Established", 2, 3),
        ("shared_platform", 3, "Established", 0, 2),
        ("linked_data", 4, "Embedded", 0, 3),
    ]


def test_the_highest_level_is_no_weak_link(world: World) -> None:
    submit(world.assessment, world.approver, levels(linked_data=5, shared_platform=5, training=5))
    page = profile(world.lead, release_for_good(world.round).pk, world.assessment.pk)
    assert page.lowest == ()


def test_before_publication_nothing_is_said_of_others(world: World) -> None:
    hold_all(world)
    submit_north(world)
    page = profile(world.lead, release(world.round).pk, world.assessment.pk)
    assert (page.distances, page.nearest.peers) == ((), ())
    assert page.finding == "Ambleshire: its score on each dimension"
    assert {(each.above, each.of) for each in page.lowest} == {(0, 0)}
