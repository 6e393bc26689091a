"""The numbered copies of assessments: one as it is signed, or many at once that were not signed on a page."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from surveys.models import Answer, Assessment, Person, Round, Submission
from surveys.queries.assessments import StoredAnswer
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.submission_copy import CopiedAssessment, Signature, written_copy
from surveys.questionnaires.canonical import sha256


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


def signed_copy(assessment_id: int, content: str, signature: Signature, *, account: Person) -> Submission:
    """Return a submission, not stored yet, of what `written_copy` wrote: with its SHA-256 and who signed."""
    return Submission(
        assessment_id=assessment_id,
        number=signature.number,
        content=content,
        sha256=sha256(content),
        declaration=signature.declaration,
        signed_by=account,
        signed_by_name=signature.name,
        signed_by_job_title=signature.job_title,
        signed_at=signature.at,
    )


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
        declaration=signing.declaration,
        at=signing.at,
    )
    content = written_copy(_copied(survey_round, signing.assessment), questionnaire, answers, signature)
    return signed_copy(signing.assessment.pk, content, signature, account=signing.account)


def _copied(survey_round: Round, assessment: Assessment) -> CopiedAssessment:
    return CopiedAssessment(
        organisation_name=assessment.organisation_name,
        ods_code=assessment.ods_code,
        region_name=assessment.region_name,
        round_title=survey_round.title,
        reference_date=survey_round.reference_date,
        sent_by=assessment.sent_by.name if assessment.sent_by else "",
        sent_at=assessment.sent_at,
    )
