"""The home page by role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.actions.releases import publish, release_provisionally
from surveys.models import Round
from tests.actions.test_assessments import answer, send, sign
from tests.factories import make_membership, make_round, publish_content
from tests.views.signed_in import client_of, shown, visit
from tests.world import World

HOME = "/"


def home_of(person: Any) -> Any:
    return visit(person, HOME).context["page"]


def test_nobody_sees_it_without_signing_in() -> None:
    assert reverse("home") == HOME
    assert Client().get(HOME).status_code == 302


def test_a_newcomer_is_told_what_to_do(world: World) -> None:
    page = shown(visit(world.newcomer, HOME))

    assert "you do not belong to an organisation yet" in page
    assert "Ambleshire" not in page


@pytest.mark.parametrize(("who", "mine"), [("lead", True), ("contributor", True), ("approver", False)])
def test_respondents_find_their_own_assessment_and_their_next_step(
    world: World, who: str, mine: bool
) -> None:
    page = home_of(getattr(world, who))

    assert [own.state.id for own in page.current] == [world.assessment.pk]
    assert (page.current[0].completion.answered, page.current[0].completion.asked) == (0, 10)
    assert page.current[0].next_step.mine == mine
    assert (page.follows, page.rounds) == (False, ())
    assert "Borderland" not in shown(visit(getattr(world, who), HOME))


def test_the_approver_is_called_when_it_is_their_turn(world: World) -> None:
    answer(world)
    send(world)

    assert home_of(world.approver).current[0].next_step.mine
    assert not home_of(world.lead).current[0].next_step.mine


def test_one_person_may_act_for_several_systems(world: World) -> None:
    make_membership(world.lead, "lead", world.far)

    names = [own.state.organisation_name for own in home_of(world.lead).current]

    assert names == ["Ambleshire", "Cliffshire"]


def test_earlier_rounds_are_listed_apart(world: World) -> None:
    later = make_round(publish_content(version="2.0"), world.own, title="Autumn round")
    Round.objects.filter(pk=world.round.pk).update(status=Round.Status.CLOSED)

    page = home_of(world.lead)

    assert [own.state.round_title for own in page.current] == [later.title]
    assert [state.round_title for state in page.earlier] == ["Spring round"]


def test_without_an_open_round_the_page_says_so(world: World) -> None:
    Round.objects.update(status=Round.Status.CLOSED)
    assert "No round is open for your organisation now." in shown(visit(world.lead, HOME))


@pytest.mark.parametrize(
    ("who", "systems", "manages"),
    [("regional_analyst", 2, False), ("national_analyst", 3, False), ("administrator", 3, True)],
)
def test_analysts_and_administrators_find_the_rounds_within_reach(
    world: World, who: str, systems: int, manages: bool
) -> None:
    answer(world)
    send(world)
    sign(world)

    response = visit(getattr(world, who), HOME)

    page = response.context["page"]
    assert [(row.title, row.submitted, row.systems) for row in page.rounds] == [("Spring round", 1, systems)]
    assert f"1 of {systems} submitted" in shown(response)
    assert (page.current, page.manages) == ((), manages)
    assert ("Set up a new round" in shown(response)) == manages


def test_an_administrator_sees_drafts_and_an_analyst_does_not(world: World) -> None:
    make_round(world.questionnaire, world.own, title="Draft round", status=Round.Status.DRAFT)

    assert "1 system chosen" in shown(visit(world.administrator, HOME))
    assert "Draft round" not in shown(visit(world.national_analyst, HOME))


def test_without_any_round_the_page_says_so(world: World) -> None:
    nobody = make_membership(world.newcomer, "regional_analyst", world.south)
    Round.objects.update(status=Round.Status.DRAFT)

    assert nobody.person == world.newcomer
    assert "There is no round yet." in shown(visit(world.newcomer, HOME))


def test_results_are_listed_once_they_may_be_read(world: World) -> None:
    answer(world)
    send(world)
    sign(world)
    assert "No results can be read yet." in shown(visit(world.lead, HOME))
    Round.objects.update(status=Round.Status.CLOSED, closes_at=timezone.now())
    provisional = release_provisionally(by=world.administrator, round_id=world.round.pk)

    assert reverse("results_overview", args=[provisional.pk]) in shown(visit(world.lead, HOME))
    published = publish(by=world.administrator, round_id=world.round.pk)
    page = shown(visit(world.lead, HOME))
    assert reverse("results_overview", args=[published.pk]) in page
    assert reverse("results_overview", args=[provisional.pk]) not in page


def test_synthetic_data_is_said(world: World) -> None:
    assert "Synthetic data" not in shown(visit(world.lead, HOME))
    Round.objects.update(synthetic=True)
    for who in (world.lead, world.national_analyst):
        assert "Synthetic data" in shown(visit(who, HOME))


@pytest.mark.parametrize("who", ["lead", "regional_analyst", "administrator", "newcomer"])
def test_it_takes_at_most_eight_queries(
    world: World, who: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(2, 5):
        make_round(publish_content(version=f"{number}.0"), world.own, world.sister, title=f"Round {number}")
    make_membership(world.administrator, "lead", world.own)
    visit(world.lead, HOME)
    client = client_of(getattr(world, who))

    with django_assert_max_num_queries(8):
        assert client.get(HOME).status_code == 200
