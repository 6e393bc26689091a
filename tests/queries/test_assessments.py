"""What one person may do with one assessment, as every page and action of an assessment asks it."""

from __future__ import annotations

import datetime

import pytest
from django.http import Http404
from django.utils import timezone

from surveys.actions.assessments import return_assessment as give_back
from surveys.models import Assessment, Extension, Person
from surveys.permissions import Permission, visible_to
from surveys.queries.assessments import Holding, Powers, assessment_state, assessment_states
from tests.factories import assign_question, make_membership
from tests.signed import submit
from tests.world import World

PLATFORM = {"linked_data", "shared_platform", "practice_share", "sectors", "why_no_sectors"}
SKILLS = {"training", "recruitment", "analysts", "time_split", "clarity", "peer_offer"}


def powers(person: Person, world: World) -> Powers:
    return assessment_state(person, world.assessment.pk).powers


def answerable(person: Person, world: World) -> set[str]:
    return set(filter(powers(person, world).may_answer, PLATFORM | SKILLS))


def readable(person: Person, world: World) -> set[str]:
    return set(filter(powers(person, world).may_read, PLATFORM | SKILLS))


def sections(person: Person, world: World) -> tuple[list[bool], list[bool], list[bool]]:
    """Whether they answer some of, answer all of, and read some of each dimension."""
    of = powers(person, world)
    codes = ("data_platform", "skills")
    return (
        [of.may_answer_in(code) for code in codes],
        [of.may_answer_whole(code) for code in codes],
        [of.may_read_in(code) for code in codes],
    )


def test_a_contributor_answers_and_reads_only_what_is_handed_to_them(world: World) -> None:
    assert answerable(world.contributor, world) == readable(world.contributor, world) == PLATFORM
    assign_question(world.assessment, "training", world.contributor, by=world.lead)
    assert (
        answerable(world.contributor, world) == readable(world.contributor, world) == PLATFORM | {"training"}
    )
    assert sections(world.contributor, world) == ([True, True], [True, False], [True, True])


def test_a_contributor_without_anything_reads_nothing(world: World) -> None:
    world.assessment.section_assignments.all().delete()
    assert sections(world.contributor, world) == ([False] * 2, [False] * 2, [False] * 2)
    of = powers(world.contributor, world)
    assert (of.answers_anything, of.reads_anything) == (False, False)


def test_a_lead_answers_everything_and_an_approver_reads_it(world: World) -> None:
    assert answerable(world.lead, world) == readable(world.lead, world) == PLATFORM | SKILLS
    assert (answerable(world.approver, world), readable(world.approver, world)) == (set(), PLATFORM | SKILLS)


@pytest.mark.parametrize(
    ("status", "read"),
    [
        (Assessment.Status.IN_PROGRESS, PLATFORM),
        (Assessment.Status.AWAITING_SIGNOFF, PLATFORM),
        (Assessment.Status.SUBMITTED, PLATFORM | SKILLS),
        (Assessment.Status.RETURNED, PLATFORM),
    ],
)
def test_what_is_submitted_is_read_by_everybody_of_the_organisation(
    world: World, status: Assessment.Status, read: set[str]
) -> None:
    submit(world.assessment, world.approver, {})
    give_back(by=world.regional_analyst, assessment_id=world.assessment.pk, reason="Look again.")
    Assessment.objects.filter(pk=world.assessment.pk).update(
        status=status, sent_at=timezone.now(), sent_by=world.lead
    )
    assert readable(world.contributor, world) == read
    assert answerable(world.contributor, world) == PLATFORM


def test_what_was_handed_to_somebody_who_left_is_not_theirs_any_more(world: World) -> None:
    world.contributor.memberships.update(ended_at=timezone.now())
    make_membership(world.contributor, "contributor", world.sister)
    assert assessment_state(world.contributor, world.sister_assessment.pk).powers.held == Holding()
    with pytest.raises(Http404):
        powers(world.contributor, world)


def test_everybody_reads_the_assessments_that_are_visible_to_them_and_no_others(world: World) -> None:
    assessments = Assessment.objects.all()
    organisations = [assessment.organisation_id for assessment in assessments]
    for person in Person.objects.all():
        visible = set(
            visible_to(person, Permission.READ_ASSESSMENT, assessments).values_list("pk", flat=True)
        )
        assert {state.id for state in assessment_states(person, organisations)} == visible
        for assessment in assessments:
            if assessment.pk in visible:
                assert (
                    assessment_state(person, assessment.pk).organisation_name == assessment.organisation_name
                )
            else:
                with pytest.raises(Http404):
                    assessment_state(person, assessment.pk)


def test_the_deadline_and_its_reason_are_those_of_the_latest_extension(world: World) -> None:
    def told() -> tuple[datetime.datetime, str]:
        state = assessment_state(world.lead, world.assessment.pk)
        return state.window.deadline, state.extension_reason

    closes_at = world.round.closes_at
    assert told() == (closes_at, "")
    for days, reason in ((9, "Illness"), (5, "A flood"), (-3, "Too early to matter")):
        until = closes_at + datetime.timedelta(days=days)
        Extension.objects.create(
            assessment=world.assessment, until=until, reason=reason, granted_by=world.administrator
        )
        assert told() == (max(until, closes_at), reason)
        assert told()[0] == Assessment.objects.with_deadline().get(pk=world.assessment.pk).deadline
    assert assessment_state(world.sister_lead, world.sister_assessment.pk).window.deadline == closes_at
