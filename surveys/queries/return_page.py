"""Giving an assessment back: whether this person can now, and what it would mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.http import Http404

from surveys.models import Assessment, Person, Round
from surveys.permissions import Permission, has_anywhere
from surveys.queries.assessments import AssessmentState, assessment_state

Status = Assessment.Status


class GivingTime(StrEnum):
    """Whether who returns an assessment says until when its system has time to correct it."""

    NONE = "none"
    OPTIONAL = "optional"
    NEEDED = "needed"


@dataclass(frozen=True)
class ReturnPage:
    """`why_not` is empty when it can be returned; `warning` says what the system could not do then."""

    state: AssessmentState
    why_not: str
    warning: str
    time: GivingTime

    @property
    def released(self) -> bool:
        """Whether there are results that a return leaves as they are."""
        return _released(self.state)


def return_page(person: Person, assessment_id: int) -> ReturnPage:
    """Return the page. Raises Http404 when the person may never return the assessment."""
    state = assessment_state(person, assessment_id)
    if not (state.powers.sign or state.powers.return_submitted):
        raise Http404
    shut = state.window.shut(state.now)
    manages = has_anywhere(person, Permission.MANAGE)
    gives = bool(shut) and state.status == Status.SUBMITTED and manages
    time = GivingTime.NONE
    if gives:
        time = GivingTime.NEEDED if _released(state) else GivingTime.OPTIONAL
    warning = f"The system cannot change anything as things are. {shut}" if shut and not gives else ""
    return ReturnPage(state, _why_not(state, manages=manages), warning, time)


def _released(state: AssessmentState) -> bool:
    return state.window.round_status in {Round.Status.PROVISIONAL, Round.Status.PUBLISHED}


def _why_not(state: AssessmentState, *, manages: bool) -> str:
    if state.withdrawn:
        return state.locked
    if state.status == Status.SUBMITTED:
        if not state.powers.return_submitted:
            return "It is submitted. If something is wrong, ask the programme team to return it."
        if _released(state) and not manages:
            return (
                "The results of this round are released, so only an administrator can return a submission, "
                "with time to correct it."
            )
        return ""
    if state.status == Status.AWAITING_SIGNOFF and state.powers.sign:
        return state.window.shut(state.now)
    return f"It is {state.status_label.lower()}, so there is nothing to return."
