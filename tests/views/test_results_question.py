"""The page of a question: its number is the same in page, chart, table, sentence and file."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from surveys.models import Release, Round
from surveys.questionnaires.responses import Response
from tests.pages import as_, text_of
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World

PRIVATE = ("Cuts in Ambleshire", "Hospices in Ambleshire", "No platform in Borderland", "Borderland says no")
CODES = (
    *(
        "linked_data",
        "shared_platform",
        "practice_share",
        "sectors",
        "why_no_sectors",
        "training",
        "analysts",
    ),
    *("time_split", "clarity", "peer_offer"),
)


def page_of(client: Client, made: Release, code: str, query: str = "") -> Any:
    return client.get(reverse("results_question", args=[made.pk, code]) + query)


def file_of(client: Client, made: Release, code: str, query: str = "") -> list[dict[str, str]]:
    answer = client.get(reverse("results_question_csv", args=[made.pk, code]) + query)
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def traces_of(page: Any) -> list[Any]:
    (spec,) = re.findall(
        r'<script id="answers-spec" type="application/json">(.*?)</script>', page.content.decode()
    )
    traces: list[Any] = json.loads(spec)["data"]
    return traces


def table_of(page: Any) -> list[list[str]]:
    table = re.search(
        r'<table class="nhsuk-table app-figure__table">.*?</table>', page.content.decode(), re.DOTALL
    )
    assert table is not None
    rows = re.findall(r"<tr.*?</tr>", table[0], re.DOTALL)
    return [
        [cell.strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows
    ]


def test_a_count_of_levels_is_the_same_wherever_it_is_shown(world: World, client: Client) -> None:
    """Two of three systems chose level 2."""
    for assessment, signer, level in (
        (world.assessment, world.approver, 2),
        (world.sister_assessment, world.sister_approver, 2),
        (world.far_assessment, world.far_approver, 5),
    ):
        submit(assessment, signer, levels(training=level))
    made = release_for_good(world.round)
    page = page_of(as_(client, world.lead), made, "training")
    (patchy,) = (trace for trace in traces_of(page) if trace.get("name") == "2 Patchy")
    (row,) = (
        row
        for row in file_of(client, made, "training")
        if (row["scope"], row["figure"]) == ("All systems", "2 Patchy")
    )
    header, national, *_ = table_of(page)
    assert national[header.index("2 Patchy")] == patchy["text"][0] == row["value"] == "2"
    assert "2 Patchy was chosen most often, by 2 of 3 systems" in text_of(page)
    assert (row["systems_that_answered"], row["systems"], row["agreement"]) == (
        "3",
        "3",
        "0.05555555555555555",
    )
    assert "A = 0.06" in text_of(page)


def test_a_median_of_numbers_is_the_same_wherever_it_is_shown(world: World, client: Client) -> None:
    for assessment, signer, number in (
        (world.assessment, world.approver, "10"),
        (world.sister_assessment, world.sister_approver, "14.5"),
        (world.far_assessment, world.far_approver, "60"),
    ):
        submit(assessment, signer, {"analysts": Response(number=Decimal(number))})
    made = release_for_good(world.round)
    page = page_of(as_(client, world.lead), made, "analysts")
    (median,) = (trace for trace in traces_of(page) if trace.get("name") == "Median of systems")
    (row,) = (
        row
        for row in file_of(client, made, "analysts")
        if (row["scope"], row["figure"]) == ("All systems", "median")
    )
    header, national, *_ = table_of(page)
    assert (median["x"][0], Decimal(row["value"])) == (14.5, Decimal("14.5"))
    assert national[header.index("Median")] == "14.5 WTE"
    assert "The median is 14.5 WTE" in text_of(page)


def test_every_kind_of_question_has_its_page_and_its_file(world: World, client: Client) -> None:
    submit_north(world)
    made = release_for_good(world.round)
    as_(client, world.national_analyst)
    for code in CODES:
        page = page_of(client, made, code)
        assert page.status_code == 200
        assert "Self-assessed by each system, not moderated. Spring round" in text_of(page)
        systems = [row["system"] for row in file_of(client, made, code) if row["scope"] == "system"]
        assert systems == ["Ambleshire", "Borderland", "Cliffshire"]


@pytest.mark.parametrize("code", CODES)
def test_public_results_hold_no_private_word(world: World, code: str) -> None:
    submit_north(world)
    Round.objects.update(audience=Round.Audience.PUBLIC)
    made = release_for_good(Round.objects.get(pk=world.round.pk))
    for reader in (Client(), as_(Client(), world.newcomer)):
        sent = page_of(reader, made, code).content.decode() + str(file_of(reader, made, code))
        assert [word for word in PRIVATE if word in sent] == []


@pytest.mark.parametrize("code", CODES)
def test_before_publication_nothing_of_a_sister_is_in_page_or_file(world: World, code: str) -> None:
    submit_north(world)
    made = release(world.round)
    own = as_(Client(), world.lead)
    sent = page_of(own, made, code).content.decode() + str(file_of(own, made, code))
    assert "Ambleshire" in sent
    assert [word for word in ("Borderland", "Cliffshire", "A = ") if word in sent] == []


def test_a_region_is_in_the_page_and_in_the_file_that_it_leads_to(world: World, client: Client) -> None:
    submit_north(world)
    made = release_for_good(world.round)
    page = page_of(as_(client, world.lead), made, "training", "?region=south")
    assert [row[0] for row in table_of(page)[1:]] == ["All systems", "South"]
    assert (
        reverse("results_question_csv", args=[made.pk, "training"]) + "?region=south" in page.content.decode()
    )
    rows = file_of(client, made, "training", "?region=south")
    assert {row["system"] for row in rows if row["scope"] == "system"} == {"Cliffshire"}


def test_a_question_that_there_is_not_is_not_found(world: World, client: Client) -> None:
    made = release_for_good(world.round)
    assert page_of(as_(client, world.lead), made, "nothing").status_code == 404


def test_the_page_takes_few_queries(
    world: World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Once the process has read the questionnaire, the release and its answers, which never change."""
    submit_north(world)
    made = release_for_good(world.round)
    as_(client, world.national_analyst)
    page_of(client, made, "training")
    with django_assert_max_num_queries(6):
        page_of(client, made, "training")


def test_the_dimension_leads_to_its_questions(world: World, client: Client) -> None:
    submit_north(world)
    made = release_for_good(world.round)
    page = as_(client, world.lead).get(reverse("results_dimension", args=[made.pk, "skills"]))
    links = re.findall(r"/questions/(\w+)/", page.content.decode())
    assert links == ["training", "recruitment", "analysts", "time_split", "clarity", "peer_offer"]
