"""Keeping the numbered copies of many assessments at once, for what was not signed on the sign-off page."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from surveys.models import Answer, Assessment, Person, Round, Submission
from surveys.queries.assessments import AssessmentState, Powers, StoredAnswer
from surveys.queries.deadlines import Window
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.submission_copy import Signature, written_copy
from surveys.questionnaires.canonical import sha256

_NO_POWERS = Powers(
    answer_all=False,
    assigned=frozenset(),
    assign=False,
    send=False,
    sign=False,
    return_submitted=False,
)


@dataclass(frozen=True)
class Signing:
    """Copy `number` of an assessment: whose account keeps it, and what it says of who signed and when."""

    assessment: Assessment
    number: int
    account: Person
    name: str
    job_title: str
    declaration: str
    at: datetime.datetime


def keep_copies(survey_round: Round, signings: Sequence[Signing]) -> list[Submission]:
    """Write a submission for each signing, from the answers as they are stored now, in two statements.

    The status of the assessments is left to the caller.
    """
    questionnaire = instrument(survey_round.questionnaire_id)
    answers = _answers([signing.assessment.pk for signing in signings], questionnaire)
    return Submission.objects.bulk_create(
        _submission(survey_round, questionnaire, signing, answers[signing.assessment.pk])
        for signing in signings
    )


def _answers(assessment_ids: Sequence[int], questionnaire: Instrument) -> dict[int, dict[str, StoredAnswer]]:
    found: dict[int, dict[str, StoredAnswer]] = defaultdict(dict)
    for answer in Answer.objects.filter(assessment_id__in=assessment_ids).select_related("answered_by"):
        code = questionnaire.question_codes[answer.question_id]
        found[answer.assessment_id][code] = StoredAnswer(
            response=answer.response,
            version=answer.version,
            by=answer.answered_by.name,
            at=answer.answered_at,
        )
    return found


def _submission(
    survey_round: Round, questionnaire: Instrument, signing: Signing, answers: dict[str, StoredAnswer]
) -> Submission:
    signature = Signature(
        number=signing.number,
        name=signing.name,
        job_title=signing.job_title,
        account=signing.account.name,
        at=signing.at,
    )
    content = written_copy(_state(survey_round, signing), questionnaire, answers, signature)
    return Submission(
        assessment=signing.assessment,
        number=signing.number,
        content=content,
        sha256=sha256(content),
        declaration=signing.declaration,
        signed_by=signing.account,
        signed_by_name=signing.name,
        signed_by_job_title=signing.job_title,
        signed_at=signing.at,
    )


def _state(survey_round: Round, signing: Signing) -> AssessmentState:
    assessment = signing.assessment
    return AssessmentState(
        id=assessment.pk,
        organisation_id=assessment.organisation_id,
        organisation_name=assessment.organisation_name,
        ods_code=assessment.ods_code,
        region_name=assessment.region_name,
        round_id=survey_round.pk,
        round_title=survey_round.title,
        synthetic=survey_round.synthetic,
        declaration=signing.declaration,
        reference_date=survey_round.reference_date,
        questionnaire_id=survey_round.questionnaire_id,
        status=Assessment.Status(assessment.status),
        sent_at=assessment.sent_at,
        sent_by=assessment.sent_by.name if assessment.sent_by else "",
        returned_at=assessment.returned_at,
        returned_by="",
        return_reason=assessment.return_reason,
        window=Window(
            round_status=survey_round.status,
            opens_at=survey_round.opens_at,
            closes_at=survey_round.closes_at,
            deadline=survey_round.closes_at,
        ),
        powers=_NO_POWERS,
        now=signing.at,
    )
