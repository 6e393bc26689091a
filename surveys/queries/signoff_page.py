"""What an approver reads before signing: each dimension, what changed, and the declaration."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from surveys.models import Person, Submission
from surveys.queries.answer_changes import AnswerChange, answer_changes
from surveys.queries.answers_check import AnswersCheck, checked_answers, score_of, valid_responses
from surveys.queries.assessments import AssessmentState, assessment_state, stored_answers
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import instrument
from surveys.queries.last_round import last_round
from surveys.queries.question_counts import question_counts
from surveys.queries.signoff_sections import Reading, SignedSection, signed_sections
from surveys.queries.submission_copy import read_copy
from surveys.questionnaires.schema import ScoringMethod


@dataclass(frozen=True)
class SignoffPage:
    """The page of an approver. `previous` is the number of the last submission, 0 for none.

    `shut` says why it cannot be signed now; it is empty when the time allows it. `last_round` is the title of
    the round before in which the organisation, or one that became it, answered; empty for none.
    """

    state: AssessmentState
    sent_at_in_words: str
    sent_at: str
    shut: str
    check: AnswersCheck
    percent: bool
    last_round: str
    sections: tuple[SignedSection, ...]
    previous: int
    changes: tuple[AnswerChange, ...]

    @property
    def scored(self) -> bool:
        """Whether any dimension has a score, or would have one with more answers."""
        return any(section.score for section in self.sections)


def signoff_page(person: Person, assessment_id: int) -> SignoffPage:
    """Return the page. Raises Http404 when the person may not sign the assessment."""
    state = assessment_state(person, assessment_id)
    if not state.powers.sign:
        raise Http404
    asked_by = instrument(state.questionnaire_id)
    content = asked_by.content
    answers = stored_answers(assessment_id, asked_by)
    responses = {code: answer.response for code, answer in answers.items()}
    last = Submission.objects.filter(assessment_id=assessment_id).order_by("-number").first()
    copied = read_copy(last.content).responses if last else responses
    check = checked_answers(state, asked_by, responses)
    before = last_round(assessment_id, asked_by)
    reading = Reading(
        content=content,
        responses=responses,
        valid=valid_responses(content, responses),
        confirmed={code for code, answer in answers.items() if answer.confirmed_from},
        scores=score_of(content, responses).dimensions,
        before=before,
        counts=question_counts(assessment_id),
    )
    return SignoffPage(
        state=state,
        sent_at_in_words=moment_in_words(state.sent_at) if state.sent_at else "",
        sent_at=state.sent_at.isoformat() if state.sent_at else "",
        shut=state.window.shut(state.now),
        check=check,
        percent=content.scoring is ScoringMethod.POINTS,
        last_round=next((beside.round_title for beside in before.values()), ""),
        sections=tuple(signed_sections(reading, check.sections)),
        previous=last.number if last else 0,
        changes=answer_changes(content, copied, responses),
    )
