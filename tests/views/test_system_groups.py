"""Saved groups of systems in the browser's terms: saved from a comparison, used in every round, shared."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from surveys.models import Round, SystemGroup
from tests.earlier import earlier_round
from tests.pages import as_, text_of
from tests.signed import OWN, SISTER, release, release_for_good, submit_north
from tests.system_groups import make_group
from tests.views.test_results_gap import sent
from tests.world import World


def test_a_comparison_is_saved_under_a_name_and_stands_for_every_round(world: World, client: Client) -> None:
    """From the link on the page to the same systems a round earlier, of which sister was none."""
    then = release_for_good(earlier_round(world, {world.own: OWN, world.far: SISTER}))
    submit_north(world)
    made = release_for_good(world.round)
    keys = [world.assessment.pk, world.sister_assessment.pk]
    page = as_(client, world.lead).get(reverse("results_compare", args=[made.pk]), {"system": keys})
    (link,) = re.findall(r'href="([^"]*groups/new/[^"]*)"', sent(page))
    form = client.get(link.replace("&amp;", "&"))
    assert "Ambleshire Borderland" in text_of(form)
    saved = client.post(
        reverse("new_system_group", args=[made.pk]), {"name": "The north", "shared": "on", "system": keys}
    )
    group = SystemGroup.objects.get()
    assert saved.headers["Location"] == reverse("system_group", args=[group.pk])
    shown = as_(Client(), world.national_analyst).get(saved.headers["Location"])
    assert "Saved by Lena Lead. Shared" in text_of(shown)
    assert [(each.title, each.url) for each in shown.context["rounds"]] == [
        ("Spring round", f"{reverse('results_compare', args=[made.pk])}?group={group.pk}"),
        ("Autumn round", f"{reverse('results_compare', args=[then.pk])}?group={group.pk}"),
    ]
    now, before = (client.get(each.url) for each in shown.context["rounds"])
    assert [system.name for system in now.context["page"].systems] == ["Ambleshire", "Borderland"]
    assert [system.name for system in before.context["page"].systems] == ["Ambleshire"]
    assert "2 of 2 systems of the group “The north” of Lena Lead are shown." in text_of(now)
    assert "1 of 2 systems of the group “The north” of Lena Lead are shown." in text_of(before)
    assert "Save these systems as a group" not in text_of(now)
    file = sent(client.get(reverse("results_compare_csv", args=[made.pk]), {"group": group.pk}))
    assert {line.split(",")[1] for line in file.splitlines()[1:]} == {"Ambleshire", "Borderland"}


def test_what_is_wrong_is_said_and_nothing_is_lost(world: World, client: Client) -> None:
    submit_north(world)
    made = release_for_good(world.round)
    url = reverse("new_system_group", args=[made.pk])
    keys = [world.assessment.pk, world.sister_assessment.pk]
    as_(client, world.lead)
    unnamed = client.post(url, {"system": keys, "shared": "on"})
    assert "Give the group a name" in text_of(unnamed)
    assert re.findall(r'name="system" value="(\d+)"', sent(unnamed)) == [str(key) for key in keys]
    assert re.search(r'name="shared"[^>]*checked', sent(unnamed))
    alone = client.post(url, {"system": keys[:1], "name": "Alone"})
    assert "Choose at least two systems" in text_of(alone)
    assert 'value="Alone"' in sent(alone)
    assert "No system is chosen" in text_of(client.get(url))
    assert "is not in this round" in text_of(client.post(url, {"system": ["x", *keys], "name": "Strange"}))
    assert not SystemGroup.objects.exists()


def test_before_publication_nobody_saves_systems_that_they_do_not_see(world: World, client: Client) -> None:
    """A lead sees the own system alone, so there is no group to make."""
    submit_north(world)
    made = release(world.round)
    answer = as_(client, world.lead).post(
        reverse("new_system_group", args=[made.pk]),
        {"system": [world.assessment.pk, world.sister_assessment.pk], "name": "The north"},
    )
    assert answer.status_code == 200
    assert not SystemGroup.objects.exists()


def test_the_list_has_ones_own_and_those_that_are_shared(world: World, client: Client) -> None:
    make_group(world, world.lead, name="Private of Lena")
    make_group(world, world.lead, name="Shared of Lena", shared=True)
    make_group(world, world.approver, name="Private of April")
    seen = {}
    for person in (world.lead, world.approver, world.administrator):
        page = as_(Client(), person).get(reverse("system_groups"))
        seen[person.name] = [[group.label for group in page.context[part]] for part in ("mine", "others")]
    assert seen == {
        "Lena Lead": [["Private of Lena", "Shared of Lena"], []],
        "April Approver": [["Private of April"], ["Shared of Lena (Lena Lead)"]],
        "Ada Administrator": [
            [],
            [
                "Private of April (April Approver)",
                "Private of Lena (Lena Lead)",
                "Shared of Lena (Lena Lead)",
            ],
        ],
    }
    assert as_(client, world.newcomer).get(reverse("system_groups")).status_code == 404


@pytest.mark.parametrize("name", ["system_group", "edit_system_group", "delete_system_group"])
def test_a_group_that_is_not_shared_is_not_there_for_others(world: World, client: Client, name: str) -> None:
    group = make_group(world, world.lead)
    assert as_(client, world.approver).get(reverse(name, args=[group.pk])).status_code == 404


@pytest.mark.parametrize("group_id", ["0", "x", "9" * 30])
def test_a_group_that_is_not_there_is_said_to_be_so(world: World, client: Client, group_id: str) -> None:
    """Also to somebody who has no group to choose from, and to the public."""
    submit_north(world)
    Round.objects.update(audience=Round.Audience.PUBLIC)
    made = release_for_good(Round.objects.get(pk=world.round.pk))
    url = reverse("results_compare", args=[made.pk])
    told = "There is no such group that you may use, so none is chosen."
    as_(client, world.lead)
    assert told in text_of(client.get(url, {"group": group_id}))
    private = make_group(world, world.lead, shared=True)
    assert told in text_of(client.get(url, {"group": group_id}))
    public = Client().get(url, {"group": private.pk})
    assert told in text_of(public)
    assert "Neighbours" not in text_of(public)


def test_a_group_is_renamed_shared_and_deleted(world: World, client: Client) -> None:
    group = make_group(world, world.lead)
    as_(client, world.lead)
    edit, delete = (reverse(f"{act}_system_group", args=[group.pk]) for act in ("edit", "delete"))
    assert 'value="Neighbours"' in sent(client.get(edit))
    assert "Give the group a name" in text_of(client.post(edit, {"name": ""}))
    changed = client.post(edit, {"name": "Coast", "shared": "on"}, follow=True)
    assert "The group “Coast” is saved." in text_of(changed)
    stale = client.post(delete, {"name": "Neighbours"})
    assert "The group is called “Coast” now." in text_of(stale)
    assert 'name="name" value="Coast"' in sent(stale)
    gone = client.post(delete, {"name": "Coast"}, follow=True)
    assert "The group “Coast” is deleted." in text_of(gone)
    assert not SystemGroup.objects.exists()


def test_groups_cost_few_queries(
    world: World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    submit_north(world)
    made = release_for_good(world.round)
    groups = [make_group(world, world.lead, name=f"Group {number}") for number in range(5)]
    as_(client, world.lead)
    for url in (
        reverse("system_groups"),
        reverse("system_group", args=[groups[0].pk]),
        reverse("results_compare", args=[made.pk]) + f"?group={groups[0].pk}&near={world.assessment.pk}",
    ):
        client.get(url)
        with django_assert_max_num_queries(8):
            client.get(url)
