"""A mistake in results that are out: one system corrects it, signs again, and the next release says so."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.http import Http404
from django.utils import timezone

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.assessments import return_assessment, send_for_signoff
from surveys.actions.extensions import extend
from surveys.actions.refusals import Refused
from surveys.actions.releases import correct, publish, release_provisionally
from surveys.models import Assessment, Event, Extension, Message, Person, Release, Result, Round
from surveys.questionnaires.responses import Response
from tests.actions.test_assessments import answer, close, send, sign
from tests.refusals import refusal
from tests.world import World

DAY = datetime.timedelta(days=1)
SITE = "https://survey.example.org/"


@pytest.fixture
def published(world: World) -> World:
    """The own system submitted level 3 for linked data, and the results are published."""
    answer(world)
    answer(world, "shared_platform")
    send(world)
    sign(world)
    close(world)
    release_provisionally(by=world.administrator, round_id=world.round.pk)
    publish(by=world.administrator, round_id=world.round.pk)
    return world


def give_back(world: World, until: datetime.datetime | None = None, by: Person | None = None) -> None:
    return_assessment(
        by=by or world.administrator,
        assessment_id=world.assessment.pk,
        reason="Level 5, not 3.",
        until=until,
        site=SITE,
    )


def scores(release: Release) -> list[str]:
    rows = Result.objects.filter(release=release, measure="dimension", code="data_platform")
    return [str(row.score) for row in rows]


def test_one_system_corrects_its_answer_and_the_next_release_says_so(published: World) -> None:
    world = published
    give_back(world, timezone.now() + DAY)
    answer(world, seen=1, level=5)
    with pytest.raises(Refused, match="The round is closed"):
        save_answers(
            by=world.sister_lead,
            assessment_id=world.sister_assessment.pk,
            saves=[AnswerSave("linked_data", 0, Response(level=1))],
        )
    send(world)
    copy = sign(world)
    corrected = correct(by=world.administrator, round_id=world.round.pk, note="A level was mistyped.")

    first, second = Release.objects.filter(kind="published").order_by("number")
    assert (copy.number, second, scores(first), scores(second)) == (2, corrected, ["3.0000"], ["4.0000"])
    assert Round.objects.get(pk=world.round.pk).status == Round.Status.PUBLISHED
    verbs = list(Event.objects.filter(assessment_id=world.assessment.pk).values_list("verb", flat=True))
    assert sorted(verbs[-4:]) == [
        "assessment.extended",
        "assessment.returned",
        "assessment.sent",
        "assessment.submitted",
    ]


def test_the_message_says_that_there_is_time(published: World) -> None:
    give_back(published, timezone.now() + DAY)
    bodies = [row.body for row in Message.objects.filter(kind=Message.Kind.RETURNED)]
    assert ["Answers can be changed again" in body for body in bodies] == [True, True]


def test_after_that_time_nothing_can_be_changed(published: World) -> None:
    give_back(published, timezone.now() + DAY)
    with (
        time_machine.travel(timezone.now() + 2 * DAY, tick=False),
        pytest.raises(Refused, match="The deadline was"),
    ):
        answer(published, seen=1, level=5)


def test_results_that_are_out_are_corrected_with_time_and_by_an_administrator(published: World) -> None:
    told = {"assessment_id": published.assessment.pk, "reason": "Level 5, not 3."}
    for who in (published.administrator, published.national_analyst):
        assert refusal(return_assessment, by=who, **told) == (
            "The results of this round are released, so an administrator returns a submission and says "
            "until when the system has time to correct it. Nothing was returned."
        )
    with pytest.raises(Http404):
        give_back(published, timezone.now() + DAY, by=published.national_analyst)
    with pytest.raises(Refused, match="must be in the future"):
        give_back(published, timezone.now())
    row = Assessment.objects.get(pk=published.assessment.pk)
    assert (row.status, Extension.objects.count()) == (Assessment.Status.SUBMITTED, 0)


def test_within_the_time_that_still_runs_an_administrator_returns_again(published: World) -> None:
    give_back(published, timezone.now() + DAY)
    answer(published, seen=1, level=5)
    send(published)
    sign(published)
    with pytest.raises(Refused, match="The results of this round are released"):
        give_back(published, by=published.national_analyst)
    give_back(published)
    row = Assessment.objects.get(pk=published.assessment.pk)
    assert (row.status, Extension.objects.count()) == (Assessment.Status.RETURNED, 1)


def test_in_an_open_round_no_time_is_given_by_the_way(world: World) -> None:
    answer(world)
    send(world)
    sign(world)
    give_back(world, timezone.now() + DAY)
    assert Extension.objects.count() == 0


def test_a_system_that_missed_the_closing_joins_by_a_correction(published: World) -> None:
    world, sister = published, published.sister_assessment
    until = timezone.now() + DAY
    extend(by=world.administrator, assessment_id=sister.pk, until=until, reason="It was flooded.")
    save_answers(
        by=world.sister_lead, assessment_id=sister.pk, saves=[AnswerSave("training", 0, Response(level=2))]
    )
    send_for_signoff(by=world.sister_lead, assessment_id=sister.pk)
    assert Assessment.objects.get(pk=sister.pk).status == Assessment.Status.AWAITING_SIGNOFF
