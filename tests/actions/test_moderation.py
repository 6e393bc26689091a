"""A level is proposed, answered and decided; each step is kept, and is refused to whoever may not take it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import Http404
from django.utils import timezone

from surveys.actions.assessments import return_assessment
from surveys.actions.evidence import add_link, remove_evidence
from surveys.actions.moderation import answer_proposal, decide
from surveys.actions.participants import withdraw_participant
from surveys.actions.refusals import Refused
from surveys.models import (
    Assessment,
    Event,
    Evidence,
    Moderation,
    ModerationAnswer,
    ModerationDecision,
    Person,
)
from surveys.queries.moderations import undecided
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import AskedIf, Comparator, Condition, Match
from tests.factories import SMALL_CONTENT, make_membership, make_round, publish_content
from tests.moderated import TIME, accepted, begin, challenged, decided, peer, planned, proposed
from tests.refusals import refusal
from tests.signed import OWN, close, levels, set_status, submit
from tests.together import together
from tests.world import World, build_world

State = Moderation.State


def events(world: World) -> list[tuple[str, str, str, dict[str, Any]]]:
    """What the audit trail says of the own system's moderation."""
    rows = Event.objects.filter(verb__startswith="moderation.", assessment_id=world.assessment.pk)
    return [(row.verb, row.person_name, row.reason, row.detail) for row in rows.order_by("pk")]


def state(moderation: Moderation) -> tuple[str, int | None]:
    """Where a proposal stands and which level counts."""
    row = Moderation.objects.with_state().get(pk=moderation.pk)
    return row.state, row.final


def test_a_proposal_stands_beside_the_signed_level(world: World) -> None:
    begin(world)
    moderation = proposed(world)

    row = Moderation.objects.get()
    assert (row.submission.number, row.question.code, row.self_assessed, row.proposed, row.reason) == (
        1,
        "linked_data",
        4,
        2,
        "No linked data in primary care.",
    )
    assert (row.proposed_by, state(moderation)) == (world.regional_analyst, (State.WAITING, None))
    assert events(world) == [
        (
            "moderation.proposed",
            "Reggie Region",
            "No linked data in primary care.",
            {"question": "linked_data", "copy": 1, "self_assessed": 4, "proposed": 2},
        )
    ]


def test_an_accepted_level_is_final(world: World) -> None:
    begin(world)
    moderation = proposed(world)
    accepted(world, moderation)
    assert state(moderation) == (State.ACCEPTED, 2)
    assert events(world)[1:] == [
        (
            "moderation.accepted",
            "Lena Lead",
            "",
            {"question": "linked_data", "copy": 1, "self_assessed": 4, "proposed": 2},
        )
    ]


@pytest.mark.parametrize("level", [2, 3, 4])
def test_a_challenged_level_is_decided(world: World, level: int) -> None:
    begin(world)
    moderation = proposed(world)
    challenged(world, moderation)
    assert state(moderation) == (State.CHALLENGED, None)
    decided(world, moderation, level)
    assert state(moderation) == (State.DECIDED, level)
    decision = ModerationDecision.objects.get()
    assert (decision.decided_by, decision.reason) == (
        world.national_analyst,
        "Half of the practices are linked.",
    )
    assert [(verb, who) for verb, who, _, _ in events(world)] == [
        ("moderation.proposed", "Reggie Region"),
        ("moderation.challenged", "April Approver"),
        ("moderation.decided", "Nadia Nation"),
    ]
    assert events(world)[-1][3] == {
        "question": "linked_data",
        "copy": 1,
        "self_assessed": 4,
        "proposed": 2,
        "final": level,
    }


def test_a_peer_proposes_as_an_analyst_does(world: World) -> None:
    begin(world)
    peer(world)
    assert proposed(world, by=world.far_lead).proposed_by == world.far_lead


def everybody(world: World) -> dict[str, Person]:
    names = ("contributor", "lead", "approver", "sister_lead", "regional_analyst", "far_regional_analyst")
    names += ("national_analyst", "administrator", "newcomer", "far_lead")
    return {name: Person.objects.get(pk=getattr(world, name).pk) for name in names}


def doers(world: World, act: Callable[[Person], Any]) -> set[str]:
    """For whom the act is not 404."""
    may = set()
    for name, person in everybody(world).items():
        try:
            act(person)
        except Refused:
            may.add(name)
        except Http404:
            continue
        else:
            may.add(name)
    return may


def test_each_step_is_for_whom_it_concerns(world: World) -> None:
    """The far system's lead was asked to review; everybody else is a stranger to what is not theirs."""
    begin(world)
    peer(world)
    moderation = proposed(world)
    where = {"assessment_id": world.assessment.pk, "moderation_id": moderation.pk}
    assert doers(world, lambda by: proposed(world, by=by)) == {
        "regional_analyst",
        "national_analyst",
        "administrator",
        "far_lead",
    }
    assert doers(world, lambda by: answer_proposal(by=by, kind="challenge", text="", **where)) == {
        "lead",
        "approver",
    }
    assert doers(world, lambda by: decide(by=by, level=4, reason="", **where)) == {
        "national_analyst",
        "administrator",
    }
    assert state(moderation) == (State.WAITING, None)


def test_only_the_lead_reviewer_and_administrators_decide(world: World) -> None:
    """Another national analyst does not; nor does a lead reviewer who became an analyst of one region."""
    begin(world)
    moderation = proposed(world)
    plan = planned(world, lead_reviewer_id=world.administrator.pk, seen=_seen(world))
    where = {"assessment_id": world.assessment.pk, "moderation_id": moderation.pk}
    with pytest.raises(Http404):
        decide(by=world.national_analyst, level=4, reason="Fine.", **where)
    planned(world, seen=plan.changed_at)
    world.national_analyst.memberships.update(ended_at=timezone.now())
    make_membership(world.national_analyst, "regional_analyst", world.north)
    with pytest.raises(Http404):
        decide(by=Person.objects.get(pk=world.national_analyst.pk), level=4, reason="Fine.", **where)


def _seen(world: World) -> Any:
    world.round.refresh_from_db()
    return world.round.moderation_plan.changed_at


def test_whoever_proposed_leaves_the_decision_to_somebody_else(world: World) -> None:
    begin(world)
    moderation = proposed(world, by=world.national_analyst)
    challenged(world, moderation)
    where = {"assessment_id": world.assessment.pk, "moderation_id": moderation.pk}
    assert refusal(decide, by=world.national_analyst, level=4, reason="Fine.", **where) == (
        "You proposed this level, so somebody else decides: the lead or an administrator."
    )
    decide(by=world.administrator, level=4, reason="Fine.", **where)
    assert state(moderation) == (State.DECIDED, 4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"level": 4}, "Choose another level than 4, the one that the system signed."),
        ({"level": 6}, "Choose another level than 4, the one that the system signed."),
        ({"reason": " \n"}, "Give a reason: the system reads it beside the level that you propose."),
        (
            {"copy": 2},
            "The system has signed a later copy since you opened this page. Read that one.",
        ),
        ({"question_code": "sectors"}, "This question has no levels, so there is none to propose."),
    ],
)
def test_what_is_not_proposed(world: World, changes: dict[str, Any], words: str) -> None:
    begin(world)
    assert refusal(proposed, world=world, **changes) == words
    assert not Moderation.objects.exists()
    assert events(world) == []


def test_an_answer_without_a_level_has_none_to_moderate(world: World) -> None:
    """Not applicable, or left empty."""
    begin(world)
    for code in ("shared_platform", "linked_data"):
        if code == "linked_data":
            submit(world.sister_assessment, world.sister_approver, levels(training=5))
        words = refusal(
            proposed,
            world=world,
            assessment_id=world.sister_assessment.pk,
            question_code=code,
            copy=world.sister_assessment.submissions.count(),
        )
        assert words == "The system gave no level here, so there is none to moderate."


def test_an_unknown_question_or_assessment_is_not_found(world: World) -> None:
    begin(world)
    for changes in ({"question_code": "nothing"}, {"assessment_id": 0}):
        with pytest.raises(Http404):
            proposed(world, **changes)
    with pytest.raises(Http404):
        decide(
            by=world.administrator, assessment_id=world.assessment.pk, moderation_id=0, level=4, reason="x"
        )


def test_one_level_is_proposed_for_an_answer(world: World) -> None:
    begin(world)
    proposed(world)
    words = "Reggie Region has proposed level 2 here already."
    assert refusal(proposed, world=world, by=world.national_analyst, level=3) == words


def test_a_level_that_decides_what_is_asked_is_a_matter_for_a_return(world: World) -> None:
    """Also when only a level between the two would: the decision may be for that one."""
    skills = SMALL_CONTENT.dimensions[1]
    condition = Condition("linked_data", Comparator.EQUALS, value=Decimal(3))
    asked_if = AskedIf(Match.ALL, (condition,))
    people, facts = skills.sections
    training, recruitment = people.questions
    sections = (replace(people, questions=(replace(training, asked_if=asked_if), recruitment)), facts)
    content = publish_content(
        key="other", dimensions=(SMALL_CONTENT.dimensions[0], replace(skills, sections=sections))
    )
    survey_round = make_round(content, world.own, title="Other round")
    assessment = Assessment.objects.get(round=survey_round)
    submit(assessment, world.approver, levels(linked_data=4, shared_platform=4, recruitment=3))
    close(survey_round)
    planned(world, round_id=survey_round.pk)
    assert refusal(proposed, world=world, assessment_id=assessment.pk) == (
        "Which questions are asked depends on this level. Return the assessment instead, so that the system "
        "can answer them."
    )
    assert proposed(world, assessment_id=assessment.pk, level=5).proposed == 5


def test_levels_that_decide_together_what_is_asked_are_not_both_moderated(world: World) -> None:
    """Training is asked because of either level: each may fall alone, not both."""
    skills = SMALL_CONTENT.dimensions[1]
    either = tuple(
        Condition(code, Comparator.AT_LEAST, value=Decimal(3)) for code in ("linked_data", "shared_platform")
    )
    people, facts = skills.sections
    training, recruitment = people.questions
    asked_if = AskedIf(Match.ANY, either)
    sections = (replace(people, questions=(replace(training, asked_if=asked_if), recruitment)), facts)
    content = publish_content(
        key="other", dimensions=(SMALL_CONTENT.dimensions[0], replace(skills, sections=sections))
    )
    survey_round = make_round(content, world.own, title="Other round")
    assessment = Assessment.objects.get(round=survey_round)
    submit(assessment, world.approver, levels(linked_data=4, shared_platform=4, training=3, recruitment=3))
    close(survey_round)
    planned(world, round_id=survey_round.pk)
    first = proposed(world, assessment_id=assessment.pk)
    other = {"world": world, "assessment_id": assessment.pk, "question_code": "shared_platform"}
    words = (
        "Which questions are asked depends on this level. Return the assessment instead, so that the system "
        "can answer them."
    )
    assert refusal(proposed, **other) == words
    decided(world, first, 4)
    assert proposed(**other).proposed == 2


@pytest.mark.parametrize("stage", ["open", "published"])
def test_moderation_begins_with_the_closing_and_ends_with_publication(world: World, stage: str) -> None:
    begin(world)
    moderation = proposed(world)
    set_status(world.round, stage)
    label = {"open": "Open", "published": "Published"}[stage]
    words = (
        f"“Spring round” is at the stage “{label}”. "
        "Levels are moderated when it is closed, until it is published."
    )
    where = {"assessment_id": world.assessment.pk, "moderation_id": moderation.pk}
    assert refusal(proposed, world=world) == words
    assert refusal(answer_proposal, by=world.lead, kind="accept", text="", **where) == words
    assert refusal(decide, by=world.administrator, level=4, reason="Fine.", **where) == words


def test_provisional_results_can_still_be_moderated(world: World) -> None:
    begin(world)
    set_status(world.round, "provisional")
    moderation = proposed(world)
    accepted(world, moderation)
    assert state(moderation) == (State.ACCEPTED, 2)


def test_nothing_is_moderated_before_it_is_planned(world: World) -> None:
    submit(world.assessment, world.approver, OWN)
    close(world.round)
    assert refusal(proposed, world=world) == (
        "Nobody has planned the moderation of this round yet. An administrator says who decides, and until "
        "when systems may answer."
    )


def test_what_was_returned_is_not_moderated_and_what_is_signed_anew_replaces_it(world: World) -> None:
    """The earlier proposal stays readable, and the new copy can have one of its own."""
    begin(world)
    moderation = proposed(world)
    return_assessment(by=world.national_analyst, assessment_id=world.assessment.pk, reason="Look again.")
    assert refusal(proposed, world=world) == (
        "Ambleshire was asked to change its answers and has not signed them again, so there is nothing to "
        "moderate."
    )
    assert state(moderation)[0] == State.REPLACED
    submit(world.assessment, world.approver, OWN)
    replaced = "The system has signed a later copy, so this proposal does not count any more. "
    where = {"assessment_id": world.assessment.pk, "moderation_id": moderation.pk}
    assert [
        refusal(answer_proposal, by=world.lead, kind="accept", text="", **where),
        refusal(decide, by=world.administrator, level=4, reason="Fine.", **where),
    ] == [replaced + "Nothing was changed."] * 2
    again = proposed(world, copy=2)
    assert (state(moderation)[0], state(again)[0]) == (State.REPLACED, State.WAITING)


def test_a_system_that_was_withdrawn_is_not_moderated_and_stops_nothing(world: World) -> None:
    begin(world)
    proposed(world)
    assert undecided(world.round) == ("Ambleshire has 1 proposed level without a decision.",)
    withdraw_participant(by=world.administrator, assessment_id=world.assessment.pk, reason="Merged")
    assert refusal(proposed, world=world) == ("Ambleshire was withdrawn from the round. Nothing was changed.")
    assert undecided(world.round) == ()


def test_a_system_that_was_withdrawn_is_not_moderated(world: World) -> None:
    begin(world)
    withdraw_participant(
        by=world.administrator, assessment_id=world.assessment.pk, reason="It joins its neighbour."
    )
    words = "Ambleshire was withdrawn from the round. Nothing was changed."
    assert refusal(proposed, world=world) == words


def test_what_is_settled_is_not_settled_again(world: World) -> None:
    begin(world)
    one, other = proposed(world), proposed(world, question_code="training", level=4)
    accepted(world, one)
    challenged(world, other)
    said = {"by": world.lead, "assessment_id": world.assessment.pk, "kind": "accept", "text": ""}
    choice = {"by": world.administrator, "assessment_id": world.assessment.pk, "reason": "Fine."}
    end = "Nothing was changed."
    assert [
        refusal(answer_proposal, moderation_id=one.pk, **said),
        refusal(answer_proposal, moderation_id=other.pk, **said),
        refusal(decide, moderation_id=one.pk, level=2, **choice),
    ] == [
        f"The system has accepted the proposed level already. {end}",
        f"The system has challenged the proposed level already. {end}",
        f"The system has accepted the proposed level already. {end}",
    ]
    decided(world, other, 3)
    assert refusal(decide, moderation_id=other.pk, level=4, **choice) == f"It is decided already. {end}"
    assert (state(one), state(other)) == ((State.ACCEPTED, 2), (State.DECIDED, 3))


def test_a_challenge_says_why_and_points_to_evidence_that_is_there(world: World) -> None:
    begin(world)
    moderation = proposed(world)
    where = {"assessment_id": world.assessment.pk, "moderation_id": moderation.pk, "by": world.lead}
    set_status(world.assessment, "in_progress")
    set_status(world.round, "open")
    about = {"question_code": "linked_data", "about": "Coverage"}
    kept, gone, elsewhere = (
        add_link(by=by, assessment_id=row.pk, address=f"https://example.org/{place}", **about)
        for place, (by, row) in enumerate(
            [
                (world.lead, world.assessment),
                (world.lead, world.assessment),
                (world.far_lead, world.far_assessment),
            ]
        )
    )
    remove_evidence(
        by=world.lead,
        assessment_id=world.assessment.pk,
        question_code="linked_data",
        evidence_id=gone.pk,
    )
    set_status(world.round, "closed")
    set_status(world.assessment, "submitted")

    words = "Say why the self-assessed level is right: the lead reviewer reads it."
    assert refusal(answer_proposal, kind="challenge", text=" ", **where) == words
    missing = "Some of the evidence is not there any more. Choose again."
    for evidence in (gone, elsewhere):
        given = {"kind": "challenge", "text": "See.", "evidence": [kept.pk, evidence.pk]}
        assert refusal(answer_proposal, **given, **where) == missing
    assert not ModerationAnswer.objects.exists()
    answer_proposal(kind="challenge", text="See.", evidence=[kept.pk], **where)
    assert list(Evidence.objects.filter(challenges__answer__moderation=moderation)) == [kept]


def test_when_the_time_to_answer_is_over_the_lead_reviewer_decides(world: World) -> None:
    begin(world)
    moderation = proposed(world)
    where = {"assessment_id": world.assessment.pk, "moderation_id": moderation.pk}
    choice = {"by": world.national_analyst, "level": 2, "reason": "No answer."} | where
    early = refusal(decide, **choice)
    assert early.startswith("The system has until ")
    assert early.endswith(" to answer. Until then you can only confirm its own level.")
    with time_machine.travel(timezone.now() + TIME):
        late = refusal(answer_proposal, by=world.lead, kind="accept", text="", **where)
        assert late.startswith("The time to answer ended on ")
        assert late.endswith(". Nadia Nation, the lead reviewer, decides now.")
        assert refusal(proposed, world=world, question_code="training").startswith(
            "Systems could answer until "
        )
        decide(**choice)
    assert state(moderation) == (State.DECIDED, 2)


def test_the_systems_own_level_can_be_confirmed_at_once(world: World) -> None:
    begin(world)
    moderation = proposed(world)
    decided(world, moderation, 4)
    assert state(moderation) == (State.DECIDED, 4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"level": 1}, "The final level is one from 2 to 4: what was signed, what was proposed."),
        ({"level": 5}, "The final level is one from 2 to 4: what was signed, what was proposed."),
        ({"reason": ""}, "Give a reason: the system and the reviewer read it."),
    ],
)
def test_what_is_not_decided(world: World, changes: dict[str, Any], words: str) -> None:
    begin(world)
    moderation = proposed(world)
    challenged(world, moderation)
    values = {
        "by": world.national_analyst,
        "assessment_id": world.assessment.pk,
        "moderation_id": moderation.pk,
        "level": 3,
        "reason": "In part.",
    }
    assert refusal(decide, **(values | changes)) == words
    assert state(moderation) == (State.CHALLENGED, None)


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_get_one_outcome() -> None:
    """Two reviewers propose, and the lead accepts while the approver challenges."""
    world = build_world()
    begin(world)
    made = together(lambda: proposed(world), lambda: proposed(world, by=world.national_analyst, level=3))
    assert sorted(type(each).__name__ for each in made) == ["Moderation", "Refused"]
    moderation = Moderation.objects.get()
    said = together(lambda: accepted(world, moderation), lambda: challenged(world, moderation))
    assert sorted(type(each).__name__ for each in said) == ["NoneType", "Refused"]
    assert ModerationAnswer.objects.count() == 1


def test_a_response_keeps_everything_else(world: World) -> None:
    """What is moderated is the level; the signed copy stays as it was."""
    begin(world)
    before = world.assessment.submissions.get().content
    accepted(world, proposed(world, question_code="training", level=3))
    assert world.assessment.submissions.get().content == before
    assert OWN["training"] == Response(level=2, comment="Cuts in Ambleshire.")
