"""How much stands beside each question."""

from __future__ import annotations

import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from surveys.actions.conversation import add_comment, resolve_thread, withdraw_comment
from surveys.actions.evidence import add_link, remove_evidence
from surveys.models import Assessment
from surveys.queries.instruments import instrument_of
from surveys.queries.question_counts import QuestionCounts, question_counts
from tests.world import World

pytestmark = pytest.mark.django_db


def say(world: World, code: str, reply_to: int | None = None, assessment: Assessment | None = None) -> int:
    where = assessment or world.assessment
    by = world.lead if where == world.assessment else world.sister_lead
    return add_comment(
        by=by,
        assessment_id=where.pk,
        question_code=code,
        body="Why?",
        key=uuid.uuid4(),
        reply_to=reply_to,
        site="https://survey.example.org",
    ).comment_id


def test_open_threads_and_evidence_by_question_in_one_query(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    where = {"by": world.lead, "assessment_id": world.assessment.pk}
    first = say(world, "linked_data")
    say(world, "linked_data", reply_to=first)
    say(world, "linked_data")
    resolve_thread(**where, question_code="linked_data", comment_id=say(world, "linked_data"))
    withdraw_comment(**where, question_code="linked_data", comment_id=say(world, "linked_data"))
    say(world, "training", assessment=world.sister_assessment)
    for number in range(3):
        added = add_link(**where, question_code="training", address=f"https://example.org/{number}", about="")
    remove_evidence(**where, question_code="training", evidence_id=added.pk)
    add_link(**where, question_code="linked_data", address="https://example.org/", about="")
    instrument_of(world.assessment.pk)

    with django_assert_num_queries(1):
        found = question_counts(world.assessment.pk)

    assert dict(found) == {
        "linked_data": QuestionCounts(open_threads=2, evidence=1),
        "training": QuestionCounts(open_threads=0, evidence=2),
    }
    assert dict(question_counts(world.far_assessment.pk)) == {}
