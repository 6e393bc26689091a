"""A signed copy as a workbook: what was signed, whatever has happened to the answers since."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.assessments import return_assessment, send_for_signoff, submit
from surveys.exports.submission_workbook import submission_workbook
from surveys.models import Assessment, Submission
from surveys.queries.submitted_answers import submitted_answers
from surveys.questionnaires.responses import Response
from tests.workbook_editing import EditedWorkbook
from tests.world import World

pytestmark = pytest.mark.django_db


def sign(world: World, **responses: Response) -> Submission:
    """The next copy of the own assessment, as the approver signs it."""
    answers = {answer.question.code: answer.version for answer in world.assessment.answers.all()}
    saves = [AnswerSave(code, answers.get(code, 0), each) for code, each in responses.items()]
    save_answers(by=world.lead, assessment_id=world.assessment.pk, saves=saves)
    send_for_signoff(by=world.lead, assessment_id=world.assessment.pk)
    sent_at = Assessment.objects.get(pk=world.assessment.pk).sent_at
    return submit(
        by=world.approver,
        assessment_id=world.assessment.pk,
        name="April Approver",
        job_title="=Chief executive",
        sent_at=sent_at,
    )


def sheets(world: World, number: int) -> dict[str, list[list[object]]]:
    found = submitted_answers(world.lead, world.assessment.pk, number)
    return EditedWorkbook(submission_workbook(found).content).sheets


def test_the_first_sheet_says_who_signed_what(world: World) -> None:
    submission = sign(world, linked_data=Response(level=3))
    said = {row[0]: row[1] for row in sheets(world, 1)["Signed copy"]}
    assert said["Copy"] == "1"
    assert said["Signed by"] == "April Approver"
    assert said["Job title"] == "=Chief executive"
    assert said["Declaration"] == world.round.declaration
    assert said["System"] == "Ambleshire"
    assert said["Round"] == "Spring round"
    assert said["Questionnaire SHA-256"] == world.questionnaire.digest
    assert said["SHA-256 of the signed copy"] == (
        f"{submission.sha256}\nThis is the fingerprint of the JSON file of the copy, not of this workbook."
    )


def test_every_question_has_a_row_with_numbers_as_numbers(world: World) -> None:
    sign(
        world,
        linked_data=Response(level=3, comment="=1+1"),
        shared_platform=Response(not_applicable=True, reason="No platform."),
        sectors=Response(options=("acute", "other"), other="Hospices"),
        analysts=Response(number=Decimal("12.5")),
    )
    header, *rows = sheets(world, 1)["Answers"]
    found = {row[1]: dict(zip(header, row, strict=True)) for row in rows}
    assert list(found) == list(world.questionnaire.content.questions_by_code)
    assert found["linked_data"] | {"Answered at": ""} == {
        "Dimension": "Data platform",
        "Code": "linked_data",
        "Question": "How mature is linked data?",
        "Asked": "Yes",
        "Answer": "3 Established",
        "Level": 3.0,
        "Number": "",
        "Comment": "=1+1",
        "Why not applicable": "",
        "Answered by": "Lena Lead",
        "Answered at": "",
    }
    assert (found["shared_platform"]["Answer"], found["shared_platform"]["Why not applicable"]) == (
        "",
        "No platform.",
    )
    assert found["sectors"]["Answer"] == "Acute hospitals\nAnother sector: Hospices"
    assert (found["analysts"]["Answer"], found["analysts"]["Number"]) == ("12.5 WTE", 12.5)
    assert (found["why_no_sectors"]["Asked"], found["why_no_sectors"]["Answered by"]) == ("No", "")


def test_a_later_answer_does_not_change_what_was_signed(world: World) -> None:
    sign(world, linked_data=Response(level=3))
    before = sheets(world, 1)
    return_assessment(by=world.national_analyst, assessment_id=world.assessment.pk, reason="Look again.")
    sign(world, linked_data=Response(level=5))
    assert sheets(world, 1) == before
    assert [row[4] for row in sheets(world, 2)["Answers"] if row[1] == "linked_data"] == ["5 Leading"]


def test_the_same_copy_gives_the_same_bytes_to_everybody_at_any_time(world: World) -> None:
    sign(world, linked_data=Response(level=3))
    early = submitted_answers(world.lead, world.assessment.pk, 1)
    late = submitted_answers(world.national_analyst, world.assessment.pk, 1)
    assert late.state.now > early.state.now
    assert submission_workbook(late) == submission_workbook(early)
    assert early.signed_at <= timezone.now() + datetime.timedelta(seconds=1)
