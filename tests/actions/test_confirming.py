"""Saying that the answer of the round before is still true: an answer of today, marked as confirmed."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.http import Http404

from surveys.actions.answers import AnswerSave, SaveOutcome, save_answers
from surveys.actions.refusals import Refused
from surveys.models import Answer, Person, Round
from surveys.questionnaires.responses import EMPTY, Response
from tests.actions.test_answers import stored
from tests.earlier import earlier_round
from tests.factories import assign_section, make_answer
from tests.world import World

YES = Response(level=3, comment="Not yet social care.")
SPLIT = Response(not_applicable=True, reason="We share our neighbour's.")


@pytest.fixture
def before(world: World) -> Round:
    """The system signed two answers a year ago, and left one open."""
    given = {"linked_data": YES, "shared_platform": SPLIT, "training": Response(comment="Not known.")}
    return earlier_round(world, {world.own: given, world.sister: {"linked_data": Response(level=1)}})


def confirm(world: World, code: str, *, by: Person, seen: int = 0, **others: Response) -> SaveOutcome:
    """Confirm one question, and save others with it."""
    saves = [AnswerSave(code, seen, EMPTY), *(AnswerSave(each, 0, given) for each, given in others.items())]
    return save_answers(by=by, assessment_id=world.assessment.pk, saves=saves, confirm=code)


def marks(world: World) -> dict[str, str | None]:
    rows = Answer.objects.filter(assessment=world.assessment)
    return dict(rows.values_list("question__code", "confirmed_from__title"))


def test_it_is_an_answer_of_today_that_is_marked(world: World, before: Round) -> None:
    outcome = confirm(world, "linked_data", by=world.contributor)

    assert outcome == SaveOutcome(saved=frozenset({"linked_data"}), confirmed=True)
    assert stored(world.assessment) == {"linked_data": (1, YES)}
    assert marks(world) == {"linked_data": "Autumn round"}
    assert Answer.objects.get().answered_by == world.contributor


def test_what_is_saved_with_it_is_not_marked(world: World, before: Round) -> None:
    confirm(world, "shared_platform", by=world.lead, linked_data=YES)

    assert stored(world.assessment) == {"shared_platform": (1, SPLIT), "linked_data": (1, YES)}
    assert marks(world) == {"shared_platform": "Autumn round", "linked_data": None}


def test_changing_the_answer_takes_the_mark_away(world: World, before: Round) -> None:
    """Both writings are in the history with the mark as it was."""
    confirm(world, "linked_data", by=world.lead)
    save_answers(
        by=world.lead,
        assessment_id=world.assessment.pk,
        saves=[AnswerSave("linked_data", 1, Response(level=4))],
    )

    assert marks(world) == {"linked_data": None}
    history = apps.get_model("surveys", "AnswerEvent").objects.order_by("pgh_id")
    assert list(history.values_list("version", "confirmed_from__title")) == [(1, "Autumn round"), (2, None)]


def test_saving_it_as_it_is_keeps_the_mark(world: World, before: Round) -> None:
    confirm(world, "linked_data", by=world.lead)
    save_answers(by=world.lead, assessment_id=world.assessment.pk, saves=[AnswerSave("linked_data", 1, YES)])

    assert marks(world) == {"linked_data": "Autumn round"}
    assert stored(world.assessment)["linked_data"] == (1, YES)


def test_doing_it_twice_does_it_once(world: World, before: Round) -> None:
    confirm(world, "linked_data", by=world.lead)
    outcome = confirm(world, "linked_data", by=world.lead)

    assert outcome == SaveOutcome(unchanged=frozenset({"linked_data"}), confirmed=True)
    assert stored(world.assessment)["linked_data"] == (1, YES)


def test_an_answer_that_was_cleared_can_be_confirmed(world: World, before: Round) -> None:
    """Also by somebody who has not seen that it came and went."""
    for seen, level in ((0, 2), (1, None)):
        save_answers(
            by=world.contributor,
            assessment_id=world.assessment.pk,
            saves=[AnswerSave("linked_data", seen, Response(level=level))],
        )
    confirm(world, "linked_data", by=world.lead)

    assert stored(world.assessment)["linked_data"] == (3, YES)
    assert marks(world) == {"linked_data": "Autumn round"}


def test_an_answer_that_a_colleague_gave_meanwhile_stays(world: World, before: Round) -> None:
    make_answer(world.assessment, "linked_data", world.contributor, Response(level=1))
    outcome = confirm(world, "linked_data", by=world.lead)

    assert outcome == SaveOutcome(unchanged=frozenset({"linked_data"}))
    assert (stored(world.assessment)["linked_data"], marks(world)) == (
        (1, Response(level=1)),
        {"linked_data": None},
    )


def test_what_was_typed_is_saved_instead(world: World, before: Round) -> None:
    typed = AnswerSave("linked_data", 0, Response(comment="Half a sentence"))
    outcome = save_answers(
        by=world.lead, assessment_id=world.assessment.pk, saves=[typed], confirm="linked_data"
    )

    assert outcome == SaveOutcome(saved=frozenset({"linked_data"}))
    assert stored(world.assessment) == {"linked_data": (1, Response(comment="Half a sentence"))}
    assert marks(world) == {"linked_data": None}


@pytest.mark.parametrize("code", ["training", "practice_share"])
def test_what_was_not_answered_cannot_be_confirmed(world: World, before: Round, code: str) -> None:
    with pytest.raises(Refused, match="There is no single answer of the last round that could be confirmed"):
        confirm(world, code, by=world.lead, recruitment=Response(level=1))
    assert stored(world.assessment) == {}


def test_a_first_round_has_nothing_to_confirm(world: World) -> None:
    with pytest.raises(Refused, match="There is no single answer of the last round"):
        confirm(world, "linked_data", by=world.lead)


def test_a_question_that_is_not_among_what_is_saved_is_not_confirmed(world: World, before: Round) -> None:
    outcome = save_answers(by=world.lead, assessment_id=world.assessment.pk, saves=[], confirm="linked_data")

    assert (outcome, stored(world.assessment)) == (SaveOutcome(), {})


@pytest.mark.parametrize("who", ["approver", "sister_lead", "regional_analyst", "contributor"])
def test_only_who_answers_the_question_confirms_it(world: World, who: str) -> None:
    """The contributor has another section."""
    earlier_round(world, {world.own: {"training": Response(level=3)}})
    with pytest.raises(Http404):
        confirm(world, "training", by=getattr(world, who))
    assign_section(world.assessment, "skills", world.contributor, by=world.lead)
    confirm(world, "training", by=world.contributor)
    assert marks(world) == {"training": "Autumn round"}
