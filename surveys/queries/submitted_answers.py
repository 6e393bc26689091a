"""A signed copy as a table: every question with what was answered, by whom and when."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.http import Http404

from surveys.models import Person, Submission
from surveys.queries.assessments import AssessmentState, assessment_state
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.submission_copy import SubmittedCopy, read_copy


@dataclass(frozen=True)
class SubmittedAnswers:
    """Copy `number` as it was signed. `sha256` is of the stored copy, byte for byte."""

    state: AssessmentState
    instrument: Instrument
    number: int
    sha256: str
    declaration: str
    signed_by: str
    job_title: str
    signed_at: datetime.datetime
    copy: SubmittedCopy


def submitted_answers(person: Person, assessment_id: int, number: int) -> SubmittedAnswers:
    """Return a signed copy. Raises Http404 when there is none, or the person may not read the assessment."""
    state = assessment_state(person, assessment_id)
    row = Submission.objects.filter(assessment_id=assessment_id, number=number).first()
    if row is None:
        raise Http404
    return SubmittedAnswers(
        state=state,
        instrument=instrument(state.questionnaire_id),
        number=row.number,
        sha256=row.sha256,
        declaration=row.declaration,
        signed_by=row.signed_by_name,
        job_title=row.signed_by_job_title,
        signed_at=row.signed_at,
        copy=read_copy(row.content),
    )
