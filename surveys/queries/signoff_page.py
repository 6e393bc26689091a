"""What an approver reads before signing: scores, gaps, comments, what changed, and the declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import Http404

from surveys.analysis.rounding import half_up
from surveys.analysis.scores import Score
from surveys.models import Person, Submission
from surveys.queries.answer_changes import AnswerChange, answer_changes
from surveys.queries.answer_words import AnswerWords, answer_in_words
from surveys.queries.answers_check import AnswersCheck, checked_answers, score_of
from surveys.queries.assessments import AssessmentState, assessment_state, stored_answers
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import instrument
from surveys.queries.submission_copy import read_copy
from surveys.questionnaires.responses import EMPTY, Response, asked
from surveys.questionnaires.schema import Questionnaire, ScoringMethod


@dataclass(frozen=True)
class ScoreLine:
    """The score of one dimension as things are, from `answered` of `of` scored questions.

    `value` is on the scale of the questionnaire, or a percentage of the points, to one decimal place; empty
    when the score is withheld or there is nothing to score.
    """

    name: str
    value: str
    answered: int
    of: int
    withheld: bool


@dataclass(frozen=True)
class SignedAnswer:
    """A question with its answer, as the approver reads it; `asked` given the other answers."""

    code: str
    text: str
    words: AnswerWords
    asked: bool


@dataclass(frozen=True)
class SignedSection:
    """The answers of one dimension."""

    code: str
    name: str
    answers: tuple[SignedAnswer, ...]


@dataclass(frozen=True)
class SignoffPage:
    """The page of an approver. `previous` is the number of the last submission, 0 for none.

    `shut` says why it cannot be signed now; it is empty when the time allows it.
    """

    state: AssessmentState
    sent_at_in_words: str
    sent_at: str
    shut: str
    check: AnswersCheck
    scores: tuple[ScoreLine, ...]
    percent: bool
    comments: tuple[SignedAnswer, ...]
    sections: tuple[SignedSection, ...]
    previous: int
    changes: tuple[AnswerChange, ...]


def signoff_page(person: Person, assessment_id: int) -> SignoffPage:
    """Return the page. Raises Http404 when the person may not sign the assessment."""
    state = assessment_state(person, assessment_id)
    if not state.powers.sign:
        raise Http404
    asked_by = instrument(state.questionnaire_id)
    content = asked_by.content
    answers = stored_answers(assessment_id, asked_by)
    responses = {code: answer.response for code, answer in answers.items()}
    sections = tuple(_sections(content, responses))
    last = Submission.objects.filter(assessment_id=assessment_id).order_by("-number").first()
    before = read_copy(last.content).responses if last else responses
    return SignoffPage(
        state=state,
        sent_at_in_words=moment_in_words(state.sent_at) if state.sent_at else "",
        sent_at=state.sent_at.isoformat() if state.sent_at else "",
        shut=state.window.shut(state.now),
        check=checked_answers(state, asked_by, responses),
        scores=tuple(_lines(content, score_of(content, responses).dimensions)),
        percent=content.scoring is ScoringMethod.POINTS,
        comments=tuple(answer for section in sections for answer in section.answers if answer.words.comment),
        sections=sections,
        previous=last.number if last else 0,
        changes=answer_changes(content, before, responses),
    )


def _lines(content: Questionnaire, scores: Mapping[str, Score]) -> Iterator[ScoreLine]:
    for dimension in content.dimensions:
        found = scores.get(dimension.code)
        if found is not None:
            yield ScoreLine(
                name=dimension.name,
                value="" if found.value is None else str(half_up(found.value, 1)),
                answered=found.answered,
                of=found.of,
                withheld=found.withheld,
            )


def _sections(content: Questionnaire, responses: Mapping[str, Response]) -> Iterator[SignedSection]:
    on_view = asked(content, responses)
    for dimension in content.dimensions:
        yield SignedSection(
            code=dimension.code,
            name=dimension.name,
            answers=tuple(
                SignedAnswer(
                    code=question.code,
                    text=question.text,
                    words=answer_in_words(question, responses.get(question.code, EMPTY)),
                    asked=question.code in on_view,
                )
                for question in dimension.all_questions
            ),
        )
