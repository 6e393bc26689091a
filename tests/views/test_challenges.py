"""Both sides see every challenge, its answer and the time for them; each sees its own systems alone."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from surveys.actions.assessments import return_assessment
from surveys.actions.challenges import answer_challenge, raise_challenge
from surveys.actions.releases import publish, release_provisionally
from surveys.models import Challenge, ChallengeAnswer, ChallengeWindow, Person
from surveys.queries.challenge_time import challenge_time
from tests.challenged import make_challenge
from tests.signed import release, submit_north
from tests.views.signed_in import client_of, shown, visit
from tests.world import World

OWN_WRONG, SISTER_WRONG = "We answered for Ambleshire alone.", "Borderland has a platform."


@pytest.fixture
def challenged(world: World) -> World:
    """Own has challenged a score, which is upheld; sister an answer, which waits."""
    submit_north(world)
    release(world.round, challenges=True)
    own = raise_challenge(
        by=world.lead, assessment_id=world.assessment.pk, text=OWN_WRONG, dimension_code="data_platform"
    )
    raise_challenge(
        by=world.sister_lead,
        assessment_id=world.sister_assessment.pk,
        text=SISTER_WRONG,
        question_code="shared_platform",
    )
    answer_challenge(by=world.administrator, challenge_id=own.pk, upheld=True, text="We return it.")
    return world


def of_round(world: World, name: str = "round_challenges") -> str:
    return reverse(name, args=[world.round.pk])


def of_system(world: World) -> str:
    return reverse("system_challenges", args=[world.assessment.pk])


def rows(world: World, person: Person, query: str = "") -> list[dict[str, str]]:
    """The challenges in the download, newest first."""
    file = visit(person, of_round(world, "round_challenges_csv") + query).getvalue().decode()
    return list(csv.DictReader(io.StringIO(file)))


def test_a_lead_raises_a_challenge_and_reads_the_answer(world: World) -> None:
    submit_north(world)
    release(world.round, challenges=True)
    lead = client_of(world.lead)
    ends = challenge_time(world.round).ends
    assert f"say so until {ends}" in shown(lead.get(of_system(world)))

    lead.post(of_system(world), {"about": "dimension:data_platform", "text": OWN_WRONG})
    row = Challenge.objects.get()
    assert (row.about, row.text, row.raised_by) == ("Data platform", OWN_WRONG, world.lead)
    page = shown(lead.get(of_system(world)))
    assert "The challenge is raised. You get an e-mail when it is answered." in page
    assert "Waiting for an answer" in page

    address = reverse("answer_challenge", args=[row.pk])
    answered = client_of(world.administrator).post(
        address, {"outcome": "not_upheld", "text": "The signed copy says so."}, follow=True
    )
    assert "The challenge is answered, and the system is told." in shown(answered)
    page = shown(lead.get(of_system(world)))
    assert ("The signed copy says so." in page, "Answered by Ada Administrator" in page) == (True, True)


def test_what_is_wrong_in_a_form_is_said_and_nothing_is_lost(challenged: World) -> None:
    lead = client_of(challenged.lead)
    page = shown(lead.post(of_system(challenged), {"about": "", "text": "Half a sent"}))
    assert ("Choose what the challenge is about" in page, "Half a sent" in page) == (True, True)
    again = {"about": "dimension:data_platform", "text": "The platform."}
    lead.post(of_system(challenged), again)
    twice = lead.post(of_system(challenged), again)
    assert twice.status_code == 409
    assert "It was not raised twice." in shown(twice)
    assert Challenge.objects.count() == 3


def test_the_question_that_somebody_comes_from_is_chosen_already(challenged: World) -> None:
    page = visit(challenged.lead, of_system(challenged) + "?about=question:linked_data").content.decode()
    assert '<option value="question:linked_data" selected>' in page


@pytest.mark.parametrize(
    ("who", "own", "raises"),
    [
        ("lead", True, True),
        ("approver", True, True),
        ("contributor", True, False),
        ("regional_analyst", True, False),
        ("administrator", True, False),
    ],
)
def test_who_reads_the_challenges_of_a_system_and_who_raises_one(
    challenged: World, who: str, own: bool, raises: bool
) -> None:
    page = shown(visit(getattr(challenged, who), of_system(challenged)))
    assert (OWN_WRONG in page, "Raise the challenge" in page) == (own, raises)
    assert SISTER_WRONG not in page


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("administrator", {OWN_WRONG, SISTER_WRONG}),
        ("national_analyst", {OWN_WRONG, SISTER_WRONG}),
        ("regional_analyst", {OWN_WRONG, SISTER_WRONG}),
        ("far_regional_analyst", set()),
    ],
)
def test_staff_see_the_challenges_of_the_systems_that_they_follow(
    challenged: World, who: str, seen: set[str]
) -> None:
    person = getattr(challenged, who)
    page = shown(visit(person, of_round(challenged)))
    assert {wrong for wrong in (OWN_WRONG, SISTER_WRONG) if wrong in page} == seen
    assert {row["challenge"] for row in rows(challenged, person)} == seen


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [SISTER_WRONG, OWN_WRONG]),
        ("?state=waiting", [SISTER_WRONG]),
        ("?state=upheld", [OWN_WRONG]),
        ("?region=north", [SISTER_WRONG, OWN_WRONG]),
        ("?region=north&state=upheld", [OWN_WRONG]),
        ("?region=nowhere&state=lost", [SISTER_WRONG, OWN_WRONG]),
    ],
)
def test_page_and_download_are_narrowed_to_the_same(challenged: World, query: str, found: list[str]) -> None:
    page = shown(visit(challenged.administrator, of_round(challenged) + query))
    assert [wrong for wrong in (SISTER_WRONG, OWN_WRONG) if wrong in page] == found
    assert [row["challenge"] for row in rows(challenged, challenged.administrator, query)] == found


def test_a_choice_that_is_not_there_is_said(challenged: World) -> None:
    page = shown(visit(challenged.administrator, of_round(challenged) + "?state=not_upheld"))
    assert "No challenge is in that state now, so all of them are shown." in page


def test_the_download_says_everything_of_a_challenge(challenged: World) -> None:
    row = rows(challenged, challenged.administrator, "?state=upheld")[0]
    wanted = {name: row[name] for name in list(row)[6:14]}
    assert wanted == {
        "region": "North",
        "status": "Submitted",
        "release": "Provisional release 1",
        "challenged": "dimension",
        "dimension_code": "data_platform",
        "question_code": "",
        "about": "Data platform",
        "challenge": OWN_WRONG,
    }
    assert (
        row["raised_by"],
        row["challenge_state"],
        row["challenge_answer"],
        row["challenge_answered_by"],
    ) == (
        "Lena Lead",
        "Upheld",
        "We return it.",
        "Ada Administrator",
    )
    assert (
        rows(challenged, challenged.administrator, "?state=waiting")[0]["question_code"] == "shared_platform"
    )


def test_many_challenges_come_in_pages(challenged: World) -> None:
    for number in range(50):
        make_challenge(challenged, text=f"Number {number}.")
    first, second = (
        shown(visit(challenged.administrator, of_round(challenged) + f"?page={number}")) for number in (1, 2)
    )
    assert ("Number 49." in first, OWN_WRONG in first) == (True, False)
    assert ("Number 49." in second, OWN_WRONG in second) == (False, True)
    assert len(rows(challenged, challenged.administrator)) == 52


def test_an_upheld_challenge_leads_to_the_return_with_time(challenged: World) -> None:
    returning = reverse("return_assessment", args=[challenged.assessment.pk])
    assert returning in shown(visit(challenged.administrator, of_round(challenged)))
    assert returning not in shown(visit(challenged.national_analyst, of_round(challenged)))


def test_two_administrators_answer_and_the_second_is_told(challenged: World) -> None:
    row = Challenge.objects.get(text=SISTER_WRONG)
    address = reverse("answer_challenge", args=[row.pk])
    client = client_of(challenged.administrator)
    client.post(address, {"outcome": "not_upheld", "text": "First."})
    second = client.post(address, {"outcome": "upheld", "text": "Second, and longer."})
    assert second.status_code == 409
    page = shown(second)
    assert "Ada Administrator has answered this challenge already. Nothing was changed." in page
    assert "Second, and longer." in page
    assert ChallengeAnswer.objects.get(challenge=row).text == "First."


def test_more_time_is_given_on_its_page(challenged: World) -> None:
    client = client_of(challenged.administrator)
    address = of_round(challenged, "challenge_time")
    sent = {
        "until_day": "1",
        "until_month": "6",
        "until_year": "2099",
        "until_time": "5pm",
        "reason": "Easter",
    }
    page = shown(client.post(address, sent, follow=True))
    assert "Systems may challenge their results until Monday 1 June 2099 at 5pm." in page
    refused = client.post(address, sent | {"until_year": "2098"})
    assert refused.status_code == 409
    assert "Time that was given is not taken back." in shown(refused)
    assert ChallengeWindow.objects.count() == 2


def test_the_home_page_says_until_when_and_what_waits(challenged: World) -> None:
    home = reverse("home")
    ends = challenge_time(challenged.round).ends
    own = f"Check the provisional results of Ambleshire, Spring round. They can be challenged until {ends}"
    waiting = "1 challenge of “Spring round” waits for an answer"
    assert own in shown(visit(challenged.lead, home))
    assert own not in shown(visit(challenged.sister_lead, home))
    assert (
        "Cliffshire"
        not in shown(visit(challenged.far_lead, home)).split("Results")[0].split("Challenges")[-1]
    )
    assert waiting in shown(visit(challenged.administrator, home))
    assert waiting not in shown(visit(challenged.national_analyst, home))
    make_challenge(challenged)
    assert "2 challenges of “Spring round” wait for an answer" in shown(visit(challenged.administrator, home))


def test_home_tells_of_results_of_the_newest_release_alone(challenged: World) -> None:
    """Ambleshire is returned and left out of the second release, so there is nothing to check."""
    until = timezone.now() + datetime.timedelta(days=2)
    return_assessment(
        by=challenged.administrator, assessment_id=challenged.assessment.pk, reason="Level 5.", until=until
    )
    release_provisionally(by=challenged.administrator, round_id=challenged.round.pk)
    told = "Check the provisional results of"
    assert told not in shown(visit(challenged.lead, reverse("home")))
    assert shown(visit(challenged.sister_lead, reverse("home"))).count(told) == 1


def test_once_published_nothing_waits_and_the_challenges_stay_readable(challenged: World) -> None:
    row = Challenge.objects.get(text=SISTER_WRONG)
    answer_challenge(by=challenged.administrator, challenge_id=row.pk, upheld=False, text="No.")
    publish(by=challenged.administrator, round_id=challenged.round.pk, reason="The board meets.")
    assert "challenged until" not in shown(visit(challenged.lead, reverse("home")))
    page = shown(visit(challenged.lead, of_system(challenged)))
    assert (OWN_WRONG in page, "Raise the challenge" in page) == (True, False)


@pytest.mark.parametrize(
    ("who", "seen"),
    [("lead", True), ("contributor", True), ("regional_analyst", True), ("far_regional_analyst", False)],
)
def test_a_provisional_profile_leads_to_the_challenges_of_whom_it_concerns(
    challenged: World, who: str, seen: bool
) -> None:
    made = challenged.round.releases.get()
    profile = reverse("results_system", args=[made.pk, challenged.assessment.pk])
    answers = reverse("results_answers", args=[made.pk, challenged.assessment.pk, "data_platform"])
    for address in (profile, answers):
        assert (of_system(challenged) in shown(visit(getattr(challenged, who), address))) == seen


@pytest.mark.parametrize("name", ["round_challenges", "round_challenges_csv", "challenge_time"])
def test_the_pages_of_a_round_take_at_most_eight_queries(
    challenged: World, name: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(10):
        make_challenge(challenged, text=f"Number {number}.")
    client = client_of(challenged.administrator)
    client.get(of_round(challenged, name))
    with django_assert_max_num_queries(8):
        response = client.get(of_round(challenged, name))
        assert response.getvalue() if response.streaming else response.content


def test_the_page_of_a_system_takes_at_most_ten_queries(
    challenged: World, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(10):
        make_challenge(challenged, text=f"Number {number}.")
    client = client_of(challenged.lead)
    client.get(of_system(challenged))
    with django_assert_max_num_queries(10):
        client.get(of_system(challenged))
