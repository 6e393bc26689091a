"""The page of the gap: sentence, table, chart and file have the same numbers, and bad choices do no harm."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from surveys.models import Release
from tests.country import make_country
from tests.factories import make_round, publish_content
from tests.pages import as_, text_of
from tests.points import POINTS_CONTENT
from tests.signed import levels, release, release_for_good, submit
from tests.world import World

HIGH = levels(linked_data=4, shared_platform=3, training=2, recruitment=3)
LOW = levels(linked_data=2, shared_platform=2, training=4, recruitment=3)


def released(world: World) -> Release:
    """Own is ahead in infrastructure by 1, far behind by 1.5, sister did not submit."""
    submit(world.assessment, world.approver, HIGH)
    submit(world.far_assessment, world.far_approver, LOW)
    return release_for_good(world.round)


def sent(response: Any) -> str:
    """Everything that was sent."""
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()


def chart(response: Any, name: str) -> dict[str, Any]:
    """The traces with a name of one of the page's charts."""
    (spec,) = re.findall(rf'<script id="{name}-spec" type="application/json">(.*?)</script>', sent(response))
    return {trace["name"]: trace for trace in json.loads(spec)["data"] if trace.get("name")}


def test_sentence_table_charts_and_file_have_the_same_numbers(world: World, client: Client) -> None:
    made = released(world)
    page = as_(client, world.lead).get(reverse("results_gap", args=[made.pk]))
    text = text_of(page)
    assert "“Infrastructure” is higher than “Culture” in 1 of 2 systems" in text
    assert "Its median over 2 systems is -0.3 levels" in text
    assert "Ambleshire (your system) North 3.5 2.5 +1.0 Cliffshire South 2.0 3.5 -1.5" in text
    assert "All systems 2 1 0 1 -0.9 -0.3 +0.4" in text
    scatter, strip = chart(page, "gap"), chart(page, "strip")
    assert (scatter["Your system"]["x"], scatter["Your system"]["y"]) == ([2.5], [3.5])
    assert (scatter["Systems"]["x"], scatter["Systems"]["y"]) == ([3.5], [2.0])
    assert (strip["Your system"]["x"], strip["System"]["x"]) == ([1.0, 1.0], [-1.5, -1.5])
    assert strip["Median of systems"]["x"][0] == -0.25
    file = sent(client.get(reverse("results_gap_csv", args=[made.pk])))
    assert [
        (row["system"], row["first_score"], row["second_score"], row["difference"], row["why_not"])
        for row in csv.DictReader(io.StringIO(file))
    ] == [
        ("Ambleshire", "3.5000", "2.5000", "1.0000", ""),
        ("Borderland", "", "", "", "not submitted"),
        ("Cliffshire", "2.0000", "3.5000", "-1.5000", ""),
    ]


def test_a_region_is_part_of_the_address_and_of_the_file(world: World, client: Client) -> None:
    made = released(world)
    page = as_(client, world.lead).get(reverse("results_gap", args=[made.pk]), {"region": "south"})
    (link,) = set(re.findall(r'href="([^"]+gap\.csv[^"]*)"', sent(page)))
    rows = list(csv.DictReader(io.StringIO(sent(client.get(link)))))
    assert [row["system"] for row in rows] == ["Cliffshire"]


@pytest.mark.parametrize("query", ["?pair=no", "?region=moon", "?pair=%00&region=%F0%9F%90%88", "?pair[]=x"])
def test_what_is_not_there_gives_the_usual_view_and_says_so(world: World, client: Client, query: str) -> None:
    made = released(world)
    page = as_(client, world.lead).get(reverse("results_gap", args=[made.pk]) + query)
    assert page.status_code == 200
    assert "“Infrastructure” is higher than “Culture” in 1 of 2 systems" in text_of(page)
    told = "There is no such" in text_of(page)
    assert told is ("[]" not in query)


def test_provisional_results_of_others_are_not_in_a_leads_page_or_file(world: World, client: Client) -> None:
    submit(world.assessment, world.approver, HIGH)
    submit(world.far_assessment, world.far_approver, LOW)
    made = release(world.round)
    as_(client, world.lead)
    page = sent(client.get(reverse("results_gap", args=[made.pk])))
    file = sent(client.get(reverse("results_gap_csv", args=[made.pk])))
    assert ("Cliffshire" in page, "Cliffshire" in file, "Ambleshire" in file) == (False, False, True)
    assert "Median" not in page


def test_a_questionnaire_without_a_gap_says_so(world: World, client: Client) -> None:
    survey_round = make_round(publish_content(POINTS_CONTENT), world.own, title="Points round")
    made = release_for_good(survey_round)
    as_(client, world.lead)
    page = client.get(reverse("results_gap", args=[made.pk]))
    assert "This questionnaire has no two scores to set against each other" in text_of(page)
    assert client.get(reverse("results_gap_csv", args=[made.pk])).status_code == 404


def test_the_page_of_the_whole_country_asks_at_most_eight_queries(
    db: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Once the process has read the questionnaire."""
    survey_round, analyst = make_country()
    made = release_for_good(survey_round)
    as_(client, analyst).get(reverse("results_overview", args=[made.pk]))
    with django_assert_max_num_queries(8):
        page = client.get(
            reverse("results_gap", args=[made.pk]),
            {"pair": "parts-analyst_time_split-strategic_analysis"},
        )
    assert page.status_code == 200
