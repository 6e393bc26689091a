"""Giving an assessment back: whether this person can now, and what it would mean."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from surveys.models import Assessment, Person, Round
from surveys.queries.assessments import AssessmentState, assessment_state

Status = Assessment.Status


@dataclass(frozen=True)
class ReturnPage:
    """`why_not` is empty when it can be returned; `warning` says what the system could not do then."""

    state: AssessmentState
    why_not: str
    warning: str


def return_page(person: Person, assessment_id: int) -> ReturnPage:
    """Return the page. Raises Http404 when the person may never return the assessment."""
    state = assessment_state(person, assessment_id)
    if not (state.powers.sign or state.powers.return_submitted):
        raise Http404
    shut = state.window.shut(state.now)
    warning = f"The system cannot change anything as things are. {shut}" if shut else ""
    return ReturnPage(state, _why_not(state), warning)


def _why_not(state: AssessmentState) -> str:
    if state.status == Status.SUBMITTED:
        if not state.powers.return_submitted:
            return "It is submitted. If something is wrong, ask the programme team to return it."
        if state.window.round_status not in {Round.Status.OPEN, Round.Status.CLOSED}:
            return "The results of this round are released, so a submission can no longer be returned."
        return ""
    if state.status == Status.AWAITING_SIGNOFF and state.powers.sign:
        return state.window.shut(state.now)
    return f"It is {state.status_label.lower()}, so there is nothing to return."
