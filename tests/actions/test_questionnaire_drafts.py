"""Drafts are kept, compared, published and discarded; what is published is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.http import Http404

from surveys.actions.questionnaire_drafts import discard_draft, keep_draft, publish_draft, set_comparison
from surveys.actions.questionnaires import publish
from surveys.actions.refusals import Refused
from surveys.models import Event, Question, Questionnaire
from surveys.questionnaires.problems import QuestionnaireError
from surveys.questionnaires.schema import ComparedQuestion, Comparison, ComparisonStatus
from tests.factories import SMALL_CONTENT, reworded
from tests.world import World

SECOND = replace(SMALL_CONTENT, version="2.0")
SAME = Comparison(
    "1.0",
    tuple(ComparedQuestion(code, code, ComparisonStatus.SAME) for code in SMALL_CONTENT.questions_by_code),
)


def keep(world: World, content: Any = SECOND) -> Questionnaire:
    return keep_draft(by=world.administrator, content=content, file="second.yaml")


def about(draft: Questionnaire, world: World) -> dict[str, Any]:
    return {"by": world.administrator, "questionnaire_id": draft.pk, "seen": draft.digest}


def trail() -> list[tuple[str, str]]:
    rows = Event.objects.filter(verb__startswith="questionnaire.").order_by("pk")
    return [(row.verb, row.subject) for row in rows if row.person_id]


def test_a_draft_is_kept_replaced_and_published(world: World) -> None:
    first = keep(world)
    parts = Question.objects.filter(dimension__questionnaire=first)
    assert (first.published_at, first.drafted_by, parts.count()) == (None, world.administrator, 0)
    second = keep(world, replace(SECOND, title="Second questionnaire"))
    assert (second.pk, second.title) == (first.pk, "Second questionnaire")
    assert second.digest != first.digest

    published = publish_draft(**about(second, world))

    assert (published.created, published.questionnaire.pk) == (True, first.pk)
    assert published.questionnaire.published_by == world.administrator
    assert published.questionnaire.content == replace(SECOND, title="Second questionnaire")
    assert parts.count() == len(SECOND.questions)
    assert trail() == [
        ("questionnaire.drafted", "Small questionnaire 2.0"),
        ("questionnaire.drafted", "Second questionnaire 2.0"),
        ("questionnaire.published", "Second questionnaire 2.0"),
    ]


def test_the_command_publishes_what_is_a_draft_too(world: World) -> None:
    draft = keep(world, replace(SECOND, title="Half done"))
    published = publish(by=None, content=SECOND)
    assert (published.created, published.questionnaire.pk) == (True, draft.pk)
    assert Questionnaire.objects.get(pk=draft.pk).content == SECOND


def test_a_published_version_is_not_drafted_again(world: World) -> None:
    with pytest.raises(Refused, match="is published already with this content"):
        keep(world, SMALL_CONTENT)
    with pytest.raises(Refused, match="already published with other content"):
        keep(world, replace(SMALL_CONTENT, title="Another"))
    assert trail() == []


def test_a_draft_that_changed_meanwhile_is_left_alone(world: World) -> None:
    seen = about(keep(world), world)
    keep(world, replace(SECOND, title="Second questionnaire"))
    for act in (publish_draft, discard_draft, lambda **told: set_comparison(**told, comparison=SAME)):
        with pytest.raises(Refused, match="has changed since you opened this page"):
            act(**seen)
    assert Questionnaire.objects.get(pk=seen["questionnaire_id"]).title == "Second questionnaire"


def test_what_is_published_is_neither_published_again_nor_discarded(world: World) -> None:
    for act in (publish_draft, discard_draft):
        with pytest.raises(Refused, match="is published, so it can no longer be changed"):
            act(**about(world.questionnaire, world))
    with pytest.raises(Http404):
        discard_draft(by=world.administrator, questionnaire_id=0, seen="")


def test_a_discarded_draft_is_gone(world: World) -> None:
    draft = keep(world)
    assert discard_draft(**about(draft, world)) == "Small questionnaire 2.0"
    assert not Questionnaire.objects.filter(version="2.0").exists()
    assert trail()[-1] == ("questionnaire.discarded", "Small questionnaire 2.0")


def test_the_map_is_held_against_the_version_before(world: World) -> None:
    draft = keep(world)
    told = about(draft, world)
    with pytest.raises(QuestionnaireError, match="the comparison does not mention it"):
        set_comparison(**told, comparison=replace(SAME, questions=SAME.questions[:-1]))
    changed = set_comparison(**told, comparison=SAME)
    assert changed.content.comparison == SAME
    assert Event.objects.get(verb="questionnaire.compared").detail == {
        "digest": changed.digest,
        "previous_version": "1.0",
    }


def test_a_draft_that_calls_a_reworded_question_the_same_is_refused(world: World) -> None:
    with pytest.raises(QuestionnaireError, match="It is marked same, but text changed"):
        keep(world, replace(reworded(SECOND, "linked_data"), comparison=SAME))


def test_a_map_to_a_version_that_is_not_here_is_taken_as_it_is(world: World) -> None:
    content = replace(SECOND, comparison=replace(SAME, previous_version="0.9"))
    assert keep(world, content).content == content


@pytest.mark.parametrize("who", ["lead", "national_analyst"])
def test_only_administrators_touch_drafts(world: World, who: str) -> None:
    draft = keep(world)
    with pytest.raises(Http404):
        keep_draft(by=getattr(world, who), content=SECOND, file="x.yaml")
    for act in (publish_draft, discard_draft):
        with pytest.raises(Http404):
            act(by=getattr(world, who), questionnaire_id=draft.pk, seen=draft.digest)
