"""Taking in the answers of a workbook: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from surveys.actions.answers import AnswerSave, SaveOutcome, save_answers
from surveys.actions.audit import record
from surveys.models import Person
from surveys.queries.assessments import AssessmentState


@dataclass(frozen=True)
class WorkbookFile:
    """The file that answers came from: its name as uploaded, and its SHA-256 in hexadecimal."""

    name: str
    sha256: str


@transaction.atomic
def take_in_workbook(
    *,
    by: Person,
    state: AssessmentState,
    saves: Sequence[AnswerSave],
    file: WorkbookFile,
    dry_run: bool = False,
) -> SaveOutcome:
    """Store every answer, or none when one of them is invalid or was changed by somebody else meanwhile.

    With `dry_run` everything is tried and nothing is kept. The outcome says what was stored, or would be if
    the others were mended. Raises Http404 and Refused as `save_answers` does.
    """
    outcome = save_answers(by=by, assessment_id=state.id, saves=saves)
    if dry_run or not outcome.complete:
        transaction.set_rollback(True)
    elif outcome.saved:
        record(
            by=by,
            verb="assessment.workbook_taken_in",
            subject=f"{state.organisation_name}, {state.round_title}",
            round_id=state.round_id,
            assessment_id=state.id,
            organisation_id=state.organisation_id,
            detail={"file": file.name, "sha256": file.sha256, "answers": sorted(outcome.saved)},
        )
    return outcome
