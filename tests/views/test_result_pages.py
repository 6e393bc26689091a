"""When a page of results has to be sent again, who may keep it, and what its parameters choose."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from surveys.actions.people import end_membership
from surveys.actions.releases import correct
from surveys.models import Assessment, Person, Release, Round
from tests.pages import as_, text_of
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World


def published(world: World, audience: str = Round.Audience.RESPONDENTS) -> Release:
    """A published release of what the systems of the north signed."""
    submit_north(world)
    Round.objects.update(audience=audience)
    return release_for_good(Round.objects.get(pk=world.round.pk))


def settled(client: Client, url: str) -> Any:
    """The page once the browser holds the cookie that the first answer set."""
    client.get(url)
    return client.get(url)


def again(client: Client, page: Any, url: str | None = None) -> Any:
    """The answer to a browser that asks whether the page it holds still stands."""
    return client.get(url or page.request["PATH_INFO"], headers={"if-none-match": page["ETag"]})


def test_a_page_that_has_not_changed_is_not_sent_again(world: World, client: Client) -> None:
    """Nor is a download."""
    made = published(world)
    as_(client, world.lead)
    for name in ("results_overview", "results_scores_csv", "results_overview_csv"):
        page = settled(client, reverse(name, args=[made.pk]))
        answer = again(client, page)
        assert (page.status_code, answer.status_code, answer.content) == (200, 304, b"")
        assert answer["ETag"] == page["ETag"]


def test_nobody_is_told_that_they_have_what_somebody_else_was_sent(world: World) -> None:
    """What a person may see is part of what makes a page."""
    made = published(world)
    lead, sister = as_(Client(), world.lead), as_(Client(), world.sister_lead)
    page = settled(lead, reverse("results_overview", args=[made.pk]))
    assert again(sister, page).status_code == 200


def test_another_address_another_name_and_a_correction_make_another_page(
    world: World, client: Client
) -> None:
    """The correction is named on the old release."""
    made = published(world)
    url = reverse("results_dimension", args=[made.pk, "skills"])
    page = settled(as_(client, world.lead), url)
    assert again(client, page).status_code == 304
    assert again(client, page, f"{url}?region=north").status_code == 200
    Person.objects.filter(pk=world.lead.pk).update(name="Lena Newname")
    assert again(client, page).status_code == 200
    page = client.get(url)
    assert again(client, page).status_code == 304
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    correct(by=None, round_id=world.round.pk, note="Signed again.")
    assert "There is a newer release of this round" in text_of(again(client, page))


def test_whoever_may_not_read_any_more_is_not_told_that_nothing_has_changed(
    world: World, client: Client
) -> None:
    """What the page was is no reason to go on reading it."""
    made = published(world)
    page = settled(as_(client, world.lead), reverse("results_overview", args=[made.pk]))
    membership = world.lead.memberships.get()
    end_membership(by=None, person_id=world.lead.pk, membership_id=membership.pk, reason="Left.")
    assert again(client, page).status_code == 404


@pytest.mark.parametrize(
    ("audience", "signed_in", "kept_by"),
    [
        (Round.Audience.PUBLIC, False, {"public", "no-cache"}),
        (Round.Audience.PUBLIC, True, {"private", "no-cache"}),
        (Round.Audience.RESPONDENTS, True, {"private", "no-cache"}),
    ],
)
def test_only_what_everybody_sees_may_be_kept_by_others_than_the_browser(
    world: World, client: Client, audience: str, signed_in: bool, kept_by: set[str]
) -> None:
    """And even then they have to ask each time."""
    made = published(world, audience)
    if signed_in:
        as_(client, world.lead)
    page = settled(client, reverse("results_overview", args=[made.pk]))
    assert set(page["Cache-Control"].split(", ")) == kept_by
    assert set(again(client, page)["Cache-Control"].split(", ")) == kept_by


def test_provisional_results_are_never_kept_by_others_and_say_what_they_are_in_every_picture(
    world: World, client: Client
) -> None:
    """Also when the round will be public."""
    submit_north(world)
    Round.objects.update(audience=Round.Audience.PUBLIC)
    made = release(Round.objects.get(pk=world.round.pk))
    page = as_(client, world.national_analyst).get(reverse("results_overview", args=[made.pk]))
    specs = re.findall(
        r'<script id="[\w-]+-spec" type="application/json">(.*?)</script>', page.content.decode()
    )
    marks = [note["text"] for spec in specs for note in json.loads(spec)["layout"]["annotations"]]
    assert set(page["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert marks == ["Provisional"] * len(specs)
    assert specs
    assert page.content.decode().count('class="app-watermark"') == 1


def test_a_region_is_chosen_in_the_address_and_in_the_file(world: World, client: Client) -> None:
    """The file holds the same systems as the page that leads to it."""
    made = published(world)
    page = as_(client, world.lead).get(
        reverse("results_dimension", args=[made.pk, "skills"]) + "?region=south&sort=name"
    )
    assert re.findall(r'scope="row">\s*<a href="[^"]*">(\w+)</a>', page.content.decode()) == ["Cliffshire"]
    (link,) = re.findall(r'href="([^"]*\.csv[^"]*)"', page.content.decode())
    assert link.replace("&amp;", "&").endswith("?region=south&sort=name")
    file = b"".join(client.get(link.replace("&amp;", "&")).streaming_content).decode()
    assert [line.split(",")[1] for line in file.splitlines()] == ["system", "Cliffshire"]


@pytest.mark.parametrize("region", ["nowhere", "%00", "' or 1=1", "north" * 200, "<b>"])
def test_a_region_that_is_not_there_is_said_to_be_so_and_all_are_shown(
    world: World, client: Client, region: str
) -> None:
    """The page never fails over it, and what else was asked for holds."""
    made = published(world)
    page = as_(client, world.lead).get(
        reverse("results_dimension", args=[made.pk, "skills"]),
        {"region": region, "sort": "name", "direction": "descending"},
    )
    assert "There is no such region in this round, so all regions are shown." in text_of(page)
    names = re.findall(r'scope="row">\s*<a href="[^"]*">(\w+)</a>', page.content.decode())
    assert names == ["Cliffshire", "Borderland", "Ambleshire"]


def test_a_release_is_read_once_in_the_life_of_a_process(
    world: World, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Later pages read session, person, memberships, whether the release may be read, and its head."""
    made = published(world)
    url = reverse("results_scores_csv", args=[made.pk])
    as_(client, world.lead).get(url)
    with django_assert_num_queries(5):
        client.get(url)


def test_what_was_read_for_somebody_who_sees_all_is_not_shown_to_somebody_who_does_not(
    world: World,
) -> None:
    """Provisional results, read by staff first."""
    submit_north(world)
    made = release(world.round)
    url = reverse("results_scores_csv", args=[made.pk])
    seen = [
        "Borderland" in b"".join(as_(Client(), person).get(url).streaming_content).decode()
        for person in (world.national_analyst, world.lead)
    ]
    assert seen == [True, False]


def on_the_map(world: World) -> None:
    """Give own and far the codes of two systems that have a tile, one above the other."""
    Assessment.objects.filter(pk=world.assessment.pk).update(ods_code="QHM")
    Assessment.objects.filter(pk=world.far_assessment.pk).update(ods_code="QT6")


def test_the_map_shows_the_scores_of_the_table_on_the_dimension_asked_for(
    world: World, client: Client
) -> None:
    """Each tile leads to the answers; a system without a place is named."""
    on_the_map(world)
    made = published(world)
    page = as_(client, world.lead).get(
        reverse("results_overview", args=[made.pk]) + "?dimension=data_platform"
    )
    shown = page.context["map"]
    assert [(tile.label, tile.name, tile.cell.value, tile.cell.reason) for tile in shown.tiles] == [
        ("NENC", "Ambleshire", "3.5", ""),
        ("CIoS", "Cliffshire", "", "not submitted"),
    ]
    assert (shown.name, shown.unplaced) == ("Data platform", "Borderland")
    assert shown.tiles[0].cell == page.context["groups"][0].rows[0].cells[0]
    assert "Ambleshire: 3.5" in text_of(page)


def test_there_is_no_map_before_publication_for_a_system(world: World, client: Client) -> None:
    """Programme staff have one."""
    on_the_map(world)
    submit_north(world)
    made = release(world.round)
    url = reverse("results_overview", args=[made.pk])
    assert as_(client, world.national_analyst).get(url).context["map"] is not None
    assert as_(client, world.lead).get(url).context["map"] is None


def test_where_no_system_has_a_place_there_is_no_map(world: World, client: Client) -> None:
    """The rest of the page is there."""
    page = as_(client, world.lead).get(reverse("results_overview", args=[published(world).pk]))
    assert page.context["map"] is None


def test_the_table_of_every_system_is_ordered_by_what_the_address_says(world: World, client: Client) -> None:
    """Without headings of regions then; the region stands under the name."""
    made = published(world)
    as_(client, world.lead)
    url = reverse("results_overview", args=[made.pk])
    groups = client.get(f"{url}?sort=score-skills&direction=descending").context["groups"]
    assert [(group.name, [(row.name, row.region) for row in group.rows]) for group in groups] == [
        ("", [("Borderland", "North"), ("Ambleshire", "North"), ("Cliffshire", "South")])
    ]
    page = client.get(f"{url}?sort=score-nothing&dimension=nothing&region=north")
    assert [group.name for group in page.context["groups"]] == ["North"]
    assert "There is no such dimension with a score, so the usual one is shown." in text_of(page)
    assert "It is ordered by region and name." in text_of(page)


@pytest.mark.parametrize(
    ("name", "code"),
    [("results_overview", ""), ("results_dimension", "skills"), ("results_question", "training")],
)
def test_every_view_leads_to_how_its_figures_are_made(
    world: World, client: Client, name: str, code: str
) -> None:
    """Beside the source, not only at the foot of the page."""
    made = published(world)
    page = as_(client, world.lead).get(reverse(name, args=[made.pk, *([code] if code else [])]))
    main = page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    assert f'<a href="{reverse("method")}">How the figures are made</a>' in main
