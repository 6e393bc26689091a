"""The systems nearest to one, by the populations that are held for every system."""

from __future__ import annotations

from surveys.models import Organisation, Population
from surveys.queries.results.nearest import nearest
from surveys.queries.results.released import read
from tests.signed import release, release_for_good, submit_north
from tests.world import World


def hold(organisation: Organisation, measure: str, people: int, year: int = 2025) -> None:
    """Store a population."""
    Population.objects.create(
        organisation=organisation, measure=measure, year=year, people=people, source="Made up for a test"
    )


def hold_all(world: World) -> None:
    """Own has 1,000,000, sister 4,000,000 and far 1,210,000 patients; an old value of far is out of date."""
    hold(world.own, "registered", 1_000_000)
    hold(world.sister, "registered", 4_000_000)
    hold(world.far, "registered", 9_000_000, year=2022)
    hold(world.far, "registered", 1_210_000)


def test_the_nearest_come_first_with_what_the_distance_is_made_of(world: World) -> None:
    hold_all(world)
    submit_north(world)
    found = nearest(read(world.lead, release_for_good(world.round).pk), world.assessment.pk)
    assert [peer.system.name for peer in found.peers] == ["Cliffshire", "Borderland"]
    assert [peer.made_of for peer in found.peers] == ["registered patients 100%"] * 2
    assert found.peers[0].people == (("Registered patients", 1_210_000),)
    assert [(held.label, held.years) for held in found.variables] == [("Registered patients", "2025")]
    assert found.left_out == ("Residents",)


def test_years_that_differ_are_said(world: World) -> None:
    hold_all(world)
    Population.objects.filter(organisation=world.own).delete()
    hold(world.own, "registered", 1_000_000, year=2023)
    submit_north(world)
    (held,) = nearest(read(world.lead, release_for_good(world.round).pk), world.assessment.pk).variables
    assert held.years == "2023 to 2025"


def test_weights_say_which_likeness_matters(world: World) -> None:
    hold_all(world)
    for organisation, people in ((world.own, 100), (world.sister, 100), (world.far, 900)):
        hold(organisation, "resident", people)
    submit_north(world)
    released = read(world.lead, release_for_good(world.round).pk)
    by_residents = nearest(released, world.assessment.pk, {"registered": 0.0, "resident": 1.0})
    assert [peer.system.name for peer in by_residents.peers] == ["Borderland", "Cliffshire"]
    assert by_residents.peers[0].made_of == "alike in every variable"
    both = nearest(released, world.assessment.pk, {"registered": 1.0, "resident": 1.0})
    for peer in both.peers:
        assert round(sum(share for _, share in peer.shares), 6) == 1


def test_without_populations_nothing_is_near(world: World) -> None:
    submit_north(world)
    found = nearest(read(world.lead, release_for_good(world.round).pk), world.assessment.pk)
    assert (found.peers, found.left_out) == ((), ("Registered patients", "Residents"))
    assert found.keys == frozenset()


def test_somebody_who_sees_one_system_is_told_of_no_other(world: World) -> None:
    hold_all(world)
    submit_north(world)
    assert nearest(read(world.lead, release(world.round).pk), world.assessment.pk).peers == ()
