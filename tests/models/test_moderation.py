"""What the tables of moderation refuse, whoever writes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from surveys.models import (
    ChallengeEvidence,
    Moderation,
    ModerationAnswer,
    ModerationDecision,
    ModerationPlan,
    Question,
    Release,
    ReleasedModeration,
    ReviewAssignment,
    Submission,
)
from surveys.models.moderation import MOVES, OPEN_STATES
from tests.models.test_evidence import LINK, add
from tests.models.violation import refused_by_trigger, violates
from tests.signed import OWN, submit
from tests.world import World

State = Moderation.State


def _question() -> Question:
    return Question.objects.get(code="linked_data")


def propose(world: World, **changes: Any) -> Moderation:
    values = {
        "submission": Submission.objects.first() or submit(world.assessment, world.approver, OWN),
        "question": _question(),
        "self_assessed": 4,
        "proposed": 2,
        "reason": "Nothing is linked.",
        "proposed_by": world.regional_analyst,
    }
    return Moderation.objects.create(**(values | changes))


def answer(world: World, moderation: Moderation, **changes: Any) -> ModerationAnswer:
    values = {"moderation": moderation, "kind": "challenge", "text": "It is.", "answered_by": world.lead}
    return ModerationAnswer.objects.create(**(values | changes))


def decide(world: World, moderation: Moderation, **changes: Any) -> ModerationDecision:
    values = {
        "moderation": moderation,
        "final": 3,
        "reason": "In part.",
        "decided_by": world.national_analyst,
    }
    return ModerationDecision.objects.create(**(values | changes))


def review(world: World, **changes: Any) -> ReviewAssignment:
    values = {
        "assessment": world.assessment,
        "reviewer": world.far_lead,
        "assigned_by": world.administrator,
    }
    return ReviewAssignment.objects.create(**(values | changes))


def released(world: World, moderation: Moderation, **changes: Any) -> ReleasedModeration:
    release, _ = Release.objects.get_or_create(round=world.round, kind="provisional", number=1)
    values = {
        "release": release,
        "assessment": world.assessment,
        "question": _question(),
        "moderation": moderation,
        "self_assessed": 4,
        "proposed": 2,
        "final": 2,
    }
    return ReleasedModeration.objects.create(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"proposed": 4}, "moderation_proposes_another_level"),
        ({"proposed": 0}, "moderation_levels_from_one"),
        ({"self_assessed": 0}, "moderation_levels_from_one"),
        ({"reason": ""}, "moderation_has_a_reason"),
    ],
)
def test_what_a_proposal_cannot_be(world: World, changes: dict[str, Any], constraint: str) -> None:
    with violates(constraint):
        propose(world, **changes)


def test_one_level_is_proposed_for_an_answer_of_a_submission(world: World) -> None:
    propose(world)
    with violates("moderation_once_a_question"):
        propose(world, proposed=3)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "perhaps"}, "moderation_answer_kind_known"),
        ({"text": ""}, "moderation_challenge_says_why"),
    ],
)
def test_what_an_answer_cannot_be(world: World, changes: dict[str, Any], constraint: str) -> None:
    with violates(constraint):
        answer(world, propose(world), **changes)


def test_a_challenge_names_evidence_once(world: World) -> None:
    given, evidence = answer(world, propose(world)), add(world, LINK)
    ChallengeEvidence.objects.create(answer=given, evidence=evidence)
    with violates("challenge_evidence_once"):
        ChallengeEvidence.objects.create(answer=given, evidence=evidence)


def test_a_decision_has_a_reason(world: World) -> None:
    with violates("moderation_decision_has_a_reason"):
        decide(world, propose(world), reason="")


def test_whoever_proposed_does_not_decide(world: World) -> None:
    with refused_by_trigger("pgtrigger: Whoever proposed a level does not decide about it"):
        decide(world, propose(world), decided_by=world.regional_analyst)


@pytest.mark.parametrize("final", [1, 5])
def test_a_final_level_is_one_of_the_two_or_between_them(world: World, final: int) -> None:
    sentence = "pgtrigger: A final level lies between the self-assessed and the proposed one"
    with refused_by_trigger(sentence):
        decide(world, propose(world), final=final)


@pytest.mark.parametrize("level", ["self_assessed", "proposed", "final"])
def test_a_released_level_is_one_or_more(world: World, level: str) -> None:
    with violates("released_moderation_levels_from_one"):
        released(world, propose(world), **{level: 0})


def test_a_released_level_is_there_once(world: World) -> None:
    moderation = propose(world)
    released(world, moderation)
    with violates("released_moderation_once"):
        released(world, moderation, final=3)


def test_a_reviewer_is_assigned_again_only_after_the_end(world: World) -> None:
    later = timezone.now() + datetime.timedelta(days=1)
    review(world, ended_by=world.administrator, ended_at=later)
    review(world)
    with violates("reviewer_once_for_an_assessment"):
        review(world)


@pytest.mark.parametrize("with_person", [True, False])
def test_the_end_of_a_review_has_its_person_and_a_time_after_its_beginning(
    world: World, with_person: bool
) -> None:
    early = timezone.now() - datetime.timedelta(days=1)
    values = {"ended_by": world.administrator, "ended_at": early} if with_person else {}
    with violates("review_ended_by_and_when"):
        review(world, **(values or {"ended_at": timezone.now() + datetime.timedelta(days=1)}))


def test_who_was_asked_to_review_what_stays(world: World) -> None:
    row = review(world)
    with refused_by_trigger("pgtrigger: Cannot delete rows from surveys_reviewassignment table"):
        row.delete()
    row.reviewer = world.far_approver
    with refused_by_trigger("pgtrigger: Cannot update rows from surveys_reviewassignment table"):
        row.save()


def test_a_plan_stays(world: World) -> None:
    plan = ModerationPlan.objects.create(
        round=world.round,
        lead_reviewer=world.national_analyst,
        answers_until=timezone.now(),
        changed_by=world.administrator,
    )
    with refused_by_trigger("pgtrigger: Cannot delete rows from surveys_moderationplan table"):
        plan.delete()


def test_what_was_proposed_answered_decided_and_released_is_written_once(world: World) -> None:
    moderation = propose(world)
    given = answer(world, moderation)
    rows = {
        "moderation": moderation,
        "moderationanswer": given,
        "challengeevidence": ChallengeEvidence.objects.create(answer=given, evidence=add(world, LINK)),
        "moderationdecision": decide(world, moderation),
        "releasedmoderation": released(world, moderation),
    }
    for table, row in rows.items():
        with refused_by_trigger(f"pgtrigger: Cannot update or delete rows from surveys_{table} table"):
            row.save()
        with refused_by_trigger(f"pgtrigger: Cannot update or delete rows from surveys_{table} table"):
            type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")


def state(moderation: Moderation) -> tuple[str, int | None]:
    """Where a proposal stands and which level counts."""
    row = Moderation.objects.with_state().get(pk=moderation.pk)
    return row.state, row.final


def test_the_state_follows_from_the_rows_there_are(world: World) -> None:
    waiting, challenged = propose(world), propose(world, question=Question.objects.get(code="training"))
    accepted = propose(world, question=Question.objects.get(code="recruitment"))
    answer(world, challenged)
    answer(world, accepted, kind="accept", text="")
    assert [state(each) for each in (waiting, challenged, accepted)] == [
        (State.WAITING, None),
        (State.CHALLENGED, None),
        (State.ACCEPTED, 2),
    ]
    decide(world, waiting, final=4)
    decide(world, challenged)
    assert [state(each) for each in (waiting, challenged)] == [(State.DECIDED, 4), (State.DECIDED, 3)]
    assert set(Moderation.objects.standing(State.DECIDED)) == {waiting, challenged}

    world.assessment.status = "in_progress"
    world.assessment.save()
    assert {state(each)[0] for each in (waiting, challenged, accepted)} == {State.REPLACED}
    submit(world.assessment, world.approver, OWN)
    assert {state(each)[0] for each in (waiting, challenged, accepted)} == {State.REPLACED}


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(State)
    assert {each for each, next_states in MOVES.items() if State.DECIDED in next_states} == OPEN_STATES
    assert set().union(*MOVES.values()) == set(State) - {State.WAITING}
