"""What the tables of challenges refuse."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from surveys.models import Challenge, ChallengeAnswer, ChallengeWindow, Question
from tests.challenged import make_challenge
from tests.models.violation import refused_by_trigger, violates
from tests.signed import release, submit_north
from tests.world import World

UNTIL = timezone.now() + datetime.timedelta(days=14)


@pytest.fixture
def provisional(world: World) -> World:
    """Two systems have provisional results."""
    submit_north(world)
    release(world.round)
    return world


def answer(challenge: Challenge, world: World, text: str = "It stands.") -> ChallengeAnswer:
    return ChallengeAnswer.objects.create(
        challenge=challenge, upheld=False, text=text, answered_by=world.administrator
    )


def test_a_challenge_is_about_one_thing_and_says_what_is_wrong(provisional: World) -> None:
    question = Question.objects.get(dimension__questionnaire=provisional.questionnaire, code="linked_data")
    make_challenge(provisional, dimension=None, question=question)
    with violates("challenge_is_about_one_thing"):
        make_challenge(provisional, question=question)
    with violates("challenge_is_about_one_thing"):
        make_challenge(provisional, dimension=None)
    with violates("challenge_says_what_is_wrong"):
        make_challenge(provisional, text="")


def test_a_challenge_is_answered_once_with_a_text(provisional: World) -> None:
    challenge = make_challenge(provisional)
    with violates("challenge_answer_says_why"):
        answer(challenge, provisional, "")
    answer(challenge, provisional)
    with violates("surveys_challengeanswer_challenge_id_key"):
        answer(challenge, provisional)


def test_only_the_first_time_for_challenges_goes_without_a_reason(world: World) -> None:
    ChallengeWindow.objects.create(round=world.round, until=UNTIL)
    later = UNTIL + datetime.timedelta(days=1)
    with violates("challenge_window_more_time_has_a_reason"):
        ChallengeWindow.objects.create(round=world.round, until=later)
    with violates("challenge_window_ends_once"):
        ChallengeWindow.objects.create(round=world.round, until=UNTIL, reason="Holidays.")
    ChallengeWindow.objects.create(round=world.round, until=later, reason="Holidays.")


def test_what_was_said_stays_as_it_was(provisional: World) -> None:
    window = ChallengeWindow.objects.create(round=provisional.round, until=UNTIL)
    answered = answer(make_challenge(provisional), provisional)
    for row in (make_challenge(provisional), answered, window):
        sentence = f"pgtrigger: Cannot update or delete rows from {row._meta.db_table} table"
        with refused_by_trigger(sentence):
            row.save()
        with refused_by_trigger(sentence):
            row.delete()
