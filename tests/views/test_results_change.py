"""The page of change: sentence, table, chart and file have the same numbers."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client
from django.urls import reverse

from surveys.models import Release
from tests.earlier import earlier_round
from tests.pages import as_, text_of
from tests.signed import levels, release_for_good, submit
from tests.views.test_results_gap import chart, sent
from tests.world import World

THEN = levels(linked_data=3, shared_platform=3, training=2, recruitment=2)
NOW = levels(linked_data=4, shared_platform=3, training=2, recruitment=1)


def two_rounds(world: World) -> Release:
    """Own went from 3 to 3.5 on the platform; far stayed; sister did not submit this time."""
    release_for_good(earlier_round(world, {world.own: THEN, world.sister: THEN, world.far: THEN}))
    submit(world.assessment, world.approver, NOW)
    submit(world.far_assessment, world.far_approver, THEN)
    return release_for_good(world.round)


def test_sentence_table_chart_and_file_have_the_same_numbers(world: World, client: Client) -> None:
    made = two_rounds(world)
    query = {"dimension": "data_platform"}
    page = as_(client, world.lead).get(reverse("results_change", args=[made.pk]), query)
    text = text_of(page)
    assert "1 of 2 systems scored higher on “Data platform” than in Autumn round" in text
    assert "Ambleshire (your system) North 3.0 3.5 +0.5 2 of 2" in text
    drawn = chart(page, "systems")
    assert drawn["Autumn round"]["x"] == [3.0, 3.0]
    assert (drawn["Spring round, your system"]["x"], drawn["Spring round"]["x"]) == ([3.5], [3.0])
    file = sent(client.get(reverse("results_change_csv", args=[made.pk]), query))
    assert [
        (row["system"], row["score_on_comparable_questions"], row["change"], row["why_not"])
        for row in csv.DictReader(io.StringIO(file))
    ] == [
        ("Ambleshire", "3.5000", "0.5000", ""),
        ("Borderland", "", "", "not submitted"),
        ("Cliffshire", "3.0000", "0.0000", ""),
    ]


def test_the_medians_are_the_same_in_table_chart_and_file(world: World, client: Client) -> None:
    """On the platform 3.0 and 3.0 became 3.5 and 3.0; on skills 2.0 and 2.0 became 1.5 and 2.0."""
    made = two_rounds(world)
    page = as_(client, world.national_analyst).get(reverse("results_change", args=[made.pk]))
    assert "Data platform 3.0 3.3 +0.3 2 of 2; 2 systems" in text_of(page)
    drawn = chart(page, "dimensions")
    assert (drawn["Autumn round"]["x"], drawn["Spring round"]["x"]) == (
        [2.5, 3.0, 2.0],
        [2.5, 3.25, 1.75],
    )
    (link,) = re.findall(r'href="([^"]*change-by-dimension\.csv[^"]*)"', page.content.decode())
    rows = list(csv.DictReader(io.StringIO(sent(client.get(link)))))
    assert [
        (
            row["dimension"],
            row["earlier_median_on_comparable_questions"],
            row["median_on_comparable_questions"],
            row["change_of_median"],
            row["systems_compared"],
        )
        for row in rows
    ] == [
        ("All comparable questions together", "2.50000", "2.50000", "0.00000", "2"),
        ("Data platform", "3.00000", "3.25000", "0.25000", "2"),
        ("Skills", "2.00000", "1.75000", "-0.25000", "2"),
    ]
    seen = as_(client, world.approver).get(reverse("results_change_dimensions_csv", args=[made.pk]))
    assert seen.status_code == 200


def test_the_first_round_has_nothing_to_compare_with(world: World, client: Client) -> None:
    submit(world.assessment, world.approver, NOW)
    made = release_for_good(world.round)
    page = as_(client, world.lead).get(reverse("results_change", args=[made.pk]))
    assert "Nothing to compare with yet" in text_of(page)
    for name in ("results_change_csv", "results_change_dimensions_csv"):
        assert client.get(reverse(name, args=[made.pk])).status_code == 404


@pytest.mark.parametrize("query", ["?since=0", "?since=x", "?dimension=moon", "?region=%00"])
def test_what_is_not_there_gives_the_usual_view_and_says_so(world: World, client: Client, query: str) -> None:
    release_for_good(earlier_round(world, {world.own: THEN}, title="Oldest round", years=2))
    page = as_(client, world.lead).get(reverse("results_change", args=[two_rounds(world).pk]) + query)
    assert page.status_code == 200
    assert "There is no such" in text_of(page)
    assert "than in Autumn round" in text_of(page)


def test_any_earlier_round_can_be_chosen(world: World, client: Client) -> None:
    oldest = release_for_good(earlier_round(world, {world.own: NOW}, title="Oldest round", years=2))
    query = {"since": oldest.pk, "dimension": "data_platform"}
    page = as_(client, world.lead).get(reverse("results_change", args=[two_rounds(world).pk]), query)
    assert "0 of 1 system scored higher on “Data platform” than in Oldest round" in text_of(page)


def test_the_deciles_of_three_rounds_are_the_same_in_table_chart_and_file(
    world: World, client: Client
) -> None:
    """Middle: Ambleshire 3.0 and Cliffshire 3.5, so the median is 3.3 and P10 3.1 rounded half up."""
    release_for_good(earlier_round(world, {world.own: THEN}, title="Oldest round", years=3))
    release_for_good(earlier_round(world, {world.own: THEN, world.far: NOW}, title="Middle round", years=2))
    submit(world.assessment, world.approver, NOW)
    made = release_for_good(world.round)
    query = {"dimension": "data_platform"}
    page = as_(client, world.lead).get(reverse("results_change", args=[made.pk]), query)
    assert "The deciles of scores in 3 rounds: Data platform" in text_of(page)
    assert "Middle round 2 of 2 3.1 3.1 3.2 3.2 3.3 3.3 3.4 3.4 3.5 none" in text_of(page)
    drawn = chart(page, "history")
    assert drawn["Median"]["y"] == [3.0, 3.25, 3.5, None]
    (link,) = re.findall(r'href="([^"]*deciles\.csv[^"]*)"', page.content.decode())
    file = csv.DictReader(io.StringIO(sent(client.get(link.replace("&amp;", "&")))))
    assert [(row["of_round"], row["systems_with_a_score"], row["p10"], row["median"]) for row in file] == [
        ("Oldest round", "1", "3.00000", "3.00000"),
        ("Middle round", "2", "3.05000", "3.25000"),
        ("Spring round", "1", "3.50000", "3.50000"),
    ]


def test_two_rounds_have_no_file_of_deciles(world: World, client: Client) -> None:
    made = two_rounds(world)
    assert as_(client, world.lead).get(reverse("results_deciles_csv", args=[made.pk])).status_code == 404
