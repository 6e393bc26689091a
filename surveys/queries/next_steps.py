"""What a person does next with an assessment, by its state and by what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from surveys.models import Assessment
from surveys.queries.assessments import AssessmentState
from surveys.queries.completion import Completion
from surveys.queries.deadlines import WITHDRAWN

Status = Assessment.Status


class Place(StrEnum):
    """The page on which the next step is taken."""

    NONE = ""
    SECTIONS = "sections"
    CHECK = "check"
    SIGN_OFF = "sign_off"
    COPY = "copy"


@dataclass(frozen=True)
class NextStep:
    """What to do next, as a sentence for the person, and where. `mine`: it is this person's turn."""

    words: str
    place: Place = Place.NONE
    mine: bool = False


def next_step(state: AssessmentState, done: Completion) -> NextStep:
    """Return the next step of an assessment of which `done` is answered."""
    if state.withdrawn:
        return NextStep(WITHDRAWN)
    match state.status:
        case Status.SUBMITTED:
            return NextStep("Submitted. There is nothing left to do.", Place.COPY)
        case Status.AWAITING_SIGNOFF:
            return _awaiting(state)
        case _ if shut := state.window.shut(state.now):
            return NextStep(shut)
        case _:
            return _answering(state, done)


def _awaiting(state: AssessmentState) -> NextStep:
    shut = state.window.shut(state.now)
    if shut:
        return NextStep(f"It was sent for sign-off, but not signed in time. {shut}")
    if state.powers.sign:
        return NextStep("Read it on one page, then sign it or return it.", Place.SIGN_OFF, mine=True)
    return NextStep("Waiting for the approver to sign it.")


def _answering(state: AssessmentState, done: Completion) -> NextStep:
    if not state.powers.answers_anything:
        return NextStep(_waiting_for_answers(state))
    if state.show_return and state.powers.send:
        return NextStep(
            f"Make the changes that {state.returned_by} asks for, then check and send for sign-off again.",
            Place.CHECK,
            mine=True,
        )
    if done.complete and state.powers.send:
        return NextStep("Everything is answered. Check it and send it for sign-off.", Place.CHECK, mine=True)
    if state.powers.send:
        return NextStep(
            f"Answer the {done.left} questions that are left, then check and send for sign-off."
            if done.left > 1
            else "Answer the last question, then check and send for sign-off.",
            Place.SECTIONS,
            mine=True,
        )
    return NextStep("Answer what was handed to you.", Place.SECTIONS, mine=True)


def _waiting_for_answers(state: AssessmentState) -> str:
    if state.powers.sign:
        return "The ICS data lead and colleagues are answering. You can sign once it is sent to you."
    if state.powers.return_submitted:
        return "The system is answering."
    return "Nothing has been handed to you yet. Ask the ICS data lead."
