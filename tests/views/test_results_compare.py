"""The page that compares: table, chart and file have the same numbers, and bad choices do no harm."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from tests.pages import as_, text_of
from tests.queries.test_results_compare import published
from tests.queries.test_results_nearest import hold_all
from tests.views.test_results_gap import chart, sent
from tests.world import World


def test_table_chart_and_file_have_the_same_numbers(world: World, client: Client) -> None:
    made = published(world)
    query = {"system": [world.assessment.pk, world.far_assessment.pk]}
    page = as_(client, world.national_analyst).get(reverse("results_compare", args=[made.pk]), query)
    assert "furthest apart on “Data platform”, from 2.0 to 3.5" in text_of(page)
    assert "Data platform 3.5 2.0 2.8 Skills 2.5 4.0 4.0" in text_of(page)
    drawn = chart(page, "compare")
    assert (drawn["Ambleshire"]["x"][:2], drawn["Cliffshire"]["x"][:2]) == ([3.5, 2.5], [2.0, 4.0])
    file = sent(client.get(reverse("results_compare_csv", args=[made.pk]), query))
    assert [
        (row["system"], row["name"], row["score"])
        for row in csv.DictReader(io.StringIO(file))
        if row["measure"] == "dimension"
    ] == [
        ("Ambleshire", "Data platform", "3.5000"),
        ("Ambleshire", "Skills", "2.5000"),
        ("Cliffshire", "Data platform", "2.0000"),
        ("Cliffshire", "Skills", "4.0000"),
    ]


def test_distances_and_what_they_are_made_of_are_shown(world: World, client: Client) -> None:
    hold_all(world)
    made = published(world)
    page = as_(client, world.national_analyst).get(
        reverse("results_compare", args=[made.pk]), {"near": world.assessment.pk, "registered": "2.5"}
    )
    text = text_of(page)
    assert "Nearest by registered patients (2025); a distance of 0 is alike." in text
    assert "Not held for every system, so not used: residents." in text
    assert "Registered patients 100%" in text
    assert 'value="2.5"' in sent(page)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("near=0", "There is no such system in this round, so none is chosen."),
        ("region=moon", "There is no such region in this round, so none is chosen."),
        ("system=0", "Some of the chosen systems are not in this round. The others are shown."),
        ("registered=-1", "A weight is a number from 0 to 10, so equal weights are used."),
        ("registered=nan", "A weight is a number from 0 to 10, so equal weights are used."),
        ("resident=%00", "A weight is a number from 0 to 10, so equal weights are used."),
    ],
)
def test_what_makes_no_sense_is_said_and_does_no_harm(
    world: World, client: Client, query: str, told: str
) -> None:
    hold_all(world)
    made = published(world)
    keep = f"system={world.assessment.pk}"
    page = as_(client, world.national_analyst).get(
        f"{reverse('results_compare', args=[made.pk])}?{keep}&near={world.assessment.pk}&{query}"
    )
    assert page.status_code == 200
    assert told in text_of(page)
    assert "Ambleshire" in [system.name for system in page.context["page"].systems]


def test_no_weight_at_all_is_taken_for_equal_weights(world: World, client: Client) -> None:
    hold_all(world)
    query = {"near": world.assessment.pk, "registered": "0", "resident": "0"}
    page = as_(client, world.lead).get(reverse("results_compare", args=[published(world).pk]), query)
    assert len(page.context["page"].nearest.peers) == 2
