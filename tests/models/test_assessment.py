"""Assessments, answers and submissions: what their tables hold and refuse."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from surveys.models import Answer, Assessment, Extension, Question, SectionAssignment, SectionMark, Submission
from surveys.models.assessment import MOVES, columns
from surveys.questionnaires.responses import Response
from tests.factories import assign_question, assign_section, make_answer, make_assessment
from tests.models.violation import refused_by_trigger, violates
from tests.world import World

_NOW = timezone.now()


def test_every_status_has_its_moves() -> None:
    assert set(MOVES) == set(Assessment.Status)
    reachable = {Assessment.Status.NOT_STARTED}.union(*MOVES.values())
    assert reachable == set(Assessment.Status)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "lost"}, "assessment_status_known"),
        ({"sent_at": _NOW}, "assessment_sent_by_and_when"),
        ({"returned_at": _NOW, "return_reason": "Gaps"}, "assessment_returned_by_when_and_why"),
        ({"return_reason": "Gaps"}, "assessment_returned_by_when_and_why"),
        ({"status": "returned"}, "assessment_returned_has_a_return"),
        ({"added_at": _NOW, "added_reason": "Late"}, "assessment_added_by_when_and_why"),
        ({"added_reason": "Late"}, "assessment_added_by_when_and_why"),
        ({"withdrawn_at": _NOW, "withdrawal_reason": "Merged"}, "assessment_withdrawn_by_when_and_why"),
        ({"withdrawal_reason": "Merged"}, "assessment_withdrawn_by_when_and_why"),
        ({"status": "awaiting_signoff"}, "assessment_awaiting_was_sent"),
    ],
)
def test_what_an_assessment_cannot_be(world: World, changes: dict[str, object], constraint: str) -> None:
    with violates(constraint):
        Assessment.objects.filter(pk=world.assessment.pk).update(**changes)


def test_a_system_has_one_assessment_in_a_round(world: World) -> None:
    with violates("assessment_once_a_round"):
        make_assessment(world.round, world.own)
    assert str(world.assessment) == f"Ambleshire, round {world.round.pk}"


def test_the_latest_extension_sets_the_deadline(world: World) -> None:
    def deadline() -> datetime.datetime:
        return Assessment.objects.with_deadline().get(pk=world.assessment.pk).deadline

    assert deadline() == world.round.closes_at
    for days in (40, 35):
        until = world.round.opens_at + datetime.timedelta(days=days)
        Extension.objects.create(
            assessment=world.assessment, until=until, reason="Illness", granted_by=world.administrator
        )
        assert deadline() == until


def test_an_extension_has_a_reason_and_stays(world: World) -> None:
    values = {"assessment": world.assessment, "until": _NOW, "granted_by": world.administrator}
    with violates("extension_has_a_reason"):
        Extension.objects.create(reason="", **values)
    extension = Extension.objects.create(reason="Illness", **values)
    with refused_by_trigger("pgtrigger: Cannot update or delete rows from surveys_extension table"):
        extension.delete()


def test_a_section_is_handed_to_a_person_once(world: World) -> None:
    with violates("section_assigned_once_to_a_person"):
        assign_section(world.assessment, "data_platform", world.contributor, by=world.lead)
    assign_question(world.assessment, "training", world.contributor, by=world.lead)
    with violates("section_assigned_once_to_a_person"):
        assign_question(world.assessment, "training", world.contributor, by=world.lead)


def test_a_question_is_handed_out_with_its_own_dimension(world: World) -> None:
    with refused_by_trigger("pgtrigger: A question is assigned with its own dimension"):
        SectionAssignment.objects.update(question=Question.objects.get(code="training"))


def test_what_is_said_of_a_section_stays(world: World) -> None:
    platform = world.questionnaire.dimensions.get(code="data_platform")
    values = {"assessment": world.assessment, "dimension": platform, "made_by": world.lead}
    with violates("section_mark_kind_known"):
        SectionMark.objects.create(kind="lost", **values)
    with violates("section_mark_says_what_to_change"):
        SectionMark.objects.create(kind=SectionMark.Kind.CHANGES_REQUESTED, **values)
    mark = SectionMark.objects.create(kind=SectionMark.Kind.DONE, **values)
    with refused_by_trigger("pgtrigger: Cannot update or delete rows from surveys_sectionmark table"):
        mark.delete()


@pytest.mark.parametrize(
    ("code", "response"),
    [
        ("linked_data", Response(level=3, comment="Most records are joined.")),
        ("shared_platform", Response(not_applicable=True, reason="A neighbour runs it.")),
        ("sectors", Response(options=("acute", "other"), other="Hospices")),
        ("analysts", Response(number=Decimal("12.5"))),
        ("time_split", Response(parts=(("reporting", Decimal(60)), ("strategy", Decimal(40))))),
        ("peer_offer", Response(text="Ask us about linked data. 🙂", consent=False)),
        ("clarity", Response()),
    ],
)
def test_an_answer_gives_back_what_was_stored(world: World, code: str, response: Response) -> None:
    make_answer(world.assessment, code, world.lead, response)
    assert Answer.objects.get(question__code=code).response == response


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"level": 3, "number": 4}, "answer_one_kind_of_value"),
        ({"level": 3, "text": "Three"}, "answer_one_kind_of_value"),
        ({"not_applicable": True}, "answer_not_applicable_says_why"),
        ({"not_applicable": True, "reason": "No", "level": 3}, "answer_not_applicable_says_why"),
        ({"reason": "No"}, "answer_not_applicable_says_why"),
        ({"part_codes": ["reporting"], "part_values": [1, 2]}, "answer_parts_have_values"),
        ({"part_codes": ["reporting"]}, "answer_parts_have_values"),
        ({"options": []}, "answer_options_not_empty"),
        ({"version": 0}, "answer_version_from_one"),
        ({"comment": "As before", "confirmed_from_id": 1}, "answer_confirmed_is_given"),
    ],
)
def test_what_an_answer_cannot_be(world: World, changes: dict[str, object], constraint: str) -> None:
    answer = make_answer(world.assessment, "linked_data", world.lead, Response())
    with violates(constraint):
        Answer.objects.filter(pk=answer.pk).update(**changes)


def test_a_question_has_one_answer(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3))
    with violates("answer_once_a_question"):
        make_answer(world.assessment, "linked_data", world.contributor, Response(level=4))


def test_every_change_of_an_answer_is_in_its_history_even_by_bulk(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3))
    Answer.objects.filter(question__code="linked_data").update(level=4, version=2)
    question = Question.objects.get(code="linked_data")
    history = Answer.pgh_event_models["insert"].objects.filter(question=question).order_by("pgh_id")
    assert list(history.values_list("pgh_label", "level", "version")) == [("insert", 3, 1), ("update", 4, 2)]
    with refused_by_trigger("pgtrigger: Cannot update or delete rows from surveys_answerevent table"):
        history.update(level=5)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM surveys_answer", "Cannot delete rows from surveys_answer table"),
        ("TRUNCATE surveys_answer CASCADE", "Cannot truncate rows from surveys_answer table"),
        ("TRUNCATE surveys_answerevent", "Cannot truncate rows from surveys_answerevent table"),
    ],
)
def test_no_answer_escapes_its_history_by_being_deleted(world: World, statement: str, sentence: str) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3))
    connection.check_constraints()
    with refused_by_trigger(f"pgtrigger: {sentence}"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_columns_leave_nothing_behind() -> None:
    full = set(columns(Response(level=3, options=("a",), parts=(("b", Decimal(1)),))))
    assert full == set(columns(Response()))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"number": 0}, "submission_number_from_one"),
        ({"sha256": "abc"}, "submission_sha256_well_formed"),
        ({"declaration": ""}, "submission_says_who_and_what"),
        ({"signed_by_name": ""}, "submission_says_who_and_what"),
        ({}, "submission_number_once"),
    ],
)
def test_what_a_submission_cannot_be(world: World, changes: dict[str, object], constraint: str) -> None:
    values = {
        "assessment": world.assessment,
        "number": 1,
        "content": "{}",
        "sha256": "0" * 64,
        "declaration": "I confirm.",
        "signed_by": world.approver,
        "signed_by_name": world.approver.name,
        "signed_at": _NOW,
    }
    submission = Submission.objects.create(**values)
    with violates(constraint):
        Submission.objects.create(**(values | changes))
    with refused_by_trigger("pgtrigger: Cannot update or delete rows from surveys_submission table"):
        Submission.objects.filter(pk=submission.pk).update(content="{ }")
