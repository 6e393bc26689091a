"""From a page of one release to the same page of another."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from surveys.actions.releases import correct, publish
from surveys.models import Assessment, Person, Questionnaire, Release, Round
from tests.earlier import earlier_round
from tests.factories import SMALL_CONTENT, publish_content
from tests.pages import as_, text_of
from tests.signed import OWN, SISTER, levels, release, release_for_good, submit, submit_north
from tests.world import World

NEWEST, FIRST, PROVISIONAL = "Published release 2", "Published release 1", "Provisional release 1"


def releases(world: World, then: Questionnaire | None = None) -> dict[str, Release]:
    """An autumn round with own and far; a spring round with a provisional release and two published ones."""
    given = {
        code: response
        for code, response in OWN.items()
        if then is None or code in then.content.questions_by_code
    }
    autumn = release_for_good(earlier_round(world, {world.own: given, world.far: given}, questionnaire=then))
    submit_north(world)
    provisional = release(world.round)
    first = publish(by=None, round_id=world.round.pk)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    newest = correct(by=None, round_id=world.round.pk, note="Signed again.")
    return {NEWEST: newest, FIRST: first, PROVISIONAL: provisional, "autumn": autumn}


def switch(page: Any) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What the page offers: rounds with the beginnings of the labels, the addresses, and which is here."""
    return [
        (round_.title, [(link.label.split(" of ")[0], link.url, link.here) for link in round_.links])
        for round_ in page.context["switch"]
    ]


def test_every_release_is_a_step_away_with_what_was_chosen(world: World, client: Client) -> None:
    """Newest first; the page at hand is marked and no link."""
    made = releases(world)
    url = reverse("results_dimension", args=[made[FIRST].pk, "skills"])
    page = as_(client, world.national_analyst).get(f"{url}?region=north&sort=name&unknown=1")

    def there(name: str) -> str:
        return reverse("results_dimension", args=[made[name].pk, "skills"]) + "?region=north&sort=name"

    assert [title for title, _ in switch(page)] == ["Spring round", "Autumn round"]
    assert switch(page)[0][1] == [
        (NEWEST, there(NEWEST), False),
        (FIRST, there(FIRST), True),
        (PROVISIONAL, there(PROVISIONAL), False),
    ]
    assert switch(page)[1][1][0] == (FIRST, there("autumn"), False)
    shown = text_of(page)
    assert re.search(r"published release 1 of \w+ \d+ \w+ \d+, since replaced", shown)
    assert re.search(r"provisional release 1 of .{,40}, not for publication, since replaced", shown)
    for _, links in switch(page):
        for _, address, _ in links:
            assert client.get(address).status_code == 200


def test_the_parameter_leads_to_the_address_in_the_release_that_it_names(
    world: World, client: Client
) -> None:
    """As the form sends it, with what was chosen before; the release at hand needs no way."""
    made = releases(world)
    url = reverse("results_dimension", args=[made[FIRST].pk, "skills"])
    as_(client, world.national_analyst)
    page = client.get(url, {"region": "north", "sort": "name", "release": made["autumn"].pk})
    there = reverse("results_dimension", args=[made["autumn"].pk, "skills"])
    assert (page.status_code, page["Location"]) == (302, f"{there}?region=north&sort=name")
    assert client.get(url, {"release": made[FIRST].pk}).status_code == 200
    living = client.get(reverse("results_learn", args=[made[FIRST].pk]), {"release": made[NEWEST].pk})
    assert living["Location"] == reverse("results_learn", args=[made[NEWEST].pk])


def form(page: Any, label: str) -> str:
    """The HTML of the form of this name."""
    found = re.search(
        rf'<form class="app-filter"[^>]*aria-label="{label}".*?</form>', page.content.decode(), re.DOTALL
    )
    assert found is not None
    return found[0]


def test_release_stands_among_the_other_choices_and_says_where_the_page_is(
    world: World, client: Client
) -> None:
    made = releases(world)
    url = reverse("results_gap", args=[made[FIRST].pk])
    found = form(as_(client, world.national_analyst).get(f"{url}?region=north"), "What to show")
    assert re.findall(r'<select name="(\w+)"', found) == ["release", "pair", "region"]
    options = re.findall(r'<option value="(\d+)"( selected)?>(\w+ round: \w+ release \d)', found)
    assert options[:4] == [
        (str(made[NEWEST].pk), "", "Spring round: published release 2"),
        (str(made[FIRST].pk), " selected", "Spring round: published release 1"),
        (str(made[PROVISIONAL].pk), "", "Spring round: provisional release 1"),
        (str(made["autumn"].pk), "", "Autumn round: published release 1"),
    ]


def test_alone_it_takes_along_what_was_chosen(world: World, client: Client) -> None:
    made = releases(world)
    url = reverse("results_overview", args=[made[FIRST].pk])
    page = as_(client, world.national_analyst).get(f"{url}?region=north&unknown=1")
    found = form(page, "Round and release")
    assert re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found) == [("region", "north")]


@pytest.mark.parametrize("asked_for", ["0", "x", "", "9" * 5000, "\x00"])
def test_a_release_that_is_not_there_leaves_the_page_as_it_is(
    world: World, client: Client, asked_for: str
) -> None:
    """The provisional release of others is not there for somebody who may not read it."""
    made = releases(world)
    Round.objects.filter(pk=world.round.pk).update(audience=Round.Audience.PUBLIC)
    url = reverse("results_overview", args=[made[NEWEST].pk])
    page = as_(client, world.newcomer).get(url, {"release": asked_for or made[PROVISIONAL].pk})
    assert page.status_code == 200
    assert "There is no such release that you may read, so this one is shown." in text_of(page)


def test_a_system_is_found_in_the_other_round_and_where_it_was_not_the_overview_is(
    world: World, client: Client
) -> None:
    made = releases(world)
    then = Assessment.objects.get(round=made["autumn"].round, organisation=world.own)
    as_(client, world.national_analyst)
    own = client.get(reverse("results_system", args=[made[NEWEST].pk, world.assessment.pk]))
    sister = client.get(reverse("results_system", args=[made[NEWEST].pk, world.sister_assessment.pk]))
    assert switch(own)[1][1][0][1] == reverse("results_system", args=[made["autumn"].pk, then.pk])
    assert switch(sister)[1][1][0][1] == reverse("results_overview", args=[made["autumn"].pk])
    assert "its overview" in text_of(sister)


def test_systems_that_are_compared_are_compared_in_the_other_round(world: World, client: Client) -> None:
    made = releases(world)
    keys = {
        row.organisation_id: row.pk for row in Assessment.objects.filter(round_id=made["autumn"].round_id)
    }
    query = (
        f"?near={world.assessment.pk}&system={world.far_assessment.pk}&system={world.sister_assessment.pk}"
    )
    page = as_(client, world.national_analyst).get(reverse("results_compare", args=[made[NEWEST].pk]) + query)
    assert switch(page)[1][1][0][1] == (
        f"{reverse('results_compare', args=[made['autumn'].pk])}"
        f"?near={keys[world.own.pk]}&system={keys[world.far.pk]}"
    )


@pytest.mark.parametrize(
    "query", ["?system=x", "?system=²", "?near=-1", f"?system={'9' * 5000}", "?near=%00"]
)
def test_a_system_that_is_none_is_left_out(world: World, client: Client, query: str) -> None:
    made = releases(world)
    page = as_(client, world.national_analyst).get(reverse("results_compare", args=[made[NEWEST].pk]) + query)
    assert switch(page)[1][1][0][1] == reverse("results_compare", args=[made["autumn"].pk])


def test_what_the_other_questionnaire_does_not_have_leads_to_its_overview(
    world: World, client: Client
) -> None:
    """Which asks one question of Skills, and nothing else."""
    skills = SMALL_CONTENT.dimensions[1]
    people = replace(skills.sections[0], questions=skills.sections[0].questions[:1])
    skills = replace(skills, sections=(people,), group="", gap_core=False)
    fewer = replace(SMALL_CONTENT, version="0.9", dimensions=(skills,), groups=(), gap=None)
    made = releases(world, publish_content(fewer))
    for name, code, found in (
        ("results_dimension", "skills", True),
        ("results_dimension", "data_platform", False),
        ("results_question", "training", True),
        ("results_question", "linked_data", False),
    ):
        page = as_(client, world.lead).get(reverse(name, args=[made[NEWEST].pk, code]))
        there = (name, [made["autumn"].pk, code]) if found else ("results_overview", [made["autumn"].pk])
        assert switch(page)[1][1][0][1] == reverse(there[0], args=there[1])


def test_nobody_is_offered_a_release_that_they_may_not_read(world: World, client: Client) -> None:
    """Far has nothing in the provisional release that is not its own; the newcomer reads what is public."""
    made = releases(world)
    Round.objects.filter(pk=world.round.pk).update(audience=Round.Audience.PUBLIC)
    url = reverse("results_overview", args=[made[NEWEST].pk])
    for person, labels in (
        (world.newcomer, [NEWEST, FIRST]),
        (AnonymousUser(), [NEWEST, FIRST]),
        (world.lead, [NEWEST, FIRST, PROVISIONAL]),
    ):
        reader = as_(Client(), person) if isinstance(person, Person) else client
        assert [label for label, _, _ in switch(reader.get(url))[0][1]] == labels


def test_a_provisional_release_that_is_seen_in_part_is_entered_by_its_overview(
    world: World, client: Client
) -> None:
    """Another system's profile is not there for a lead before publication."""
    made = releases(world)
    page = as_(client, world.lead).get(
        reverse("results_system", args=[made[NEWEST].pk, world.sister_assessment.pk])
    )
    assert [url for _, url, _ in switch(page)[0][1]] == [
        reverse("results_system", args=[made[NEWEST].pk, world.sister_assessment.pk]),
        reverse("results_system", args=[made[FIRST].pk, world.sister_assessment.pk]),
        reverse("results_overview", args=[made[PROVISIONAL].pk]),
    ]


def test_where_there_is_one_release_there_is_nothing_to_switch(world: World, client: Client) -> None:
    submit_north(world)
    made = release(world.round)
    page = as_(client, world.lead).get(reverse("results_overview", args=[made.pk]))
    assert page.context["switch"] == ()
    assert page.context["release_choice"] is None
    assert "Round and release" not in text_of(page)


def test_a_correction_of_an_earlier_round_is_no_reason_to_keep_a_page_of_change(
    world: World, client: Client
) -> None:
    """The page compares with the newest release of that round."""
    autumn = earlier_round(world, {world.own: OWN})
    release_for_good(autumn)
    submit_north(world)
    made = release_for_good(world.round)
    url = reverse("results_change", args=[made.pk])
    as_(client, world.lead).get(url)
    page = client.get(url)
    then = Assessment.objects.get(round=autumn)
    submit(then, world.approver, SISTER)
    correct(by=None, round_id=autumn.pk, note="Signed again.")
    assert client.get(url, headers={"if-none-match": page["ETag"]}).status_code == 200


def test_the_switch_costs_one_query_where_the_page_is_about_systems(
    world: World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = releases(world)
    url = reverse("results_system", args=[made[NEWEST].pk, world.assessment.pk])
    as_(client, world.lead).get(url)
    with django_assert_max_num_queries(8):
        client.get(url)
