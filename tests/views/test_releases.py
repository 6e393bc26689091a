"""Releasing, publishing and correcting through pages: checks first, one button, nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pgtrigger
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.models import Assessment, Event, Release, Result, Round
from surveys.queries.challenge_time import usual_end
from surveys.queries.releases import prepare
from tests.challenged import make_challenge
from tests.moderated import accepted, begin, proposed
from tests.pages import as_, text_of
from tests.signed import OWN, close, levels, release, release_for_good, set_status, submit, submit_north
from tests.world import World

STEPS = ("release_provisionally", "publish_round", "correct_round")


def address(step: str, world: World) -> str:
    """The page of a step for the world's round."""
    return reverse(step, args=[world.round.pk])


def seen(world: World) -> str:
    """The fingerprint of the figures as they are now."""
    return prepare(Round.objects.get(pk=world.round.pk)).fingerprint


def challenge_until() -> dict[str, str]:
    """What is sent for the end of the time for challenges: 1 June of next year at 5pm."""
    typed = {"day": "1", "month": "6", "year": str(timezone.localdate().year + 1), "time": "5pm"}
    return {f"challenge_until_{part}": value for part, value in typed.items()}


def errors(page: Any) -> list[str]:
    """What the form says is wrong, field by field."""
    return [message for messages in page.context["form"].errors.values() for message in messages]


def test_the_administrator_looks_and_releases(world: World, client: Client) -> None:
    """Counts, who is missing, the button; then the results."""
    submit_north(world)
    close(world.round)
    as_(client, world.administrator)
    page = client.get(address("release_provisionally", world))
    text = text_of(page)
    assert "Systems with results 2 of 3" in text
    assert "Scores 16, 5 of them withheld for too few answers" in text
    assert "Cliffshire: not started" in text
    assert f'name="seen" value="{seen(world)}"' in page.content.decode()

    sent = {"seen": seen(world), **challenge_until()}
    answer = client.post(address("release_provisionally", world), sent)
    made = Release.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("results_overview", args=[made.pk]))
    assert "Provisional release 1 of “Spring round” is made." in text_of(client.get(answer["Location"]))


def test_a_round_goes_from_closed_to_corrected(world: World, client: Client) -> None:
    """The three pages one after the other."""
    submit_north(world)
    close(world.round)
    as_(client, world.administrator)
    client.post(address("release_provisionally", world), {"seen": seen(world), **challenge_until()})
    client.post(address("publish_round", world), {"seen": seen(world), "reason": "The board meets."})
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    page = text_of(client.get(address("correct_round", world)))
    assert "Different from Published release 1 Ambleshire" in page
    client.post(address("correct_round", world), {"seen": seen(world), "note": "Signed again."})
    assert [(made.kind, made.number, made.note) for made in Release.objects.order_by("pk")] == [
        ("provisional", 1, ""),
        ("published", 1, ""),
        ("published", 2, "Signed again."),
    ]


def test_the_first_provisional_release_asks_until_when_it_may_be_challenged(
    world: World, client: Client
) -> None:
    """Ten working days are proposed; without a day nothing is released."""
    submit_north(world)
    close(world.round)
    as_(client, world.administrator)
    page = client.get(address("release_provisionally", world))
    proposed = timezone.localtime(usual_end(timezone.now()))
    assert f'name="challenge_until_day" value="{proposed.day}"' in page.content.decode()
    assert page.context["form"].initial["challenge_until"] == proposed

    missing = client.post(address("release_provisionally", world), {"seen": seen(world)})
    assert errors(missing) == ["Enter until when systems may challenge these results"]
    assert Release.objects.count() == 0


def test_a_challenge_without_an_answer_stops_the_publication(world: World, client: Client) -> None:
    """The page says so, and has no button."""
    submit_north(world)
    release(world.round, challenges=True)
    make_challenge(world)
    text = text_of(as_(client, world.administrator).get(address("publish_round", world)))
    assert "1 challenge waits for an answer: answer every one first." in text
    assert "1 raised, 1 without an answer." in text
    assert "Why are the results published before" not in text


def test_a_reason_comes_back_when_a_challenge_was_raised_meanwhile(world: World, client: Client) -> None:
    submit_north(world)
    release(world.round, challenges=True)
    as_(client, world.administrator)
    make_challenge(world)
    page = client.post(address("publish_round", world), {"seen": seen(world), "reason": "The board meets."})
    assert errors(page) == [
        "Nothing was published. 1 challenge waits for an answer: answer every one first.",
    ]
    assert "The board meets.</textarea>" in page.content.decode()


def test_levels_that_are_not_moderated_any_more_are_told(world: World, client: Client) -> None:
    """A correction signed after the publication begins without what was decided before it."""
    begin(world)
    accepted(world, proposed(world))
    release_for_good(world.round)
    as_(client, world.administrator)
    heading = "Moderated before, self-assessed now"
    assert heading not in text_of(client.get(address("correct_round", world)))
    submit(world.assessment, world.approver, OWN)
    text = text_of(client.get(address("correct_round", world)))
    assert f"{heading} These systems have signed a later copy." in text
    assert "Ambleshire: 1 level moderated in published release 1, self-assessed now." in text


def test_the_page_shows_what_was_checked_and_how_far_medians_depend_on_who_is_missing(
    world: World, client: Client
) -> None:
    """Cliffshire could have scored anything from 1 to 5, and so could Borderland on the platform."""
    submit_north(world)
    release(world.round)
    text = text_of(as_(client, world.administrator).get(address("publish_round", world)))
    assert "Counts Passed 3 systems: 2 with results, 1 without. Submitted: 2." in text
    assert "Withheld scores Passed 5 withheld scores" in text
    assert "Dimension Data platform With a score 1 of 3 Median 3.5 If all had one 1.0 to 5.0" in text
    assert "Dimension Skills With a score 2 of 3 Median 3.5 If all had one 2.5 to 4.5" in text


def test_a_check_that_fails_is_told_and_there_is_no_button(world: World, client: Client) -> None:
    """A figure was changed in the database."""
    submit_north(world)
    made = release(world.round)
    with pgtrigger.ignore():
        Result.objects.filter(release=made, assessment=world.assessment, code="skills").update(score=4)
    page = as_(client, world.administrator).get(address("publish_round", world))
    text = text_of(page)
    assert "Stored figures Failed 16 scores and 11 answers of provisional release 1" in text
    assert "Ambleshire: 1 score not as signed. " in text
    assert "Nothing can be released while a check fails." in text
    assert ">Publish results</button>" not in page.content.decode()


def test_a_level_without_a_decision_is_told_before_the_button_is_pressed(
    world: World, client: Client
) -> None:
    """It stops the publication as challenges do."""
    begin(world)
    proposed(world)
    release(world.round)
    text = text_of(as_(client, world.administrator).get(address("publish_round", world)))
    assert "Ambleshire has 1 proposed level without a decision." in text


def test_before_the_time_for_challenges_is_over_the_page_asks_why(world: World, client: Client) -> None:
    """What was typed is kept in the audit trail and shown to nobody else."""
    submit_north(world)
    release(world.round, challenges=True)
    as_(client, world.administrator)
    missing = client.post(address("publish_round", world), {"seen": seen(world)})
    assert errors(missing) == ["Say why the results are published before the time for challenges has ended"]
    client.post(address("publish_round", world), {"seen": seen(world), "reason": "The board meets."})
    assert Event.objects.get(verb="round.published").reason == "The board meets."


@pytest.mark.parametrize(
    ("step", "status", "words"),
    [
        ("release_provisionally", "open", "Results are released provisionally once a round is closed"),
        ("publish_round", "closed", "Results are published after they have been released provisionally."),
        ("correct_round", "provisional", "Only published results are corrected."),
    ],
)
def test_at_another_stage_the_page_says_when_and_has_no_button(
    world: World, client: Client, step: str, status: str, words: str
) -> None:
    """And sending it all the same is refused in words."""
    set_status(world.round, status)
    page = as_(client, world.administrator).get(address(step, world))
    assert words in text_of(page)
    assert b'name="seen"' not in page.content
    sent = client.post(address(step, world), {"note": "A note."})
    assert sent.status_code == 200
    assert errors(sent) != []
    assert Release.objects.count() == 0


def test_a_correction_without_a_note_comes_back_with_what_to_do(world: World, client: Client) -> None:
    """The figures stand there again."""
    submit_north(world)
    release_for_good(world.round)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    as_(client, world.administrator)
    page = client.post(address("correct_round", world), {"seen": seen(world), "note": "  "})
    assert errors(page) == ["Say what changed and why"]
    assert Release.objects.filter(kind="published").count() == 1


def test_figures_that_changed_meanwhile_come_back_with_the_note_kept(world: World, client: Client) -> None:
    """The new figures are on the page; sending it again releases them."""
    submit_north(world)
    release_for_good(world.round)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    before = seen(world)
    submit(world.far_assessment, world.far_approver, levels(training=1, recruitment=1))
    as_(client, world.administrator)
    page = client.post(address("correct_round", world), {"seen": before, "note": "Signed again."})
    (error,) = errors(page)
    assert error.startswith("The figures have changed since you opened this page")
    assert "Signed again.</textarea>" in page.content.decode()
    assert f'name="seen" value="{seen(world)}"' in page.content.decode()
    client.post(address("correct_round", world), {"seen": seen(world), "note": "Signed again."})
    assert Release.objects.filter(kind="published").count() == 2


def test_a_note_that_is_too_long_is_not_cut_off(world: World, client: Client) -> None:
    """It comes back whole."""
    release_for_good(world.round)
    note = "a" * 2001
    page = as_(client, world.administrator).post(address("correct_round", world), {"note": note})
    assert errors(page) == ["The note must have 2000 characters or fewer; it has 2001"]


def test_when_nothing_changed_there_is_no_button(world: World, client: Client) -> None:
    """A release that repeats the last one would only confuse its readers."""
    submit_north(world)
    release(world.round)
    page = as_(client, world.administrator).get(address("release_provisionally", world))
    assert "No score and no answer differs from Provisional release 1 , so there is nothing" in text_of(page)
    assert b'name="seen"' not in page.content
    assert b'name="seen"' in client.get(address("publish_round", world)).content


def test_a_submission_that_cannot_be_scored_is_named_and_stops_the_page(world: World, client: Client) -> None:
    """Before anybody presses the button."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, levels(nonsense=1))
    close(world.round)
    page = as_(client, world.administrator).get(address("release_provisionally", world))
    assert (
        "Submission 1 of Cliffshire cannot be scored (the questionnaire has no question nonsense)."
        in text_of(page)
    )
    assert b'name="seen"' not in page.content


def test_a_returned_assessment_is_named_as_one(world: World, client: Client) -> None:
    """What was signed once is not released."""
    submit_north(world)
    Assessment.objects.filter(pk=world.assessment.pk).update(
        status=Assessment.Status.RETURNED,
        returned_at=world.round.opens_at,
        returned_by=world.national_analyst,
        return_reason="Two answers contradict each other.",
    )
    close(world.round)
    text = text_of(as_(client, world.administrator).get(address("release_provisionally", world)))
    assert "Ambleshire: returned. It was signed once; what was signed then is not released" in text


def test_the_publish_page_says_who_will_see_it(world: World, client: Client) -> None:
    """Members, or everybody."""
    release(world.round)
    as_(client, world.administrator)
    assert "Everybody with a membership will see" in text_of(client.get(address("publish_round", world)))
    Round.objects.update(audience=Round.Audience.PUBLIC)
    assert "also people who have not signed in" in text_of(client.get(address("publish_round", world)))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", ["lead", "approver", "regional_analyst", "national_analyst", "newcomer"])
def test_for_everybody_else_the_pages_do_not_exist(world: World, step: str, who: str) -> None:
    """GET and POST alike."""
    close(world.round)
    client = as_(Client(), getattr(world, who))
    assert client.get(address(step, world)).status_code == 404
    assert client.post(address(step, world), {"note": "A note."}).status_code == 404
    assert Release.objects.count() == 0


@pytest.mark.parametrize("step", STEPS)
def test_somebody_who_has_not_signed_in_is_asked_to(world: World, client: Client, step: str) -> None:
    """As everywhere."""
    answer = client.get(address(step, world))
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{reverse('sign_in')}?next={address(step, world)}",
    )


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_a_round_that_does_not_exist_is_not_found(world: World, client: Client, pk: int) -> None:
    """However large the number."""
    assert as_(client, world.administrator).get(reverse("publish_round", args=[pk])).status_code == 404
