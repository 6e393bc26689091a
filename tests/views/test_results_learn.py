"""The page of who could help whom: page, chart and files have the same numbers."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from surveys.models import Round
from tests.pages import as_, text_of
from tests.queries.test_results_learn_from import published
from tests.views.test_results_gap import chart, sent
from tests.world import World


def test_page_chart_and_file_have_the_same_numbers(world: World, client: Client) -> None:
    made = published(world)
    query = {"about": "dimension-data_platform"}
    page = as_(client, world.lead).get(reverse("results_learn", args=[made.pk]), query)
    text = text_of(page)
    assert "1 system that could help Ambleshire stands above it on “Data platform”" in text
    assert "Borderland North. +1.5 levels." in text
    assert "Our tested pipelines. Ask: Sandy Sister, sandy.sister@survey.example" in text
    assert "Not for others." not in sent(page)
    file = sent(client.get(reverse("results_learn_csv", args=[made.pk]), query))
    assert [(row["system"], row["score"], row["above"]) for row in csv.DictReader(io.StringIO(file))] == [
        ("Borderland", "3.5000", "1.5000")
    ]


def test_the_balance_of_programme_staff(world: World, client: Client) -> None:
    made = published(world)
    page = as_(client, world.national_analyst).get(reverse("results_learn", args=[made.pk]))
    drawn = chart(page, "balance")
    assert drawn["Systems below the middle of the scale"]["x"] == [1, 1]
    assert drawn["Systems at or above it that offer to share"]["x"] == [1, 1]
    rows = csv.DictReader(io.StringIO(sent(client.get(reverse("results_offers_csv", args=[made.pk])))))
    assert [(row["dimension"], row["systems_below_the_middle"], row["systems_offering"]) for row in rows] == [
        ("Data platform", "1", "1"),
        ("Skills", "1", "1"),
    ]
    assert as_(client, world.lead).get(reverse("results_offers_csv", args=[made.pk])).status_code == 404


@pytest.mark.parametrize("query", ["?system=0", "?about=moon", "?about=question-peer_offer&system=x"])
def test_what_is_not_there_gives_the_usual_view_and_says_so(world: World, client: Client, query: str) -> None:
    page = as_(client, world.lead).get(reverse("results_learn", args=[published(world).pk]) + query)
    assert page.status_code == 200
    assert "There is no such" in text_of(page)
    assert "could help Ambleshire" in text_of(page)


def test_the_public_is_led_to_every_view_but_this(world: World, client: Client) -> None:
    """Consent was given to other systems. Somebody who has not signed in is asked to."""
    Round.objects.update(audience=Round.Audience.PUBLIC)
    made = published(world)
    overview = sent(client.get(reverse("results_overview", args=[made.pk])))
    learn = reverse("results_learn", args=[made.pk])
    led = [name for name in ("gap", "change", "compare", "learn") if _link(name, made.pk) in overview]
    assert led == ["gap", "change", "compare"]
    assert client.get(learn).status_code == 302
    assert as_(client, world.newcomer).get(learn).status_code == 404
    for name in led:
        assert Client().get(reverse(f"results_{name}", args=[made.pk])).status_code == 200


def _link(name: str, release_id: int) -> str:
    return f'href="{reverse(f"results_{name}", args=[release_id])}"'
