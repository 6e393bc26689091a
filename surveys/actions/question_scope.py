"""The question of an assessment that somebody works on beside its answer."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.actions.audit import record
from surveys.models import Person
from surveys.queries.assessments import AssessmentState
from surveys.queries.question_page import conversation_state
from surveys.questionnaires.schema import Question


@dataclass(frozen=True)
class QuestionScope:
    """One question of an assessment as a person may work on it."""

    by: Person
    state: AssessmentState
    question_id: int
    question: Question
    dimension_code: str

    def record(self, verb: str, **detail: object) -> None:
        """Append to the audit trail what was done; `detail` goes beside the question's code."""
        record(
            by=self.by,
            verb=verb,
            subject=f"{self.state.organisation_name}: {self.question.text}",
            round_id=self.state.round_id,
            assessment_id=self.state.id,
            organisation_id=self.state.organisation_id,
            detail={"question": self.question.code, **detail},
        )


def question_scope(by: Person, assessment_id: int, question_code: str) -> QuestionScope:
    """Return the question for somebody who may take part in its conversation.

    Raises Http404 when there is no such question, or it does not exist for this person.
    """
    state, instrument = conversation_state(by, assessment_id, question_code)
    return QuestionScope(
        by=by,
        state=state,
        question_id=instrument.question_ids[question_code],
        question=instrument.content.question(question_code),
        dimension_code=instrument.content.dimension_codes[question_code],
    )
