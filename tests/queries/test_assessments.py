"""What one person may do with one assessment, as every page and action of an assessment asks it."""

from __future__ import annotations

from surveys.models import Assessment, Person
from surveys.queries.assessments import assessment_state
from tests.world import World


def answerable(person: Person, assessment: Assessment, world: World) -> set[str]:
    """The codes of the dimensions whose questions the person may answer."""
    powers = assessment_state(person, assessment.pk).powers
    return {each.code for each in world.questionnaire.content.dimensions if powers.may_answer(each.code)}


def test_a_contributor_answers_only_the_sections_assigned(world: World) -> None:
    assert answerable(world.contributor, world.assessment, world) == {"data_platform"}


def test_a_lead_answers_everything_and_an_approver_nothing(world: World) -> None:
    assert answerable(world.lead, world.assessment, world) == {"data_platform", "skills"}
    assert answerable(world.approver, world.assessment, world) == set()
