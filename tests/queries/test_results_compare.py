"""Systems side by side: by hand, by region, and those nearest to one."""

from __future__ import annotations

from decimal import Decimal

from surveys.models import Person, Release
from surveys.queries.results.compare import Chosen, Comparison, compare, system_choices
from surveys.queries.results.released import read
from tests.queries.test_results_nearest import hold_all
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World

FAR = levels(linked_data=2, shared_platform=2, training=4, recruitment=4)


def published(world: World) -> Release:
    """Own has 3.5 and 2.5, sister a withheld score and 4.5, far 2 and 4."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, FAR)
    return release_for_good(world.round)


def found(person: Person, made: Release, chosen: Chosen) -> Comparison:
    """What the page shows."""
    return compare(person, read(person, made.pk), chosen)


def test_chosen_systems_stand_beside_each_other(world: World) -> None:
    chosen = Chosen(systems=frozenset({world.far_assessment.pk, world.assessment.pk}))
    page = found(world.national_analyst, published(world), chosen)
    assert page.chart.table.headers == ("Dimension", "Ambleshire", "Cliffshire", "Median of all systems")
    assert page.chart.table.rows[:2] == (
        ("Data platform", "3.5", "2.0", "2.8"),
        ("Skills", "2.5", "4.0", "4.0"),
    )
    assert page.title == "2 systems side by side: furthest apart on “Data platform”, from 2.0 to 3.5"


def test_a_region_is_a_choice(world: World) -> None:
    page = found(world.national_analyst, published(world), Chosen(region="north"))
    assert [system.name for system in page.systems] == ["Ambleshire", "Borderland"]
    assert page.lines[0].values == (Decimal("3.5000"),)
    assert page.chart.table.rows[0][2] == "withheld, 1 of 2 questions answered"


def test_a_system_comes_with_those_nearest_to_it(world: World) -> None:
    hold_all(world)
    page = found(world.national_analyst, published(world), Chosen(near=world.assessment.pk))
    assert [system.name for system in page.systems] == ["Ambleshire", "Borderland", "Cliffshire"]
    assert page.centre is not None
    assert page.centre.name == "Ambleshire"
    assert [peer.system.name for peer in page.nearest.peers] == ["Cliffshire", "Borderland"]


def test_everything_that_is_chosen_counts(world: World) -> None:
    chosen = Chosen(systems=frozenset({world.far_assessment.pk}), region="north")
    page = found(world.national_analyst, published(world), chosen)
    assert [system.name for system in page.systems] == ["Ambleshire", "Borderland", "Cliffshire"]


def test_whoever_has_a_system_begins_with_it(world: World) -> None:
    made = published(world)
    assert [system.name for system in found(world.lead, made, Chosen()).systems] == ["Ambleshire"]
    nothing = found(world.national_analyst, made, Chosen())
    assert (nothing.systems, nothing.title) == ((), "Choose systems to compare")


def test_one_system_is_apart_from_nobody(world: World) -> None:
    page = found(world.lead, published(world), Chosen())
    assert page.title == "1 system side by side"


def test_a_system_that_the_person_does_not_see_cannot_be_chosen(world: World) -> None:
    submit_north(world)
    made = release(world.round)
    chosen = Chosen(systems=frozenset({world.sister_assessment.pk}), near=world.far_assessment.pk)
    page = found(world.lead, made, chosen)
    assert (page.systems, page.centre) == ((), None)
    assert [choice.name for choice in system_choices(read(world.lead, made.pk), ())] == ["Ambleshire"]
    assert {line.national for line in page.lines} == {None}
