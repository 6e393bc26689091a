"""Saving groups of systems, and who may change them."""

from __future__ import annotations

from functools import partial

import pytest
from django.http import Http404

from surveys.actions.refusals import Refused
from surveys.actions.system_groups import change_group, delete_group, save_group
from surveys.models import Event, SystemGroup
from tests.refusals import refusal
from tests.system_groups import make_group
from tests.together import together
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


def events() -> list[tuple[str, str, str]]:
    found = Event.objects.filter(verb__startswith="system_group.").order_by("pk")
    return list(found.values_list("person_name", "verb", "subject"))


def test_a_group_is_saved_with_its_systems_and_recorded(world: World) -> None:
    group = save_group(
        by=world.contributor,
        name="  North\tand\x00 south ",
        shared=False,
        organisation_ids={world.far.pk, world.own.pk, world.north.pk, 0},
    )
    assert (group.name, group.owner, group.shared) == ("North and south", world.contributor, False)
    assert set(group.systems.all()) == {world.own, world.far}
    event = Event.objects.get(verb="system_group.saved")
    assert (event.person_name, event.subject, event.detail) == (
        "Connie Contributor",
        "North and south",
        {
            "group_id": group.pk,
            "shared": False,
            "systems": sorted([world.own.pk, world.far.pk]),
        },
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (" \x00 ", "Give the group a name."),
        ("a" * 81, "The name must have 80 characters or fewer; it has 81."),
        ("NEIGHBOURS", "Lena Lead already has a group called “NEIGHBOURS”."),
    ],
)
def test_a_name_that_does_not_do_is_refused(world: World, name: str, sentence: str) -> None:
    make_group(world, world.lead)
    other = make_group(world, world.lead, name="Others")
    both = {world.own.pk, world.far.pk}
    assert refusal(save_group, by=world.lead, name=name, shared=True, organisation_ids=both) == sentence
    assert refusal(change_group, by=world.lead, group_id=other.pk, name=name, shared=True) == sentence
    assert [group.name for group in SystemGroup.objects.order_by("pk")] == ["Neighbours", "Others"]


def test_one_system_and_a_region_are_no_group(world: World) -> None:
    assert refusal(
        save_group,
        by=world.lead,
        name="Coast",
        shared=False,
        organisation_ids={world.own.pk, world.north.pk},
    ) == ("Choose at least two systems: a group is there to compare them.")


def test_a_change_is_recorded_and_no_change_is_not(world: World) -> None:
    group = make_group(world, world.lead)
    change_group(by=world.lead, group_id=group.pk, name="Coast", shared=False)
    change_group(by=world.lead, group_id=group.pk, name="Coast", shared=False)
    change_group(by=world.administrator, group_id=group.pk, name="Coast", shared=True)
    group.refresh_from_db()
    assert (group.name, group.shared, group.owner) == ("Coast", True, world.lead)
    assert events() == [
        ("Lena Lead", "system_group.saved", "Neighbours"),
        ("Lena Lead", "system_group.changed", "Coast"),
        ("Ada Administrator", "system_group.changed", "Coast"),
    ]
    assert Event.objects.filter(verb="system_group.changed").latest("pk").detail == {
        "group_id": group.pk,
        "before": {"shared": False},
        "after": {"shared": True},
    }


def test_a_group_is_deleted_by_its_owner_or_an_administrator_as_it_was_read(world: World) -> None:
    group = make_group(world, world.lead)
    assert refusal(delete_group, by=world.lead, group_id=group.pk, name="Coast") == (
        "The group is called “Neighbours” now. Check that it is the one to delete."
    )
    delete_group(by=world.administrator, group_id=group.pk, name="Neighbours")
    assert not SystemGroup.objects.exists()
    assert events()[-1] == ("Ada Administrator", "system_group.deleted", "Neighbours")
    with pytest.raises(Http404):
        delete_group(by=world.lead, group_id=group.pk, name="Neighbours")


def test_nobody_else_changes_or_deletes_a_group_though_it_is_shared(world: World) -> None:
    group = make_group(world, world.lead, shared=True)
    for person in (world.approver, world.national_analyst, world.newcomer):
        with pytest.raises(Http404):
            change_group(by=person, group_id=group.pk, name="Mine", shared=False)
        with pytest.raises(Http404):
            delete_group(by=person, group_id=group.pk, name="Neighbours")
    with pytest.raises(Http404):
        make_group(world, world.newcomer)


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_twice_at_once_saves_one_group() -> None:
    world = build_world()
    save = partial(make_group, world, world.lead)
    done = together(save, save)
    assert sorted(type(each).__name__ for each in done) == sorted([SystemGroup.__name__, Refused.__name__])
    assert SystemGroup.objects.get().systems.count() == 2
