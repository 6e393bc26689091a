"""An assessment that somebody is about to change: locked, as it stands for them, with its audit trail."""

from __future__ import annotations

from typing import Any

from surveys.actions.audit import record
from surveys.actions.locking import lock_assessment
from surveys.models import Person
from surveys.queries.assessments import AssessmentState, assessment_state


def locked_state(by: Person, assessment_id: int) -> AssessmentState:
    """Hold an assessment until the transaction ends, and return where it stands for `by`.

    Raises Http404 when the person may not read it.
    """
    lock_assessment(assessment_id)
    return assessment_state(by, assessment_id)


def record_of(
    state: AssessmentState,
    *,
    by: Person,
    verb: str,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Append to the audit trail what was done to an assessment."""
    record(
        by=by,
        verb=verb,
        subject=f"{state.organisation_name}, {state.round_title}",
        round_id=state.round_id,
        assessment_id=state.id,
        organisation_id=state.organisation_id,
        reason=reason,
        detail=detail,
    )
